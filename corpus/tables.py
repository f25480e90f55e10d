"""Rows of tables with their headers, as a sentence would say them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.document import Cell, Passage, Table


@dataclass(frozen=True, slots=True)
class Row:
    """One body row: its span, its cells, the cells that reach in from above, and the headers of each."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    headers: tuple[str, ...]
    merged: tuple[Cell, ...] = ()
    merged_headers: tuple[str, ...] = ()


def rows_of(text: str, table: Table) -> Iterator[Row]:
    """Body rows in order; cells that span several rows belong to the row they begin in."""
    heads = [cell for cell in table.cells if cell.row < table.header_rows]
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells[len(heads) :]:
        by_row.setdefault(cell.row, []).append(cell)
    header = lru_cache(maxsize=None)(lambda start, end: _header(text, heads, start, end))
    reaching: list[Cell] = []
    for number, cells in sorted(by_row.items()):
        reaching = [cell for cell in reaching if number < cell.row + cell.row_span]
        headers = tuple(header(cell.column, cell.column + cell.column_span) for cell in cells)
        merged_headers = tuple(header(cell.column, cell.column + cell.column_span) for cell in reaching)
        yield Row(cells[0].start, cells[-1].end, tuple(cells), headers, tuple(reaching), merged_headers)
        reaching += [cell for cell in cells if cell.row_span > 1]


def row_context(text: str, table: Table, row: Row) -> str:
    """「見出し：値」 of every cell with the caption in front: searched with the row, not quoted."""
    cells, headers = (*row.merged, *row.cells), (*row.merged_headers, *row.headers)
    said = [
        f"{header}：{text[cell.start : cell.end]}" if header else text[cell.start : cell.end]
        for cell, header in zip(cells, headers, strict=True)
    ]
    return "、".join(part for part in (table.caption.replace("\n", " "), *said) if part)


def _header(text: str, heads: Sequence[Cell], start: int, end: int) -> str:
    """Header texts above the columns from `start` to before `end`, outermost first, joined by a space."""
    above = [head for head in heads if head.column < end and start < head.column + head.column_span]
    return " ".join(dict.fromkeys(text[head.start : head.end] for head in above))


def cell_starts(passage: Passage) -> list[int]:
    """Where each cell of a row stands in its context, not in a header (6 in 令和6年度); empty if one does not."""
    context, position, starts = passage.context, 0, []
    for cell in passage.text.split("\t"):
        whole = re.compile(rf"(?:^|(?<=[：、 ])){re.escape(cell)}(?=、|$)")
        found = whole.search(context, position)
        if found is None:
            return []
        starts.append(found.start())
        position = found.end()
    return starts


def row_headers(passage: Passage) -> tuple[str, tuple[str, ...]]:
    """Caption and column headers of a row passage, read back from its context; empty where a cell has no header."""
    context, position, headers = passage.context, 0, []
    for start, cell in zip(cell_starts(passage), passage.text.split("\t"), strict=False):
        if context[start - 1 : start] != "：":
            return "", ()
        headers.append(context[position : start - 1].lstrip("、"))
        position = start + len(cell)
    if not headers:
        return "", ()
    caption, _, first = headers[0].rpartition("、")
    return caption, (first, *headers[1:])
