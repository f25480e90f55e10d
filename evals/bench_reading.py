"""How fast files are read, by format: pages a second on one core and peak memory, each format in a process of its own.

A page of a format without pages is 1,000 characters. `text` is from bytes to canonical text without looking for
tables, `load` with tables, `read` with headings, passages and facts as well.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.load import load
from corpus.load_error import LoadError
from corpus.load_pdf import load_pdf
from corpus.read import files_under, read_bytes
from index.adding import pages_of

FORMATS = ("pdf", "docx", "xlsx", "pptx", "html", "md", "csv", "txt")
PASSES = 2  # the faster one counts: other work on the machine only ever adds

File = tuple[str, bytes]


def reading_speed(folders: Sequence[Path]) -> dict[str, dict[str, float]]:
    """Figures of each format of which there are files in the folders."""
    figures = {}
    for name in FORMATS:
        command = [sys.executable, "-m", "evals.bench_reading", name, *map(str, folders)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        if measured := json.loads(done.stdout):
            figures[name] = measured
    return figures


def measure(name: str, folders: Iterable[Path]) -> dict[str, Any]:
    """Files, pages, pages a second of each step, and peak resident memory in MB; nothing without files."""
    files = list(_sound(name, folders))
    if not files:
        return {}
    steps: dict[str, Callable[[File], object]] = {"load": _load, "read": lambda file: read_bytes(*file)}
    if name == "pdf":
        steps = {"text": lambda file: load_pdf(file[1], tables=False), **steps}
    pages = sum(pages_of(_load(file)) for file in files)
    speeds = {f"{step}_pages_per_second": round(pages / _seconds(do, files), 1) for step, do in steps.items()}
    # Not getrusage: there a child begins with the peak of the process that started it.
    status = Path("/proc/self/status").read_text("utf-8")
    memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return {"files": len(files), "pages": pages, **speeds, "peak_memory_mb": memory}


def _sound(name: str, folders: Iterable[Path]) -> Iterable[File]:
    for folder in folders:
        for path, source in files_under(folder):
            if path.suffix.lower() == f".{name}":
                data = path.read_bytes()
                try:
                    load(source, data)
                except LoadError:
                    continue
                yield source, data


def _load(file: File) -> Document:
    return load(*file)


def _seconds(do: Callable[[File], object], files: Sequence[File]) -> float:
    """Processor seconds of the fastest pass over all files."""
    passes = []
    for _ in range(PASSES):
        begun = time.process_time()
        for file in files:
            do(file)
        passes.append(time.process_time() - begun)
    return min(passes)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], map(Path, sys.argv[2:]))))
