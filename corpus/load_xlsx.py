"""Workbooks by openpyxl: every visible sheet a heading, its tables with merged cells, numbers as shown."""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, headers_of, one_line, short_caption, top_of_table
from corpus.document import Document
from corpus.grid_headers import Placed
from corpus.load_error import LoadError
from corpus.number_format import shown
from corpus.numbering import is_headline
from corpus.office_zip import DAMAGED_PARTS, unpacked_size, unreadable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELLS = 1_000_000  # with text, of the whole workbook
MAX_GRID = 40 * 1024 * 1024  # bytes of XML; beyond it merged cells are not looked for, to save memory
MAX_MERGED = 2_000_000  # cells under merged ones, each of which openpyxl makes an object of
MAX_COLUMNS = 16_384  # of a sheet in memory; those without text take no room
MAX_STREAMED = 1000  # columns of one that is read as it is parsed, where each takes room
MAX_BLANK = 10_000  # rows without a cell after which a very large sheet is over
TITLE_CHARS = 60
_MERGED = re.compile(rb"""mergeCell\s[^>]*?\bref\s*=\s*["']([^"'>]*)""")
_CORNERS = re.compile(rb"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_GENERIC = re.compile(r"sheet\s?\d*|ｼｰﾄ\d*|シート\s?\d*|worksheet", re.I)
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")

Span = tuple[int, int]  # rows and columns of a merged cell


@dataclass(slots=True)
class Row:
    """A shown row: the texts of its cells by column, and how far merged ones reach."""

    number: int
    cells: dict[int, str]
    spans: dict[int, Span]


def load_xlsx(data: bytes) -> Document:
    """Reads a workbook.

    Raises:
        LoadError: damaged, or with more cells than fit in memory.
    """
    import openpyxl  # type: ignore[import-untyped,unused-ignore]

    large = unpacked_size(data, ".xml") > MAX_GRID or _merged_area(data) > MAX_MERGED
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that are not read here
            book = openpyxl.load_workbook(BytesIO(data), read_only=large, data_only=True)
            return _document(book, large)
    except LoadError:
        raise
    except (*DAMAGED_PARTS, SyntaxError) as error:  # SyntaxError: that of an XML parser
        raise unreadable("XLSX", "Excel", error) from error


def _merged_area(data: bytes) -> int:
    """How many cells the merged ones of all sheets cover."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = (archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
        return sum(_area(reference) for part in parts for reference in _MERGED.findall(part))


def _area(reference: bytes) -> int:
    corners = _CORNERS.fullmatch(reference)
    if corners is None:
        return MAX_MERGED + 1  # whole rows or columns, or written in an odd way
    first, top, last, bottom = corners.groups()
    return (abs(_column(last) - _column(first)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _document(book: Any, large: bool) -> Document:
    builder = DocumentBuilder()
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    count, first = 0, ""
    for sheet in sheets:
        rows = list(_rows(sheet, large, MAX_CELLS - count))
        count += sum(len(row.cells) for row in rows)
        if not rows:
            continue
        if len(sheets) > 1 or not _GENERIC.fullmatch(sheet.title):
            builder.heading(sheet.title, 1)
        first = first or _headline(rows[0])
        for group in _groups(rows):
            _add(builder, group)
    properties = book.properties
    dates = {"created": properties.created, "modified": properties.modified}
    metadata = {key: value.date().isoformat() for key, value in dates.items() if value}
    stated = (properties.title or "").strip()
    return builder.build(stated if _JAPANESE.search(stated) else first, MEDIA_TYPE, metadata)


def _headline(row: Row) -> str:
    """The text of a sheet's first row where it stands alone and reads like a title."""
    texts = list(row.cells.values())
    return texts[0] if len(texts) == 1 and is_headline(texts[0], TITLE_CHARS) else ""


def _rows(sheet: Any, large: bool, most: int) -> Iterator[Row]:
    """Rows that hold anything, without those that are hidden.

    Raises:
        LoadError: more than `most` cells.
    """
    spans, covered = ({}, set()) if large else _merged(sheet)
    hidden = set() if large else _hidden_columns(sheet)
    count = 0
    for number, cells in _streamed(sheet) if large else _stored(sheet):
        texts = {
            cell.column: text
            for cell in cells
            if cell.column not in hidden
            and (number, cell.column) not in covered
            and (text := one_line(shown(cell.value, cell.number_format)))
        }
        count += len(texts)
        if count > most:
            raise LoadError(
                f"セルが多すぎます（{MAX_CELLS:,}を超える）。シートを分けてください"
                f" / more than {MAX_CELLS:,} cells: split the workbook"
            )
        if texts:
            own = {column: spans[number, column] for column in texts if (number, column) in spans}
            yield Row(number, texts, own)


def _stored(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows of a sheet in memory by number: only cells that are there, however far apart they stand."""
    rows: dict[int, list[Any]] = {}
    for (number, column), cell in sorted(sheet._cells.items()):
        if cell.value is not None and column <= MAX_COLUMNS:
            rows.setdefault(number, []).append(cell)
    for number, cells in rows.items():
        if not sheet.row_dimensions[number].hidden:
            yield number, cells


def _streamed(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows of a sheet that is read as it is parsed."""
    blank = 0
    for row in sheet.iter_rows(max_col=MAX_STREAMED):
        cells = [cell for cell in row if cell.value is not None]
        blank = 0 if cells else blank + 1
        if blank > MAX_BLANK:
            return
        if cells:
            yield cells[0].row, cells


def _merged(sheet: Any) -> tuple[dict[tuple[int, int], Span], set[tuple[int, int]]]:
    """Spans of merged cells by their first cell, and the cells that they cover."""
    spans: dict[tuple[int, int], Span] = {}
    covered: set[tuple[int, int]] = set()
    bottom = sheet.max_row  # openpyxl looks through all cells for it
    for area in sheet.merged_cells.ranges:
        first = area.min_row, area.min_col
        last_row, last_column = min(area.max_row, bottom), min(area.max_col, MAX_COLUMNS)
        spans[first] = last_row - first[0] + 1, last_column - first[1] + 1
        covered |= {
            (row, column)
            for row in range(first[0], last_row + 1)
            for column in range(first[1], last_column + 1)
        } - {first}
    return spans, covered


def _hidden_columns(sheet: Any) -> set[int]:
    return {
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden and dimension.min and dimension.max
        for column in range(dimension.min, min(dimension.max, MAX_COLUMNS) + 1)
    }


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that no blank row parts; a merged cell keeps the rows that it spans together."""
    group: list[Row] = []
    reach = 0
    for row in rows:
        if group and row.number > reach + 1:
            yield group
            group = []
        group.append(row)
        reach = max([reach, row.number, *(row.number + rows - 1 for rows, _ in row.spans.values())])
    if group:
        yield group


def _add(builder: DocumentBuilder, rows: Sequence[Row]) -> None:
    """One group: lines of title and unit, a table, lines of notes."""
    several = list(_with_several(rows))
    first, last = len(rows), len(rows)
    if several:
        first = several[top_of_table([_filled(rows[index]) for index in several])]
        last = several[-1] + 1
    above = ["　".join(row.cells.values()) for row in rows[:first]]
    for text in above:
        builder.block(text)
    _add_table(builder, rows[first:last], above)
    for row in rows[last:]:
        builder.block("　".join(row.cells.values()))


def _filled(row: Row) -> set[int]:
    """Columns that the row's cells take, from 0."""
    spans = ((column, row.spans.get(column, (1, 1))[1]) for column in row.cells)
    return {at for column, across in spans for at in range(column - 1, column - 1 + across)}


def _with_several(rows: Sequence[Row]) -> Iterator[int]:
    """Indexes of rows with several cells, those that reach in from such a row above counted."""
    reach = 0
    for index, row in enumerate(rows):
        if len(row.cells) > 1 or row.number <= reach:
            reach = max([reach, *(row.number + down - 1 for down, _ in row.spans.values())])
            yield index


def _add_table(builder: DocumentBuilder, rows: Sequence[Row], above: Sequence[str]) -> None:
    if not rows:
        return
    numbers = {row.number: index for index, row in enumerate(rows)}
    columns = sorted({column for row in rows for column in row.cells})
    places = {column: index for index, column in enumerate(columns)}
    placed: list[list[Placed]] = []
    for index, row in enumerate(rows):
        line = []
        for column, text in row.cells.items():
            down, across = row.spans.get(column, (1, 1))
            row_span = sum(number in numbers for number in range(row.number, row.number + down))
            column_span = sum(one in places for one in range(column, column + across))
            line.append(Placed(index, places[column], row_span, column_span, text))
        placed.append(line)
    caption = short_caption(above[-2:])
    unit = unit_of(caption) or next(filter(None, map(unit_of, above)), "")
    grid = _grid(placed, len(columns))
    builder.table(grid, headers_of(grid), caption, unit)


def _grid(placed: Sequence[Sequence[Placed]], width: int) -> Grid:
    """Rows for the builder, which places cells from the left: gaps become empty cells."""
    grid: Grid = []
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    for number, line in enumerate(placed):
        by_column = {cell.column: cell for cell in line}
        row: list[tuple[str, int, int]] = []
        column = 0
        while column < width:
            if taken.get(column, 0) > number:
                column += 1
                continue
            cell = by_column.get(column)
            if cell is None:
                row.append(("", 1, 1))
                column += 1
                continue
            row.append((cell.text, cell.row_span, cell.column_span))
            taken |= dict.fromkeys(range(column, column + cell.column_span), number + cell.row_span)
            column += cell.column_span
        grid.append(row)
    return grid
