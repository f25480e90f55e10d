"""The forward index in its file: what comes back is what went in, and anything doubtful does not come back."""

from pathlib import Path

import numpy as np
import pytest
from test_index_forward import SIZE, document

from corpus.records import Indexed
from index import forward_file
from index.forward import ForwardIndex
from index.forward_build import changed, differing, empty, forward_of

DOCUMENTS = [
    document("富士市", [(0, "見出し\n計画 期間", 2), (1, "\n予算", 1)], seed=3),
    document("b", [(0, "a\n備蓄 備蓄", 0)], "staff", seed=7),
]
ARRAYS = ("document", "section", "titles", "sections", "passages", "frequencies", "in_text")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "forward.npz"


def same(first: ForwardIndex, second: ForwardIndex) -> bool:
    return (
        (first.ids, first.documents, first.vocabulary) == (second.ids, second.documents, second.vocabulary)
        and all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ARRAYS)
        and all(
            np.array_equal(ours.flat, theirs.flat) and np.array_equal(ours.offsets, theirs.offsets)
            for ours, theirs in ((first.sentences, second.sentences), (first.tokens, second.tokens))
        )
    )


@pytest.mark.parametrize("index", [forward_of(DOCUMENTS, SIZE), empty(SIZE)], ids=["two", "none"])
def test_what_comes_back_is_what_went_in(index: ForwardIndex, path: Path) -> None:
    forward_file.save(index, path, 5)
    back = forward_file.load(path, 5)
    assert back is not None
    assert same(index, back)
    more = document("c", [(0, "\n計画 窓口", 1)])
    assert same(changed(index, ["b"], [more]), changed(back, ["b"], [more]))


def test_another_revision_or_layout_does_not_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forward_file.save(forward_of(DOCUMENTS, SIZE), path, 5)
    assert forward_file.load(path, 6) is None
    monkeypatch.setattr(forward_file, "LAYOUT", forward_file.LAYOUT + 1)
    assert forward_file.load(path, 5) is None


def test_a_changed_byte_anywhere_or_a_cut_does_not_come_back(path: Path) -> None:
    whole = forward_of(DOCUMENTS, SIZE)
    forward_file.save(whole, path, 5)
    content = path.read_bytes()
    for at in range(0, len(content), 7):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        back = forward_file.load(path, 5)
        assert back is None or same(whole, back), at
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        assert forward_file.load(path, 5) is None, length
    path.unlink()
    assert forward_file.load(path, 5) is None


def test_a_write_that_fails_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forward_file.save(forward_of(DOCUMENTS, SIZE), path, 5)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="no space"):
        forward_file.save(empty(SIZE), path, 6)
    monkeypatch.undo()
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    assert forward_file.load(path, 5) is not None


@pytest.mark.parametrize(
    "other",
    [
        document("富士市", [(0, "見出し\n計画 期間", 2), (1, "\n予算", 1)], "staff", seed=3),
        document("富士市", [(0, "見出し\n計画 期限", 2), (1, "\n予算", 1)], seed=3),
        document("富士市", [(0, "見出し 計画\n期間", 2), (1, "\n予算", 1)], seed=3),
        document("富士市", [(0, "見出し\n計画 期間", 1), (1, "\n予算", 1)], seed=3),
        document("富士市", [(0, "見出し\n計画 期間", 2), (1, "\n予算", 1)], seed=4),
    ],
    ids=["visibility", "word", "heading", "sentence", "other"],
)
def test_what_differs_is_counted(other: Indexed) -> None:
    index = forward_of(DOCUMENTS, SIZE)
    assert differing(index, DOCUMENTS) == 0
    assert 1 <= differing(index, [other]) <= 2
