"""The `keikaku` command as a process of its own, with an environment of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgres_made import database_url

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
