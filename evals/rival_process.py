"""Runs one step of one system in a fresh process, with few threads, no telemetry and no network hub."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from evals.rival_protocol import Report, Request

ROOT = Path(__file__).resolve().parents[1]
PACKAGES, CONSTRAINTS = ROOT / "evals" / "rivals.txt", ROOT / "constraints.txt"
SAMPLE_SECONDS = 0.2
SAID_CHARS = 2000
THREAD_SETTINGS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
SILENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
}


def rivals_python(venv: Path) -> Path:
    """The interpreter of the virtual environment of the other systems; made anew where rivals.txt has changed.

    Raises:
        CalledProcessError: pip could not install them.
    """
    python, installed = venv / "bin" / "python", venv / PACKAGES.name
    wanted = PACKAGES.read_text("utf-8")
    if installed.is_file() and installed.read_text("utf-8") == wanted:
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "-c", str(CONSTRAINTS)]
    subprocess.run([*install, "torch"], check=True)  # first: unpinned it pulls gigabytes of CUDA packages
    subprocess.run([*install, "-r", str(PACKAGES)], check=True)
    installed.write_text(wanted, "utf-8")
    return python


def run_step(python: Path, module: str, request: Request) -> tuple[Report, float]:
    """The step's report, and the peak memory of the processes it started, in MB.

    Raises:
        RuntimeError: it failed; says how.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        with (
            subprocess.Popen(
                [str(python), "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env=environment(request.threads),
                text=True,
            ) as process,
            Workers(process.pid) as workers,
        ):
            asked = asdict(replace(request, started=time.time()))
            output, _ = process.communicate(json.dumps(asked))
        if process.returncode:
            said.seek(0)
            raise RuntimeError(
                f"{module} {request.step}: exit {process.returncode}: {said.read()[-SAID_CHARS:]}"
            )
    return Report(**json.loads(output.splitlines()[-1])), workers.peak_mb


def environment(threads: int) -> dict[str, str]:
    """This process's without settings of ours, but where the weights lie: every system runs on its defaults."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KEIKAKU_") or name == "KEIKAKU_MODEL_DIR"
    }
    return {**kept, **SILENT, **dict.fromkeys(THREAD_SETTINGS, str(threads)), "PYTHONPATH": str(ROOT)}


@dataclass
class Workers:
    """While it is entered, looks again and again at the memory of all processes below one."""

    process: int
    peak_mb: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Workers":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.peak_mb = max(self.peak_mb, sum(map(proportional_mb, descendants(self.process))))


def descendants(process: int) -> Iterator[int]:
    """Processes below one, as far as they live while we look."""
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text("utf-8").split()
        except OSError:  # its thread has ended
            continue
        for child in map(int, children):
            yield child
            yield from descendants(child)


def proportional_mb(process: int) -> float:
    """Resident memory, what is shared counted in equal parts; 0 of a process that has ended."""
    try:
        rolled = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0.0
    return int(rolled.partition("\nPss:")[2].split()[0]) / 1024 if "\nPss:" in rolled else 0.0
