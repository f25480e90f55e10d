"""Of many figures the one of the name, account and year that the question says, or none."""

import pytest
from answers_made import Found, asked, found

from assistant import figures
from assistant.figure_names import money_name

BUDGET = """# 令和8年度みほん市一般会計予算

歳入歳出予算の総額は、歳入歳出それぞれ90,000千円と定める。

## 歳出（単位：千円）

| 款 | 本年度予算額 | 前年度予算額 |
|---|---:|---:|
| 1 総務費 | 20,000 | 18,000 |
| 2 民生費 | 40,000 | 41,000 |
| 3 社会教育費 | 5,000 | 4,000 |
| 4 教育費 | 25,000 | 25,000 |
| 歳出合計 | 90,000 | 88,000 |
"""
SHEET = """# 見守り事業

## 事業費の推移（単位：千円）

| 区分 | 令和6年度 | 令和7年度 |
|---|---:|---:|
| 国庫支出金 | 300 | 0 |
| 事業費計 | 1,000 | 1,200 |

## 見守りの指標

| 指標 | 令和6年度 | 令和7年度 |
|---|---:|---:|
| 寄附の金額（千円） | 8,000 | 9,000 |
"""
GIFTS = """# 祝金

## 祝金の額

令和5年度まで、1人目に1万円、2人目に2万円分の商品券を支給する。

令和6年度から、1人目に2万円、2人目に4万円分の商品券を支給する。
"""


def said(plan: Found, question: str) -> str:
    ask = asked(question)
    assert figures.applies(ask)
    draft = figures.answer(ask, plan.figures(), plan.relevance(ask))
    return draft.sentences[0].text if draft else ""


@pytest.fixture(scope="module")
def budget() -> Found:
    return found(BUDGET)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("令和8年度予算の教育費の総額は", "教育費の2026年度（令和8年度）の予算は2,500万円です。"),
        ("令和8年度予算の総務費はいくらですか", "総務費の2026年度（令和8年度）の予算は2,000万円です。"),
        ("令和7年度の民生費はいくらですか", "民生費の2025年度（令和7年度）の予算は4,100万円です。"),
    ],
)
def test_a_figure_by_its_name_and_year(budget: Found, question: str, expected: str) -> None:
    assert said(budget, question) == expected


def test_the_account_as_a_whole(budget: Found) -> None:
    answer = said(budget, "令和8年度の一般会計予算の総額はいくらですか")
    assert "90,000千円" in answer or "9,000万円" in answer


@pytest.mark.parametrize("question", ["令和8年度の消防費はいくらですか", "令和3年度の教育費はいくらですか"])
def test_a_name_or_year_that_has_no_figure(budget: Found, question: str) -> None:
    assert said(budget, question) == ""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("令和8年度の総務費と民生費を合わせるといくらですか", "6,000万円"),
        ("令和8年度の総務費と民生費ではどちらが多いですか", "民生費の方で、4,000万円"),
        ("令和8年度の民生費は前年度よりいくら減りましたか", "100万円多い"),
        ("令和8年度の教育費は前年度より増えましたか、差額は", "同じです"),
    ],
)
def test_named_figures_and_years_are_compared(budget: Found, question: str, expected: str) -> None:
    assert expected in said(budget, question)


def test_one_of_two_is_no_sum(budget: Found) -> None:
    assert said(budget, "令和8年度の総務費と消防費を合わせるといくらですか") == ""


def test_what_was_spent_is_neither_an_indicator_nor_where_it_came_from() -> None:
    plan = found(SHEET)
    assert said(plan, "見守り事業に令和6年度はいくらかかったのですか").endswith("事業費は100万円です。")
    assert said(plan, "見守り事業の令和7年度の国庫支出金はいくらですか").endswith("は0円です。")


def test_a_sentence_with_several_amounts_is_quoted_the_latest_one() -> None:
    answer = said(found(GIFTS), "2人目の祝金はいくらですか")
    assert "令和6年度から" in answer and "2人目に4万円" in answer


def test_the_money_name_of_a_question() -> None:
    assert money_name(asked("当初予算の教育費はいくら")) == "教育費"
    assert money_name(asked("見守り事業の事業費はいくら")) is None
