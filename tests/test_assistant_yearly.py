"""One figure in each of its years: from a row over years, or from facts where it is money."""

import pytest
from answers_made import asked, found

from assistant import figures, yearly

SHEET = """# みほん市 図書館事業

## 事業費の推移（単位：千円）

| 区分 | 令和4年度 | 令和5年度 | 令和6年度 |
|---|---:|---:|---:|
| 国庫支出金 | 100 | 0 | 50 |
| 事業費計 | 900 | 1,000 | 800 |

## 指標の推移

| 種別 | 指標名 | 単位 | 令和4年度 | 令和5年度 | 令和6年度 |
|---|---|---|---:|---:|---:|
| 成果指標 | 貸出点数 | 点 | － | 1,350 | 1,200 |
| 成果指標 | 貸出者数 | 人 | 290 | 310 | 320 |
"""


def said(question: str) -> list[str]:
    sheet, ask = found(SHEET), asked(question)
    if not yearly.applies(ask):
        return []
    draft = yearly.answer(ask, sheet.hits, sheet.figures(), sheet.relevance(ask))
    return [line.text for line in draft.sentences] if draft else []


def test_a_row_is_told_year_by_year_as_far_as_it_has_values() -> None:
    assert said("図書館の貸出者数の推移を教えて") == [
        "「成果指標 貸出者数」の推移は次のとおりです。",
        "・令和4年度：290人",
        "・令和5年度：310人",
        "・令和6年度：320人",
    ]
    assert said("図書館の年度ごとの貸出点数は")[1:] == ["・令和5年度：1,350点", "・令和6年度：1,200点"]


def test_money_is_told_from_facts() -> None:
    assert said("図書館事業の各年度の事業費は") == [
        "「みほん市 図書館事業 事業費計」の事業費は次のとおりです。",
        "・2022年度（令和4年度）：90万円",
        "・2023年度（令和5年度）：100万円",
        "・2024年度（令和6年度）：80万円",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "図書館の令和5年度の貸出者数は",  # one year
        "図書館の貸出者数は令和5年度と令和6年度でどう変わりましたか",  # two years are compared
        "図書館の蔵書数の推移を教えて",  # no such row
    ],
)
def test_nothing_else_is_told_so(question: str) -> None:
    assert said(question) == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "図書館事業の事業費が一番多かったのは何年度ですか",
            "「みほん市 図書館事業 事業費計」の事業費が最も大きいのは2023年度（令和5年度）で、100万円です。",
        ),
        (
            "図書館事業の事業費が最も少なかったのはいつですか",
            "「みほん市 図書館事業 事業費計」の事業費が最も小さいのは2024年度（令和6年度）で、80万円です。",
        ),
    ],
)
def test_the_year_of_the_largest_amount_is_one_of_the_same_figure(question: str, answer: str) -> None:
    sheet, ask = found(SHEET), asked(question)
    draft = figures.answer(ask, sheet.figures(), sheet.relevance(ask))
    assert [line.text for line in draft.sentences] == [answer] if draft else False
