"""BM25 in memory against the formula, written out slowly."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Indexed, IndexedPassage, Record
from index.bm25 import K1, B, Terms, match
from index.forward import ForwardIndex
from index.forward_build import forward_of

Words = list[str]
Passage = tuple[Words, Words]  # headings, text
ONE = np.ones(1, np.float32)
WORDS = st.lists(st.sampled_from("甲乙丙丁"), max_size=6)
ASKED = st.lists(st.sampled_from("甲乙丙丁無"), max_size=6)  # 無 stands in no passage
PASSAGES = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5)


def index_of(passages: Sequence[Passage]) -> ForwardIndex:
    """One document; vectors do not matter here."""
    record = Record("d", "d.md", "", "v", "public", "text/plain", datetime(2026, 1, 1, tzinfo=UTC), 0)
    found = [
        IndexedPassage(f"p{at}", "d-s0", f"{' '.join(headings)}\n{' '.join(text)}", ONE, [ONE])
        for at, (headings, text) in enumerate(passages)
    ]
    return forward_of([Indexed(record, ONE, found, [])], 1)


def rarity(passages: Sequence[Passage], word: str) -> float:
    holding = sum(word in headings + text for headings, text in passages)
    return math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))


def score(passages: Sequence[Passage], at: int, counts: dict[str, tuple[int, float]]) -> float:
    """BM25 of (occurrences, rarity); a passage is as long as its words and the break between them."""
    lengths = [len(headings) + 1 + len(text) for headings, text in passages]
    dampening = K1 * (1 - B + B * lengths[at] * len(lengths) / sum(lengths))
    return sum(rare * count * (K1 + 1) / (count + dampening) for count, rare in counts.values())


def slow_words(passages: Sequence[Passage], at: int, weights: dict[str, float]) -> float:
    said = passages[at][0] + passages[at][1]
    return score(
        passages,
        at,
        {word: (said.count(word), weight * rarity(passages, word)) for word, weight in weights.items()},
    )


def slow_pairs(passages: Sequence[Passage], at: int, question: Words) -> float:
    said = [pair for part in passages[at] for pair in pairwise(part)]
    rare = {pair: max(rarity(passages, word) for word in pair) for pair in pairwise(question)}
    return score(passages, at, {"".join(pair): (said.count(pair), value) for pair, value in rare.items()})


@given(st.data(), PASSAGES, ASKED, ASKED, st.sampled_from([0.0, 0.3, 2.0]))
def test_scores_are_those_of_the_formula(
    data: st.DataObject, passages: list[Passage], question: Words, others: Words, weight: float
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(passages) - 1), max_size=5))
    matched = match(index_of(passages), np.array(rows, np.int64), Terms.of(question, others, weight))
    weights = dict.fromkeys(others, weight) | dict.fromkeys(question, 1.0)
    assert matched.words.tolist() == pytest.approx(
        [slow_words(passages, row, weights) for row in rows], rel=1e-5, abs=1e-6
    )
    assert matched.pairs.tolist() == pytest.approx(
        [slow_pairs(passages, row, question) for row in rows], rel=1e-5, abs=1e-6
    )
    assert matched.weight == pytest.approx(sum(rarity(passages, word) for word in set(question)))


def test_two_passages_by_hand() -> None:
    index = index_of([([], ["甲", "乙", "甲"]), ([], ["乙"])])
    matched = match(index, np.array([0, 1]), Terms.of(["甲"]))
    # 甲 stands in one of two passages: ln(1 + 1.5 / 1.5). Four tokens with the break, three on average.
    expected = math.log(2) * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 4 / 3))
    assert matched.words.tolist() == pytest.approx([expected, 0])
    assert matched.weight == pytest.approx(math.log(2))
    assert matched.words.dtype == np.float32
    assert matched.pairs.dtype == np.float32


def test_the_words_of_a_question_once_with_their_weights() -> None:
    terms = Terms.of(["甲", "乙", "甲", "乙", "乙"], ["乙", "丙", "丙"], 0.3)
    assert terms.words == ("甲", "乙", "丙")
    assert terms.weights == (1.0, 1.0, 0.3)
    assert [(terms.words[a], terms.words[b]) for a, b in terms.pairs] == [
        ("甲", "乙"),
        ("乙", "甲"),
        ("乙", "乙"),
    ]


@pytest.mark.parametrize(
    ("passage", "holds"),
    [
        (([], ["甲", "乙"]), True),
        ((["甲", "乙"], []), True),
        ((["甲"], ["乙"]), False),
        (([], ["甲", "丙", "乙"]), False),
        (([], ["乙", "甲"]), False),
        (([], ["甲"]), False),
    ],
)
def test_a_pair_stands_side_by_side_within_headings_or_text(passage: Passage, holds: bool) -> None:
    index = index_of([passage, ([], ["丁"])])
    assert (match(index, np.array([0]), Terms.of(["甲", "乙"])).pairs[0] > 0) == holds


def test_a_pair_goes_over_no_passage() -> None:
    index = index_of([([], ["甲"]), ([], ["乙"])])
    assert match(index, np.array([0, 1]), Terms.of(["甲", "乙"])).pairs.tolist() == [0, 0]


def test_other_words_make_no_pairs_and_add_no_weight() -> None:
    index = index_of([([], ["甲", "乙"]), ([], ["丁"])])
    alone, both = (match(index, np.array([0, 1]), Terms.of(["甲"], more, 0.3)) for more in ([], ["乙"]))
    assert both.weight == alone.weight
    assert both.pairs.tolist() == [0, 0]
    assert both.words[0] > alone.words[0]


def test_words_that_stand_nowhere_score_nothing_but_weigh_most() -> None:
    index = index_of([(["甲"], ["乙"]), ([], ["甲"])])
    matched = match(index, np.array([0, 1]), Terms.of(["無", "無", "未知"]))
    assert matched.words.tolist() == matched.pairs.tolist() == [0, 0]
    assert matched.weight == pytest.approx(2 * math.log(1 + 2.5 / 0.5))


def test_no_words_and_no_rows() -> None:
    index = index_of([([], ["甲"])])
    nothing = match(index, np.array([0]), Terms.of([]))
    assert (nothing.words.tolist(), nothing.pairs.tolist(), nothing.weight) == ([0], [0], 0)
    nowhere = match(index, np.zeros(0, np.int64), Terms.of(["甲"]))
    assert (nowhere.words.shape, nowhere.pairs.shape) == ((0,), (0,))
    assert nowhere.weight > 0
