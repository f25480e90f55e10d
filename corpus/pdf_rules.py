"""The ruling lines of a PDF page, and where things stand on the page as it is seen."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

MAX_OBJECTS = 20_000  # a page with more paths is a map or a drawing: no tables are looked for
MAX_FORM_DEPTH = 4
MANY_PATHS = 200
COVERED = 0.5  # of the page
THIN = 2.5  # points: a filled shape so thin is a line
SHORTEST = 4.0  # points: shorter strokes belong to pictures and dotted patterns
EDGE = 4.0  # points
WHITE = 250  # of 255
SLANT = 0.6  # points: a line that is drawn level within this is level

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
# A box of no height or no width, and whether it is the side of a shaded area.
Rule = tuple[float, float, float, float, bool]
Matrix = tuple[float, float, float, float, float, float]


class Place:
    """From the page's own coordinates to points from the top left of what is seen."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = self._trimmed(page)
        self.turns = page.get_rotation() // 90 % 4
        self._box = left, bottom, right, top
        across, down = float(right - left), float(top - bottom)
        self.width: float = down if self.turns % 2 else across
        self.height: float = across if self.turns % 2 else down

    @staticmethod
    def _trimmed(page: Any) -> Box:
        """Left, bottom, right and top of what remains of the paper once it is trimmed.

        Without a trim box of its own it is what viewers show. (A media box may be inherited, which only
        `get_bbox` knows.)
        """
        x0, y0, x1, y1 = page.get_trimbox(fallback_ok=False) or page.get_bbox()
        if x0 == x1 or y0 == y1:
            x0, y0, x1, y1 = page.get_bbox()
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box given by left, bottom, right, top."""
        left, bottom, right, top = self._box
        if self.turns == 1:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if self.turns == 2:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if self.turns == 3:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0

    def seen(self, box: Box) -> bool:
        """Whether a box lies on the page, not among the printer's marks around it."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return 0 <= x <= self.width and 0 <= y <= self.height

    def at_edge(self, box: Box) -> bool:
        """Whether a line runs along the edge of the page: the side of a background."""
        x0, top, x1, bottom = box
        across = top == bottom and not EDGE < top < self.height - EDGE
        return across or bool(x0 == x1 and not EDGE < x0 < self.width - EDGE)


def draws_much(raw: Any, page: Any, place: Place) -> bool:
    """Whether pictures cover half of a page, or so many paths are on it that they may be letters."""
    sides = [ctypes.c_float() for _ in range(4)]
    count = min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)
    covered, paths = 0.0, 0
    for index in range(count):
        made = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(made)
        paths += kind == raw.FPDF_PAGEOBJ_PATH
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_SHADING):
            raw.FPDFPageObj_GetBounds(made, *sides)
            left, bottom, right, top = (side.value for side in sides)
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    return paths >= MANY_PATHS or covered >= COVERED * place.width * place.height


def rules_of(raw: Any, page: Any, place: Place) -> list[Rule]:
    """Level and upright lines of a page: strokes, thin filled shapes, the sides of rectangles.

    Args:
        raw: pdfium's own functions, which only `pdf_source` imports.
        page: the open page.
        place: where things on it are seen.
    """
    found: list[Rule] = []
    paths = _paths(raw, page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, (1, 0, 0, 1, 0, 0), 0)
    for count, (path, matrix) in enumerate(paths):
        if count > MAX_OBJECTS:
            return []
        for x0, y0, x1, y1, area in _lines_of(raw, path, matrix):
            box = place.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            if place.seen(box) and not place.at_edge(box):
                found.append((*box, area))
    return found


def _paths(
    raw: Any, holder: Any, count: Any, get: Any, outer: Matrix, depth: int
) -> Iterator[tuple[Any, Matrix]]:
    """Painted paths with the matrix that brings their points onto the page."""
    inner = raw.FS_MATRIX()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for index in range(count(holder)):
        made = get(holder, index)
        kind = raw.FPDFPageObj_GetType(made)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
            continue
        raw.FPDFPageObj_GetMatrix(made, inner)
        matrix = _times((inner.a, inner.b, inner.c, inner.d, inner.e, inner.f), outer)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPath_GetDrawMode(made, fill, stroke)
            if stroke.value or (fill.value and not _is_white(raw, made)):
                yield made, matrix
        elif depth < MAX_FORM_DEPTH:
            forms = raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject
            yield from _paths(raw, made, *forms, matrix, depth + 1)


def _is_stroked(raw: Any, path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(stroke.value)


def _is_white(raw: Any, path: Any) -> bool:
    """White areas paint over what was there; they rule nothing."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return min(red.value, green.value, blue.value) >= WHITE or alpha.value == 0


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _lines_of(raw: Any, path: Any, matrix: Matrix) -> list[Rule]:
    """The level and upright sides of a path, in the page's own coordinates."""
    corners = _corners(raw, path, matrix)
    if not corners:
        return []
    xs, ys = [x for line in corners for x, _ in line], [y for line in corners for _, y in line]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if height <= THIN or width <= THIN:
        middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        if max(width, height) < SHORTEST:
            return []
        if width >= height:
            return [(min(xs), middle_y, max(xs), middle_y, False)]
        return [(middle_x, min(ys), middle_x, max(ys), False)]
    found: list[Rule] = []
    area = not _is_stroked(raw, path)
    for line in corners:
        for (x0, y0), (x1, y1) in pairwise(line):
            if abs(y1 - y0) <= SLANT and abs(x1 - x0) >= SHORTEST:
                found.append((x0, y0, x1, y0, area))
            elif abs(x1 - x0) <= SLANT and abs(y1 - y0) >= SHORTEST:
                found.append((x0, y0, x0, y1, area))
    return found


def _corners(raw: Any, path: Any, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """Points of each of the path's lines; nothing for a path with curves, which is no ruling line."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[list[tuple[float, float]]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        if kind == raw.FPDF_SEGMENT_MOVETO or not lines:
            lines.append([])
        lines[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            lines[-1].append(lines[-1][0])
    return lines
