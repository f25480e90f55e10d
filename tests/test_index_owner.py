"""One owner at a time; the kernel frees the lock of a process that died."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.owner import LOCK, Owned, OwnerLock, read_owner

HOLD = """
import sys, time
from pathlib import Path
from index.owner import OwnerLock
with OwnerLock(Path(sys.argv[1])) as lock:
    if len(sys.argv) > 2:
        lock.publish(sys.argv[2])
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(folder: Path, *url: str) -> Iterator[int]:
    """Another process holds the lock, and is killed; gives its id."""
    command = [sys.executable, "-c", HOLD, str(folder), *url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGKILL)


def test_one_at_a_time_within_a_process(tmp_path: Path) -> None:
    with OwnerLock(tmp_path), pytest.raises(Owned) as owned, OwnerLock(tmp_path):
        pass
    assert owned.value.owner is None
    assert " / " in str(owned.value)
    with OwnerLock(tmp_path):
        pass


def test_another_process_is_named_and_a_killed_one_is_forgotten(tmp_path: Path) -> None:
    with held(tmp_path, "http://127.0.0.1:1234") as process:
        with pytest.raises(Owned) as owned, OwnerLock(tmp_path):
            pass
        assert owned.value.owner is not None
        assert (owned.value.owner.pid, owned.value.owner.url) == (process, "http://127.0.0.1:1234")
    assert read_owner(tmp_path) is not None, "what it wrote is still there"
    with OwnerLock(tmp_path):
        assert read_owner(tmp_path) is None


def test_a_process_that_takes_no_work_is_refused(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(Owned) as owned, OwnerLock(tmp_path):
        pass
    assert owned.value.owner is None


def test_the_token_is_fresh_and_for_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / LOCK
    with OwnerLock(tmp_path / "new") as lock:
        first, second = lock.publish("http://127.0.0.1:1"), lock.publish("http://[::1]:22222")
        assert read_owner(path.parent) == second
        assert first.token != second.token
        assert len(second.token) >= 32
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == ""
    assert read_owner(path.parent) is None


def test_a_lock_file_that_all_may_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch(0o644)
    os.chmod(tmp_path / LOCK, 0o666)  # noqa: PTH101, S103
    with OwnerLock(tmp_path):
        assert stat.S_IMODE((tmp_path / LOCK).stat().st_mode) == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / LOCK).symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match=LOCK), OwnerLock(tmp_path):
        pass
    assert (tmp_path / "precious").read_text() == "kept"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": 1}', json.dumps({"pid": 1, "url": "", "token": "", "x": 1}), "\0"]
)
def test_what_is_no_owner_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / LOCK).write_text(content)
    assert read_owner(tmp_path) is None
    assert read_owner(tmp_path / "nowhere") is None


def test_nothing_is_published_without_the_lock(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not held"):
        OwnerLock(tmp_path).publish("http://127.0.0.1:1")
