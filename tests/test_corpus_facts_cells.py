"""Facts of tables: row × column × unit, with the year that the column, the row or the title gives."""

import pytest

from corpus.document import Document, Fact
from corpus.facts import find_facts
from corpus.headings import section_paths
from corpus.load_csv import load_csv
from corpus.load_markdown import load_markdown
from corpus.passages import passages_of


def facts_of(document: Document, source: str = "") -> list[Fact]:
    return find_facts(document, passages_of("doc", document, section_paths(document)), source)


def told(document: Document, source: str = "") -> list[tuple[str, str, int | None, tuple[int, ...]]]:
    return [(f.subject, f.kind, f.amount_yen, f.fiscal_years) for f in facts_of(document, source)]


def table(header: str, *rows: str, before: str = "") -> Document:
    rule = "|".join("---" for _ in header.split("|"))
    return load_markdown("\n".join([before, "", header, rule, *rows]))


def test_columns_of_a_budget_book_count_from_the_year_of_its_file_name() -> None:
    sheet = "事業名,本年度予算額(千円),前年度予算額(千円),比較\n公園費,300,400,▲100\n"
    assert told(load_csv(sheet), "令和7年度_予算書.csv") == [
        ("公園費", "予算", 300_000, (2025,)),
        ("公園費", "予算", 400_000, (2024,)),
        ("公園費", "増減", -100_000, (2025,)),
    ]


def test_no_unit_no_amount() -> None:
    assert told(load_csv("事業名,令和7年度予算額\n公園費,300\n"), "令和7年度予算.csv") == []


def test_a_sum_is_named_after_its_file_where_nothing_else_names_it() -> None:
    sheet = "科目,予算額（円）\n合計,300\n"
    assert told(load_csv(sheet), "a/令和7年度_予算.csv") == [("令和7年度 予算 合計", "予算", 300, (2025,))]


def test_a_plan_gives_its_tables_no_year() -> None:
    made = table("事業|事業費（千円）", "公園|300")
    assert told(made, "令和7年度_公園計画.md") == [("公園", "事業費", 300_000, ())]


def test_the_unit_of_a_row() -> None:
    made = table("指標|単位|令和6年度", "来館者|人|12,000", "図書費|千円|5,000", before="（単位：千円）")
    assert told(made) == [("図書費", "金額", 5_000_000, (2024,))]


def test_columns_and_rows_that_count_no_money() -> None:
    made = table(
        "区分|職員数（人）|給料|伸び率",
        "一般職|12|300|5",
        "延べ時間（時間）|1|2|3",
        before="# 給与（単位：千円）",
    )
    assert told(made) == [("一般職 給料", "金額", 300_000, ())]


def test_a_period_in_the_row() -> None:
    made = table("事項|期間|限度額", "印刷機の借上げ|９年度から 10年度まで|5万円", before="# 令和8年度予算")
    assert told(made) == [
        ("印刷機の借上げ", "期間", None, (2027, 2028)),
        ("印刷機の借上げ", "限度額", 50_000, (2027, 2028)),
    ]


def test_a_period_belongs_to_its_group_of_columns() -> None:
    rows = [
        [("事項", 2, 1), ("限度額", 2, 1), ("前年度末までの支出見込額", 1, 2)],
        [("期間", 1, 1), ("金額", 1, 1)],
        [("警備", 1, 1), ("300", 1, 1), ("7年度", 1, 1), ("200", 1, 1)],
    ]
    assert told(grid(rows, 2, "単位：千円"), "令和8年度予算.pdf") == [
        ("警備", "期間", None, (2025,)),
        ("警備", "限度額", 300_000, (2026,)),
        ("警備", "見込", 200_000, (2025,)),
    ]


def grid(rows: list[list[tuple[str, int, int]]], header_rows: int, caption: str = "") -> Document:
    from corpus.builder import DocumentBuilder

    builder = DocumentBuilder()
    builder.table(rows, header_rows, caption)
    return builder.build("", "text/html")


def plain(*rows: str) -> list[list[tuple[str, int, int]]]:
    return [[(cell, 1, 1) for cell in row.split("|")] for row in rows]


def test_years_of_continuing_expenditure() -> None:
    made = grid(plain("事業名|総額|年度|年割額", "庁舎|900|令和7年度|300", "||令和8年度|600"), 1, "単位：円")
    assert told(made, "令和7年度_継続費_予算.xlsx")[1:] == [
        ("庁舎", "継続費", 300, (2025,)),
        ("庁舎", "継続費", 600, (2026,)),
    ]


def test_rows_without_a_label_say_nothing() -> None:
    assert told(grid(plain("地方債|一般財源", "300|200", "400|100"), 1, "単位：千円")) == []


def test_a_supplement_and_what_it_makes_of_the_sum() -> None:
    made = table(
        "款|補正前の額|補正額|計", "1 総 務 費|300|20|320", before="# 令和8年度補正予算（第1号）（単位：円）"
    )
    assert told(made) == [
        ("総務費（補正前の額）", "予算", 300, (2026,)),
        ("総務費", "補正予算", 20, (2026,)),
        ("総務費（計）", "予算", 320, (2026,)),
    ]


@pytest.mark.parametrize(
    ("header", "cell", "kind", "years"),
    [
        ("期限", "令和6年春", "期限", (2024,)),
        ("設立年月日", "平成25年1月23日", "設置", (2012,)),
        ("実施期間", "R6～R8", "期間", (2024, 2025, 2026)),
        ("目標値（令和10年度）", "80%", "目標", (2028,)),
    ],
)
def test_dates_and_targets(header: str, cell: str, kind: str, years: tuple[int, ...]) -> None:
    assert told(table(f"項目|{header}|担当", f"共同システム|{cell}|市民課")) == [
        ("共同システム", kind, None, years)
    ]


def test_a_chronology() -> None:
    made = table("時期|できごと|内容", "2020年11月|推進本部の設置|全庁", "毎年|計画の見直し|随時")
    assert told(made) == [("推進本部", "設置", None, (2020,))]


def test_half_of_a_period_is_no_period() -> None:
    made = table("事項|期間|限度額", "警備|５年度から|5万円", before="# 令和8年度予算")
    assert told(made) == [("警備", "限度額", 50_000, (2026,))]


def test_a_header_with_a_year_over_the_labels() -> None:
    made = table("令和4年度要求の概要|要求額（円）", "システム費|300")
    assert told(made) == [("システム費", "要求", 300, ())]


def test_the_source_of_the_money_names_the_column() -> None:
    made = table("目|国県支出金|地方債", "消防費|300|200", before="（単位：円）")
    assert [subject for subject, *_ in told(made)] == ["消防費 国県支出金", "消防費 地方債"]


def test_an_undated_cell_is_no_deadline() -> None:
    assert told(table("項目|期限", "周知|引き続き実施", "点検|-")) == []


def test_the_caption_names_the_sum() -> None:
    made = grid(plain("区分|金額", "計|300"), 1, "１款　市税　１項　市民税（単位：千円）")
    assert told(made) == [("市民税 計", "金額", 300_000, ())]


def test_figures_of_which() -> None:
    made = table("事業|令和7年度事業費（千円）", "標準化|（うち国費）300")
    assert told(made) == [("標準化", "事業費", 300_000, (2025,))]


def test_the_corner_states_the_unit_of_the_whole_table() -> None:
    made = table("事業（単位：百万円）|令和7年度予算|職員数（人）", "書かない窓口|150|3")
    assert told(made) == [("書かない窓口", "予算", 150_000_000, (2025,))]
