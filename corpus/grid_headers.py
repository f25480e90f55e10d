"""How many rows at the top of a table name its columns, where the format does not say."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.normalise import narrow

LONG = 60  # characters: a cell so long names nothing
LONG_BELOW = 30
MAX_HEADER_ROWS = 6
_FIGURE = re.compile(r"[△▲+-]?\s?[¥￥]?[\d,]+(?:\.\d+)?\s?(?:%|[千万百億兆]*円|人|件)?|[\d,.]+-[\d,.]+|[-*…]")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Placed(NamedTuple):
    """A cell's text with its place in the grid."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


def is_figure(text: str) -> bool:
    """Whether a cell or line holds nothing but a number, as the body of a table does."""
    return _FIGURE.fullmatch(narrow(text).replace(" ", "")) is not None


def header_rows(cells: Sequence[Placed]) -> int:
    """Rows at the top that name the columns: to the end of the cells of the first, and of what divides them.

    Args:
        cells: those with text, row by row; rows may be missing.

    Returns:
        0 where the first row is not a header, never all rows.
    """
    rows = sorted({cell.row for cell in cells})
    if len(rows) < 2:
        return 0
    first = [cell for cell in cells if cell.row == rows[0]]
    if any(_is_body(cell.text, LONG) for cell in first):
        return 0
    if len(first) < 2 and first[0].column_span < 2:
        return 0
    count = rows[0] + 1
    while count <= rows[-1] and count - rows[0] < MAX_HEADER_ROWS:
        heads = [cell for cell in cells if cell.row < count]
        below = [cell for cell in cells if cell.row == count]
        reached = max(cell.row + cell.row_span for cell in heads) > count
        plain = bool(below) and not any(_is_body(cell.text, LONG_BELOW) for cell in below)
        figures = sum(is_figure(cell.text) for cell in below) > 1
        if figures or not (reached or (plain and _divides(heads, below, count))):
            break
        count += 1
    return count if count <= rows[-1] else min(rows[0] + 1, rows[-1])


def _is_body(text: str, longest: int) -> bool:
    if len(text) > longest:
        return True
    return is_figure(text) and not _YEAR.fullmatch(narrow(text).strip())


def _divides(heads: Sequence[Placed], below: Sequence[Placed], row: int) -> bool:
    """Whether the row names the parts of a header cell that spans several columns."""
    wide = [head for head in heads if head.column_span > 1 and head.row + head.row_span == row]
    return any(head.column <= cell.column < head.column + head.column_span for head in wide for cell in below)
