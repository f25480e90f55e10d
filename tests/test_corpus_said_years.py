"""The fiscal years that a sentence or a column header gives."""

import pytest

from corpus.amounts import find_amounts
from corpus.said_years import says_another_year, years_of


def test_each_amount_takes_the_year_before_it() -> None:
    sentence = "水道の予算は、令和7年度に3億円、令和8年度に4億円とする。"
    assert [years_of(sentence, amount.start) for amount in find_amounts(sentence)] == [(2025,), (2026,)]


@pytest.mark.parametrize(
    ("text", "base", "era", "years"),
    [
        ("本年度予算額", 2026, None, (2026,)),
        ("前年度予算額", 2026, None, (2025,)),
        ("前々年度決算額", 2026, None, (2024,)),
        ("翌年度", 2026, None, (2027,)),
        ("前年度予算額", None, None, ()),
        ("９年度から 11年度まで", 2026, "令和", (2027, 2028, 2029)),
        ("９年度", None, None, ()),
        ("７年度末現在高見込額", 2026, "令和", (2025,)),
    ],
)
def test_years_of_a_column(text: str, base: int | None, era: str | None, years: tuple[int, ...]) -> None:
    assert years_of(text, 0, base, era) == years


def test_a_year_given_by_another() -> None:
    sentence = "令和6年度に着手し、翌年度に2億円を支出した。"
    assert years_of(sentence, sentence.index("2億")) == (2025,)
    assert says_another_year(sentence)


@pytest.mark.parametrize(
    "sentence", ["予算は3億円で、前年度の当初予算に比べ2億円の増", "前年度比、5%増", "前年度と比較して減"]
)
def test_a_comparison_dates_nothing(sentence: str) -> None:
    assert not says_another_year(sentence)
    assert years_of(sentence, len(sentence), 2025) == ()
