"""Vectors in Chroma, in a folder and on a server: cosines, changes, and what verification must notice."""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from chroma_made import ChromaServer, free_port
from cli_made import keikaku

from index.dense import DenseIndex, DenseRow, drop_collections
from index.generation_error import BrokenIndexError, GenerationError

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
NORTH, EAST = np.array([0, 1], np.float32), np.array([1, 0], np.float32)
BETWEEN = np.array([0.6, 0.8], np.float32)


def row(key: str, vector: Vector, document: str = "a") -> DenseRow:
    return DenseRow(key, document, vector)


ROWS = [row("north", NORTH), row("east", EAST, "b"), row("between", BETWEEN, "b")]


@pytest.fixture
def opened(tmp_path: Path, chroma_url: str | None) -> Callable[[], DenseIndex]:
    """Opens the same index again and again."""
    name = f"test-{uuid.uuid4().hex}"
    if chroma_url:
        return lambda: DenseIndex.connect(chroma_url, name)
    return lambda: DenseIndex.open(tmp_path / "chroma")


@pytest.fixture
def empty(opened: Callable[[], DenseIndex]) -> Iterator[DenseIndex]:
    made = opened()
    yield made
    made.close()


@pytest.fixture
def index(empty: DenseIndex) -> DenseIndex:
    empty.add(ROWS)
    return empty


def found(index: DenseIndex, limit: int = 10) -> list[tuple[str, float]]:
    return [(key, round(score, 4)) for key, score in index.search(NORTH, limit)]


def test_scores_are_cosines_best_first(index: DenseIndex) -> None:
    assert found(index) == [("north", 1.0), ("between", 0.8), ("east", 0.0)]
    assert found(index, 1) == [("north", 1.0)]
    doubled = [(key, round(score, 4)) for key, score in index.search(2 * NORTH, 3)]
    assert doubled == found(index)


def test_an_empty_index_finds_nothing(empty: DenseIndex) -> None:
    empty.settle()
    assert empty.search(NORTH, 5) == []
    assert empty.count() == 0
    assert empty.differing([]) == []


def test_only_the_documents_named_are_replaced(index: DenseIndex) -> None:
    index.replace([], ["a"])
    assert [key for key, _ in found(index)] == ["between", "east"]
    index.replace([], [])
    index.replace([], ["unknown"])
    assert index.count() == 2


def test_replacing_touches_only_what_differs(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [row("between", EAST, "b"), row("new", NORTH, "b"), row("east", EAST, "b")]
    written: list[str] = []
    add = DenseIndex.add

    def noting(self: DenseIndex, rows: Iterable[DenseRow]) -> None:
        rows = list(rows)
        written.extend(one.id for one in rows)
        add(self, rows)

    monkeypatch.setattr(DenseIndex, "add", noting)
    index.replace(wanted, ["b"])
    assert sorted(written) == ["between", "new"]
    assert index.differing([*wanted, row("north", NORTH)]) == []
    assert index.count() == 4
    index.replace(wanted[1:], ["b"])
    assert {key for key, _ in found(index)} == {"north", "new", "east"}


def test_vectors_are_there_after_reopening(index: DenseIndex, opened: Callable[[], DenseIndex]) -> None:
    index.settle()
    index.close()
    again = opened()
    assert found(again) == [("north", 1.0), ("between", 0.8), ("east", 0.0)]
    again.close()


def test_differences_are_noticed(index: DenseIndex) -> None:
    assert index.differing(ROWS) == []
    changed = [
        row("north", NORTH, "other"),
        row("east", EAST, "b"),
        row("between", np.array([0.6, 0.8002], np.float32), "b"),
        row("missing", NORTH),
    ]
    assert sorted(index.differing(changed)) == ["between", "missing", "north"]


def test_more_vectors_than_chroma_takes_at_once(empty: DenseIndex) -> None:
    angles = np.linspace(0, np.pi, 5600)
    rows = [row(f"v{n}", np.array([np.cos(a), np.sin(a)], np.float32)) for n, a in enumerate(angles)]
    empty.add(rows)
    assert empty.count() == 5600
    assert empty.differing(rows) == []
    nearest = [key for key, _ in found(empty)]
    assert {int(key[1:]) // 100 for key in nearest} <= {27, 28}
    empty.replace(rows[:10], ["a"])
    assert empty.count() == 10


@pytest.mark.parametrize("name", ["chroma.sqlite3", "*/header.bin"])
def test_broken_files_are_named(tmp_path: Path, name: str) -> None:
    index = DenseIndex.open(tmp_path / "chroma")
    index.add([row(f"v{number}", NORTH) for number in range(1200)])  # so many that it writes them out
    index.settle()
    index.close()
    for path in (tmp_path / "chroma").glob(name):
        path.write_bytes(b"garbage" * 1000)
    with pytest.raises(BrokenIndexError, match="Chroma"):
        DenseIndex.open(tmp_path / "chroma").settle()


def test_only_one_prefix_is_dropped_from_a_server(chroma_server: ChromaServer) -> None:
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    names = [f"{one}-old", f"{one}-new", f"{other}-old"]
    for name in names:
        index = DenseIndex.connect(chroma_server.url, name)
        index.add(ROWS)
        index.close()
    drop_collections(chroma_server.url, f"{one}-", f"{one}-new")
    assert [count_of(chroma_server, name) for name in names] == [0, 3, 3]
    drop_collections(chroma_server.url, f"{one}-")
    assert [count_of(chroma_server, name) for name in names] == [0, 0, 3]


def count_of(server: ChromaServer, name: str) -> int:
    """Vectors of a collection; one that was deleted is made anew, and empty."""
    index = DenseIndex.connect(server.url, name)
    try:
        return index.count()
    finally:
        index.close()


NOWHERE = r"KEIKAKU_CHROMA_URL=http://127\.0\.0\.1:\d+: .* / no Chroma server answers"


def test_a_server_that_is_not_there_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(GenerationError, match=NOWHERE):
        DenseIndex.connect(url, "test")
    with pytest.raises(GenerationError, match=NOWHERE):
        drop_collections(url, "test")


def test_a_command_without_its_server_says_so_in_one_line(tmp_path: Path, tiny_folder: Path) -> None:
    (tmp_path / "plan.md").write_text("# 計画\n\n備蓄を更新する。\n", "utf-8")
    nowhere = {"KEIKAKU_CHROMA_URL": f"http://127.0.0.1:{free_port()}", "KEIKAKU_EMBEDDER": str(tiny_folder)}
    for arguments in (["add", str(tmp_path / "plan.md")], ["rebuild"]):
        done = keikaku(tmp_path / "data", *arguments, **nowhere)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert re.search(NOWHERE, done.stderr.strip().splitlines()[-1]), done.stderr
    assert not [path for path in (tmp_path / "data" / "generations").iterdir() if path.is_dir()]
