"""What a PDF page draws: characters with their boxes, ruling lines. The only file that reads by pypdfium2."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.load_error import LoadError

MAX_PAGES = 5000
MAX_PAGE_CHARS = 100_000
MAX_OBJECTS = 20_000  # a page with more paths is a map or a drawing: no tables are looked for
MAX_FORM_DEPTH = 4
THIN = 2.5  # points: a filled shape so thin is a line
SHORTEST = 4.0  # points: shorter strokes belong to pictures and dotted patterns
EDGE = 4.0  # points
WHITE = 250  # of 255
SLANT = 0.6  # points: a line that is drawn level within this is level

Char = tuple[str, float, float, float, float]  # character, x0, top, x1, bottom in points from the top left
Box = tuple[float, float, float, float]  # x0, top, x1, bottom
Rule = tuple[
    float, float, float, float, bool
]  # a box of no height or no width; whether it bounds a shaded area

# Symbol fonts (Wingdings) have their signs at U+F020 and on; those that plans use, anything else is a bullet.
_SYMBOLS = {
    0xF06C: "●",
    0xF06E: "■",
    0xF071: "□",
    0xF075: "◆",
    0xF0A8: "□",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0E8: "➔",
    0xF0FC: "✓",
    0xF0FE: "☑",
}
_NO_TEXT = {0xFFFD, 0xFFFE, 0xFFFF, *range(0x7F, 0xA0)}
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is seen, rotation applied; sizes in points."""

    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]


@contextmanager
def open_pdf(data: bytes) -> Iterator["PdfFile"]:
    """The file, closed again at the end.

    Raises:
        LoadError: damaged, encrypted, or with too many pages.
    """
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise LoadError(_why(data, str(error))) from error
    try:
        if len(document) > MAX_PAGES:
            raise LoadError(
                f"ページが多すぎます（{len(document):,}ページ、上限{MAX_PAGES:,}）。分けてください"
                f" / too many pages: {len(document):,} > {MAX_PAGES:,}; split the file"
            )
        yield PdfFile(document)
    finally:
        document.close()


def _why(data: bytes, said: str) -> str:
    if "password" in said.lower():
        return (
            "パスワードで保護されたPDFです。保護を外してから追加してください"
            " / the PDF is protected by a password: remove it and add the file again"
        )
    if b"%%EOF" not in data[-2048:]:
        return "PDFが途中で切れています。もう一度入手してください / the PDF is cut off: get the file again"
    return f"PDFが壊れています。もう一度入手してください / the PDF is damaged ({said}): get the file again"


class PdfFile:
    """An open PDF."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """`title` as the file states it, `created` and `modified` as ISO dates; only what is there."""
        named = {"title": self._stated("Title").strip()}
        for name, key in (("created", "CreationDate"), ("modified", "ModDate")):
            found = _DATE.match(self._stated(key))
            named[name] = "-".join(part for part in found.groups() if part) if found else ""
        return {name: value for name, value in named.items() if value}

    def _stated(self, key: str) -> str:
        try:
            return str(self._document.get_metadata_value(key))
        except UnicodeDecodeError:  # damaged, and of no importance
            return ""

    def pages(self, rules: bool = True) -> Iterator[Page]:
        """Pages in order; an unreadable one is empty. Without `rules` ruling lines are not looked for."""
        import pypdfium2

        for index in range(len(self._document)):
            try:
                with closing(self._document[index]) as page:
                    made = _read(page, index + 1, rules)
            except pypdfium2.PdfiumError:
                made = Page(0, 0, [], [])
            yield made


def _read(page: Any, number: int, rules: bool) -> Page:
    place = _Place(page)
    return Page(place.width, place.height, _chars(page, place, number), _rules(page, place) if rules else [])


class _Place:
    """From the page's own coordinates to points from the top left of what is seen."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = page.get_trimbox()
        self.turns = page.get_rotation() // 90 % 4
        self._box = left, bottom, right, top
        across, down = float(right - left), float(top - bottom)
        self.width: float = down if self.turns % 2 else across
        self.height: float = across if self.turns % 2 else down

    @property
    def corner(self) -> tuple[float, float]:
        """Left and top in the page's own coordinates."""
        return self._box[0], self._box[3]

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


def _chars(page: Any, place: _Place, number: int) -> list[Char]:
    """Characters in the order of the content stream, spaces that the file itself prints among them."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > MAX_PAGE_CHARS:
            raise LoadError(
                f"{number}ページの文字が多すぎます（{count:,}字）"
                f" / page {number} holds too much text: {count:,} characters"
            )
        printed = _printed(text.raw, count)
    finally:
        text.close()
    if place.turns:
        seen = [(char, *place.box(*box)) for char, *box in printed]
    else:
        left, top = place.corner
        seen = [(char, x0 - left, top - y1, x1 - left, top - y0) for char, x0, y0, x1, y1 in printed]
    width, height = 2 * place.width, 2 * place.height
    return [one for one in seen if 0 <= one[1] + one[3] <= width and 0 <= one[2] + one[4] <= height]


def _printed(text: Any, count: int) -> list[Char]:
    """Characters with left, bottom, right, top in the page's own coordinates: the slow loop."""
    from pypdfium2 import raw

    unicode, loose_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    box, found, high = raw.FS_RECTF(), [], 0
    for index in range(count):
        code = unicode(text, index)
        if code < 0x20 or code in _NO_TEXT or (code == 0x20 and raw.FPDFText_IsGenerated(text, index) == 1):
            continue
        if 0xD800 <= code <= 0xDFFF:  # a kanji beyond U+FFFF comes in two halves
            half, high = high, code if code < 0xDC00 else 0
            if not half or code < 0xDC00:
                continue
            code = 0x10000 + (half - 0xD800 << 10) + code - 0xDC00
        loose_box(text, index, box)
        char = _SYMBOLS.get(code, "・") if 0xF020 <= code <= 0xF0FF else chr(code)
        found.append((char, box.left, box.bottom, box.right, box.top))
    return found


def _rules(page: Any, place: _Place) -> list[Rule]:
    """Level and upright lines: strokes, thin filled shapes, the sides of rectangles."""
    from pypdfium2 import raw

    found: list[Rule] = []
    paths = _paths(page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, (1, 0, 0, 1, 0, 0), 0)
    for count, (path, matrix) in enumerate(paths):
        if count > MAX_OBJECTS:
            return []
        for x0, y0, x1, y1, area in _lines_of(path, matrix):
            box = place.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            if place.seen(box) and not place.at_edge(box):
                found.append((*box, area))
    return found


Matrix = tuple[float, float, float, float, float, float]


def _paths(holder: Any, count: Any, get: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """Painted paths with the matrix that brings their points onto the page."""
    from pypdfium2 import raw

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
            if stroke.value or (fill.value and not _is_white(made)):
                yield made, matrix
        elif depth < MAX_FORM_DEPTH:
            forms = raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject
            yield from _paths(made, *forms, matrix, depth + 1)


def _is_stroked(path: Any) -> bool:
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(stroke.value)


def _is_white(path: Any) -> bool:
    """White areas paint over what was there; they rule nothing."""
    from pypdfium2 import raw

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


def _lines_of(path: Any, matrix: Matrix) -> list[Rule]:
    """The level and upright sides of a path, in the page's own coordinates."""
    corners = _corners(path, matrix)
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
    area = not _is_stroked(path)
    for line in corners:
        for (x0, y0), (x1, y1) in pairwise(line):
            if abs(y1 - y0) <= SLANT and abs(x1 - x0) >= SHORTEST:
                found.append((x0, y0, x1, y0, area))
            elif abs(x1 - x0) <= SLANT and abs(y1 - y0) >= SHORTEST:
                found.append((x0, y0, x0, y1, area))
    return found


def _corners(path: Any, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """Points of each of the path's lines; nothing for a path with curves, which is no ruling line."""
    from pypdfium2 import raw

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
