"""The same asked of every item: a column of a table, figures of a list, sentences below headings, items in full."""

import pytest
from answers_made import asked, found

from assistant import per_item

TABLES = """# みほん市 公園計画

## 地区別の整備費

（単位：百万円）

| 番号 | 地区 | 整備費（約） | 主な内容 |
|---|---|---:|---|
| ① | 東部地区 | 12.5 | 遊具の更新 |
| ② | 西部地区 | － | 園路の舗装 |
| ③ | 南部地区 | 7 | 便所の改修 |

## 体制

| 名称 | 設置 | 役割 |
|---|---|---|
| 緑化WG | 2023年 | 植える木を選ぶ |
| 遊具WG | 2024年 | 遊具を調べる |
"""
HEADINGS = """# みほん市 窓口計画

## 体制

### 受付WG

受付WGの役割は、受付の順番を決めることです。

### 案内WG

案内WGの役割は、来た人を案内することです。
"""
ITEMS = """# みほん市 窓口計画

体制は次のとおりです。

(1)受付WG：受付の順番を決める。2023年は番号札をやめて、予約の仕組みを試し、待ち時間を半分にした。駅前の出張所でも同じ仕組みを使えるように、機械を入れ替えた。
(2)案内WG：来た人を案内する。2023年は案内板を作り直した。
"""
AMOUNTS = """# みほん市 窓口計画

①予約の仕組みの予算は約2.5億円です。②案内板の見直しの予算は約800万円です。
"""


def said(document: str, question: str) -> list[str]:
    given, ask = found(document), asked(question)
    if not per_item.applies(ask):
        return []
    draft = per_item.answer(ask, given.hits, given.places(), given.figures(), given.relevance(ask))
    if draft is None:
        return []
    assert all(given.text[one.start : one.end] == one.text for line in draft.sentences for one in line.quotes)
    return [sentence.text for sentence in draft.sentences]


@pytest.mark.parametrize(
    "question",
    [
        "地区別の整備費を教えて",
        "各地区の整備費はいくらですか",
        "地区ごとの整備費の一覧",
        "地区それぞれの整備費は？",
    ],
)
def test_the_amounts_of_a_column_are_listed_with_their_unit(question: str) -> None:
    assert said(TABLES, question) == [
        "次の3つです。",
        "・①東部地区：約12.5百万円",
        "・②西部地区：－",
        "・③南部地区：約7百万円",
    ]


def test_a_line_that_tells_an_amount_carries_its_fact() -> None:
    given, ask = found(TABLES), asked("各地区の整備費はいくらですか")
    draft = per_item.answer(ask, given.hits, given.places(), given.figures(), given.relevance(ask))
    assert draft is not None
    assert [[fact.amount_yen for fact in line.facts] for line in draft.sentences] == [
        [],
        [12_500_000],
        [],
        [7_000_000],
    ]


YEARS = """# みほん市の事業

| 施策 | 令和6年度 予算額（千円） | 令和6年度 決算額（千円） | 令和7年度 予算額（千円） |
|---|---:|---:|---:|
| 子育て | 18,400 | 17,920 | 19,600 |
| 防災 | 96,000 | 41,250 | 88,000 |
"""


@pytest.mark.parametrize(
    ("question", "amounts"),
    [
        ("施策別の令和7年度予算額を教えて", ["19,600千円", "88,000千円"]),
        ("各施策の令和6年度の決算額は", ["17,920千円", "41,250千円"]),
        ("施策ごとの令和5年度の予算額は", []),
    ],
)
def test_the_column_is_the_one_of_the_year_and_the_kind(question: str, amounts: list[str]) -> None:
    assert [line.rpartition("：")[2] for line in said(YEARS, question)[1:]] == amounts


def test_items_may_be_named_by_their_last_word() -> None:
    assert said(TABLES, "各WGの役割は何ですか") == [
        "次の2つです。",
        "・緑化WG：植える木を選ぶ",
        "・遊具WG：遊具を調べる",
    ]


def test_sentences_below_headings_that_name_the_items() -> None:
    assert said(HEADINGS, "各WGの役割は何ですか") == [
        "次の2つです。",
        "・受付WG：受付WGの役割は、受付の順番を決めることです。",
        "・案内WG：案内WGの役割は、来た人を案内することです。",
    ]


def test_items_of_a_list_are_told_in_full() -> None:
    lines = said(ITEMS, "各WGの2023年の取り組みは")
    assert lines[0] == "次の2つです。"
    assert lines[1].startswith("・(1)受付WG：受付の順番を決める。2023年は番号札をやめて")
    assert lines[2] == "・(2)案内WG：来た人を案内する。2023年は案内板を作り直した。"


def test_labelled_amounts_are_listed_where_there_is_no_table() -> None:
    assert said(AMOUNTS, "各テーマの予算を教えて")[0] == "金額が書かれているのは次の2つです。"
    assert len(said(AMOUNTS, "各テーマの予算を教えて")) == 3


@pytest.mark.parametrize(
    "question",
    [
        "各地区の人口を教えて",  # no such column
        "各年度の整備費を教えて",  # years are no items
        "それぞれの名称は何ですか",  # a word that only asks
        "各学校の整備費はいくらですか",  # no such items
        "①の地区それぞれの整備費は",  # one of them
        "令和4年度の地区別の整備費を教えて",  # of no year, or another
    ],
)
def test_nothing_is_listed_that_is_not_asked(question: str) -> None:
    assert said(TABLES, question) == []
