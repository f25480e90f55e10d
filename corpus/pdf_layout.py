"""Reading order: columns, boxes and upright text, by where things stand and the order they are drawn in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.pdf_cells import PageTable
from corpus.pdf_grid import Box
from corpus.pdf_lines import Fragment, rows_of, text_of

GUTTER = 1.3  # em: columns are at least so far apart
MIN_GUTTER = 8.0  # points, shared by all lines beside it
CORE = 0.32  # em above and below the middle: letters of two lines do not overlap there
MIN_ROWS = 3  # lines side by side that make columns
PROSE = 0.55  # of its column's width: lines of text fill it, cells of a table do not
PROSE_CHARS = 9
IN_STEP = 0.7  # of the lines
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; lines of one `region` follow each other in one column."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    region: int
    upright: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """A box with text of its own, read as one."""

    box: Box
    fragments: list[Fragment]


_Item = Fragment | _Frame | PageTable


def reading_order(
    fragments: list[Fragment], frames: Sequence[Box], tables: Sequence[PageTable]
) -> list[Line | PageTable]:
    """Lines and tables of a page as they are read."""
    boxed: list[_Frame] = []
    rest = fragments
    for box in sorted(frames, key=lambda frame: (frame.x1 - frame.x0) * (frame.bottom - frame.top)):
        own = [one for one in rest if _within(one, box)]
        if len(own) > 1:
            taken = set(map(id, own))
            rest = [one for one in rest if id(one) not in taken]
            boxed.append(_Frame(box, own))
    reader = _Reader()
    reader.read([*rest, *boxed, *tables], 0)
    return reader.found


def _within(fragment: Fragment, box: Box) -> bool:
    x, y = (fragment.x0 + fragment.x1) / 2, fragment.middle
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _span(item: _Item) -> tuple[float, float]:
    """From top to bottom, of text only the height that no other line reaches into."""
    if isinstance(item, Fragment):
        if item.upright:
            return item.top, item.bottom
        return item.middle - CORE * item.size, item.middle + CORE * item.size
    return item.box.top, item.box.bottom


def _sides(item: _Item) -> tuple[float, float]:
    return (item.x0, item.x1) if isinstance(item, Fragment) else (item.box.x0, item.box.x1)


class _Reader:
    """Divides the page into bands from the top and into columns from the left, again and again."""

    def __init__(self) -> None:
        self.found: list[Line | PageTable] = []
        self._region = 0

    def read(self, items: Sequence[_Item], depth: int) -> None:
        """Adds these items in order."""
        bands = _bands(items)
        if len(bands) == 1 or depth > MAX_DEPTH:
            self._band(bands[0] if len(bands) == 1 else list(items), depth)
            return
        self._region += 1
        sides = [[_sides(item) for item in band] for band in bands]
        free = [_free(band, own) for band, own in zip(bands, sides, strict=True)]
        refused: list[tuple[float, float, int]] = []
        index = 0
        while index < len(bands):
            columns, after = _columns(bands, sides, free, index, refused)
            if columns:
                for column in columns:
                    self._region += 1
                    self.read(column, depth + 1)
                self._region += 1
            else:
                self._band(bands[index], depth)
            index = after

    def _band(self, band: list[_Item], depth: int) -> None:
        """What no level gap divides: one line, or things side by side."""
        single = band[0]
        if len(band) == 1 and not isinstance(single, Fragment):
            self._whole(single, depth)
            return
        fragments = [item for item in band if isinstance(item, Fragment)]
        if len(fragments) == len(band):
            rows = rows_of(fragments)
            if len(rows) == 1 and not fragments[0].upright:
                self._line(rows[0])
                return
        parts = _parts(band) if depth <= MAX_DEPTH else [band]
        if len(parts) > 1:
            for part in parts:
                self._region += 1
                self.read(part, depth + 1)
            self._region += 1
            return
        self._mixed(band, depth)

    def _mixed(self, band: list[_Item], depth: int) -> None:
        """Nothing divides these: boxes in turn, then the text line by line."""
        fragments = [item for item in band if isinstance(item, Fragment)]
        for item in band:
            if not isinstance(item, Fragment):
                self._whole(item, depth)
        for one in (item for item in fragments if item.upright):
            self._line([one])
        for row in rows_of(item for item in fragments if not item.upright):
            self._line(row)

    def _whole(self, item: _Frame | PageTable, depth: int) -> None:
        self._region += 1
        if isinstance(item, PageTable):
            self.found.append(item)
        else:
            self.read(item.fragments, depth + 1)
        self._region += 1

    def _line(self, row: Sequence[Fragment]) -> None:
        size = max(row, key=lambda one: len(one.chars) * one.size).size
        top, bottom = min(one.top for one in row), max(one.bottom for one in row)
        x1 = max(one.x1 for one in row)
        text = text_of(row)
        self.found.append(Line(text, row[0].x0, top, x1, bottom, size, self._region, row[0].upright))


def _bands(items: Sequence[_Item]) -> list[list[_Item]]:
    """Items from the top, parted wherever a level line can be drawn between them."""
    bands: list[list[_Item]] = []
    reach = 0.0
    for item in sorted(items, key=lambda one: _span(one)[0]):
        top, bottom = _span(item)
        if not bands or top >= reach:
            bands.append([item])
            reach = bottom
        else:
            bands[-1].append(item)
            reach = max(reach, bottom)
    return bands


def _parts(band: Sequence[_Item]) -> list[list[_Item]]:
    """Things side by side from the left; upright lines from the right."""
    parts: list[list[_Item]] = []
    reach = 0.0
    for item in sorted(band, key=lambda one: _sides(one)[0]):
        left, right = _sides(item)
        if not parts or left > reach:
            parts.append([item])
            reach = right
        else:
            parts[-1].append(item)
            reach = max(reach, right)
    upright = sum(isinstance(item, Fragment) and item.upright for item in band)
    if 2 * upright <= len(band):
        return parts
    parts.reverse()
    return parts


_Gap = tuple[float, float]


def _free(band: Sequence[_Item], sides: Iterable[_Gap]) -> list[_Gap]:
    """Stretches of a band, from the left, that are wide enough to part columns; the margins among them."""
    em = max((item.size for item in band if isinstance(item, Fragment)), default=10.0)
    gaps, reach = [], float("-inf")
    for left, right in sorted(sides):
        if left - reach >= GUTTER * em:
            gaps.append((reach, left))
        reach = max(reach, right)
    return [*gaps, (reach, float("inf"))]


def _columns(
    bands: Sequence[list[_Item]],
    sides: Sequence[list[_Gap]],
    free: Sequence[list[_Gap]],
    first: int,
    refused: list[tuple[float, float, int]],
) -> tuple[list[list[_Item]], int]:
    """The columns that begin with the band `first`, and the band after them; no columns: the next band.

    `refused` are gaps that parted no columns further up, with the bands that end them.
    """
    best: tuple[list[list[_Item]], int] = [], first + 1
    refused[:] = [one for one in refused if one[2] > first]
    for low, high in free[first][1:-1]:
        if any(low <= left and right <= high for left, right, _ in refused):
            continue
        end = first
        while end < len(bands):
            shared = [
                (max(low, a), min(high, b)) for a, b in free[end] if min(high, b) - max(low, a) >= MIN_GUTTER
            ]
            if not shared:
                break
            low, high = max(shared, key=lambda one: one[1] - one[0])
            end += 1
        if end <= best[1] and best[0]:
            continue
        left, right = _parted(bands[first:end], sides[first:end], low, high)
        if left and right and _are_columns(left, right):
            best = [left, right], end
        else:
            refused.append((low, high, end))
    return best


def _parted(
    bands: Iterable[list[_Item]], sides: Iterable[list[_Gap]], low: float, high: float
) -> tuple[list[_Item], list[_Item]]:
    """What stands at the left and at the right of a gap; nothing where something stands in it."""
    left: list[_Item] = []
    right: list[_Item] = []
    for band, own in zip(bands, sides, strict=True):
        for item, (x0, x1) in zip(band, own, strict=True):
            if x1 <= low + 0.1:
                left.append(item)
            elif x0 >= high - 0.1:
                right.append(item)
            else:
                return [], []
    return left, right


def _are_columns(left: Sequence[_Item], right: Sequence[_Item]) -> bool:
    """Whether two sides are read one after the other, not line by line across both."""
    sides = [[item for item in side if isinstance(item, Fragment)] for side in (left, right)]
    boxed = [len(side) < len(all_) for side, all_ in zip(sides, (left, right), strict=True)]
    if any(len(side) < MIN_ROWS and not box for side, box in zip(sides, boxed, strict=True)):
        return False
    if not all(sides):
        return True
    if any(2 * sum(one.figures for one in side) >= len(side) for side in sides):
        return False  # columns of a table without lines, or of a chart
    rows = [rows_of(side) for side in sides]
    if any(len(lines) < MIN_ROWS and not box for lines, box in zip(rows, boxed, strict=True)):
        return False
    drawn = [[one.order for one in side] for side in sides]
    in_turn = max(drawn[0]) < min(drawn[1]) or max(drawn[1]) < min(drawn[0])
    prose = [_is_prose(side) for side in rows]
    return all(prose) or (in_turn and any(prose) and not _in_step(*rows))


def _in_step(left: Sequence[Sequence[Fragment]], right: Sequence[Sequence[Fragment]]) -> bool:
    """Whether the lines of the shorter side stand beside lines of the other, as cells of a table do."""
    fewer, more = sorted((left, right), key=len)
    beside = sum(
        any(abs(row[0].middle - other[0].middle) < CORE * row[0].size for other in more) for row in fewer
    )
    return beside >= IN_STEP * len(fewer)


def _is_prose(rows: Sequence[Sequence[Fragment]]) -> bool:
    """Lines that fill the width of their column."""
    width = max(row[-1].x1 for row in rows) - min(row[0].x0 for row in rows)
    filled = sum(
        row[-1].x1 - row[0].x0 >= PROSE * width and sum(len(one.chars) for one in row) >= PROSE_CHARS
        for row in rows
    )
    return 2 * filled >= len(rows)
