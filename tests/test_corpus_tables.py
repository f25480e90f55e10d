"""Rows of tables with the headers that a reader sees above them."""

import time

from corpus.builder import DocumentBuilder, Grid
from corpus.document import Document
from corpus.tables import row_context, rows_of


def document(rows: Grid, header_rows: int, caption: str = "") -> Document:
    builder = DocumentBuilder()
    builder.table(rows, header_rows, caption)
    return builder.build("", "text/html")


def plain(*rows: str) -> Grid:
    """Rows of one-character cells; `.` is an empty one."""
    return [[("" if cell == "." else cell, 1, 1) for cell in row] for row in rows]


def contexts(made: Document) -> list[str]:
    return [row_context(made.text, table, row) for table in made.tables for row in rows_of(made.text, table)]


def test_each_cell_with_the_headers_of_its_column() -> None:
    assert contexts(document(plain("abc", "1.3", ".5."), 1, "表")) == ["表、a：1、c：3", "表、b：5"]


def test_headers_over_two_rows_are_said_outermost_first_and_once() -> None:
    rows = [[("区分", 2, 1), ("R6", 1, 2)], [("予算", 1, 1), ("決算", 1, 1)], *plain("123")]
    assert contexts(document(rows, 2)) == ["区分：1、R6 予算：2、R6 決算：3"]


def test_a_merged_cell_belongs_to_every_row_it_reaches() -> None:
    rows = [*plain("ab"), [("東", 3, 1), ("1", 1, 1)], [("2", 1, 1)], [("3", 1, 1)], *plain("西4")]
    made = document(rows, 1)
    assert contexts(made) == ["a：東、b：1", "a：東、b：2", "a：東、b：3", "a：西、b：4"]
    assert [len(row.merged) for row in rows_of(made.text, made.tables[0])] == [0, 1, 1, 0]


def test_a_merged_cell_ends_with_the_table() -> None:
    made = document([*plain("a"), [("1", 99, 99)]], 1)
    assert [(cell.row_span, cell.column_span) for cell in made.tables[0].cells] == [(1, 1), (1, 99)]


def test_a_cell_over_several_columns_has_all_their_headers() -> None:
    assert contexts(document([*plain("abc"), [("休", 1, 2), ("3", 1, 1)]], 1)) == ["a b：休、c：3"]


def test_a_table_of_headers_only_has_rows() -> None:
    assert contexts(document(plain("ab", "cd"), 2)) == ["a、b", "c、d"]
    assert contexts(document(plain("ab"), 1)) == ["a、b"]


def test_a_table_without_headers() -> None:
    assert contexts(document(plain("ab", "cd"), 0, "表\n1")) == ["表 1、a、b", "表 1、c、d"]


def test_empty_tables_leave_nothing() -> None:
    assert document(plain("..", ".."), 1).tables == ()


def test_text_of_a_table() -> None:
    made = document([[("a\n b", 1, 1), ("", 1, 1), ("　c", 1, 1)], *plain("...", "1.3")], 1)
    assert made.text == "a b\tc\n1\t3"
    assert [(cell.row, cell.column) for cell in made.tables[0].cells] == [(0, 0), (0, 2), (2, 0), (2, 2)]


def test_time_grows_with_the_number_of_cells_only() -> None:
    made = document([*plain("abcdefghij")] * 6000, 1)
    clock = time.process_time()
    assert len(contexts(made)) == 5999
    assert time.process_time() - clock < 10
