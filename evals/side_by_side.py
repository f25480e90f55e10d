"""Search systems side by side: `python -m evals.side_by_side --data ../shared --out build/side_by_side.json`.

The same texts, questions and embedding weights for all, each step in a process of its own on two threads: plain
LangChain with Chroma, Haystack with its hybrid, and ours. `+prompts` behind a name gives the model the prompts of its
card, which neither framework does by itself. The others are installed in build/rivals-venv on first need.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from evals.measured import provenance
from evals.retrieval import CITIZENS
from evals.rival_data import TASKS, Task, citizens, to_embed
from evals.rival_figures import embed_figures, ingest_figures, quality_figures, query_figures, table
from evals.rival_process import ROOT, rivals_python, run_step
from evals.rival_protocol import THREADS, Report, Request
from evals.rival_weights import torch_folder

WORK, VENV = ROOT / "build" / "side_by_side", ROOT / "build" / "rivals-venv"
DOCUMENTS, STORE, MODEL = WORK / "documents", WORK / "store", WORK / "model"
OURS, PROMPTS = "ours", "+prompts"
SYSTEMS = ("langchain", "haystack", OURS)
KNOWN = ("langchain", f"langchain{PROMPTS}", "haystack", f"haystack{PROMPTS}", OURS)
DEPTH = 30  # passages, so that ten documents are left once those of one document are counted as one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system and what runs it."""

    name: str
    depth: int = DEPTH

    def run(self, step: str, texts: Sequence[str] = ()) -> tuple[Report, float]:
        """The report of a step, and the peak memory of the processes it started, in MB."""
        base = self.name.removesuffix(PROMPTS)
        ours = base == OURS
        request = Request(
            step=step,
            documents=str(DOCUMENTS),
            store=str(STORE),
            model="" if ours else str(torch_folder(MODEL)),
            prompts=self.name.endswith(PROMPTS),
            depth=self.depth,
            texts=tuple(texts),
        )
        python = Path(sys.executable) if ours else rivals_python(VENV)
        return run_step(python, f"evals.rival_{base}", request)

    def on(self, task: Task) -> dict[str, Any]:
        """Ingests the written documents into a new store, then asks the questions in another process."""
        empty(STORE)
        ingested, workers_mb = self.run("ingest")
        asked, _ = self.run("query", [question for question, _ in task.questions])
        return {
            "ingest": ingest_figures(ingested, workers_mb, len(task.documents), STORE),
            "query": query_figures(asked),
            "quality": quality_figures(asked.found, task.questions),
        }

    def embedding(self, texts: Sequence[str]) -> dict[str, Any]:
        """Speed of the model alone, and the versions that were measured."""
        report, _ = self.run("embed", texts)
        return {**embed_figures(report), "versions": report.versions}


def empty(folder: Path) -> None:
    """Makes the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def compare(tasks: Sequence[Task], systems: Sequence[Candidate], report: dict[str, Any], out: Path) -> None:
    """Fills the report and writes it after every system, so that an hour's work is not lost."""
    texts = to_embed(tasks)
    report["embed"] = {one.name: one.embedding(texts) for one in systems}
    for task in tasks:
        empty(DOCUMENTS)
        task.write(DOCUMENTS)
        measured = report["tasks"].setdefault(task.name, {})
        for one in systems:
            measured[one.name] = one.on(task)
            print(f"{task.name} {one.name}: {json.dumps(measured[one.name])}", file=sys.stderr, flush=True)
            out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds data/ and realdocs/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--systems", nargs="+", choices=KNOWN, default=SYSTEMS)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=tuple(TASKS))
    parser.add_argument("--cases", type=Path, default=CITIZENS, help="JSON lines for the task `citizens`")
    parser.add_argument("--limit", type=int, default=0, help="questions of each task, evenly spread; 0: all")
    parser.add_argument("--paragraphs", type=int, default=0, help="documents of each task; 0: all")
    parser.add_argument("--depth", type=int, default=DEPTH, help="passages that a question asks for")
    return parser.parse_args(arguments)


def main() -> None:
    """Measures, writes the figures with date, machine and commit, and prints them as a table."""
    given = parsed()
    readers: dict[str, Callable[[Path], Task]] = {**TASKS, "citizens": partial(citizens, cases=given.cases)}
    report: dict[str, Any] = {
        **provenance("make rivals"),
        "settings": {
            "threads": THREADS,
            "depth": given.depth,
            "limit": given.limit,
            "paragraphs": given.paragraphs,
        },
        "tasks": {},
    }
    tasks = [readers[name](given.data).cut(given.paragraphs, given.limit) for name in given.tasks]
    compare(tasks, [Candidate(name, given.depth) for name in given.systems], report, given.out)
    print(table(report["tasks"], report["embed"]))


if __name__ == "__main__":
    main()
