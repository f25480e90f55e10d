"""The `keikaku` command, as a process of its own or within this one, with an environment of its own."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from postgres_made import database_url

from ui.cli import main

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
ADDRESS = re.compile(r"http://\S+?(?=/chat)")


def environment(data: Path, **variables: str) -> dict[str, str]:
    """What this process has, without its own KEIKAKU_ settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEIKAKU_")}
    place = {"KEIKAKU_DATA_DIR": str(data), "KEIKAKU_DATABASE_URL": database_url(data) or ""}
    return {**kept, **place, "COLUMNS": "80", "TERM": "dumb", **variables}


def keikaku(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, env=environment(data, **variables), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def keikaku_here(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The same within this process, which saves the seconds that a start takes."""
    out, said = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(said):
        patch.setattr(os, "environ", environment(data, **variables))
        patch.setattr(sys, "argv", ["keikaku", *arguments])
        status = _exit_status()
    texts = (stream.buffer.getvalue().decode() for stream in (out, said))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, status, *texts)


def _exit_status() -> int:
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@contextmanager
def serving(data: Path, *arguments: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its address; it is gone at the end."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *arguments], cwd=ROOT, env=environment(data, **variables),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = ADDRESS.search(process.stdout.readline())
        if found is None:
            process.kill()
            raise AssertionError(process.communicate()[1])
        yield process, found.group()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
