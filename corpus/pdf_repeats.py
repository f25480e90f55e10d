"""Lines that belong to the page rather than to the text: headers and footers, page numbers, contents."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.amounts import find_amounts, unit_of
from corpus.normalise import fold, narrow
from corpus.numbering import label_of
from corpus.pdf_cells import TextTable
from corpus.pdf_layout import Line

TOP, BOTTOM, SIDE = 0.13, 0.88, 0.09  # of the page: beyond these lie its margins
ENOUGH = 3  # pages that make a repetition
STEP = 8.0  # points: in the same place
LARGER = 1.15  # than the body: type of a title
_MARK = r"[-‐–—―−－ー~〜・|\[\](){}<>（）〈〉《》「」●\s]*"
_PAGE_NUMBER = re.compile(
    rf"(?:{_MARK}(?:[Pp]\.?|第)?\s?(\d{{1,4}})\s?(?:ページ|頁)?(?:\s?/\s?\d{{1,4}})?{_MARK}){{1,2}}"
)
_DECORATED = re.compile(r"[-‐–—−－]\s*\d{1,4}\s*[-‐–—−－]")
_NUMBER_BESIDE = re.compile(r"^\s*(\d{1,4})\s+|\s+(\d{1,4})\s*$")
_ROMAN = re.compile(r"[ivxlⅰ-ⅻ]{1,6}", re.I)
_LEADERS = re.compile(
    r"(?:(?:[.．…‥・･·]\s?){4,}|-{6,})\s*[-(]?\s?(?:[A-Z]-)?[\dⅰ-ⅹivx]{1,4}\s?(?:頁|ページ|[-)])?$"
)
_ENTRY = re.compile(r"\S[\s…‥.・]+[-(]?\d{1,3}[-)]?$")
_CAPTION_OF_FIGURES = re.compile(r"(?:予算|決算|要求|限度|事業費)額[:：]?$")
_CONTENTS = re.compile(r"目次|もくじ|contents|indexページ?", re.I)


@dataclass(slots=True)
class PageLines:
    """A page with its lines and tables in reading order."""

    width: float
    height: float
    items: list[Line | TextTable]

    def lines(self) -> Iterator[Line]:
        """Its lines outside tables."""
        return (item for item in self.items if isinstance(item, Line))


def without_furniture(pages: Sequence[PageLines], body_size: float) -> None:
    """Takes out of the pages what only repeats or numbers them, and tables of contents.

    Left out of the text altogether: a passage runs from one block to a later one, and would enclose them.
    A repeated line that is set as a title, or numbered as a heading, stays where it stands first.
    """
    dropped = _repeated(pages, body_size) | _page_numbers(pages)
    for page in pages:
        page.items = [item for item in page.items if id(item) not in dropped]
    _drop_contents(pages)


def _zone(page: PageLines, line: Line) -> str:
    """T, B or S for a line in the top, bottom or side margin, else nothing."""
    middle = (line.top + line.bottom) / 2
    if line.x1 < SIDE * page.width or line.x0 > (1 - SIDE) * page.width:
        return "S"
    if line.upright:
        return ""
    return "T" if middle < TOP * page.height else "B" if middle > BOTTOM * page.height else ""


def _repeated(pages: Sequence[PageLines], body_size: float) -> set[int]:
    """Lines in a margin that say the same, but for digits, in the same place on several pages."""
    places: dict[tuple[str, str, int], list[tuple[int, Line]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in page.lines():
            zone = _zone(page, line)
            if zone and not (unit_of(line.text) or _CAPTION_OF_FIGURES.search(line.text.strip())):
                said = fold(line.text)
                key = said if find_amounts(said) else re.sub(r"\d+", "0", said)  # amounts number no page
                places[zone, key, round(line.top / STEP)].append((number, line))
    dropped: set[int] = set()
    for (zone, key, step), found in places.items():
        near = [*found, *places.get((zone, key, step - 1), []), *places.get((zone, key, step + 1), [])]
        if len({number for number, _ in near}) >= ENOUGH and not key.isdecimal():
            kept = _first_title(near, body_size) if zone == "T" else set()
            dropped |= {id(line) for _, line in found} - kept
    return dropped


def _first_title(found: Sequence[tuple[int, Line]], body_size: float) -> set[int]:
    """The first of each wording, where it is a title or a numbered heading."""
    said: set[str] = set()
    first: set[int] = set()
    for _, line in sorted(found, key=lambda one: one[0]):
        wording = fold(line.text)
        titled = line.size >= LARGER * body_size or label_of(narrow(line.text)) is not None
        if wording not in said and titled:
            first.add(id(line))
        said.add(wording)
    return first


def _page_numbers(pages: Sequence[PageLines]) -> set[int]:
    """Lines in a margin that count with the pages, alone or beside the name of the chapter."""
    dropped: set[int] = set()
    counting: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for index, page in enumerate(pages):
        for line in page.lines():
            if not _zone(page, line):
                continue
            plain = narrow(line.text).strip()
            alone = _PAGE_NUMBER.fullmatch(plain)
            found = alone or _NUMBER_BESIDE.search(plain)
            if _ROMAN.fullmatch(plain) or (alone and _DECORATED.search(plain)):
                dropped.add(id(line))
            elif found:
                number = int(next(group for group in found.groups() if group))
                beside = "" if alone else _NUMBER_BESIDE.sub("", plain)
                counting[beside, number - index].append(line)
    for lines in counting.values():
        if len(lines) > 1:
            dropped |= set(map(id, lines))
    return dropped


def _drop_contents(pages: Sequence[PageLines]) -> None:
    """Tables of contents: lines with leaders, or under 目次, that end in page numbers."""
    goes_on = False
    for page in pages:
        lines = list(page.lines())
        named = [index for index, line in enumerate(lines) if _CONTENTS.fullmatch(fold(line.text))]
        under = bool(named) or goes_on
        entries = [index for index, line in enumerate(lines) if _is_entry(line, under)]
        goes_on = len(entries) >= ENOUGH and 2 * len(entries) >= len(lines)
        if len(entries) < (2 if under else ENOUGH):
            continue
        dropped = {id(line) for line in lines[entries[0] : entries[-1] + 1]} | {id(lines[i]) for i in named}
        page.items = [item for item in page.items if id(item) not in dropped]


def _is_entry(line: Line, under: bool) -> bool:
    plain = narrow(line.text).strip()
    return bool(_LEADERS.search(plain) or (under and _ENTRY.search(plain)))
