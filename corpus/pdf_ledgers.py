"""Tables that are ruled more coarsely than they are read: one row for each figure that stands in a cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from corpus.grid_headers import is_figure
from corpus.normalise import narrow
from corpus.pdf_cells import CellLine, Filled, PageTable, is_figures
from corpus.pdf_grid import Box

LEDGER_LINES = 3  # lines of words and a figure that make a column a list of items
STACKED = 0.7  # of the lines of a cell: so many figures are read row by row
NEAR = 0.7  # em: a line belongs to the row whose figure is so near
TIGHT = 0.7  # of the usual distance: a line so near to the one above goes on from it
INDENT = 0.6  # em
MAX_DEPTH = 4
_ITEM = re.compile(r"(?P<label>.*[^\d,.\s△▲-].*?)\s+(?P<figure>[△▲-]?\d[\d,]*)")
_COUNTED = re.compile(r"\d+(?:,\d{3})+|\d{1,3}|0")


def finished(table: PageTable) -> list[PageTable]:
    """The table with a row for each figure; lists of items that share its rows by chance stand after it.

    A table whose header comes again further down is several tables.
    """
    parts: list[PageTable] = []
    for part in _at_headers(table):
        stacked, ledgers = _stacks(part), _ledger_columns(part)
        if ledgers and stacked:
            kept = tuple(cell for cell in part.cells if cell.box.column not in ledgers)
            parts += _expanded(replace(part, cells=kept), stacked)
            parts += [_ledger(part, column) for column in sorted(ledgers)]
        else:
            parts += _expanded(part, ledgers or stacked)
    return [part for part in parts if part.cells]


def _at_headers(table: PageTable) -> Iterator[PageTable]:
    """Parts that each begin with header rows."""
    if not table.header_rows:
        yield table
        return
    heads = {(cell.box.column, cell.text) for cell in table.cells if cell.box.row == table.header_rows - 1}
    rows = [list(row) for _, row in groupby(table.cells, key=lambda cell: cell.box.row)]
    starts = [0]
    for row in rows:
        number = row[0].box.row
        again = len(row) > 1 and any((cell.box.column, cell.text) in heads for cell in row)
        if number >= table.header_rows and again and not any(is_figure(cell.text) for cell in row):
            before = next((one for one in rows if one[0].box.row == number - 1), [])
            titled = len(before) == 1 and before[0].box.column_span > 1 and number - 1 > starts[-1]
            starts.append(number - 1 if titled and table.header_rows > 1 else number)
    for start, end in pairwise([*starts, len(rows) + sum(len(row) for row in rows)]):
        cells = [_moved(cell, start, end) for cell in table.cells if start <= cell.box.row < end]
        heads_here = (
            table.header_rows if start == 0 else min(table.header_rows, 2 if _titled_at(rows, start) else 1)
        )
        yield replace(table, cells=tuple(cells), header_rows=heads_here)


def _titled_at(rows: Sequence[list[Filled]], start: int) -> bool:
    """Whether a part begins with one cell over all its columns."""
    row = next((one for one in rows if one[0].box.row == start), [])
    return len(row) == 1 and row[0].box.column_span > 1


def _moved(cell: Filled, start: int, end: int) -> Filled:
    span = min(cell.box.row_span, end - cell.box.row)
    return replace(cell, box=replace(cell.box, row=cell.box.row - start, row_span=span))


def _body(table: PageTable) -> Iterator[Filled]:
    return (cell for cell in table.cells if cell.box.row >= table.header_rows)


def _stacks(table: PageTable) -> set[int]:
    """Columns with cells that hold several figures, one below the other."""
    return {
        cell.box.column
        for cell in _body(table)
        if len(cell.lines) > 1
        and sum(is_figures(line.text) for line in cell.lines) >= STACKED * len(cell.lines)
    }


def _ledger_columns(table: PageTable) -> set[int]:
    """Columns whose cells list items, each with its figure at the right: 旅費　1,098."""
    items: dict[int, int] = {}
    for cell in _body(table):
        count = sum(_item(line.text) is not None for line in cell.lines)
        if count > 1 and 3 * count >= len(cell.lines):
            items[cell.box.column] = items.get(cell.box.column, 0) + count
    return {column for column, count in items.items() if count >= LEDGER_LINES}


def _item(text: str) -> tuple[str, str] | None:
    """(label, figure) of a line that ends in a figure set apart from its words."""
    found = _ITEM.fullmatch(narrow(text))
    if not found or not _COUNTED.fullmatch(found["figure"].lstrip("△▲-")):
        return None
    return text[: found.end("label")].rstrip(), text[found.start("figure") :]


def _expanded(table: PageTable, columns: set[int]) -> list[PageTable]:
    """The table with as many rows as there are lines in the given columns."""
    if not columns:
        return [table]
    anchors: dict[int, list[float]] = {}
    for cell in _body(table):
        if cell.box.column in columns and cell.box.row_span == 1 and len(cell.lines) > 1:
            lines = [line.middle for line in cell.lines if is_figures(line.text) or _item(line.text)]
            anchors.setdefault(cell.box.row, []).extend(lines)
    last = max(cell.box.row + cell.box.row_span for cell in table.cells)
    found = {row: _distinct(lines) for row, lines in anchors.items()}
    first = [0]
    for row in range(last):
        first.append(first[-1] + max(1, len(found.get(row, []))))
    cells: list[Filled] = []
    for cell in table.cells:
        lines = found.get(cell.box.row, [])
        start, end = first[cell.box.row], first[min(cell.box.row + cell.box.row_span, last)]
        if len(lines) > 1 and cell.box.row_span == 1 and _fits(cell, lines):
            cells += _parts(cell, lines, start)
        else:
            cells.append(replace(cell, box=replace(cell.box, row=start, row_span=end - start)))
    cells.sort(key=lambda cell: (cell.box.row, cell.box.column))
    return [replace(table, cells=tuple(cells))]


def _distinct(lines: Iterable[float], apart: float = 4.0) -> list[float]:
    found: list[float] = []
    for line in sorted(lines):
        if not found or line - found[-1] > apart:
            found.append(line)
    return found


def _fits(cell: Filled, anchors: Sequence[float]) -> bool:
    """Whether at least two lines of a cell stand beside figures: it is read row by row then."""
    beside = {
        at
        for line in cell.lines
        for at, anchor in enumerate(anchors)
        if abs(line.middle - anchor) <= NEAR * line.em
    }
    return len(beside) > 1


def _parts(cell: Filled, anchors: Sequence[float], start: int) -> Iterator[Filled]:
    """One cell for each figure that it has a line beside; other lines go on from the line above them."""
    rows: dict[int, list[CellLine]] = {}
    for line in cell.lines:
        at = max(0, sum(anchor <= line.middle + NEAR * line.em for anchor in anchors) - 1)
        rows.setdefault(at, []).append(line)
    for at, lines in rows.items():
        yield Filled(replace(cell.box, row=start + at), tuple(lines))


@dataclass(slots=True)
class _Entry:
    """An item of a list with its figure, and how deep it stands below others."""

    label: list[CellLine]
    figure: CellLine | None
    depth: int = 0
    rows: int = 1


def _ledger(table: PageTable, column: int) -> PageTable:
    """A table of its own for a column that lists items: one column for each indent, then the figures."""
    heads = [cell for cell in table.cells if cell.box.column == column and cell.box.row < table.header_rows]
    lines = [line for cell in _body(table) if cell.box.column == column for line in cell.lines]
    entries = list(_entries(lines))
    _set_depths(entries)
    figures = max((entry.depth for entry in entries), default=0) + 1
    cells = [
        replace(head, box=replace(head.box, row=row, column=0, row_span=1, column_span=figures + 1))
        for row, head in enumerate(heads)
    ]
    for row, entry in enumerate(entries, start=len(cells)):
        span = replace(table.box, row=row, column=entry.depth, row_span=entry.rows)
        cells.append(Filled(replace(span, column_span=figures - entry.depth), tuple(entry.label)))
        if entry.figure:
            cells.append(Filled(Box(*_sides(table.box), row, figures), (entry.figure,)))
    return replace(table, cells=tuple(cells), header_rows=len(heads))


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.top, box.x1, box.bottom


def _entries(lines: Sequence[CellLine]) -> Iterator[_Entry]:
    """Items, with the lines that go on from them and the figures that stand below them."""
    apart = [
        after.middle - before.middle for before, after in pairwise(lines) if after.middle > before.middle
    ]
    usual = median(apart) if apart else 0
    entry: _Entry | None = None
    above = 0.0
    for line in lines:
        item = _item(line.text)
        if entry and is_figure(line.text) and not entry.figure:
            entry.figure = line
        elif entry and not item and 0 < line.middle - above < TIGHT * usual:
            entry.label.append(line)
        else:
            if entry:
                yield entry
            label = replace(line, text=item[0]) if item else line
            entry = _Entry([label], replace(line, text=item[1]) if item else None)
        above = line.middle
    if entry:
        yield entry


def _set_depths(entries: Sequence[_Entry]) -> None:
    """How deep each item stands, by its indent, and over how many rows those above it reach."""
    above: list[_Entry] = []
    for entry in entries:
        line = entry.label[0]
        while above and line.x0 <= above[-1].label[0].x0 + INDENT * line.em:
            above.pop()
        del above[MAX_DEPTH:]
        entry.depth = len(above)
        for one in above:
            one.rows += 1
        above.append(entry)
