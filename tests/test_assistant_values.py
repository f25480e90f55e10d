"""Figures in the words of other languages: the same values, and as they are printed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.values import amount_in, values_in
from corpus.amounts import find_amounts


def said(text: str, language: str) -> list[str]:
    return [value.said_in(language) for value in values_in(text)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("③の予算は約27.5億円です。", "en", ["③", "about 2.75 billion yen (約27.5億円)"]),
        ("費用は720百万円です。", "zh", ["7.2亿日元 (720百万円)"]),
        ("費用は1,234,567円です。", "ko", ["1,234,567 엔 (1,234,567円)"]),
        ("費用は27.5億円です。", "vi", ["2,75 tỷ yên (27.5億円)"]),
        ("令和6年度に", "en", ["fiscal year 2024 (令和6年度)"]),
        ("2024年度（令和6年度）の", "ko", ["2024년도"]),
        ("2020年11月、本部を", "en", ["November 2020"]),
        ("令和2年11月3日に", "vi", ["ngày 3 tháng 11 năm 2020 (令和2年11月3日)"]),
        ("(1)窓口の4つのWG、12.5%", "zh", ["(1)", "4", "12.5"]),
    ],
)
def test_values_are_said_as_the_language_says_them(text: str, language: str, expected: list[str]) -> None:
    assert said(text, language) == expected


def test_a_year_in_both_calendars_is_one_value() -> None:
    assert [value.printed for value in values_in("2024年度（令和6年度）と2025年度（令和6年度）")] == [
        "2024年度（令和6年度）",
        "2025年度",
        "令和6年度",
    ]


@given(st.integers(0, 10**14), st.sampled_from(["en", "zh"]))
def test_an_amount_keeps_its_value(yen: int, language: str) -> None:
    assert [one.yen for one in find_amounts(amount_in(language, yen, approximate=False))] == [yen]


@given(st.text("①③約27.5億円令和6年度(1)、の予算", max_size=40))
def test_values_are_places_of_the_text_in_order(text: str) -> None:
    values = values_in(text)
    assert all(text[value.start : value.end] == value.printed for value in values)
    assert all(one.end <= other.start for one, other in itertools.pairwise(values))
