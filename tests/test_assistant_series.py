"""A row over years: two of them compared, the largest or smallest of all."""

import pytest
from answers_made import asked, found

from assistant import series

SHEET = """# みほん市 図書館事業

## 事業費の推移（単位：千円）

| 区分 | 令和4年度 | 令和5年度 | 令和6年度 |
|---|---:|---:|---:|
| 事業費計 | 900 | 1,000 | 800 |

## 指標の推移

| 種別 | 指標名 | 単位 | 令和4年度 | 令和5年度 | 令和6年度 |
|---|---|---|---:|---:|---:|
| 成果指標 | 貸出点数 | 点 | － | 1,350 | 1,200 |
| 成果指標 | 貸出者数 | 人 | 290 | 310 | 310 |
| 活動指標 | 講座の開催 | 回 | 4 | 10 | 6 |
| 成果指標 | 来館者の満足した率 | ％ | 70.5 | 80 | 75.2 |
"""


def said(question: str) -> str | None:
    table, ask = found(SHEET), asked(question)
    draft = series.answer(ask, table.hits, table.relevance(ask)) if series.applies(ask) else None
    if draft is None:
        return None
    (sentence,) = draft.sentences
    assert all(table.text[one.start : one.end] == one.text for one in sentence.quotes)
    return sentence.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "図書館の貸出点数は令和5年度と令和6年度でどちらが多いですか",
            "「成果指標 貸出点数」は、令和5年度の方が令和6年度より150点多いです（1,350点 − 1,200点）。",
        ),
        (
            "図書館の貸出点数は令和5年度から令和6年度にどれだけ減りましたか",
            "「成果指標 貸出点数」は、令和5年度の1,350点から令和6年度の1,200点へ、150点減りました。",
        ),
        (
            "図書館の貸出点数は、令和5年度と令和6年度で何点ちがいますか",
            "「成果指標 貸出点数」は、令和5年度の方が令和6年度より150点多いです（1,350点 − 1,200点）。",
        ),
        (
            "図書館の講座の開催は、令和5年度と令和6年度でどちらが多いですか",
            "「活動指標 講座の開催」は、令和5年度の方が令和6年度より4回多いです（10回 − 6回）。",
        ),
        (
            "図書館の貸出者数は令和5年度と令和6年度でどちらが多いですか",
            "「成果指標 貸出者数」は令和5年度も令和6年度も310人で、同じです。",
        ),
        (
            "図書館の来館者の満足した率が高かったのは令和4年度と令和5年度のどっち？",
            "「成果指標 来館者の満足した率」は、令和5年度の方が令和4年度より9.5ポイント高いです（80％ − 70.5％）。",
        ),
        (
            "図書館の貸出者数が一番多かったのは何年度ですか",
            "「成果指標 貸出者数」が最も多いのは令和5年度と令和6年度で、310人です。",
        ),
        (
            "図書館の貸出者数が最も少なかったのは何年度ですか",
            "「成果指標 貸出者数」が最も少ないのは令和4年度で、290人です。",
        ),
        (
            "来館者の満足した率は令和6年度は前年度より上がりましたか",
            "いいえ。「成果指標 来館者の満足した率」は、"
            "令和5年度の80％から令和6年度の75.2％へ、4.8ポイント減りました。",
        ),
    ],
)
def test_a_change_is_worked_out_from_one_row(question: str, answer: str) -> None:
    assert said(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "図書館の貸出点数は令和4年度と令和6年度でどちらが多いですか",  # nothing for one of them
        "図書館の蔵書数は令和5年度と令和6年度でどちらが多いですか",  # no such row
        "図書館の事業費は令和5年度と令和6年度でどちらが多いですか",  # money
        "図書館の貸出点数は令和5年度に何点でしたか",  # one year
    ],
)
def test_what_one_row_does_not_tell_is_not_said(question: str) -> None:
    assert said(question) is None
