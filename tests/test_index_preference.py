"""The city and year of a question put back documents about others, and only those."""

from datetime import UTC, datetime

import numpy as np
import pytest

from corpus.catalog import Indexed, IndexedPassage, Record
from index.forward import ForwardIndex
from index.forward_build import forward_of
from index.preference import PUT_BACK, cities_in, preference, years_in


def made(*named: str) -> ForwardIndex:
    """An index of documents with these sources."""
    vector = np.array([1.0, 0.0], np.float32)
    return forward_of(
        [
            Indexed(
                Record(
                    str(number),
                    source,
                    "題",
                    "v",
                    "public",
                    "text/plain",
                    datetime(2026, 1, 1, tzinfo=UTC),
                    0,
                ),
                vector,
                [IndexedPassage(f"p{number}", f"s{number}", "題\n語", vector, [vector])],
                [],
            )
            for number, source in enumerate(named)
        ],
        2,
    )


@pytest.mark.parametrize(
    ("named", "cities", "years"),
    [
        ("富士市_令和8年度一般会計予算書.pdf", {"富士市"}, {2026}),
        ("budget/さいたま市_R7年度_議案第18号.txt", {"さいたま市"}, {2025}),
        ("行政デジタル化計画 令和3～7年度", set(), {2021, 2022, 2023, 2024, 2025}),
        ("都市計画の概要.md", set(), set()),
    ],
)
def test_what_a_name_says(named: str, cities: set[str], years: set[int]) -> None:
    assert (cities_in(named), years_in(named)) == (cities, years)


INDEX = made(
    "富士市_令和8年度予算.pdf", "富士市_令和7年度予算.pdf", "小平市_令和8年度予算.pdf", "総合計画.pdf"
)


@pytest.mark.parametrize(
    ("question", "put_back"),
    [
        ("富士市の令和8年度の予算は", [0, 1, 1, 0]),
        ("富士市の2025年度の予算は", [1, 0, 2, 0]),
        ("小平市の予算は", [1, 1, 0, 0]),
        ("令和7年度の予算は", [1, 0, 1, 0]),
    ],
)
def test_documents_about_others_are_put_back(question: str, put_back: list[int]) -> None:
    assert preference(INDEX, question) == pytest.approx([PUT_BACK**times for times in put_back])


@pytest.mark.parametrize("question", ["予算は", "大船渡市の令和2年度の予算は", ""])
def test_what_no_document_is_about_says_nothing(question: str) -> None:
    assert preference(INDEX, question) is None
