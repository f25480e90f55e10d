"""Lines to paragraphs: a block is what was written as one, a heading is a block of its own."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.amounts import find_amounts
from corpus.normalise import narrow
from corpus.numbering import is_headline, label_of
from corpus.pdf_cells import BULLET, TextTable
from corpus.pdf_layout import Line
from corpus.pdf_lines import WIDE
from corpus.pdf_repeats import LARGER, PageLines

SAME_SIZE = 0.1  # of the size
FULL = 1.7  # em from the right edge: a line so long was wrapped
INDENT = 0.6  # em
LOOSE = 1.35  # of the usual distance between lines: more parts paragraphs
FARTHEST = 2.6  # em between the middles of two lines of one paragraph
CLOSE_PITCH, TITLE_PITCH = 1.8, 2.6  # em between the lines of one title; more where the first one is full
SHORT_TITLE = 25  # characters: a line of a title so short is not wrapped as text is
WHOLE_TITLE = 4  # characters: what is shorter (歳　入) is a title of its own
SMALLER = 0.93  # than the body: type of notes
HEADING_CHARS = 60
NOTE_CHARS = 10
LABEL_CHARS = 24  # in which the label of a line stands
MAX_LEVEL = 6
ITEM_STYLES = {"■", "(1)", "1)", "①", "ア", "(ア)", "a", "(a)", "条"}  # their level follows from the text
_ENDS = re.compile(r"[。：:？！」』]$|[.?!]$")
_UNFINISHED = re.compile(r"[、，,（(「『・をにはがのとでやもへ及びは]$")
_GOES_ON = re.compile(r"[ぁ-んー、。，．）」』々]")
_UNIT_AT_RIGHT = re.compile(r"(\S.*?)[ 　]+([（(]\s?単位.{1,20}[)）])$")
_FORM = re.compile(r"第\s?\d{1,2}\s?表\s[^。]{2,30}$")  # 第１表 歳入歳出予算: a part of a budget bill
_LETTER = re.compile(r"[ぁ-んァ-ヶー一-龠々]")
_NOTE = re.compile(r"[0-9０-９]{1,3}[)）]?\s*(?=[^\d\s])")
_HYPHENATED = re.compile(r"[A-Za-z]{2}[-‐]$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text; `size` is that of its type, `top` and `bottom` where it stands on the page."""

    text: str
    size: float
    top: float
    bottom: float
    lines: int


def body_size(pages: Iterable[PageLines]) -> float:
    """The size in points of most characters outside tables."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines():
            sizes[round(2 * line.size) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def paragraphs(items: Sequence[Line | TextTable], body: float) -> Iterator[Paragraph | TextTable]:
    """Paragraphs and tables of a page in reading order."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for item in items:
        if isinstance(item, Line):
            lines[item.region].append(item)
    regions = {number: _Region.of(own) for number, own in lines.items()}
    run: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            for line in _parted(item):
                if run and not _goes_on(run, line, regions[item.region], body):
                    yield _paragraph(run)
                    run = []
                run.append(line)
            continue
        if run:
            yield _paragraph(run)
            run = []
        yield item
    if run:
        yield _paragraph(run)


@dataclass(frozen=True, slots=True)
class _Region:
    """A column of lines: its sides and foot, and the usual distance of its lines."""

    left: float
    right: float
    bottom: float
    pitch: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Region":
        """That of these lines."""
        left, right = min(one.x0 for one in lines), max(one.x1 for one in lines)
        return cls(left, right, max(one.bottom for one in lines), _usual_pitch(lines))


def _parted(line: Line) -> list[Line]:
    """A title and the unit at its right, （単位：千円）, are two lines."""
    found = _UNIT_AT_RIGHT.match(line.text)
    if not found:
        return [line]
    middle = (line.x0 + line.x1) / 2
    parts = ((found[1], line.x0, middle, line.region), (found[2], middle, line.x1, line.region))
    return [Line(text, x0, line.top, x1, line.bottom, line.size, region) for text, x0, x1, region in parts]


def _paragraph(run: Sequence[Line]) -> Paragraph:
    text = run[0].text
    for before, line in pairwise(run):
        if _HYPHENATED.search(text) and line.text[0].islower():
            text = text[:-1] + line.text
        elif WIDE.match(before.text[-1]) or WIDE.match(line.text[0]):
            text += line.text
        else:
            text += f" {line.text}"
    return Paragraph(text, run[0].size, run[0].top, run[-1].bottom, len(run))


def _goes_on(run: Sequence[Line], line: Line, region: _Region, body: float) -> bool:
    """Whether a line goes on with the paragraph that `run` began."""
    before, first = run[-1], run[0]
    if line.region != before.region or line.upright != before.upright:
        return False
    if abs(line.size - before.size) > SAME_SIZE * before.size:
        return False
    if line.upright:
        return before.bottom >= region.bottom - FULL * before.size
    if before.size >= LARGER * body:
        if _same_title(run, line, region):
            return True
        if len(before.text) <= SHORT_TITLE:
            return False
    return _is_near(before, line, region.pitch) and _wrapped(first, before, line, region)


def _is_near(before: Line, line: Line, usual: float) -> bool:
    pitch = _middle(line) - _middle(before)
    if not 0.3 * line.size < pitch <= FARTHEST * line.size:
        return False
    return not usual or pitch <= LOOSE * usual


def _usual_pitch(region: Sequence[Line]) -> float:
    """Distance between the middles of lines of one paragraph: that of the nearer half; 0 where unknown."""
    found = sorted(
        _middle(after) - _middle(one)
        for one, after in pairwise(region)
        if abs(after.size - one.size) < SAME_SIZE * one.size and _middle(after) > _middle(one)
    )
    return median(found[: (len(found) + 1) // 2]) if found else 0.0


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2


def _same_title(run: Sequence[Line], line: Line, region: _Region) -> bool:
    """Lines of a title that is too long for one: set close, and below each other."""
    before = run[-1]
    pitch = _middle(line) - _middle(before)
    close = pitch < CLOSE_PITCH * line.size or 2 * (before.x1 - before.x0) > region.right - region.left
    centred = abs((before.x0 + before.x1) - (line.x0 + line.x1)) / 2 < line.size
    return (
        (centred or abs(run[0].x0 - line.x0) < line.size or bool(_UNFINISHED.search(before.text)))
        and close
        and pitch < TITLE_PITCH * line.size
        and len(line.text) >= WHOLE_TITLE
        and not begins_anew(line.text)
        and all(is_headline(narrow(one.text), HEADING_CHARS) for one in (before, line))
        and not _ENDS.search(before.text)
        and sum(len(one.text) for one in run) + len(line.text) <= HEADING_CHARS
    )


def _wrapped(first: Line, before: Line, line: Line, region: _Region) -> bool:
    size = line.size
    full = before.x1 >= region.right - FULL * size
    flush = first.x0 - line.x0 > INDENT * size  # the first line of the paragraph was indented, this is not
    hanging = line.x0 - first.x0 > INDENT * size
    if begins_anew(line.text):
        if full and line.text[1:2] in ("、", "，") and not before.text.endswith("。"):
            return True  # a word that goes on with ド、 is no item ド
        return bool(full and flush and _UNFINISHED.search(before.text) and not BULLET.match(line.text))
    if before.text.endswith("。") or (_ENDS.search(before.text) and not full):
        return full and (flush or (hanging and before is not first and abs(line.x0 - before.x0) < size))
    if full:
        return line.x0 - before.x0 < 4 * size or before is first
    long = before.x1 - before.x0 >= 0.6 * (region.right - region.left)
    return bool(_UNFINISHED.search(before.text) or (long and _GOES_ON.match(line.text)))


def begins_anew(text: str) -> bool:
    """Whether a line looks like a heading or an item of a list."""
    plain = narrow(text[:LABEL_CHARS])
    return bool(label_of(plain) or BULLET.match(text) or plain[0] in "・○●◎◇◆□■※【<《♦✓☑→⇒")


def note_label(block: Paragraph, body: float, height: float) -> int:
    """How many characters of a footnote are its number; 0 for what is no footnote.

    `height` is that of the page in points: notes stand on its lower half, in smaller type.
    """
    if block.size > SMALLER * body or block.top <= height / 2 or len(block.text) <= NOTE_CHARS:
        return 0
    found = _NOTE.match(block.text)
    label = label_of(narrow(block.text)) if found else None
    return found.end() if found and label and label[0] in ("1", "1)") else 0


def heading_sizes(blocks: Iterable[Paragraph], body: float) -> list[float]:
    """Sizes of type that headings are set in, from the largest; sizes that hardly differ are one."""
    sizes = sorted({block.size for block in blocks if may_be_heading(block, body)}, reverse=True)
    found: list[float] = []
    for size in sizes:
        if not found or size < 0.94 * found[-1]:
            found.append(size)
    return found


def level_of(block: Paragraph, sizes: Sequence[float], body: float) -> int:
    """Level of a heading by the size of its type, 0 for any other block."""
    if not may_be_heading(block, body):
        return 0
    return min(sum(block.size < 0.94 * size for size in sizes) + 1, MAX_LEVEL)


def may_be_heading(block: Paragraph, body: float) -> bool:
    """Whether a block is set and worded as a heading; the level of list labels follows from the text."""
    if block.size < LARGER * body or block.lines > 3:
        return False
    plain = narrow(block.text)
    label = label_of(plain)
    return (
        len(plain) > 1
        and 2 * len(_LETTER.findall(plain)) > len(plain)
        and (is_headline(plain, HEADING_CHARS) or _FORM.match(plain) is not None)
        and not (label and label[0] in ITEM_STYLES)
        and not find_amounts(block.text)
    )
