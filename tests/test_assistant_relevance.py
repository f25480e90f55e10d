"""Shares of a question's weight, by hand."""

import math

import pytest

from assistant.relevance import Relevance

# Four passages; 予算 stands in two of them, 窓口 in one, 宇宙 in none.
FREQUENCY = {"予算": 2, "窓口": 1, "宇宙": 0}


def idf(count: int) -> float:
    return math.log(1 + (4 - count + 0.5) / (count + 0.5))


@pytest.fixture
def relevance() -> Relevance:
    return Relevance({"予算": 1.0, "窓口": 0.5, "宇宙": 1.0}, FREQUENCY.__getitem__, 4)


def test_weights_are_rarity_times_kind(relevance: Relevance) -> None:
    assert relevance.weight(["予算"]) == pytest.approx(idf(2))
    assert relevance.weight(["窓口", "窓口"]) == pytest.approx(0.5 * idf(1))
    assert relevance.total == pytest.approx(idf(2) + 0.5 * idf(1) + idf(0))


def test_context_counts_half(relevance: Relevance) -> None:
    assert relevance.coverage("予算の話", "窓口") == pytest.approx((idf(2) + 0.25 * idf(1)) / relevance.total)
    assert relevance.coverage("予算の話", "予算") == pytest.approx(idf(2) / relevance.total)


def test_unknown_words(relevance: Relevance) -> None:
    assert relevance.unknown() == ["宇宙"]
    assert relevance.known_share() == pytest.approx(1 - idf(0) / relevance.total)
    assert relevance.rarest_known() == "予算"


def test_a_question_without_words_is_covered_by_nothing() -> None:
    empty = Relevance({}, lambda _: 0, 4)
    assert empty.coverage("何でも") == 0.0 and empty.known_share() == 0.0 and empty.rarest_known() is None


def test_a_korean_word_of_the_glossary_weighs_as_a_noun() -> None:
    korean = Relevance({}, lambda term: FREQUENCY.get(term, 0), 4, {"예산": frozenset({"予算"})})
    assert korean.share({"予算"}) == 0.5


def test_names_are_said_as_they_are_or_in_other_words() -> None:
    told = Relevance({"金": 1.0}, lambda _: 1, 4, {"金": frozenset({"予算"})})
    assert told.names(["金"], {"予算"}) and not told.names(["金"], {"窓口"})
    assert told.names(["何"], set())
