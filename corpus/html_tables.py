"""Tables of an HTML page as grids of cells with their spans."""

from collections.abc import Callable, Iterator
from typing import Any

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, one_line, short_caption

GROUPS = {"thead", "tbody", "tfoot"}
MAX_SPAN = 65534  # the HTML standard's limit; the grid's own size limits it further


def add_table(builder: DocumentBuilder, table: Any, before: str, text_of: Callable[[Any], str]) -> None:
    """Adds a table with its caption: its own, else the short line that stands right above it.

    Args:
        before: the block before the table.
        text_of: text inside a node.
    """
    own = next((node for node in children(table) if node.tag == "caption"), None)
    rows = list(rows_of(table))
    if own is not None:
        builder.block(text_of(own))
    caption = one_line(text_of(own)) if own is not None else short_caption([before])
    grid: Grid = [
        [(text_of(cell), _span(cell, "rowspan"), _span(cell, "colspan")) for cell in cells(row)]
        for row in rows
    ]
    builder.table(grid, _header_rows(rows), caption, unit_of(caption or before) or "")


def is_layout(table: Any) -> bool:
    """Whether a table only places things on the page: it says so, holds tables, or has a single cell."""
    if table.attributes.get("role") in {"presentation", "none"} or _holds_table(table):
        return True
    return len(table.css("td, th")) <= 1


def _holds_table(table: Any) -> bool:
    """Ends at the first that is found: tables may be nested thousands deep."""
    below = list(children(table))
    while below:
        node = below.pop()
        if node.tag == "table":
            return True
        below += children(node)
    return False


def rows_of(table: Any) -> Iterator[Any]:
    """The table's own rows."""
    for node in children(table):
        if node.tag == "tr":
            yield node
        elif node.tag in GROUPS:
            yield from (row for row in children(node) if row.tag == "tr")


def cells(row: Any) -> list[Any]:
    """The row's own cells."""
    return [node for node in children(row) if node.tag in {"td", "th"}]


def children(node: Any) -> Iterator[Any]:
    """Direct children in order."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _header_rows(rows: list[Any]) -> int:
    """How many rows at the top are headers: those of header cells only, else the first.

    0 where the header cells stand at the left, each naming its row.
    """
    count = 0
    for row in rows:
        if not cells(row) or any(cell.tag == "td" for cell in cells(row)):
            break
        count += 1
    if count:
        return count
    named = [row for row in rows if cells(row) and cells(row)[0].tag == "th"]
    return 0 if len(named) == len(rows) else 1


def _span(cell: Any, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return min(int(value), MAX_SPAN) if value.isdecimal() and int(value) > 0 else 1
