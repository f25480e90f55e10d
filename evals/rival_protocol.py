"""One step of one system, measured in a process of its own: a request on standard input, a report on the last line.

Standard library only: the systems we compare with run this in a virtual environment that has nothing of ours.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

SUFFIXES = (".txt", ".md")
QUERY_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "  # as the E5 model card asks
WARMING = "準備"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Request:
    """`ingest` reads `documents` into `store`; `query` asks `texts` of that store; `embed` embeds `texts` alone.

    `model` is the folder of the torch weights, `prompts` whether they get the prompts of their model card, which
    neither framework adds by itself, `depth` how many passages a question asks for, `started` when the process was
    started, in seconds since 1970.
    """

    step: str
    documents: str
    store: str
    model: str
    prompts: bool = False
    depth: int = 30
    threads: int = THREADS
    texts: tuple[str, ...] = ()
    started: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """`ready_seconds`: from the start of the process to a model in use, and with `query` to a first answer.

    `seconds` and `pieces` (passages, or texts embedded) belong to `ingest` and `embed`; `found` (the sources of the
    passages, best first) and `milliseconds` to `query`, one entry a question.
    """

    ready_seconds: float
    peak_memory_mb: float
    versions: dict[str, str]
    seconds: float = 0.0
    pieces: int = 0
    found: list[list[str]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


class System(Protocol):
    """What is compared. A constructor does no work."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Distributions whose versions are reported."""

    def load(self) -> None:
        """Makes the embedding model ready."""

    def ingest(self) -> int:
        """Reads the documents into the store and leaves it on the disk; gives the number of passages."""

    def open(self) -> None:
        """Opens the store that an earlier process left."""

    def search(self, question: str) -> list[str]:
        """Sources of the passages found, best first; a source may come more than once."""

    def embed(self, texts: list[str]) -> None:
        """Embeds passages and keeps nothing."""

    def close(self) -> None:
        """Releases the store."""


def serve(make: Callable[[Request], System]) -> None:
    """Does what standard input asks for and prints the report."""
    request = request_of(sys.stdin.read())
    # Settings of threads are not heeded by every library; this is.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: request.threads])
    report = measure(make(request), request)
    print("\n" + json.dumps(asdict(report), ensure_ascii=False), flush=True)


def request_of(text: str) -> Request:
    """The request that was written as JSON."""
    fields = json.loads(text)
    return Request(**{**fields, "texts": tuple(fields["texts"])})


def measure(system: System, request: Request) -> Report:
    """Runs the step and reports on it."""
    system.load()
    if request.step == "query":
        system.open()
        system.search(WARMING)
    else:
        system.embed([WARMING])
    ready = time.time() - request.started
    pieces, found, milliseconds = 0, [], []
    begun = time.perf_counter()
    if request.step == "ingest":
        pieces = system.ingest()
    elif request.step == "embed":
        system.embed(list(request.texts))
        pieces = len(request.texts)
    for question in request.texts if request.step == "query" else ():
        asked = time.perf_counter()
        found.append(system.search(question))
        milliseconds.append(1000 * (time.perf_counter() - asked))
    seconds = time.perf_counter() - begun
    system.close()
    versions = {name: version(name) for name in system.packages}
    return Report(ready, peak_memory_mb(), versions, seconds, pieces, found, milliseconds)


def text_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """(path, source) of every text and Markdown file below the folder, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in SUFFIXES:
            yield path, path.relative_to(folder).as_posix()


def peak_memory_mb(process: int | None = None) -> float:
    """Peak resident memory of a process, by default this one. Linux only.

    Not getrusage: there a child begins with the peak of the process that started it.
    """
    status = Path(f"/proc/{process or os.getpid()}/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
