"""Shapes of a slide: in which order they are read, which forms of one shape count, how paragraphs are numbered."""

import re
from collections.abc import Sequence
from typing import Any

from corpus.docx_numbering import numeral

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MAX_CUTS = 50  # of a slide into ever smaller parts
MAX_LEVELS = 9
FORMS = {
    "arabic": "decimal",
    "arabicDb": "decimalFullWidth",
    "circleNumDb": "decimalEnclosedCircle",
    "circleNumWd": "decimalEnclosedCircle",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "ea1Jpn": "japaneseCounting",
    "ea1JpnKor": "japaneseCounting",
}
AROUND = {"ParenBoth": ("(", ") "), "ParenR": ("", ") "), "Period": ("", ". "), "Minus": ("- ", " - ")}
_SCHEME = re.compile(r"(\w+?)(Plain|BlackPlain|WhitePlain|ParenBoth|ParenR|Period|DbPeriod|Minus)$")

Box = tuple[int, int, int, int]  # left, top, right, bottom


def in_reading_order(shapes: Sequence[Any]) -> list[Any]:
    """Shapes from top to bottom and left to right, columns one after the other."""
    boxes = [_box(shape) for shape in shapes]
    return [shapes[index] for index in _ordered(boxes, range(len(boxes)), 0)]


def _box(shape: Any) -> Box:
    left, top = shape.left or 0, shape.top or 0
    return left, top, left + (shape.width or 0), top + (shape.height or 0)


def _ordered(boxes: Sequence[Box], chosen: Sequence[int], depth: int) -> list[int]:
    """Cuts at the widest gap, across or down, and orders both sides: what is near stays together."""
    cuts = [cut for axis in (1, 0) if (cut := _widest_gap(boxes, chosen, axis))]
    if not cuts or depth == MAX_CUTS:
        return sorted(chosen, key=lambda index: (boxes[index][1], boxes[index][0]))
    _, at, axis = max(cuts, key=lambda cut: cut[0])
    first = [index for index in chosen if boxes[index][axis] < at]
    second = [index for index in chosen if boxes[index][axis] >= at]
    return _ordered(boxes, first, depth + 1) + _ordered(boxes, second, depth + 1)


def _widest_gap(boxes: Sequence[Box], chosen: Sequence[int], axis: int) -> tuple[int, int, int] | None:
    """(width, where the part after it begins, axis) of the widest strip that no shape reaches into."""
    spans = sorted((boxes[index][axis], boxes[index][axis + 2]) for index in chosen)
    found, reach = None, spans[0][1] if spans else 0
    for start, end in spans[1:]:
        if start >= reach and (found is None or start - reach > found[0]):
            found = start - reach, start, axis
        reach = max(reach, end)
    return found if found and found[1] > spans[0][0] else None


def unfold(tree: Any) -> None:
    """Puts shapes that are stored in several forms in their place, in the first form."""
    for either in list(tree.iter(f"{_COMPATIBILITY}AlternateContent")):
        choice, above = either.find(f"{_COMPATIBILITY}Choice"), either.getparent()
        if above is not None:
            for shape in list(choice if choice is not None else ()):
                either.addprevious(shape)
            above.remove(either)


class Numbers:
    """Counts the numbered paragraphs of one text box."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def label(self, paragraph: Any) -> str:
        """What is printed before the next paragraph; nothing where it has no number of its own."""
        level = paragraph.level
        self._counts = {depth: count for depth, count in self._counts.items() if depth <= level}
        properties = paragraph._p.find(f"{DRAWING}pPr")
        auto = properties.find(f"{DRAWING}buAutoNum") if properties is not None else None
        scheme = None if auto is None else _SCHEME.match(auto.get("type", ""))
        if auto is None or scheme is None:
            self._counts.pop(level, None)
            return ""
        count = self._counts[level] = self._counts.get(level, int(auto.get("startAt", "1")) - 1) + 1
        before, after = AROUND.get(scheme[2], ("", " "))
        return before + numeral(count, FORMS.get(scheme[1], "decimal")) + after
