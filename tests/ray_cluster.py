"""A Ray cluster of two nodes, a reader of it killed, and a bad file: in `make bench-ray`, for it takes a minute."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from cli_made import keikaku

from corpus.settings import Settings
from evals.ray_nodes import readers, two_nodes
from index.library import Library

FILES = 12


def write_documents(folder: Path) -> None:
    """Plans of which no two have a sentence in common, and one damaged PDF."""
    folder.mkdir()
    for number in range(FILES):
        lines = [f"第{number}市の事業{line}の予算は{line + 1}億円とする。" for line in range(8)]
        (folder / f"{number:02}.md").write_text(f"# 第{number}市の計画\n\n" + "\n\n".join(lines), "utf-8")
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.4 damaged")


def kill_a_reader(killed: list[int]) -> None:
    """Waits for one that works, and kills it."""
    while not (found := readers()):
        time.sleep(0.2)
    time.sleep(1)
    os.kill(found[0], signal.SIGKILL)
    killed.append(found[0])


def test_a_killed_reader_and_a_bad_file_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_documents(tmp_path / "documents")
    killed: list[int] = []
    library = Library(Settings(data_dir=tmp_path / "data"))
    library.open(create=True)
    killer = threading.Thread(target=kill_a_reader, args=[killed], daemon=True)
    with two_nodes() as (address, environment):
        for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN"):
            monkeypatch.setenv(name, environment[name])
        killer.start()
        found = {one.source: one for one in library.add([tmp_path / "documents"], "public", ray=address)}
        add = ("add", "--ray", address, str(tmp_path / "documents"))
        stranger = keikaku(tmp_path / "other", *add, RAY_AUTH_TOKEN="0" * 64)
    killer.join(10)
    assert stranger.returncode == 1
    assert "cannot be reached" in stranger.stderr
    assert killed
    assert "the PDF is cut off" in str(found["damaged.pdf"].reason)
    assert [one.status for one in found.values()].count("added") == FILES
    assert library.verify() == sum(one.passages for one in found.values())
    library.close()
