"""Canonical text as the blocks of a page: headings, paragraphs, tables and page marks, one span marked."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.document import Section

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `page` is the number of the page that begins with it, inside a paragraph."""

    text: str
    marked: bool = False
    first: bool = False
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """`rows` (of cells, of pieces) for a table, `pieces` for the rest; `level` and `anchor` for a heading."""

    kind: Literal["heading", "paragraph", "table", "page"]
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    level: int = 0
    anchor: str = ""
    page: int = 0


def typeset(
    text: str, sections: Sequence[Section], page_starts: Sequence[int], cited: Span | None
) -> list[Block]:
    """Blocks in reading order; every character but white space between lines is in exactly one piece.

    `cited` is a span of `text`; the first piece inside it has `first` set.
    """
    levels = _heading_levels(text, sections)
    cutter = _Cutter(text, page_starts, cited)
    blocks: list[Block] = []
    for lines in _groups(text, {*levels, *page_starts}, levels):
        start, end = lines[0][0], lines[-1][1]
        blocks += [Block("page", page=number) for number in cutter.pages_before(start)]
        blocks.append(_block(text, lines, levels.get(start, 0), cutter))
        cutter.pages_before(end)
    return blocks


def _block(text: str, lines: list[Span], level: int, cutter: "_Cutter") -> Block:
    start, end = lines[0][0], lines[-1][1]
    if level:
        return Block("heading", cutter.cut(start, end), level=min(level + 1, 6), anchor=f"at-{start}")
    if _is_table(text, lines):
        rows = (tuple(cutter.cut(*cell) for cell in _cells(text, line)) for line in lines)
        return Block("table", rows=tuple(rows))
    return Block("paragraph", cutter.cut(start, end))


def _heading_levels(text: str, sections: Sequence[Section]) -> dict[int, int]:
    """Offset of a heading's line -> its depth; a section that begins without its heading has none."""
    levels = {}
    for section in sections:
        indent = len(text[section.start : section.end]) - len(text[section.start : section.end].lstrip())
        start = text.rfind("\n", 0, section.start + indent) + 1
        end = text.find("\n", section.start + indent)
        line = text[start : end if end >= 0 else len(text)]
        if section.path and _same(line, section.path[-1]):
            levels[start] = len(section.path)
    return levels


def _same(line: str, heading: str) -> bool:
    return re.sub(r"[\s#]", "", line) == re.sub(r"[\s#]", "", heading)


def _groups(text: str, openers: Container[int], headings: Container[int]) -> Iterator[list[Span]]:
    """Lines that belong together: no blank line, heading or beginning of a page stands between them."""
    group: list[Span] = []
    for line in _lines(text):
        if group and (text[group[-1][1] : line[0]] != "\n" or line[0] in openers or group[-1][0] in headings):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _lines(text: str) -> Iterator[Span]:
    """Spans of the lines that hold more than white space."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _is_table(text: str, lines: list[Span]) -> bool:
    """Two or more lines with the same number of tabs; uneven rows stay text: no value slips a column."""
    tabs = {text.count("\t", *line) for line in lines}
    return len(lines) > 1 and len(tabs) == 1 and 0 not in tabs


def _cells(text: str, line: Span) -> Iterator[Span]:
    start, end = line
    for cell in text[start:end].split("\t"):
        yield start, start + len(cell)
        start += len(cell) + 1


class _Cutter:
    """Cuts spans, asked for in order, where a page begins and where the cited span begins and ends."""

    def __init__(self, text: str, page_starts: Sequence[int], cited: Span | None) -> None:
        self._text, self._cited = text, cited
        self._pages = {offset: number for number, offset in enumerate(page_starts, 1)}
        self._waiting = sorted(self._pages.items())
        self._seen = False

    def pages_before(self, offset: int) -> list[int]:
        """Numbers of the pages that begin up to this offset and were not named yet."""
        numbers = [number for start, number in self._waiting if start <= offset]
        self._waiting = self._waiting[len(numbers) :]
        return numbers

    def cut(self, start: int, end: int) -> tuple[Piece, ...]:
        low, high = self._cited or (-1, -1)
        inside = [number for number in (low, high, *self._pages) if start < number < end]
        edges = sorted({start, end, *inside})
        return tuple(
            self._piece(left, right, low <= left < high, self._pages.get(left) if left > start else None)
            for left, right in pairwise(edges)
        )

    def _piece(self, start: int, end: int, marked: bool, page: int | None) -> Piece:
        first = marked and not self._seen
        self._seen = self._seen or marked
        return Piece(self._text[start:end], marked, first, page)
