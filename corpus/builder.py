"""Puts a Document together block by block, so that every loader gives exact offsets."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from statistics import mode

from corpus.document import Cell, Document, Heading, Table
from corpus.encoding import CONTROLS
from corpus.grid_headers import Placed, header_rows
from corpus.load_error import LoadError
from corpus.normalise import repair

CELL_SEPARATOR = "\t"
Grid = list[list[tuple[str, int, int]]]  # rows of (text, row span, column span)
MAX_COLUMN_SPAN = 1000  # the HTML standard's own limit; no cell reaches beyond as many columns
MAX_CAPTION = 80  # characters of a line above a table that names it
MAX_BLOCKS = 1_000_000  # paragraphs, list items and cells; each takes some 500 bytes until it is a passage
MAX_BLOCK = 2_000  # characters; what is longer is several blocks, so that no line is searched for minutes
HEADER_SAMPLE = 12  # rows that are looked at for headers
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
        self._page_starts: list[int] = []

    def page(self) -> None:
        """Begins a page of a format that has them, before its first block."""
        self._page_starts.append(self._length + 2 if self._length else 0)

    def block(self, text: str, separator: str = "\n\n") -> tuple[int, int] | None:
        """Adds a paragraph or list item and gives its span; nothing for blank text.

        Raises:
            LoadError: more blocks than fit in memory.
        """
        span = self._append(text, separator)
        if span:
            pieces = cut(_clean(text))
            self._blocks[-1:] = [(span[0] + start, span[0] + end) for start, end in pieces]
        return span

    def heading(self, text: str, level: int) -> None:
        """Adds a heading that the format itself declares; what is too long for one is text."""
        text = _clean(one_line(text))
        span = self.block(text)
        if span and len(text) <= MAX_BLOCK:
            self._headings.append(Heading(*span, level, text))

    def table(self, rows: Grid, header_rows: int, caption: str = "", unit: str = "") -> None:
        """Adds a table, one row a line, cells separated by tabs; a cell keeps its place in the grid.

        A table without body rows has no headers either: its rows are what it says.
        """
        cells: list[Cell] = []
        for row_number, row in enumerate(placed(rows)):
            separator = "\n" if cells else "\n\n"
            for column, text, row_span, column_span in row:
                span = self._append(one_line(text), separator)
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
            page_starts=tuple(min(start, self._length) for start in self._page_starts),
            metadata=metadata or {},
        )

    def _append(self, text: str, separator: str) -> tuple[int, int] | None:
        text = _clean(text)
        if not text:
            return None
        if len(self._blocks) >= MAX_BLOCKS:
            raise too_many_blocks()
        if self._length:
            self._write(separator)
        span = (self._length, self._length + len(text))
        self._write(text)
        self._blocks.append(span)
        return span

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _clean(text: str) -> str:
    """Canonical text of a block; control characters may come out of &#1; and the like."""
    return CONTROLS.sub("", repair(text)).strip()


def cut(text: str) -> list[tuple[int, int]]:
    """Spans of at most MAX_BLOCK characters that cover a paragraph, but for white space where they meet."""
    spans, start = [], 0
    while len(text) - start > MAX_BLOCK:
        stop = text.rfind("。", start, start + MAX_BLOCK) + 1 or start + MAX_BLOCK
        spans.append((start, stop))
        start = stop
    return [_trimmed(text, *span) for span in [*spans, (start, len(text))] if text[slice(*span)].strip()]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return end - len(said.lstrip()), start + len(said.rstrip())


def too_many_blocks() -> LoadError:
    """What a file with more paragraphs or cells than are read is refused with."""
    return LoadError(
        f"段落やセルが多すぎます（{MAX_BLOCKS:,}を超える）。分けてください"
        f" / more than {MAX_BLOCKS:,} paragraphs or cells: split the file"
    )


def headers_of(rows: Grid) -> int:
    """How many rows at the top name the columns, by their looks."""
    sample = enumerate(placed(rows[:HEADER_SAMPLE]))
    return header_rows(
        [
            Placed(number, at, down, across, text)
            for number, row in sample
            for at, text, down, across in row
            if text
        ]
    )


def top_of_table(rows: Sequence[Set[int]]) -> int:
    """The first row of a sheet's table: what stands above it in the first few columns is not part of it.

    Args:
        rows: the columns, from 0, that each row with several cells fills.
    """
    usual = mode(max(row) + 1 for row in rows)
    top = next(index for index, row in enumerate(rows) if 2 * (max(row) + 1) > usual)
    # A header that reaches down, as 区分 beside 予算額 over 当初 and 補正, leaves the cell below it empty.
    return top if top and rows[top - 1] <= rows[top] else 0


def placed(rows: Grid) -> Iterator[list[tuple[int, str, int, int]]]:
    """Rows of (column, text, row span, column span): cells step aside for those that reach down from above."""
    taken_until: dict[int, int] = {}  # column -> first row in which it is free again
    for number, row in enumerate(rows):
        line, column = [], 0
        for text, row_span, column_span in row:
            while taken_until.get(column, 0) > number:
                column += 1
            row_span = min(row_span, len(rows) - number) if column < MAX_COLUMN_SPAN else 1
            column_span = max(1, min(column_span, MAX_COLUMN_SPAN - column))
            if row_span > 1:
                taken_until |= dict.fromkeys(range(column, column + column_span), number + row_span)
            line.append((column, text, row_span, column_span))
            column += column_span
        yield line


def short_caption(lines: Iterable[str]) -> str:
    """What stands right above a table as far as it looks like a caption: short lines without 。"""
    above = [one_line(line) for line in lines]
    long = [number for number, line in enumerate(above, 1) if len(line) > MAX_CAPTION or line.endswith("。")]
    return " ".join(above[max(long, default=0) :])
