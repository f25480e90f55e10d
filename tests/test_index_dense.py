"""Vectors in Chroma: cosines, filters, changes, and what verification must notice."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from index.dense import COLLECTIONS, SECTIONS, SENTENCES, WINDOWS, DenseIndex, DenseRow
from index.generation_error import BrokenIndexError
from index.lexical import Filter

NORTH, EAST = np.array([0, 1], np.float32), np.array([1, 0], np.float32)
BETWEEN = np.array([0.6, 0.8], np.float32)


def row(
    key: str,
    vector: np.ndarray[tuple[int], np.dtype[np.float32]],
    document: str = "a",
    visibility: str = "public",
) -> DenseRow:
    return DenseRow(key, document, visibility, vector)


ROWS = [row("north", NORTH), row("east", EAST, "b"), row("between", BETWEEN, "b", "staff")]


@pytest.fixture
def index(tmp_path: Path) -> DenseIndex:
    made = DenseIndex.open(tmp_path / "chroma")
    made.add(WINDOWS, ROWS)
    return made


def found(index: DenseIndex, filters: Filter | None = None) -> list[tuple[str, float]]:
    return [(key, round(score, 4)) for key, score in index.search(WINDOWS, [0.0, 1.0], 10, filters)]


def test_scores_are_cosines_best_first(index: DenseIndex) -> None:
    assert found(index) == [("north", 1.0), ("between", 0.8), ("east", 0.0)]
    assert index.search(WINDOWS, [0.0, 1.0], 1)[0][0] == "north"


def test_filters(index: DenseIndex) -> None:
    assert found(index, Filter(visibility="public")) == [("north", 1.0), ("east", 0.0)]
    assert found(index, Filter(("b",))) == [("between", 0.8), ("east", 0.0)]
    assert found(index, Filter(("a", "b"), "staff")) == [("between", 0.8)]
    assert found(index, Filter(("unknown",))) == []


def test_collections_are_apart(index: DenseIndex) -> None:
    index.add(SENTENCES, [row("north#0", NORTH)])
    assert [index.count(name) for name in COLLECTIONS] == [3, 1, 0]
    assert index.search(SECTIONS, [0.0, 1.0], 5) == []
    index.replace(WINDOWS, [], ["a"])
    assert [index.count(name) for name in COLLECTIONS] == [2, 1, 0]
    index.replace(WINDOWS, [], [])
    index.replace(WINDOWS, [], ["unknown"])
    assert index.count(WINDOWS) == 2


def test_replacing_touches_only_what_differs(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [row("between", EAST, "b", "staff"), row("new", NORTH, "b", "staff"), row("east", EAST, "b")]
    written: list[str] = []
    add = DenseIndex.add

    def noting(self: DenseIndex, collection: str, rows: Iterable[DenseRow]) -> None:
        rows = list(rows)
        written.extend(one.id for one in rows)
        add(self, collection, rows)

    monkeypatch.setattr(DenseIndex, "add", noting)
    index.replace(WINDOWS, wanted, ["b"])
    assert sorted(written) == ["between", "new"]
    assert index.differing(WINDOWS, [*wanted, row("north", NORTH)]) == []
    assert index.count(WINDOWS) == 4
    index.replace(WINDOWS, wanted[1:], ["b"])
    assert {key for key, _ in found(index)} == {"north", "new", "east"}


def test_vectors_are_there_after_reopening(index: DenseIndex, tmp_path: Path) -> None:
    index.settle()
    index.close()
    again = DenseIndex.open(tmp_path / "chroma")
    assert found(again) == [("north", 1.0), ("between", 0.8), ("east", 0.0)]
    again.close()


def test_differences_are_noticed(index: DenseIndex) -> None:
    assert index.differing(WINDOWS, ROWS) == []
    changed = [
        row("north", NORTH, "other"),
        row("east", EAST, "b", "staff"),
        row("between", np.array([0.6, 0.8002], np.float32), "b", "staff"),
        row("missing", NORTH),
    ]
    assert sorted(index.differing(WINDOWS, changed)) == ["between", "east", "missing", "north"]
    assert index.differing(SECTIONS, []) == []


def test_more_vectors_than_chroma_takes_at_once(tmp_path: Path) -> None:
    index = DenseIndex.open(tmp_path / "many")
    angles = np.linspace(0, np.pi, 5600)
    rows = [row(f"v{n}", np.array([np.cos(a), np.sin(a)], np.float32)) for n, a in enumerate(angles)]
    index.add(WINDOWS, rows)
    assert index.count(WINDOWS) == 5600
    assert index.differing(WINDOWS, rows) == []
    nearest = [key for key, _ in index.search(WINDOWS, [0.0, 1.0], 10)]
    assert {int(key[1:]) // 100 for key in nearest} <= {27, 28}
    index.close()


@pytest.mark.parametrize("name", ["chroma.sqlite3", "*/header.bin"])
def test_broken_files_are_named(index: DenseIndex, tmp_path: Path, name: str) -> None:
    index.add(
        WINDOWS, [row(f"v{number}", NORTH) for number in range(1200)]
    )  # so many that it writes them out
    index.settle()
    index.close()
    for path in (tmp_path / "chroma").glob(name):
        path.write_bytes(b"garbage" * 1000)
    with pytest.raises(BrokenIndexError, match="Chroma"):
        DenseIndex.open(tmp_path / "chroma").settle()
