"""Grids with their text: which of them are tables, what stands in each cell, which rows are headers."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus.amounts import MONEY_UNITS
from corpus.grid_headers import Placed, header_rows
from corpus.normalise import narrow
from corpus.pdf_grid import Box, Grid
from corpus.pdf_lines import WIDE, Fragment, fragments_of, rows_of, text_of
from corpus.pdf_source import Char

MIN_FILLED = 0.34  # of the cells; the squares of a chart are empty
MAX_PROSE = 160  # characters in a cell on average: beyond it the lines only frame text
NARROW = 8  # characters: a cell so narrow wraps its words anywhere
FILLED = 0.75  # of the cell's width: a line so long was wrapped
_FIGURES = re.compile(r"[\d\s,.()%・△▲+-]+")
BULLET = re.compile(r"[・･○●◎◇◆□■※*➢▶→]|[-－–][ 　]|[①-⑳]|[（(]?[0-9０-９ア-ン]{1,2}[）).．、 　]")


@dataclass(frozen=True, slots=True)
class CellLine:
    """A line within a cell and where it stands."""

    text: str
    x0: float
    x1: float
    middle: float
    em: float


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell of a grid with its lines, from the top."""

    box: Box
    lines: tuple[CellLine, ...]

    @property
    def text(self) -> str:
        """All of it on one line, words that were wrapped joined again."""
        return joined([line.text for line in self.lines], self._wraps())

    def _wraps(self) -> list[bool]:
        """For each line, whether it was wrapped because it was full."""
        width = self.box.x1 - self.box.x0
        small = all(len(line.text) <= NARROW for line in self.lines)
        return [small or line.x1 - line.x0 >= FILLED * width for line in self.lines]


class TextCell(NamedTuple):
    """A cell that is done: all of it on one line, and its place in the table."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table that is done: what is kept of it while the other pages are read."""

    top: float
    xs: tuple[float, ...]
    cells: tuple[TextCell, ...]
    header_rows: int
    unit: str


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of one page: cells row by row, how many rows are headers, the unit that stands inside."""

    box: Box
    xs: tuple[float, ...]
    cells: tuple[Filled, ...]
    header_rows: int
    unit: str = ""

    def done(self) -> TextTable:
        """Its text without the places of its lines."""
        cells = (
            TextCell(one.text, one.box.row, one.box.column, one.box.row_span, one.box.column_span)
            for one in self.cells
        )
        return TextTable(self.box.top, self.xs, tuple(cells), self.header_rows, self.unit)


def joined(lines: Sequence[str], wrapped: Sequence[bool]) -> str:
    """Lines as one: without a space where a line of wide characters was wrapped."""
    text = ""
    for index, line in enumerate(lines):
        if text:
            wide = bool(WIDE.match(text[-1]) and WIDE.match(line[0]))
            tight = wide and wrapped[index - 1] and not BULLET.match(line)
            text += line if tight else f" {line}"
        else:
            text = line
    return text


def read_grids(grids: Iterable[Grid], fragments: list[Fragment]) -> tuple[list[PageTable], list[Box]]:
    """The tables among the grids, and the frames: boxes that hold text of their own."""
    tables: list[PageTable] = []
    frames: list[Box] = []
    for grid in grids:
        cells = _fill(grid, fragments)
        filled = [cell for cell in cells if cell.lines]
        if _is_table(grid, cells, filled):
            if not any(_overlap(grid.box, table.box) for table in tables):
                tables.append(_table(grid, filled))
        elif len(cells) <= 8 or 2 * len(filled) >= len(cells):
            frames += [cell.box for cell in filled if len(cell.lines) > 1]
    return tables, [frame for frame in frames if not any(_overlap(frame, table.box) for table in tables)]


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1 and down > 1


def inside(box: Box, char: Char) -> bool:
    """Whether the middle of a character lies in a box."""
    x, y = (char[1] + char[3]) / 2, (char[2] + char[4]) / 2
    return box.x0 <= x < box.x1 and box.top <= y < box.bottom


def _fill(grid: Grid, fragments: list[Fragment]) -> list[Filled]:
    outer = grid.box
    near = [one for one in fragments if _overlap(outer, Box(one.x0, one.top, one.x1, one.bottom))]
    chars = [char for fragment in near for char in fragment.chars if inside(outer, char)]
    by_cell: dict[Box, list[Char]] = {cell: [] for cell in grid.cells}
    places = {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    for char in chars:
        row = _place(grid.ys, (char[2] + char[4]) / 2)
        column = _place(grid.xs, (char[1] + char[3]) / 2)
        if (row, column) in places:  # not between two grids that were made one
            by_cell[places[row, column]].append(char)
    return [Filled(cell, _cell_lines(found)) for cell, found in by_cell.items()]


def _place(bounds: Sequence[float], at: float) -> int:
    return max(0, min(bisect_right(bounds, at) - 1, len(bounds) - 2))


def _cell_lines(chars: list[Char]) -> tuple[CellLine, ...]:
    if not any(not char[0].isspace() for char in chars):
        return ()
    rows = rows_of(fragments_of(chars))
    return tuple(
        CellLine(text_of(row), row[0].x0, max(one.x1 for one in row), row[0].middle, row[0].size)
        for row in rows
    )


def _is_table(grid: Grid, cells: Sequence[Filled], filled: Sequence[Filled]) -> bool:
    if len(grid.xs) < 3 or len(grid.ys) < 3 or len(filled) < 3:
        return False
    if len(filled) < MIN_FILLED * len(cells):
        return False
    columns = {cell.box.column for cell in filled}
    rows = {cell.box.row for cell in filled}
    prose = sum(len(cell.text) for cell in filled) / len(filled)
    return len(columns) > 1 and len(rows) > 1 and prose <= MAX_PROSE


def _table(grid: Grid, filled: list[Filled]) -> PageTable:
    cells, unit = _without_units(filled)
    cells = _compact(cells)
    placed = [
        Placed(cell.box.row, cell.box.column, cell.box.row_span, cell.box.column_span, cell.text)
        for cell in cells
    ]
    return PageTable(grid.box, grid.xs, tuple(cells), header_rows(placed), unit)


def _without_units(cells: list[Filled]) -> tuple[list[Filled], str]:
    """千円 in small type above the first figures of a column is the unit of the table."""
    units = [line.text for cell in cells for line in cell.lines[:1] if line.text in MONEY_UNITS]
    if not units or len(set(units)) > 1:
        return cells, ""
    kept = []
    for cell in cells:
        drop = cell.lines[0].text in MONEY_UNITS
        lines = cell.lines[1:] if drop else cell.lines
        if lines:
            kept.append(replace(cell, lines=lines))
    return kept, units[0]


def _compact(cells: list[Filled]) -> list[Filled]:
    """Rows and columns in which no cell with text begins are left out of the count."""
    rows = {row: index for index, row in enumerate(sorted({cell.box.row for cell in cells}))}
    columns = {column: index for index, column in enumerate(sorted({cell.box.column for cell in cells}))}
    found = []
    for cell in cells:
        box = cell.box
        row_span = sum(box.row <= row < box.row + box.row_span for row in rows)
        column_span = sum(box.column <= column < box.column + box.column_span for column in columns)
        placed = replace(
            box, row=rows[box.row], column=columns[box.column], row_span=row_span, column_span=column_span
        )
        found.append(replace(cell, box=placed))
    return sorted(found, key=lambda cell: (cell.box.row, cell.box.column))


def is_figures(text: str) -> bool:
    """Whether a line holds nothing but numbers, one or more."""
    return _FIGURES.fullmatch(narrow(text)) is not None and any(map(str.isdigit, text))
