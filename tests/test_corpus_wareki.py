from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.wareki import find_periods, find_years, to_wareki, year_tokens


def found(text: str, era: str | None = None) -> list[tuple[str, int, bool, int | None, int | None]]:
    return [(text[s.start : s.end], s.first, s.fiscal, s.month, s.day) for s in find_years(text, era)]


@pytest.mark.parametrize(
    ("printed", "year", "fiscal", "month", "day"),
    [
        ("令和3年度", 2021, True, None, None),
        ("令和元年", 2019, False, None, None),
        ("令和８年  度", 2026, True, None, None),
        ("令和十一年度", 2029, True, None, None),
        ("平成13年5月", 2001, False, 5, None),
        ("平成35年度", 2023, True, None, None),
        ("昭和２２年", 1947, False, None, None),
        ("大正12年9月1日", 1923, False, 9, 1),
        ("明治元年", 1868, False, None, None),
        ("㍻30年度", 2018, True, None, None),
        ("平成3", 1991, False, None, None),
        ("R7", 2025, False, None, None),
        ("Ｒ７年度", 2025, True, None, None),
        ("R7.4.1", 2025, False, 4, 1),
        ("H28", 2016, False, None, None),
        ("S63年", 1988, False, None, None),
        ("２０２４年度", 2024, True, None, None),
        ("2024年7月24日", 2024, False, 7, 24),
        ("2024/7/24", 2024, False, 7, 24),
        ("2024-07-24", 2024, False, 7, 24),
        ("2024（令和6）年度", 2024, True, None, None),
        ("令和6（2024）年度", 2024, True, None, None),
        ("令和4年（2022年）8月31日", 2022, False, 8, 31),
        ("平成21年度（2009年度）", 2009, True, None, None),
        ("FY2024", 2024, True, None, None),
        ("November 2020", 2020, False, 11, None),
        ("2024년도", 2024, True, None, None),
    ],
)
def test_one_year(printed: str, year: int, fiscal: bool, month: int | None, day: int | None) -> None:
    text = f"市は、{printed} に"
    assert found(text) == [(printed, year, fiscal, month, day)]


@pytest.mark.parametrize(
    "text",
    [
        "2024件 2024人 第2024号",
        "MR3 A-R3 v1.R3 S3バケット M2 H2O R&D R7B",
        "5年間 2年度目 2000年間 3年目 第5年度",
        "明治3丁目 昭和通り 大正10番地",
        "5〜10年 2-2 基本方針 1～2年度 3年から5年",
        "しあわせ倍増プラン2017 2020-11",
        "7年度",
    ],
)
def test_no_year(text: str) -> None:
    assert find_years(text) == []


def test_bare_year_takes_the_era_near_it() -> None:
    assert [year for _, year, *_ in found("令和６年度及び７年度")] == [2024, 2025]
    assert found("7年度", "令和") == [("7年度", 2025, True, None, None)]
    assert [s.first for s in find_years("2024年度、7年度", "令和")] == [2024]


def test_only_the_last_year_says_fiscal() -> None:
    assert [(year, fiscal) for _, year, fiscal, *_ in found("令和6・7年度")] == [(2024, True), (2025, True)]


@pytest.mark.parametrize(
    ("printed", "first", "last", "fiscal"),
    [
        ("令和3年度から令和7年度まで", 2021, 2025, True),
        ("令和3～7年度", 2021, 2025, True),
        ("令和7年度〜令和9年度", 2025, 2027, True),
        ("平成30年度から令和２年度", 2018, 2020, True),
        ("R3-R7", 2021, 2025, False),
        ("R3-7", 2021, 2025, False),
        ("2021-2025年度", 2021, 2025, True),
        ("2021~25年度", 2021, 2025, True),
        ("2021～2025", 2021, 2025, False),
        ("令和3年から7年まで", 2021, 2025, False),
    ],
)
def test_period(printed: str, first: int, last: int, fiscal: bool) -> None:
    text = f"計画期間は{printed}（5年間）"
    (period,) = find_periods(text)
    assert (text[period.start : period.end], period.first, period.last) == (printed, first, last)
    assert period.fiscal is fiscal
    assert period.fiscal_years == tuple(range(first, last + 1))


def test_period_of_months_keeps_both_ends() -> None:
    (period,) = find_periods("令和3年4月から8年3月まで")
    assert (period.first, period.month, period.last, period.last_month) == (2021, 4, 2026, 3)
    assert period.fiscal_years == (2021, 2022, 2023, 2024, 2025)


@pytest.mark.parametrize("text", ["R7-1号", "令和7年度、令和9年度", "令和9年度から令和7年度"])
def test_no_period(text: str) -> None:
    assert find_periods(text) == []


def test_a_date_belongs_to_the_fiscal_year_that_begins_in_april() -> None:
    assert [s.fiscal_years for s in find_years("令和7年3月、令和7年4月、令和7年")] == [
        (2024,),
        (2025,),
        (2025,),
    ]


@given(st.integers(1868, 2117), st.booleans())
def test_wareki_there_and_back(year: int, fiscal: bool) -> None:
    assert [(s.first, s.fiscal) for s in find_years(to_wareki(year, fiscal))] == [(year, fiscal)]


def test_the_year_of_a_change_takes_the_new_name() -> None:
    assert [to_wareki(year) for year in (2018, 2019, 2024)] == ["平成30年度", "令和元年度", "令和6年度"]
    with pytest.raises(ValueError, match="1868"):
        to_wareki(1867)


def test_both_calendars_give_the_same_tokens() -> None:
    assert year_tokens("令和3年度") == year_tokens("２０２１年度") == ["fy2021", "y2021"]
    assert year_tokens("令和2年11月3日") == ["y2020", "ym2020-11", "ymd2020-11-03"]
    assert "fy2023" in year_tokens("令和3年度から令和7年度まで")


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="令和平成元年度月日RHFY1234567890（）()～-から、 第間", max_size=40),
    )
)
def test_any_text_gives_valid_ordered_spans(text: str) -> None:
    spans = find_years(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(p.first < p.last and 0 <= p.start < p.end <= len(text) for p in find_periods(text))
    assert len(year_tokens(text)) >= len(spans)


def test_a_range_of_bare_years_takes_the_era_of_its_document() -> None:
    (period,) = find_periods("９年度から 11年度まで", "令和")
    assert period.fiscal_years == (2027, 2028, 2029)
    assert find_periods("９年度から 11年度まで") == []
