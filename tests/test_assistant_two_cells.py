"""Two cells of one row, where the question asks for both."""

import pytest
from answers_made import asked, found

from assistant import two_cells

TABLES = """# みほん市の予算書

## 債務負担行為（単位：千円）

| 事項 | 期間 | 限度額 |
|---|---|---|
| 北小学校の改築事業 | 令和9年度から令和11年度まで | 4,175,650 |
| 南小学校の改築事業 | 令和9年度 | 29,500 |

## 事業の一覧

| 事業名 | 令和6年度 予算額（千円） | 令和6年度 決算額（千円） | 令和7年度 予算額（千円） | 利用 |
|---|---|---|---|---|
| 避難所の空調整備 | 96,000 | 41,250 | 88,000 | 120 |
"""


def said(question: str) -> str | None:
    book = found(TABLES)
    draft = two_cells.answer(asked(question), book.hits)
    if draft is None:
        return None
    (sentence,) = draft.sentences
    assert all(book.text[quote.start : quote.end] == quote.text for quote in sentence.quotes)
    return sentence.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "北小学校の改築事業の期間と限度額を教えてください",
            "「北小学校の改築事業」の期間は令和9年度から令和11年度まで、限度額は4,175,650千円です。",
        ),
        (
            "北小学校の改築事業について、限度額と支出予定の期間は？",
            "「北小学校の改築事業」の限度額は4,175,650千円、期間は令和9年度から令和11年度までです。",
        ),
        (
            "避難所の空調整備の令和6年度の予算額と決算額がそれぞれいくらか",
            "「避難所の空調整備」の令和6年度 予算額は96,000千円、令和6年度 決算額は41,250千円です。",
        ),
        ("避難所の空調整備の予算額と決算額はいくらですか", None),  # of two years
        ("避難所の空調整備の令和6年度の決算額と利用はいくらですか", None),  # a number without its unit
        ("東小学校の改築事業の期間と限度額を教えてください", None),
        ("北小学校の改築事業の期間を教えてください", None),
    ],
)
def test_both_cells_or_none(question: str, answer: str | None) -> None:
    assert said(question) == answer
