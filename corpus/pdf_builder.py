"""Puts the Document of a PDF together: pages, and tables that go on from one page to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.amounts import unit_of
from corpus.builder import CELL_SEPARATOR, DocumentBuilder, one_line
from corpus.document import Cell, Document, Heading, Table
from corpus.grid_headers import is_figure
from corpus.normalise import repair
from corpus.numbering import is_caption
from corpus.pdf_cells import TextCell, TextTable
from corpus.pdf_paragraphs import Paragraph

SAME_COLUMN = 5.0  # points
CAPTION_LINES = 2
CAPTION_CHARS = 60
CAPTION_GAP = 40.0  # points between a caption and its table


@dataclass(slots=True)
class _Open:
    """A table that the next page may go on with."""

    xs: tuple[float, ...]
    head: tuple[str, ...]
    header_rows: int
    caption: str
    unit: str
    rows: int = 0
    cells: list[Cell] = field(default_factory=list)


class PdfBuilder:
    """Takes the blocks of one page after the other."""

    def __init__(self) -> None:
        self._blocks = DocumentBuilder()
        self._headings: list[Heading] = []
        self._tables: list[_Open] = []
        self._page_starts: list[int] = []
        self._waiting = 0  # pages whose first block is still to come
        self._above: list[Paragraph] = []
        self._fresh = False  # nothing stands on this page yet
        self._last_was_table = False

    def page(self) -> None:
        """Begins the next page."""
        self._waiting += 1
        self._above = []
        self._fresh = True

    def paragraph(self, block: Paragraph, level: int, label: int = 0) -> None:
        """Adds a block; a heading where the level is not 0.

        The first `label` characters, the number of a footnote, are a block of their own: together with the
        words they would look like a numbered heading.
        """
        text = one_line(block.text)
        if label:
            self._add(text[:label], "\n\n")
        span = self._add(text[label:], " " if label else "\n\n")
        if span is None:
            return
        if level:
            self._headings.append(Heading(*span, level, repair(text)))
        self._above = [*self._above[1 - CAPTION_LINES :], block]
        self._fresh = self._last_was_table = False

    def table(self, table: TextTable) -> None:
        """Adds a table, or its rows to the table at the foot of the page before."""
        rows = _rows(table.cells)
        head = _head(rows, table.header_rows)
        if self._fresh and self._last_was_table and (skip := self._goes_on(table, rows, head)) is not None:
            rows = rows[skip:]
        else:
            caption = self._caption(table)
            unit = unit_of(caption) or table.unit
            self._tables.append(_Open(table.xs, head, table.header_rows, caption, unit))
        self._write(rows)
        self._above = []
        self._fresh, self._last_was_table = False, True

    def build(self, title: str, metadata: dict[str, str]) -> Document:
        """The finished Document."""
        made = self._blocks.build(title, "application/pdf", metadata)
        starts = [*self._page_starts, *[len(made.text)] * self._waiting]
        tables = tuple(_closed(table) for table in self._tables if table.cells)
        return replace(
            made,
            marked_headings=tuple(self._headings),
            tables=tables,
            page_starts=(0, *starts[1:]),
        )

    def _add(self, text: str, separator: str) -> tuple[int, int] | None:
        span = self._blocks.block(text, separator)
        if span:
            self._page_starts += [span[0]] * self._waiting
            self._waiting = 0
        return span

    def _write(self, rows: Sequence[Sequence[TextCell]]) -> None:
        table = self._tables[-1]
        for number, row in enumerate(rows):
            separator = "\n\n" if number == 0 else "\n"
            for cell in row:
                span = self._add(one_line(cell.text), separator)
                if span:
                    separator = CELL_SEPARATOR
                    at = cell.row - rows[0][0].row + table.rows
                    table.cells.append(Cell(*span, at, cell.column, cell.row_span, cell.column_span))
        if rows:
            table.rows += rows[-1][0].row - rows[0][0].row + 1

    def _goes_on(
        self, table: TextTable, rows: Sequence[Sequence[TextCell]], head: tuple[str, ...]
    ) -> int | None:
        """How many rows at the top only repeat the header of the table before, if this goes on with it."""
        before = self._tables[-1]
        if len(before.xs) != len(table.xs):
            return None
        shift = table.xs[0] - before.xs[0]
        if any(abs(new - old - shift) > SAME_COLUMN for old, new in zip(before.xs, table.xs, strict=True)):
            return None
        if head and head == before.head:
            return table.header_rows
        body = any(is_figure(cell.text) or len(cell.text) > 30 for cell in rows[0])
        return 0 if before.head and (body or not table.header_rows) else None

    def _caption(self, table: TextTable) -> str:
        """The short lines right above that name the table or its unit."""
        lines: list[str] = []
        for block in reversed(self._above):
            near = -CAPTION_GAP < table.top - block.bottom < CAPTION_GAP
            if not near or len(block.text) > CAPTION_CHARS or block.text.endswith("。"):
                break
            lines.insert(0, one_line(block.text))
            if is_caption(block.text):
                break
        return " ".join(lines)


def _rows(cells: Sequence[TextCell]) -> list[list[TextCell]]:
    rows: dict[int, list[TextCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return [rows[number] for number in sorted(rows)]


def _head(rows: Sequence[Sequence[TextCell]], header_rows: int) -> tuple[str, ...]:
    return tuple(cell.text for row in rows for cell in row if cell.row < header_rows)


def _closed(table: _Open) -> Table:
    has_body = table.cells[-1].row >= table.header_rows
    headers = table.header_rows if has_body else 0
    cells = tuple(table.cells)
    return Table(cells[0].start, cells[-1].end, cells, headers, table.caption, table.unit)
