"""Files read in worker processes: what one file does to its worker harms no other."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.load_error import LoadError
from corpus.read import ReadFile, read_file
from corpus.workers import Limits, read_in_workers

ROOT = Path(__file__).parents[1]
SENTENCE = "令和6年度の予算は7.2億円とし、窓口の手続をデジタル化する。"

READ_AT_ONCE = """
from pathlib import Path
from corpus.workers import Limits, read_in_workers

if __name__ == "__main__":
    for _ in range(3):
        print(*read_in_workers([(Path("empty.txt"), "empty.txt")], Limits(workers=8)))
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "計画.md"
    path.write_text(f"# 計画\n\n{SENTENCE}\n", "utf-8")
    return path


def long_text(folder: Path, lines: int) -> Path:
    path = folder / "long.txt"
    path.write_text(f"{SENTENCE}\n\n" * lines, "utf-8")
    return path


def read(paths: list[Path], limits: Limits) -> dict[str, ReadFile | LoadError]:
    return {source: result for _, source, result in read_in_workers(((p, p.name) for p in paths), limits)}


def test_what_is_read_is_what_one_process_reads(tmp_path: Path, plan: Path) -> None:
    (tmp_path / "空.txt").touch()
    found = read([plan, tmp_path / "空.txt", tmp_path / "none"], Limits())
    assert found["計画.md"] == read_file(plan, "計画.md")
    assert "the file is empty" in str(found["空.txt"])
    assert "cannot be opened" in str(found["none"])


def test_more_files_than_workers(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.md" for number in range(12)]
    for path in paths:
        path.write_text(f"# 計画{path.stem}\n\n{SENTENCE}", "utf-8")
    found = read(paths, Limits(workers=3))
    assert {source: one.title for source, one in found.items() if isinstance(one, ReadFile)} == {
        path.name: f"計画{path.stem}" for path in paths
    }


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, plan: Path) -> None:
    found = read([long_text(tmp_path, 60_000), plan], Limits(workers=1, seconds=0.5))
    assert "KEIKAKU_PARSE_SECONDS" in str(found["long.txt"])
    assert isinstance(found["計画.md"], ReadFile)


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path: Path, plan: Path) -> None:
    found = read([long_text(tmp_path, 600_000), plan], Limits(workers=1, memory_mb=150))
    assert "KEIKAKU_PARSE_MEMORY_MB" in str(found["long.txt"])
    assert isinstance(found["計画.md"], ReadFile)


def test_a_worker_that_dies_takes_one_file_down(tmp_path: Path, plan: Path) -> None:
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            time.sleep(0.2)
            killed.extend(busy_descendants(os.getpid()))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = read([long_text(tmp_path, 100_000), plan], Limits(workers=1))
    killer.join()
    assert "KEIKAKU_PARSE_MEMORY_MB" in str(found["long.txt"])
    assert isinstance(found["計画.md"], ReadFile)


def busy_descendants(pid: int) -> list[int]:
    """Processes forked from the server of workers below a process that have worked for half a second."""
    parents: dict[int, tuple[int, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(folder.name)] = int(fields[1]), int(fields[11])
    servers = {child for child, (parent, _) in parents.items() if parent == pid}
    half = os.sysconf("SC_CLK_TCK") // 2
    return [child for child, (parent, ticks) in parents.items() if parent in servers and ticks > half]


def test_workers_that_are_only_starting_when_all_is_read_end_silently(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    script = tmp_path / "read.py"
    script.write_text(READ_AT_ONCE, "utf-8")
    ended = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("the file is empty") == 3


def test_a_file_that_changes_meanwhile_is_not_mixed_up(
    tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"something else")  # in this process, not in the worker
    assert "changed while it was read" in str(read([plan], Limits())["計画.md"])
