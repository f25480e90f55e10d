"""Speed and memory on this machine: `python -m evals.bench --out FILE` (make bench).

Everything is measured on the sample plans, in a library of its own: ingest, start of the server with an index
in place, search and answers without a language model. Times are wall clock, of each call the best of three;
memory is the peak resident set.
Reading by format is measured on the folders given with `--documents` (make bench DOCUMENTS="…"), processor time.
"""

import argparse
import math
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx

import corpus
from assistant.chain import Assistant
from corpus.settings import Settings
from evals.bench_reading import reading_speed
from evals.cases import read_cases
from evals.measured import KEIKAKU, environment, provenance, publish
from evals.metric_run import percentile
from index.embedding import SentenceEmbedder, open_embedder
from index.library import Library

PLANS = Path(corpus.__file__).parent / "data" / "plans"
CASES = Path(__file__).with_name("data") / "sample_cases.jsonl"
START_LIMIT = 60.0
ROUNDS = 3


def measure(data_dir: Path) -> dict[str, Any]:
    """All figures, by name."""
    settings = Settings(data_dir=data_dir)
    library = Library(settings, forgetful(settings))
    library.open(create=True)
    library.embedder.embed_query("準備")
    begun = time.perf_counter()
    passages = sum(added.passages for added in library.add([PLANS], "public"))
    ingest = time.perf_counter() - begun
    assistant, cases = Assistant(library, settings), read_cases(CASES)
    with library.reading() as searcher:
        search = timed([partial(searcher.search, case.question) for case in cases])
    asked = timed([partial(assistant.ask, case.asked()) for case in cases])
    library.close()
    return {
        "ingest": {"passages": passages, "passages_per_second": round(passages / ingest, 1)},
        "search": search,
        "ask": asked,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "start": start_of_server(data_dir),
    }


def forgetful(settings: Settings) -> SentenceEmbedder:
    """The embedder of the settings, but every question is embedded as if it came for the first time."""
    made = open_embedder(settings)
    return SentenceEmbedder(made.folder, name=made.name, threads=made.threads, remembered=0)


def timed(calls: list[Callable[[], object]]) -> dict[str, float]:
    """Median and 95th percentile over the calls in milliseconds, each at its best of three rounds.

    What the neighbours of a shared machine take away is no property of the program.
    """
    seconds = [math.inf] * len(calls)
    for _ in range(ROUNDS):
        for number, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            seconds[number] = min(seconds[number], time.perf_counter() - begun)
    return {
        "n": len(seconds),
        "p50_ms": round(1000 * percentile(seconds, 50), 1),
        "p95_ms": round(1000 * percentile(seconds, 95), 1),
    }


def start_of_server(data_dir: Path) -> dict[str, float]:
    """Seconds from the command to `GET /readyz` 200, and the server's resident memory in MB then."""
    command = [KEIKAKU, "serve", "--port", "0"]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment(data_dir), stdout=subprocess.PIPE, text=True) as server:
        try:
            url = next(
                found.group() for line in server.stdout or [] if (found := re.search(r"http://[\d.:]+", line))
            )
            while httpx.get(f"{url}/readyz", trust_env=False).status_code != httpx.codes.OK:
                if time.perf_counter() - begun > START_LIMIT:
                    raise TimeoutError("the server was not ready in time")
                time.sleep(0.05)
            took = time.perf_counter() - begun
            status = Path(f"/proc/{server.pid}/status").read_text("utf-8")
            resident = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]
        finally:
            server.terminate()
    return {"seconds": round(took, 2), "memory_mb": round(resident)}


def main() -> None:
    """Measures, prints and writes the figures with date, machine and commit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--documents", type=Path, nargs="*", default=[PLANS])
    arguments = parser.parse_args()
    reading = reading_speed(arguments.documents)
    with tempfile.TemporaryDirectory() as data_dir:
        figures = measure(Path(data_dir))
    report = {
        **provenance("make bench"),
        "reading": {"documents": [folder.name for folder in arguments.documents], **reading},
        **figures,
    }
    publish(report, arguments.out)


if __name__ == "__main__":
    main()
