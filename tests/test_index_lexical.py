"""BM25 in tantivy: scores, filters, changes, and files that something else wrote."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.filters import Filter
from index.generation_error import BrokenIndexError
from index.lexical import MAX_TERMS, LexicalIndex, LexicalRow
from index.tokens import tokens


def row(key: str, text: str, document: str = "d", visibility: str = "public") -> LexicalRow:
    return LexicalRow(key, document, visibility, " ".join(tokens(text)))


def terms(words: Sequence[str]) -> list[tuple[str, float]]:
    return [(word, 1.0) for word in words]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex.open(tmp_path / "tantivy")
    made.update(
        [
            row("p1", "窓口の手続をデジタルへ移す。", "a"),
            row("p2", "窓口の混雑を減らす。予算は7.2億円である。", "a"),
            row("p3", "避難所の備蓄を令和3年度に更新する。", "b", "staff"),
            LexicalRow("p4", "c", "public", "備蓄 窓口\n計画 期間"),
        ]
    )
    return made


def found(index: LexicalIndex, query: str, filters: Filter | None = None) -> list[str]:
    return [key for key, _ in index.search(terms(tokens(query)), 10, filters)]


def test_years_and_amounts_are_found_as_they_are_meant(index: LexicalIndex) -> None:
    assert found(index, "2021年度")[0] == "p3"
    assert found(index, "720百万円")[0] == "p2"


def test_both_lines_of_a_passage_are_searched(index: LexicalIndex) -> None:
    assert set(found(index, "備蓄")) == {"p3", "p4"}
    assert found(index, "期間") == ["p4"]
    assert found(index, "無い") == []


def test_scores_are_bm25_times_weight(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path / "bm25")
    index.update([LexicalRow("one", "d", "public", "市 計画"), LexicalRow("other", "d", "public", "計画")])
    # k1 1.2, b 0.75, idf ln(1 + (N - n + 0.5) / (n + 0.5)); lengths this small are kept exactly.
    inverse = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    expected = inverse * 2.2 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 1.5))
    assert index.search([("市", 1.0)], 5) == [("one", pytest.approx(expected, rel=1e-5))]
    assert index.search([("市", 0.3)], 5) == [("one", pytest.approx(0.3 * expected, rel=1e-5))]


def test_a_weight_decides_what_is_first(index: LexicalIndex) -> None:
    for first, other, weights in (("p1", "p3", (1.0, 0.1)), ("p3", "p1", (0.1, 1.0))):
        words = [("手続き", weights[0]), ("更新", weights[1])]
        assert [key for key, _ in index.search(words, 5)] == [first, other]
        assert [key for key, _ in index.search(words, 1)] == [first]


def test_filters_limit_and_leave_the_score_alone(index: LexicalIndex) -> None:
    everything = dict(index.search(terms(tokens("窓口 備蓄")), 10))
    assert set(everything) == {"p1", "p2", "p3", "p4"}
    for filters, wanted in (
        (Filter(visibility="public"), {"p1", "p2", "p4"}),
        (Filter(visibility="staff"), {"p3"}),
        (Filter(("b", "c")), {"p3", "p4"}),
        (Filter(("b", "c"), "public"), {"p4"}),
        (Filter(("unknown",)), set()),
        (Filter(visibility="other"), set()),
    ):
        some = dict(index.search(terms(tokens("窓口 備蓄")), 10, filters))
        assert some == {key: pytest.approx(everything[key]) for key in wanted}
        assert index.passage_ids(filters) == wanted


def test_what_a_filter_admits() -> None:
    assert Filter().admits("a", "staff")
    assert Filter(("a",), "public").admits("a", "public")
    assert not Filter(("a",), "public").admits("a", "staff")
    assert not Filter(("a",)).admits("b", "public")


def test_documents_are_replaced_and_removed(index: LexicalIndex) -> None:
    index.update([row("p5", "新しい文", "a")], ["a", "unknown"])
    assert index.passage_ids() == {"p3", "p4", "p5"}
    assert index.count() == 3
    assert found(index, "窓口") == ["p4"]
    index.update([], ["b"])
    assert index.passage_ids() == {"p4", "p5"}


def test_changes_are_there_after_reopening(index: LexicalIndex, tmp_path: Path) -> None:
    again = LexicalIndex.open(tmp_path / "tantivy")
    assert again.passage_ids() == {"p1", "p2", "p3", "p4"}
    assert found(again, "避難所") == ["p3"]


@pytest.mark.parametrize(
    "term", ['"', "a:b", "AND", "*", "\\", "(", "[x TO y]", "\0", "^2", "~", "+-", "é" * 40_000]
)
def test_special_characters_are_only_characters(index: LexicalIndex, term: str) -> None:
    assert index.search(terms([term]), 5) == []


def test_terms_that_look_like_a_query_are_found_as_they_are(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path / "special")
    index.update([row("p", "Fit&Gap C++ AI-OCR 3.5%")])
    for text in ("Fit&Gap", "C++", "AI-OCR", "3.5%"):
        assert found(index, text) == ["p"]


def test_nothing_asked_and_nothing_there(index: LexicalIndex, tmp_path: Path) -> None:
    assert index.search([], 5) == []
    empty = LexicalIndex.open(tmp_path / "empty")
    assert empty.search([("計画", 1.0)], 5) == []
    assert empty.passage_ids() == set()
    assert empty.count() == 0


def test_only_the_first_terms_of_a_very_long_question_are_searched(index: LexicalIndex) -> None:
    many = [f"x{number}" for number in range(MAX_TERMS)]
    assert index.search(terms([*many[1:], "備蓄"]), 5)
    assert index.search(terms([*many, "備蓄"]), 5) == []


@pytest.mark.parametrize("name", ["meta.json", "*.term", "*.store"])
def test_broken_files_are_named(index: LexicalIndex, tmp_path: Path, name: str) -> None:
    del index
    for path in (tmp_path / "tantivy").glob(name):
        path.write_bytes(b"garbage" * 100)
    with pytest.raises(BrokenIndexError, match="tantivy"):
        LexicalIndex.open(tmp_path / "tantivy").search([("窓口", 1.0)], 5)


def test_a_row_that_cannot_be_read_locks_nobody_out(index: LexicalIndex) -> None:
    with pytest.raises(AttributeError):
        index.update([None])  # type: ignore[list-item]
    index.update([row("p6", "後の文")])
    assert "p6" in index.passage_ids()
