"""Workbooks: sheets, merged headers, captions, numbers as shown, what is hidden, what would fill the memory."""

import datetime
from typing import Any

import pytest
from corpus_made import SHARED, check_document
from hypothesis import given, settings
from hypothesis import strategies as st
from office_made import blocks, book, grid, with_part

from corpus import load_xlsx as module
from corpus.load import load
from corpus.load_error import LoadError
from corpus.load_xlsx import load_xlsx
from corpus.number_format import shown
from corpus.read import read_bytes

REAL = SHARED / "realdocs" / "odd" / "merged_header_budget.xlsx"
needs_real = pytest.mark.skipif(not REAL.is_file(), reason="the real documents are not here")
ACCOUNTING = '_ * #,##0_ ;_ * "▲"#,##0_ ;_ * "-"_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234567, "#,##0", "1,234,567"),
        (-188, '#,##0;"▲ "#,##0', "▲ 188"),
        (-188, "#,##0;[Red]▲#,##0", "▲188"),
        (-5, "#,##0_ ", "-5"),
        (0, ACCOUNTING, "-"),
        (-1200, ACCOUNTING, "▲1,200"),
        (0.123, "0.0%", "12.3%"),
        (1234567, "#,##0,", "1,235"),
        (1234, '#,##0"千円"', "1,234千円"),
        (2.5, "#,##0", "3"),
        (1.5, "#,##0.##", "1.5"),
        (2.0, "#,##0.##", "2"),
        (7, "000", "007"),
        (0.1 + 0.2, "General", "0.3"),
        (12, 'General"年度"', "12年度"),
        (0.5, "# ?/?", "0.5"),
        (True, "General", "TRUE"),
        ("#REF!", "General", ""),
        ("００１", "@", "００１"),
        (float("nan"), "0", ""),
        (None, "0", ""),
        (datetime.datetime(2025, 4, 1), '[$-411]ggge"年"m"月"d"日"', "令和7年4月1日"),
        (datetime.datetime(2019, 4, 30), "ge.m.d", "H31.4.30"),
        (datetime.datetime(2025, 4, 1), 'yyyy"年"mm"月"', "2025年04月"),
        (datetime.datetime(2025, 4, 1, 9, 5), "yyyy/m/d h:mm", "2025/4/1 9:05"),
        (datetime.time(9, 30), "h:mm AM/PM", "9:30 AM"),
        (datetime.datetime(2025, 4, 1), "aaaa", "火曜日"),
        (datetime.datetime(2025, 4, 1), "General", "2025-04-01 00:00:00"),
    ],
)
def test_values_are_read_as_they_are_shown(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


@given(
    st.one_of(st.integers(), st.floats(), st.datetimes(datetime.datetime(1900, 1, 1))),
    st.text('#0?,.;"年▲%_*[]\\@ymdgehsG- /', max_size=20),
)
def test_no_value_and_format_fails(value: object, form: str) -> None:
    assert isinstance(shown(value, form), str)


@given(st.integers(-(10**15), 10**15))
def test_grouped_figures_keep_their_value(value: int) -> None:
    assert int(shown(value, "#,##0;▲#,##0").replace(",", "").replace("▲", "-")) == value


@needs_real
def test_each_number_of_a_real_file_keeps_year_kind_and_unit() -> None:
    file = read_bytes(REAL.name, REAL.read_bytes())
    (table,) = file.document.tables
    assert (table.header_rows, table.unit) == (2, "千円")
    facts = {(fact.subject, fact.kind, fact.fiscal_years): fact.amount_yen for fact in file.facts}
    assert facts["子育て 学校給食費の軽減", "決算", (2024,)] == 149_875_000
    assert facts["産業 空き店舗活用補助", "予算", (2025,)] == 6_000_000
    assert not any(fact.subject.startswith("合計") for fact in file.facts)  # formulas without stored values
    assert [heading.text for heading in file.document.marked_headings] == ["事業費一覧", "注記"]
    check_document(file.document)


def test_tables_are_parted_by_blank_rows_and_titles_stand_outside() -> None:
    def fill(made: Any) -> None:
        sheet = made.active
        for row in (
            ["令和7年度 予算"],
            ["", "（単位：千円）"],
            ["款", "金額"],
            ["市税", 500],
            [],
            ["目", "人数"],
            ["職員", 3],
        ):
            sheet.append([value if value != "" else None for value in row])
        sheet["A9"] = "注 人数は4月1日現在"

    document = load_xlsx(book(fill))
    assert [table.unit for table in document.tables] == ["千円", ""]
    assert grid(document)[0][-1] == "款"
    assert [text for *_, text in grid(document, 1)] == ["目", "人数", "職員", "3"]
    assert blocks(document)[-1] == "注 人数は4月1日現在"
    assert document.title == "令和7年度 予算"
    assert "created" in document.metadata


def test_merged_cells_span_only_rows_and_columns_that_are_shown() -> None:
    def fill(made: Any) -> None:
        sheet = made.active
        for row in (
            ["区分", "予算額", None, None],
            [None, "令和6", "内部", "令和7"],
            ["道路", 1, 2, 3],
            ["河川", 4, 5, 6],
        ):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:D1")
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[4].hidden = True
        made.create_sheet("内部").append(["見えない", "表"])
        made["内部"].sheet_state = "hidden"

    document = load_xlsx(book(fill))
    assert grid(document) == [
        (0, 0, 2, 1, "区分"),
        (0, 1, 1, 2, "予算額"),
        (1, 1, 1, 1, "令和6"),
        (1, 2, 1, 1, "令和7"),
        (2, 0, 1, 1, "道路"),
        (2, 1, 1, 1, "1"),
        (2, 2, 1, 1, "3"),
    ]
    assert document.tables[0].header_rows == 2
    assert "内部" not in document.text
    assert "河川" not in document.text


def test_cells_far_apart_and_huge_merged_cells_take_no_memory() -> None:
    def fill(made: Any) -> None:
        made.active["A1"], made.active["XFD1048576"] = "近く", "遠く"

    assert "近く" in load_xlsx(book(fill)).text
    data = with_part(
        book(lambda made: made.active.append(["款", "金額"])),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
    )
    assert "款\t金額" in load_xlsx(data).text


def test_a_very_large_sheet_is_read_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(made: Any) -> None:
        for number in range(50):
            made.active.append([f"事業{number}", number])

    monkeypatch.setattr(module, "MAX_GRID", 1)
    assert len(load_xlsx(book(fill)).tables[0].cells) == 100
    monkeypatch.setattr(module, "MAX_CELLS", 20)
    with pytest.raises(LoadError, match="more than 20 cells"):
        load_xlsx(book(fill))


def with_cell(xml: str) -> bytes:
    """A workbook whose second cell is this."""
    made = book(lambda one: one.active.append(["款", "ZZ"]))
    return with_part(
        made, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"<is><t>ZZ</t></is>", xml.encode())
    )


def test_readings_of_kanji_and_escaped_characters_are_not_read() -> None:
    reading = '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
    cell = f"<is><r><t>東京_x000D_\n</t></r><r><t>都_x0001__x005F_</t></r>{reading}</is>"
    assert blocks(load_xlsx(with_cell(cell)))[-1] == "東京 都_"


def test_many_merged_cells_take_no_time() -> None:
    def fill(made: Any) -> None:
        for number in range(1, 1500, 2):
            made.active.append([f"事業{number}", number])
            made.active.append([None, number])
            made.active.merge_cells(f"A{number}:A{number + 1}")

    document = load_xlsx(book(fill))
    assert {cell.row_span for cell in document.tables[0].cells if cell.column == 0} == {2}


def test_styles_out_of_range_are_refused() -> None:
    made = book(lambda one: one.active.append(["款", "金額"]))
    odd = with_part(
        made, "xl/styles.xml", lambda part: part.replace(b'numFmtId="0"', b'numFmtId="99999999999999999999"')
    )
    with pytest.raises(LoadError, match="not readable as XLSX"):
        load("a.xlsx", odd)


def test_text_in_columns_far_to_the_right_is_read() -> None:
    def fill(made: Any) -> None:
        made.active.append(["款", "金額"])
        made.active["XFD1"] = "備考"

    assert "備考" in load_xlsx(book(fill)).text


def test_an_empty_workbook_has_no_text() -> None:
    with pytest.raises(LoadError, match="no text"):
        load("a.xlsx", book(lambda made: None))


def test_a_workbook_with_a_password_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(LoadError, match="password"):
        load("a.xlsx", data)


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    def damage(part: bytes) -> bytes:
        at = data.draw(st.integers(0, len(part) - 1))
        return part[:at] + data.draw(st.binary(max_size=5)) + part[at + data.draw(st.integers(0, 60)) :]

    made = book(lambda one: one.active.append(["款", "金額", 3]))
    try:
        check_document(load_xlsx(with_part(made, "xl/worksheets/sheet1.xml", damage)))
    except LoadError as error:
        assert "XLSX" in str(error)
