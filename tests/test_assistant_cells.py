"""One cell of a table: by the name of its row and the year or column that is asked for."""

import pytest
from answers_made import asked, found

from assistant import cells

SHEET = """# みほん市 図書館事業

## 指標の推移

| 種別 | 指標名 | 単位 | 令和5年度 | 令和6年度 |
|---|---|---|---:|---:|
| 成果指標 | 貸出点数 | 点 | 1,200 | 1,350 |
| 成果指標 | 貸出者数 | 人 | 310 | 320 |
| 成果指標 | 館外の貸出者数 | 人 | 12 | 15 |
| 対象指標 | 拠点数 | か所 | 4 | 4 |
"""
YEARS = """# 調査

| 年 | 世帯数 | 平均世帯人員 |
|---|---|---|
| 2018年 | 510 | 2.44 |
| 2019年 | 520 | 2.39 |
"""
DAYS = """# 収集

| 地区 | 燃やすごみ | 資源 |
|---|---|---|
| 東部 | 月・木 | 水 |
| 西部 | 火・金 | 月 |
"""


def said(text: str, question: str) -> str | None:
    table, ask = found(text), asked(question)
    assert cells.applies(ask)
    draft = cells.answer(ask, table.hits, table.relevance(ask))
    return draft.sentences[0].text if draft else None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("図書館の貸出点数は令和6年度に何点でしたか", "1,350点"),
        ("図書館の貸出者数は令和5年度に何人でしたか", "310人"),
        ("図書館の拠点数は何か所ですか", "4か所"),
    ],
)
def test_a_figure_by_name_and_year(question: str, value: str) -> None:
    assert (said(SHEET, question) or "").endswith(f"は{value}です。")


def test_a_year_that_is_a_row() -> None:
    assert (said(YEARS, "2019年の平均世帯人員は何人でしたか") or "").endswith("は2.39人です。")


@pytest.mark.parametrize(
    "question",
    [
        "図書館の貸出点数は令和2年度に何点でしたか",  # another year
        "図書館の貸出者数は令和5年度に何台でしたか",  # another unit
        "図書館の貸出点数は何点でしたか",  # no year, and they differ
    ],
)
def test_a_cell_that_is_not_there_is_not_said(question: str) -> None:
    assert said(SHEET, question) is None


def test_the_column_that_the_question_names() -> None:
    table, ask = found(DAYS), asked("西部の燃やすごみは何曜日ですか")
    row = next(hit for hit in table.hits if "西部" in hit.passage.text)
    assert cells.said_of(ask, row) == "西部の燃やすごみは火・金です。"
    assert cells.said_of(asked("西部はどうですか"), row) is None


THEMES = """# みほん市のテーマ

| 番号 | テーマ | 主な内容 | 担当 |
|---|---|---|---|
| ① | 窓口の電子化 | 申請の電子化 | 市民課 |
| ② | 学びの支援 | 記載なし | 学校課 |
| － | 窓口WG | 受付の見直し | 市民課 |
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("①の主な内容は何ですか", "「①窓口の電子化」の主な内容：申請の電子化"),
        ("②の主な内容は何ですか", "「②学びの支援」の主な内容：記載なし"),
        ("窓口WGの主な内容は", "「窓口WG」の主な内容：受付の見直し"),
        ("窓口WGの担当はどの課ですか", "「窓口WG」の担当：市民課"),
        ("①の目標は何ですか", None),  # no such column
        ("案内WGの主な内容は", None),  # no such row
        ("窓口WGの主な内容はいつ決まりましたか", None),  # not what the cell holds
    ],
)
def test_the_words_of_a_cell_by_its_row_and_column(question: str, answer: str | None) -> None:
    table = found(THEMES)
    draft = cells.in_words(asked(question), table.hits)
    assert (draft.sentences[0].text if draft else None) == answer


def test_columns_without_headers_are_not_asked_for() -> None:
    table = found("# 担当\n\n| | |\n|---|---|\n| 窓口WG | 市民課 |\n| 学びWG | 学校課 |\n")
    assert cells.in_words(asked("窓口WGの担当は"), table.hits) is None
