"""Ruling lines to grids of cells, merged cells and open sides included."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.pdf_rules import Rule

SNAP = 2.5  # points: lines nearer than this are one line
JOIN = 4.0  # points: the pieces of a line may be so far apart
TOUCH = 4.0  # points: a line ends at another that is so near
SHADING = 8.0  # points: the shading of a cell ends so near to its lines
MAX_SIDE = 400  # rows or columns: beyond it the lines are a pattern


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a grid: where it stands, its first row and column, and how many of each it spans."""

    x0: float
    top: float
    x1: float
    bottom: float
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that meet: the positions of its columns and rows, and its cells row by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """All of it."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


Line = tuple[float, float, float]  # position, from, to


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """Every set of lines that enclose something, from the top; a grid of one cell is a frame."""
    level = _lines((y0, x0, x1, area) for x0, y0, x1, y1, area in rules if y1 - y0 <= x1 - x0)
    upright = _lines((x0, y0, y1, area) for x0, y0, x1, y1, area in rules if y1 - y0 > x1 - x0)
    grids = (_grid(across, down) for across, down in _connected(level, upright))
    found = sorted((grid for grid in grids if grid), key=lambda grid: (grid.xs[0], grid.ys[0]))
    return sorted(_side_by_side(found), key=lambda grid: (grid.ys[0], grid.xs[0]))


def _side_by_side(grids: list[Grid]) -> list[Grid]:
    """A table over facing pages is two grids with the same rows: they become one."""
    found: list[Grid] = []
    for grid in grids:
        left = next((one for one in found if _same_rows(one, grid)), None)
        if left is None:
            found.append(grid)
            continue
        shift = len(left.xs)
        right = (replace(cell, column=cell.column + shift) for cell in grid.cells)
        cells = sorted([*left.cells, *right], key=lambda cell: (cell.row, cell.column))
        found[found.index(left)] = Grid((*left.xs, *grid.xs), left.ys, tuple(cells))
    return found


def _same_rows(left: Grid, right: Grid) -> bool:
    if len(left.ys) != len(right.ys) or len(left.ys) < 4 or left.xs[-1] >= right.xs[0]:
        return False
    return all(abs(one - other) <= TOUCH for one, other in zip(left.ys, right.ys, strict=True))


def _lines(rules: Iterable[tuple[float, float, float, bool]]) -> list[Line]:
    """Lines of one direction. The side of a shaded area counts only where no line stands for it."""
    drawn: list[Line] = []
    areas: list[Line] = []
    for position, start, end, area in rules:
        (areas if area else drawn).append((position, start, end))
    drawn = _merged(drawn)
    alone = [
        side
        for side in set(areas)
        if not any(
            abs(side[0] - line[0]) <= SHADING and line[1] < side[2] and side[1] < line[2] for line in drawn
        )
    ]
    return _merged([*drawn, *alone])


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Lines in one place become one, from its first to its last point where no gap is wide."""
    groups: list[list[Line]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][0][0] <= SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    found: list[Line] = []
    for group in groups:
        position = sum(line[0] for line in group) / len(group)
        reach: list[list[float]] = []
        for _, start, end in sorted(group, key=lambda line: line[1]):
            if reach and start - reach[-1][1] <= JOIN:
                reach[-1][1] = max(reach[-1][1], end)
            else:
                reach.append([start, end])
        found += [(position, start, end) for start, end in reach]
    return found


def _connected(level: list[Line], upright: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that cross or touch, directly or by way of others."""
    parent = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for i, (y, x0, x1) in enumerate(level):
        for j, (x, y0, y1) in enumerate(upright, start=len(level)):
            if x0 - TOUCH <= x <= x1 + TOUCH and y0 - TOUCH <= y <= y1 + TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for i, line in enumerate(level):
        groups[root(i)][0].append(line)
    for j, line in enumerate(upright, start=len(level)):
        groups[root(j)][1].append(line)
    return [(across, down) for across, down in groups.values() if len(across) >= 2 and down]


def _grid(level: list[Line], upright: list[Line]) -> Grid | None:
    upright = upright + _open_sides(level, upright)
    ys, xs = _positions(level), _positions(upright)
    if not (2 <= len(ys) <= MAX_SIDE and 2 <= len(xs) <= MAX_SIDE):
        return None
    below = _walls(level, ys, xs)
    beside = _walls(upright, xs, ys)
    owner: dict[tuple[int, int], int] = {}
    regions: list[list[tuple[int, int]]] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) not in owner:
                regions.append(_flood(row, column, below, beside, (len(ys) - 1, len(xs) - 1)))
                owner |= dict.fromkeys(regions[-1], len(regions))
    cells = [cell for region in regions for cell in _rectangles(region)]
    return Grid(tuple(xs), tuple(ys), tuple(_box(cell, xs, ys) for cell in sorted(cells)))


def _open_sides(level: list[Line], upright: list[Line]) -> list[Line]:
    """Tables are often set without lines at the left and right: they end where the level lines end."""
    top, bottom = min(line[0] for line in level), max(line[0] for line in level)
    left, right = min(line[1] for line in level), max(line[2] for line in level)
    sides = []
    for side, end in ((left, 1), (right, 2)):
        closed = any(abs(line[0] - side) <= 2 * TOUCH for line in upright)
        reaching = sum(abs(line[end] - side) <= TOUCH for line in level)
        if not closed and reaching >= 2:
            sides.append((side, top, bottom))
    return sides


def _positions(lines: Iterable[Line]) -> list[float]:
    found: list[float] = []
    for position in sorted(line[0] for line in lines):
        if not found or position - found[-1] > SNAP:
            found.append(position)
    return found


def _walls(lines: Sequence[Line], places: Sequence[float], across: Sequence[float]) -> set[tuple[int, int]]:
    """(place, gap) for each gap between two positions `across` that a line at a place closes."""
    walls = set()
    for position, start, end in lines:
        place = min(range(len(places)), key=lambda index: abs(places[index] - position))
        for gap in range(len(across) - 1):
            middle = (across[gap] + across[gap + 1]) / 2
            if start - TOUCH <= middle <= end + TOUCH:
                walls.add((place, gap))
    return walls


def _flood(
    row: int, column: int, below: set[tuple[int, int]], beside: set[tuple[int, int]], size: tuple[int, int]
) -> list[tuple[int, int]]:
    """Elementary cells that no wall parts from this one."""
    found, waiting = {(row, column)}, [(row, column)]
    while waiting:
        r, c = waiting.pop()
        steps = (
            ((r + 1, c), (r + 1, c) in below),
            ((r - 1, c), (r, c) in below),
            ((r, c + 1), (c + 1, r) in beside),
            ((r, c - 1), (c, r) in beside),
        )
        for to, walled in steps:
            if not walled and to not in found and 0 <= to[0] < size[0] and 0 <= to[1] < size[1]:
                found.add(to)
                waiting.append(to)
    return sorted(found)


Cell = tuple[int, int, int, int]  # row, column, row span, column span


def _rectangles(region: list[tuple[int, int]]) -> list[Cell]:
    """One cell; an L-shaped region (20 繰越金 with its items to the right below) row by row."""
    rows, columns = {row for row, _ in region}, {column for _, column in region}
    if len(region) == len(rows) * len(columns):
        return [(min(rows), min(columns), len(rows), len(columns))]
    runs: list[Cell] = []
    open_runs: dict[tuple[int, int], int] = {}
    for row in sorted(rows):
        now: dict[tuple[int, int], int] = {}
        for run in _consecutive(sorted(column for r, column in region if r == row)):
            if run in open_runs:
                at = open_runs[run]
                runs[at] = (runs[at][0], runs[at][1], runs[at][2] + 1, runs[at][3])
                now[run] = at
            else:
                runs.append((row, run[0], 1, run[1]))
                now[run] = len(runs) - 1
        open_runs = now
    return runs


def _consecutive(columns: list[int]) -> list[tuple[int, int]]:
    """(first, how many) of each run of numbers."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][0] + runs[-1][1] == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs


def _box(cell: Cell, xs: Sequence[float], ys: Sequence[float]) -> Box:
    row, column, row_span, column_span = cell
    return Box(xs[column], ys[row], xs[column + column_span], ys[row + row_span], *cell)
