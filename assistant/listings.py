"""Lists in the text around a hit: labelled lines, items within a sentence, sibling headings, captions, columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Passage, Section
from corpus.normalise import narrow
from corpus.passages import section_at
from corpus.sentences import split
from corpus.tables import row_headers
from index.search import Hit

REACH = 1500  # characters around a hit in which a list may stand
MAX_ITEMS = 30
MAX_ITEM = 60  # an item longer than this is named by its first words
MAX_LINE = 100
MAX_TITLE, MAX_BETWEEN = 40, 4  # characters of an item that has lines of its own below it, and how many
MARK = re.compile(
    r"(?P<circled>[①-⑳])|[(（](?P<round>[0-9０-９]{1,2})[)）]|(?P<plain>[0-9０-９]{1,2})[.．)）]\s"
    r"|(?P<dot>[・•●○◆■])"
)
LEADS_ON = re.compile(
    r"(?:次|以下|下記)の[^。]*[。：:]$|(?:とおり|通り)(?:です|である|とする)?[。：:]$|[：:]$"
)
KANJI = "一二三四五六七八九十"
COUNTED = re.compile(
    r"の([2-9２-９二三四五六七八九])(?:つ|種類|類型|項目|点|本柱|要素|要件|原則|区分|分野|機能|方式|段階|視点)"
)
WAS = re.compile(r"でした|だった|であった")
PART = re.compile(r"(?:[^、\n(（]|[(（][^()（）\n]*[)）])+")  # between commas, not those in brackets
NUMERAL = re.compile(r"[\d,.％%]+(?:[人件円回点校台年度月日]|千円|百万円|億円)*")
MAX_COUNTED = 30  # characters of an item within a sentence
CAPTION = re.compile(r"【\s*(?:図表|図|表|写真)\s*[0-9０-９]+[^】\n]*】")
ITEM_END = re.compile(
    r"(?:の[0-9０-９一二三四五六七八九十]+(?:つ|項目|本))|など|等[のをが]|[、。]|を(?!通|含)"
)
NAME_END = re.compile(r"\s*[:：]|。|(?<=[」』])(?=[^、])")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: its name and its span of canonical text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list found in a document, what introduces it, the headings above that, and the sentence before it."""

    items: tuple[Item, ...]
    introduction: str
    path: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The document of a hit: its text, sections, table rows and page starts."""

    text: str
    sections: Sequence[Section]
    rows: Sequence[Passage]
    page_starts: Sequence[int]


def listings_near(place: Place, hit: Hit, kind: str = "") -> Iterator[Listing]:
    """Lists that begin or end near a hit: runs of labelled lines, sibling headings, captions, columns of its table.

    Of a column of other things too those whose name ends in `kind`: the groups of an organisation's offices.
    """
    passage = hit.passage
    low, high = max(0, passage.start - REACH), min(len(place.text), passage.end + REACH)
    yield from _labelled(place, low, high)
    yield from _unmarked(place, low, high)
    yield from _inline(place, passage)
    yield from _counted(place, passage)
    yield from _siblings(place, passage.end)
    yield from _captions(place)
    if passage.kind == "row":
        yield from _columns(passage, place, kind)


def _columns(row: Passage, place: Place, kind: str) -> Iterator[Listing]:
    """Each column of the table that a row belongs to, and what of it is of a kind."""
    caption, headers = row_headers(row)
    rows = [one for one in place.rows if row_headers(one) == (caption, headers)]
    for number, header in enumerate(headers):
        items = [_cell(one, number) for one in rows]
        if 1 < len(items) <= MAX_ITEMS:
            yield Listing(tuple(items), header, row.section)
        of_kind = [item for item in items if kind and item.name.endswith(kind)]
        if 1 < len(of_kind) <= MAX_ITEMS:
            yield Listing(tuple(of_kind), kind, row.section)


def _cell(row: Passage, number: int) -> Item:
    cells = row.text.split("\t")
    start = row.start + sum(len(cell) + 1 for cell in cells[:number])
    return Item(cells[number], start, start + len(cells[number]))


def _labelled(place: Place, low: int, high: int) -> Iterator[Listing]:
    """Runs of lines marked ①②③, (1)(2)(3), 1. 2. 3. or by bullets."""
    run: list[Item] = []
    kind, between = "", 0
    for line in re.finditer(r"[^\n]+", place.text[low:high]):
        mark = MARK.match(line.group().strip())
        if (
            mark is None
            and run
            and kind != "dot"
            and len(run[-1].name) <= MAX_TITLE
            and between < MAX_BETWEEN
        ):
            between += 1  # what is said below an item
            continue
        between = 0
        start = low + line.start() + len(line.group()) - len(line.group().lstrip())
        fits = mark and mark.lastgroup == kind and (kind == "dot" or _number(mark) == len(run) + 1)
        if run and not fits:
            if len(run) > 1:
                yield _listing(place, run)
            run = []
        if mark and (fits or mark.lastgroup == "dot" or _number(mark) == 1):
            kind = mark.lastgroup or ""
            run.append(_item(place.text, start, low + line.end()))
    if len(run) > 1:
        yield _listing(place, run)


def _inline(place: Place, passage: Passage) -> Iterator[Listing]:
    """Items numbered within one sentence: 「(1)窓口、(2)業務の2つ」."""
    if len(MARK.findall(passage.text)) < 2:
        return  # most passages: cutting them into sentences takes its time
    for first, last in split(passage.text):
        marks = [
            mark
            for mark in MARK.finditer(passage.text, first + 1, last)
            if mark.lastgroup in ("circled", "round")
        ]
        if len(marks) < 2 or [_number(mark) for mark in marks] != list(range(1, len(marks) + 1)):
            continue
        ends = [mark.start() for mark in marks[1:]] + [_item_end(passage.text, marks[-1].end(), last)]
        items = tuple(
            Item(
                passage.text[mark.start() : end].rstrip("、， と"),
                passage.start + mark.start(),
                passage.start + end,
            )
            for mark, end in zip(marks, ends, strict=True)
        )
        path = section_at(place.sections, passage.start).path
        yield Listing(
            items, passage.text[first : marks[0].start()] + " " + passage.text[ends[-1] : last], path
        )


def _counted(place: Place, passage: Passage) -> Iterator[Listing]:
    """Items of a sentence that counts them: 「融資、投資、保証の3種類があります」."""
    if not COUNTED.search(passage.text):
        return
    for first, last in split(passage.text):
        for found in COUNTED.finditer(passage.text, first, last):
            size = int(number) if (number := narrow(found[1])).isdigit() else KANJI.index(number) + 1
            parts = list(PART.finditer(passage.text[first : found.start()]))[-size:]
            if len(parts) != size or any(len(part.group()) > MAX_COUNTED for part in parts):
                continue
            if WAS.search(passage.text, found.end(), last):
                continue  # it has become another list
            start = passage.start + first
            items = tuple(
                Item(part.group().strip("†*※ "), start + part.start(), start + part.end()) for part in parts
            )
            said = passage.text[first : items[0].start - passage.start] + passage.text[found.start() : last]
            yield Listing(items, said, section_at(place.sections, passage.start).path)


def _item_end(text: str, start: int, stop: int) -> int:
    end = ITEM_END.search(text, start, stop)
    return end.start() if end else stop


def _unmarked(place: Place, low: int, high: int) -> Iterator[Listing]:
    """Short lines that follow a sentence such as 「次のような変化がありました。」"""
    headings = {section.start for section in place.sections}
    lines = [(low + line.start(), low + line.end()) for line in re.finditer(r"[^\n]+", place.text[low:high])]
    for number, (start, end) in enumerate(lines):
        if not LEADS_ON.search(place.text[start:end].rstrip()):
            continue
        items = []
        for first, last in lines[number + 1 :]:
            item = Item(place.text[first:last].strip(), first, last)
            if (
                first in headings
                or len(item.name) > MAX_LINE
                or item.name.endswith("。")
                or MARK.match(item.name)
            ):
                break
            items.append(item)
        if len(items) > 1:
            yield _listing(place, items)


def _number(mark: re.Match[str]) -> int:
    if mark["circled"]:
        return ord(mark["circled"]) - ord("①") + 1
    digits = mark["round"] or mark["plain"]
    return int(narrow(digits)) if digits else 0


def _item(text: str, start: int, end: int) -> Item:
    end = start + len(text[start:end].rstrip())
    name = text[start:end]
    if len(name) > MAX_ITEM and (stop := NAME_END.search(name, 2)):
        name = name[: stop.start()]
    return Item(name.strip(), start, end)


def _listing(place: Place, items: list[Item]) -> Listing:
    before = split(place.text, max(0, items[0].start - 300), items[0].start)
    lead = place.text[before[-1][0] : before[-1][1]] if before else ""
    path = section_at(place.sections, items[0].start).path
    return Listing(tuple(items), " ".join([*path[-1:], lead]), path[:-1], lead)


def _siblings(place: Place, end: int) -> Iterator[Listing]:
    """Headings under the same parent as a heading of the span's section."""
    path = section_at(place.sections, end - 1).path
    for depth in range(1, len(path) + 1):
        parent = path[:depth]
        items = [
            Item(section.path[-1], section.start, section.start + len(section.path[-1]))
            for section in place.sections
            if section.path[:-1] == parent
        ]
        if 1 < len(items) <= MAX_ITEMS and all(place.text[i.start : i.end] == i.name for i in items):
            yield Listing(tuple(items), parent[-1], parent[:-1])


def _captions(place: Place) -> Iterator[Listing]:
    items = tuple(Item(found.group(), *found.span()) for found in CAPTION.finditer(place.text))
    if 1 < len(items) <= MAX_ITEMS:
        path = section_at(place.sections, items[0].start).path
        yield Listing(items, " ".join(["図表の題名", *path[:1]]))
