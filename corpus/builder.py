"""Puts a Document together block by block, so that every loader gives exact offsets."""

import re
from collections.abc import Iterable, Iterator

from corpus.document import Cell, Document, Heading, Table
from corpus.normalise import repair

CELL_SEPARATOR = "\t"
Grid = list[list[tuple[str, int, int]]]  # rows of (text, row span, column span)
MAX_COLUMN_SPAN = 1000  # the HTML standard's own limit
SPACES = re.compile(r"[ \t\n\r\f\v]+")  # an ideographic space is part of what was printed


def one_line(text: str) -> str:
    """Text on one line, runs of ASCII white space as one space, nothing around it."""
    return SPACES.sub(" ", text).strip()


class DocumentBuilder:
    """Appends blocks to a growing canonical text: a blank line between blocks, a line end between rows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[tuple[int, int]] = []
        self._headings: list[Heading] = []
        self._tables: list[Table] = []

    def block(self, text: str, separator: str = "\n\n") -> tuple[int, int] | None:
        """Adds a paragraph or list item and gives its span; nothing for blank text."""
        text = repair(text).strip()
        if not text:
            return None
        if self._length:
            self._write(separator)
        span = (self._length, self._length + len(text))
        self._write(text)
        self._blocks.append(span)
        return span

    def heading(self, text: str, level: int) -> None:
        """Adds a heading that the format itself declares."""
        text = one_line(text)
        span = self.block(text)
        if span:
            self._headings.append(Heading(*span, level, repair(text)))

    def table(self, rows: Grid, header_rows: int, caption: str = "", unit: str = "") -> None:
        """Adds a table, one row a line, cells separated by tabs; a cell keeps its place in the grid.

        A table without body rows has no headers either: its rows are what it says.
        """
        cells: list[Cell] = []
        for row_number, row in enumerate(_placed(rows)):
            separator = "\n" if cells else "\n\n"
            for column, text, row_span, column_span in row:
                span = self.block(one_line(text), separator)
                if span:
                    separator = CELL_SEPARATOR
                    cells.append(Cell(*span, row_number, column, row_span, column_span))
        if cells:
            has_body = cells[-1].row >= header_rows
            headers = header_rows if has_body else 0
            self._tables.append(Table(cells[0].start, cells[-1].end, tuple(cells), headers, caption, unit))

    def build(self, title: str | None, media_type: str, metadata: dict[str, str] | None = None) -> Document:
        """The finished Document; `title` empty means that the caller found none."""
        return Document(
            text="".join(self._parts),
            title=repair(title or "").strip(),
            media_type=media_type,
            blocks=tuple(self._blocks),
            marked_headings=tuple(self._headings),
            tables=tuple(self._tables),
            metadata=metadata or {},
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _placed(rows: Grid) -> Iterator[list[tuple[int, str, int, int]]]:
    """Rows of (column, text, row span, column span): cells step aside for those that reach down from above."""
    taken_until: dict[int, int] = {}  # column -> first row in which it is free again
    for number, row in enumerate(rows):
        placed, column = [], 0
        for text, row_span, column_span in row:
            while taken_until.get(column, 0) > number:
                column += 1
            row_span = min(row_span, len(rows) - number)
            column_span = min(column_span, MAX_COLUMN_SPAN)
            taken_until |= dict.fromkeys(range(column, column + column_span), number + row_span)
            placed.append((column, text, row_span, column_span))
            column += column_span
        yield placed


def short_caption(lines: Iterable[str]) -> str:
    """What stands above a table if it looks like a caption: short, without 。"""
    kept = [one_line(line) for line in lines]
    return " ".join(kept) if all(len(line) <= 80 and not line.endswith("。") for line in kept) else ""
