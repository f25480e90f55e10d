"""Headings and section paths, from what the format marks and from how Japanese plans number their parts."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from corpus.document import Document, Heading, Section
from corpus.heading_lines import (
    BRACKETED,
    BULLET,
    heading_bullets,
    is_numbered_heading,
    is_plain_heading,
    is_title_below,
    leads_to_text,
)
from corpus.lines import Line, contents_in, lines_of, outline_entries
from corpus.nesting import SIZED, Candidate, nested
from corpus.normalise import fold, narrow
from corpus.numbering import is_caption, is_headline

__all__ = ["find_headings", "first_title", "is_caption", "section_paths"]

_PDF = "application/pdf"

# Wide gaps within a justified title: 令和８年  度一  般会計予算.
_JUSTIFIED = re.compile(r"(?<=[^\x00-\x7f])\s{2,}(?=[^\x00-\x7f])")
_BILL_NUMBER = re.compile(r"(?:議案|認定|報告|承認|同意|諮問|請願|陳情)第\d{1,4}号$")
_AMOUNT_AT_END = re.compile(r"\s+[△▲-]?[\d,]+\s?(?:[千百]?万?円|百万円)$")
_NAMED = re.compile(r"「(第[^「」]{2,60})」")
_DAY = re.compile(r"\d\s?月\s?\d{1,2}\s?日")
_NOTE_NUMBER = re.compile(r"(\d{1,3})(?:\)?$|\s+\D)")
_NOTE_AT_END = re.compile(r"(?<=[^\x00-\x7f])\d{1,3}$")

_TITLE_CHARS = 80
_TITLE_BLOCKS = 12  # a title stands among the first lines
_ALONE_UP_TO = 3  # a greater number without neighbours is that of a note


def find_headings(document: Document) -> list[Heading]:
    """Headings in order with their levels: declared ones keep their own, numbered ones nest below them."""
    found = nested(_candidates(document))
    return [Heading(one.start, one.end, level, one.text) for one, level in found]


def section_paths(document: Document) -> list[Section]:
    """Sections that cover the whole text in order; what stands before the first heading has the path ()."""
    headings = find_headings(document)
    starts = [*(heading.start for heading in headings), len(document.text)]
    sections = [Section((), 0, starts[0])] if starts[0] or not headings else []
    path: list[Heading] = []
    for heading, end in zip(headings, starts[1:], strict=True):
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        sections.append(Section(tuple(part.text for part in path), heading.start, end))
    return sections


def first_title(document: Document) -> str | None:
    """The headline: the first outermost marked heading, else the first line that can be a headline."""
    if document.marked_headings:
        outermost = min(heading.level for heading in document.marked_headings)
        return next(heading.text for heading in document.marked_headings if heading.level == outermost)
    lines = lines_of(document)[:_TITLE_BLOCKS]
    for index, line in enumerate(lines):
        if line.is_body:
            return None
        if not is_headline(line.text, _TITLE_CHARS):
            continue
        named = lines[index : index + 2] if _BILL_NUMBER.match(line.text) else [line]
        titles = [_JUSTIFIED.sub("", document.text[part.start : part.end]) for part in named]
        return " ".join(" ".join(titles).split())
    return None


def _candidates(document: Document) -> list[Candidate]:
    """Blocks that are headings, in order; a number alone takes the line below it along."""
    marked = {heading.start: heading for heading in document.marked_headings}
    lines = lines_of(document)
    announced, contents = outline_entries(lines), contents_in(lines)
    usage = _Usage(document, lines)
    found: list[Candidate] = []
    counted: dict[str, int] = {}
    seen_body, last = False, -2
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        heading = marked.get(line.start)
        style = ""
        if last == index:
            continue  # the title of the number above
        if heading:
            style = "" if usage.on_cover(heading) else _style_of_mark(line, heading, document)
        elif index not in announced and line.start not in contents and line.style != "table":
            if before and before.is_body and counted.get(line.style, 0) == line.number - 1:
                before = None  # a list within the section, and the next section goes on counting
            style = _style_of_line(line, before, after, usage)
            if not (marked or line.style) and seen_body and is_plain_heading(line, before, after):
                style = "plain"
        if style:
            title = after if after and is_title_below(line, after) else line
            found.append(usage.candidate(line, title, style, heading, leads=last == index - 1))
            last = index + (title is after)
            counted[style] = line.number
        seen_body = seen_body or line.is_body
    return _without_strays(found)


def _style_of_mark(line: Line, heading: Heading, document: Document) -> str:
    """The numbering of a marked heading where the mark is only larger type; else one for its level."""
    if document.media_type == _PDF and line.style:
        return line.style
    return f"{SIZED}{heading.level}"


def _style_of_line(line: Line, before: Line | None, after: Line | None, usage: "_Usage") -> str:
    """The style of a numbered heading that nothing marks, else nothing."""
    if line.style == "()":
        return "条" if after and after.style == "条" else ""
    if line.style == "表":
        return line.style if usage.names(line) else ""
    if line.style.startswith(BULLET):
        return line.style if line.style in usage.bullets and leads_to_text(line, after) else ""
    return line.style if line.style and is_numbered_heading(line, before, after) else ""


class _Usage:
    """How one document uses what may be a heading in one document and none in another."""

    def __init__(self, document: Document, lines: Sequence[Line]) -> None:
        self._document = document
        self._title = fold(document.title)
        self.bullets = heading_bullets(lines)
        has_forms = any(line.style == "表" for line in lines)
        self._named = set(_NAMED.findall(fold(document.text))) if has_forms else set()
        self._cover = _cover_end(document, lines)
        self._notes: set[tuple[int, str]] = set()
        if document.media_type == _PDF:
            numbers = ((line.start, _NOTE_NUMBER.match(line.text)) for line in lines)
            self._notes = {(self._page(start), found[1]) for start, found in numbers if found}

    def names(self, line: Line) -> bool:
        """Whether the text refers to a part by this very title, as bills do: 「第１表 歳入歳出予算」."""
        return fold(line.text) in self._named

    def on_cover(self, heading: Heading) -> bool:
        """Whether a line in larger type belongs to the cover but is not the title: a publisher, a date, a tab."""
        if self._document.media_type != _PDF:
            return False
        said = fold(heading.text)
        is_dated = _DAY.search(BRACKETED.sub("", narrow(heading.text))) and self._page(heading.start) == 1
        return bool(
            (heading.start < self._cover or is_dated) and not (said in self._title or self._title in said)
        )

    def candidate(
        self, line: Line, last: Line, style: str, heading: Heading | None, *, leads: bool
    ) -> Candidate:
        """A heading from one line to another, as printed but for the number of a note and an amount."""
        printed = self._trimmed(self._document.text[line.start : last.end], line)
        is_pdf = self._document.media_type == _PDF
        level = heading.level if heading else 0
        return Candidate(
            line.start,
            line.start + len(printed),
            heading.text if heading and not is_pdf else " ".join(printed.split()),
            "" if heading and not is_pdf else style,
            line.number,
            declared=0 if is_pdf else level,
            size=level if is_pdf else 0,
            leads=leads,
            page=self._page(line.start),
        )

    def _trimmed(self, printed: str, line: Line) -> str:
        plain = narrow(printed)
        note = _NOTE_AT_END.search(plain)
        if note and (self._page(line.start), note[0]) in self._notes:
            return printed[: note.start()]
        amount = _AMOUNT_AT_END.search(plain)
        return printed[: amount.start()] if amount and line.style else printed

    def _page(self, offset: int) -> int:
        return bisect_right(self._document.page_starts, offset)


def _cover_end(document: Document, lines: Sequence[Line]) -> int:
    """Where the second page begins if the first holds a few lines and no sentence, else 0."""
    if len(document.page_starts) < 2:
        return 0
    end = document.page_starts[1]
    first = [line for line in lines if line.start < end]
    is_text = any(line.style == "table" or "。" in line.text for line in first)
    return 0 if is_text or len(first) > _TITLE_BLOCKS else end


def _without_strays(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leaves out numbers of notes: greater ones without the number before or after among their like."""
    counted = [one for one in candidates if one.style == "1" and not (one.declared or one.size)]
    strays = set()
    for index, one in enumerate(counted):
        near = [*counted[max(0, index - 1) : index], *counted[index + 1 : index + 2]]
        if one.number > _ALONE_UP_TO and all(abs(other.number - one.number) > 2 for other in near):
            strays.add(one.start)
    return [one for one in candidates if one.start not in strays]
