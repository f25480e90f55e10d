"""The forward index: changed step by step it holds what it would hold if made anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.records import Indexed, IndexedPassage, Record
from index.filters import Filter
from index.forward import BREAK, FEW, ForwardIndex
from index.forward_build import changed, empty, forward_of

SIZE = 3
WORDS = ("計画", "期間", "予算", "窓口", "備蓄")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Step = tuple[list[str], list[Indexed]]


def record(key: str, visibility: str) -> Record:
    return Record(key, f"{key}.md", f"{key}計画", "v", visibility, "text/plain", NOW, 0)


def vector(number: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Small whole numbers, which float16 holds exactly."""
    return np.array([number, number % 7, 1], np.float32)


def document(
    key: str,
    passages: Sequence[tuple[int, str, int]],
    visibility: str = "public",
    seed: int = 0,
) -> Indexed:
    """A document with passages of (section, tokens, sentences); vectors follow from the seed."""
    return Indexed(
        record(key, visibility),
        vector(seed),
        [
            IndexedPassage(
                f"{key}-{seed}-{at}",
                f"{key}-s{section}",
                tokens,
                vector(seed + 10 + at),
                [vector(seed + 20 + 5 * at + n) for n in range(sentences)],
            )
            for at, (section, tokens, sentences) in enumerate(passages)
        ],
        [(key, f"{key}計画")],
    )


@st.composite
def documents(draw: st.DrawFn, key: str) -> Indexed:
    """Passages of one section may stand apart."""
    words = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
    passage = st.tuples(st.integers(0, 2), st.tuples(words, words).map("\n".join), st.integers(0, 2))
    found = draw(st.lists(passage, min_size=1, max_size=3).filter(lambda some: any(one[2] for one in some)))
    return document(key, found, draw(st.sampled_from(["public", "staff"])), draw(st.integers(0, 50)))


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """Changes of a library: documents that go, and others that come or take the place of earlier versions."""
    keys = st.lists(st.sampled_from("abcd"), unique=True, max_size=3)
    return [
        (draw(keys), [draw(documents(key)) for key in draw(keys)]) for _ in range(draw(st.integers(1, 5)))
    ]


@dataclass(frozen=True)
class Row:
    """All that is known of a passage, with its numbers resolved."""

    id: str
    document: object
    numbers: tuple[int, int]
    vectors: list[object]
    tokens: list[str]


def rows_of(index: ForwardIndex) -> list[Row]:
    word = {number: text for text, number in index.vocabulary.items()} | {BREAK: "|"}
    found = []
    for row, key in enumerate(index.ids):
        number, section = int(index.document[row]), int(index.section[row])
        sentences, _ = index.sentences.items(np.array([row]))
        tokens, _ = index.tokens.items(np.array([row]))
        matrices = [index.titles[number], index.sections[section], index.passages[row]]
        found.append(
            Row(
                key,
                index.documents[number],
                (number, section),
                [*(one.tolist() for one in matrices), index.sentences.flat[sentences].tolist()],
                [word[one] for one in index.tokens.flat[tokens].tolist()],
            )
        )
    return found


def counts_of(index: ForwardIndex) -> dict[str, tuple[int, int]]:
    """How many passages hold each word: at all, and in their text."""
    numbers = index.numbers(WORDS)
    every = zip(WORDS, numbers, strict=True)
    return {word: (int(index.frequencies[at]), int(index.in_text[at])) for word, at in every if at}


def seen(index: ForwardIndex) -> tuple[object, ...]:
    """What of an index must be the same however it came about; words that no passage holds do not count."""
    counts = {word: both for word, both in counts_of(index).items() if any(both)}
    matrices = [matrix.tolist() for matrix in (index.titles, index.sections, index.passages)]
    return rows_of(index), index.documents, counts, matrices, index.sentences.flat.tolist()


@settings(max_examples=40)
@given(steps())
def test_changes_give_what_is_made_anew_and_leave_earlier_ones_alone(made: list[Step]) -> None:
    index, held = empty(SIZE), dict[str, Indexed]()
    earlier: list[tuple[ForwardIndex, tuple[object, ...]]] = []
    for removed, coming in made:
        earlier.append((index, seen(index)))
        index = changed(index, removed, coming)
        for key in (*removed, *(one.record.id for one in coming)):
            held.pop(key, None)
        held |= {one.record.id: one for one in coming}
        anew = forward_of(held.values(), SIZE)
        assert seen(index) == seen(anew)
        for name, mean in anew.means.items():
            np.testing.assert_array_equal(index.means[name], mean)
        assert index.mean_length == anew.mean_length
    for before, was in earlier:
        assert seen(before) == was


def test_passages_of_the_nearest_sections_come_first() -> None:
    one = document("a", [(0, "計画", 1), (1, "期間", 1), (0, "予算", 1)], "public", 3)
    index = forward_of([one], SIZE)
    near = index.sections[index.section[1]].astype(np.float32)
    rows = index.of_nearest_sections(near, 2, 2)
    assert rows[0] == 1 and index.section[rows[1]] == index.section[0] and len(rows) == 2
    assert len(empty(SIZE).of_nearest_sections(near, 2, 2)) == 0


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from("abcdef"), unique=True).flatmap(lambda keys: st.tuples(*map(documents, keys)))
)
def test_what_is_put_together_in_small_batches_is_the_same(found: tuple[Indexed, ...]) -> None:
    whole = seen(forward_of(found, SIZE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.forward_build.AT_ONCE", 2)
        assert seen(forward_of(iter(found), SIZE)) == whole


def test_a_section_points_where_its_passages_do() -> None:
    index = forward_of([document("a", [(1, "", 1), (0, "", 1), (1, "", 1)])], SIZE)
    assert index.section.tolist() == [0, 1, 0]
    for number, total in enumerate((vector(10) + vector(12), vector(11))):
        np.testing.assert_allclose(index.sections[number], total / np.linalg.norm(total), atol=1e-3)


def test_frequencies_by_hand() -> None:
    index = forward_of(
        [
            document("a", [(0, "計画 期間\n予算 予算", 1), (0, "計画\n計画 窓口", 1)]),
            document("b", [(0, "\n窓口", 1)]),
        ],
        SIZE,
    )
    assert counts_of(index) == {"計画": (2, 1), "期間": (1, 0), "予算": (1, 1), "窓口": (2, 2)}
    assert [index.document_frequency(word) for word in WORDS] == [1, 0, 1, 2, 0]
    assert index.document_frequency("") == 0
    assert [row.tokens for row in rows_of(index)][::2] == [
        ["計画", "期間", "|", "予算", "予算"],
        ["|", "窓口"],
    ]
    assert index.mean_length == pytest.approx((5 + 4 + 2) / 3)


def test_a_word_of_a_later_index_stands_nowhere_in_an_earlier_one() -> None:
    before = forward_of([document("a", [(0, "\n計画", 1)])], SIZE)
    after = changed(before, [], [document("b", [(0, "\n計画 備蓄", 1)])])
    assert before.numbers(["計画", "備蓄"]).tolist() == [1, 0]
    assert after.numbers(["計画", "備蓄", "無い"]).tolist() == [1, 2, 0]
    assert (before.document_frequency("備蓄"), after.document_frequency("備蓄")) == (0, 1)


def test_a_new_version_without_passages_takes_the_place_of_the_earlier_one() -> None:
    before = forward_of([document("a", [(0, "\n計画", 1)]), document("b", [(0, "\n計画", 1)])], SIZE)
    assert [one.id for one in changed(before, [], [document("a", [])]).documents] == ["b"]
    assert forward_of([document("a", [])], SIZE).documents == ()


@pytest.fixture
def three() -> ForwardIndex:
    """Documents a and c are public, b is for staff; a has two passages."""
    text = (0, "\n計画", 1)
    return forward_of(
        [document("a", [text, text]), document("b", [text], visibility="staff"), document("c", [text])], SIZE
    )


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filter(), None),
        (Filter(("a", "b", "c")), None),
        (Filter(visibility="public"), [True, True, False, True]),
        (Filter(visibility="staff"), [False, False, True, False]),
        (Filter(("c", "unknown")), [False, False, False, True]),
        (Filter(("a", "b"), "public"), [True, True, False, False]),
        (Filter(("b",), "public"), [False] * 4),
        (Filter(("unknown",)), [False] * 4),
        (Filter(visibility="other"), [False] * 4),
    ],
)
def test_what_may_be_found(three: ForwardIndex, filters: Filter, wanted: list[bool] | None) -> None:
    admitted = three.admitted(filters)
    assert (None if admitted is None else admitted.tolist()) == wanted
    kept = [three.documents[number] for number in three.document]
    assert [filters.admits(one.id, one.visibility) for one in kept] == (wanted or [True] * 4)


def test_ids_that_are_known_have_rows_and_numbers(three: ForwardIndex) -> None:
    assert three.rows(["c-0-0", "unknown", "a-0-1"]).tolist() == [3, 1]
    assert three.document_numbers(["c", "unknown", "a"]).tolist() == [2, 0]
    assert three.documents[1].aliases == (("b", "b計画"),)


def believed(matrix: NDArray[np.float16]) -> float:
    """By what the mean of few vectors is divided."""
    return (len(matrix) + FEW) / len(matrix)


def test_means_are_those_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.forward.SAMPLED", 2)
    index = forward_of([document("a", [(0, "\n計画", 1)] * 5)], SIZE)
    # Five vectors, every third of them: 10 and 13, 3 and 6 modulo 7.
    np.testing.assert_allclose(index.means["passage"] * believed(index.passages), [11.5, 4.5, 1])
    np.testing.assert_allclose(index.means["title"] * believed(index.titles), vector(0))


def test_an_index_of_nothing() -> None:
    index = forward_of([], SIZE)
    assert (index.ids, index.documents, index.mean_length) == ((), (), 1.0)
    assert {name: mean.tolist() for name, mean in index.means.items()} == {
        name: [0.0] * SIZE for name in ("passage", "sentence", "section", "title")
    }
    assert index.numbers(["計画"]).tolist() == [0]
