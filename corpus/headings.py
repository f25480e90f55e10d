"""Headings and section paths, from what the format marks and from how Japanese plans number their parts."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import Document, Heading, Section
from corpus.normalise import fold, narrow
from corpus.numbering import FIGURES_ONLY, RANK, is_caption, is_headline, label_of

__all__ = ["find_headings", "first_title", "is_caption", "section_paths"]

# These always stand outside the others.
_OUTER_STYLES = {"編", "部", "章", "節", "款"}
# These may as well label list items, whose body may follow a colon on the same line.
_ITEM_STYLES = {"1", "■", "(1)", "1)", "①", "ア", "(ア)", "a", "(a)"}

_TOC_LEADER = re.compile(r"(?:[.…‥・·]\s?){3,}\s*\d{0,3}$")
_PAGE_NUMBER = re.compile(r"[\s.…‥・·]+\d{1,3}$")
# Wide gaps within a justified title: 令和８年  度一  般会計予算.
_JUSTIFIED = re.compile(r"(?<=[^\x00-\x7f])\s{2,}(?=[^\x00-\x7f])")
_BRACKETED = re.compile(r"\([^()]*\)")
_BILL_NUMBER = re.compile(r"(?:議案|認定|報告|承認|同意|諮問|請願|陳情)第\d{1,4}号$")

_SUM_AT_END = re.compile(r"\s[\d,△▲-]+$")

_HEADING_CHARS = 60
_ARTICLE_CHARS = 20
_PLAIN_CHARS = 45
_BODY_CHARS = 60
_TITLE_CHARS = 80
_TITLE_BLOCKS = 12  # a title stands among the first lines


@dataclass(frozen=True, slots=True)
class _Line:
    """A block outside tables: its span, narrowed text, and numbering if it has any."""

    start: int
    end: int
    text: str
    style: str = ""
    number: int = 0
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A recognised heading before its level is known; `level` is 0 unless the format gives it."""

    start: int
    end: int
    text: str
    style: str
    number: int
    level: int = 0


def find_headings(document: Document) -> list[Heading]:
    """Headings in order with their levels: marked ones keep their own, numbered ones nest below them."""
    candidates = _candidates(document)
    closes = _closing_rule(candidates)
    headings: list[Heading] = []
    stack: list[_Candidate] = []
    base = 0
    for candidate in candidates:
        if candidate.level:
            base, stack = candidate.level, []
            headings.append(Heading(candidate.start, candidate.end, base, candidate.text))
            continue
        if any(open_heading.text == candidate.text for open_heading in stack):
            continue  # repeated at the top of a page
        styles = [open_heading.style for open_heading in stack]
        if candidate.style in styles:
            del stack[styles.index(candidate.style) :]
        while stack and closes(candidate.style, stack[-1].style):
            stack.pop()
        stack.append(candidate)
        headings.append(Heading(candidate.start, candidate.end, base + len(stack), candidate.text))
    return headings


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
    lines = _lines(document)[:_TITLE_BLOCKS]
    for index, line in enumerate(lines):
        if _is_body(line.text):
            return None
        if not is_headline(line.text, _TITLE_CHARS):
            continue
        named = lines[index : index + 2] if _BILL_NUMBER.match(line.text) else [line]
        titles = [_JUSTIFIED.sub("", document.text[part.start : part.end]) for part in named]
        return " ".join(" ".join(titles).split())
    return None


def _printed(document: Document, line: _Line) -> str:
    return " ".join(document.text[line.start : line.end].split())


def _lines(document: Document) -> list[_Line]:
    """Blocks outside tables; each table stands as one line of figures."""
    tables = sorted((table.start, table.end) for table in document.tables)
    lines: list[_Line] = []
    for start, end in document.blocks:
        while tables and tables[0][1] <= start:
            del tables[0]
        if tables and tables[0][0] <= start:
            if not lines or lines[-1].end <= tables[0][0]:
                lines.append(_Line(*tables[0], "", "table"))
            continue
        lines.append(_labelled(start, end, narrow(document.text[start:end]).strip()))
    return lines


def _labelled(start: int, end: int, text: str) -> _Line:
    return _Line(start, end, text, *(label_of(text) or ()))


def _is_body(text: str) -> bool:
    return "。" in text or len(text) > _BODY_CHARS


def _candidates(document: Document) -> list[_Candidate]:
    """Blocks that are headings, in order."""
    marked = {heading.start: heading for heading in document.marked_headings}
    lines = _lines(document)
    contents = _contents_entries(lines)
    found: list[_Candidate] = []
    seen_body = False
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        if heading := marked.get(line.start):
            found.append(_Candidate(line.start, line.end, heading.text, "", 0, heading.level))
        elif index in contents or line.style == "table":
            pass
        elif line.style and _is_numbered_heading(line, before, after):
            found.append(_Candidate(line.start, line.end, _printed(document, line), line.style, line.number))
        elif _is_article_title(line, after):
            found.append(_Candidate(line.start, line.end, _printed(document, line), "条", 0))
        elif not marked and not line.style and seen_body and _is_plain_heading(line, before, after):
            found.append(_Candidate(line.start, line.end, _printed(document, line), "plain", 0))
        seen_body = seen_body or _is_body(line.text)
    return found


def _contents_entries(lines: Sequence[_Line]) -> set[int]:
    """Lines of a table of contents: with dot leaders, or said again below together with the next line."""
    keys = [fold(_PAGE_NUMBER.sub("", line.text)) for line in lines]
    last = {key: index for index, key in enumerate(keys)}
    entries: set[int] = set()
    for index, line in enumerate(lines):
        again = last[keys[index]] > index and bool(line.style)
        next_again = index + 1 < len(lines) and last[keys[index + 1]] > index + 1
        if _TOC_LEADER.search(line.text) or (again and (next_again or index - 1 in entries)):
            entries.add(index)
    return entries


def _is_numbered_heading(line: _Line, before: _Line | None, after: _Line | None) -> bool:
    if (
        len(line.text) > _HEADING_CHARS
        or is_caption(line.text)
        or (line.rest and not is_headline(line.rest, _HEADING_CHARS))
    ):
        return False
    if line.style in _ITEM_STYLES and re.search(r":\s*\S", _BRACKETED.sub("", line.rest)):
        return False
    if line.style == "条" and ("、" in line.rest or len(line.rest) > _ARTICLE_CHARS):
        return False
    if line.style == "1" and _is_table_row(line, after):
        return False
    siblings = ((before, line.number - 1), (after, line.number + 1))
    return not any(
        other and other.style == line.style and other.number in (number, line.number)
        for other, number in siblings
    )


def _is_table_row(line: _Line, after: _Line | None) -> bool:
    """A row of a budget table that was put into the text: 款 number, name and sum on one line or two."""
    return bool(
        _SUM_AT_END.search(line.text) or (after and after.text and FIGURES_ONLY.fullmatch(after.text))
    )


def _is_article_title(line: _Line, after: _Line | None) -> bool:
    """（継続費） above 第２条 in laws and budget bills."""
    return bool(after and after.style == "条" and re.fullmatch(r"\([^()。]{2,30}\)", line.text))


def _is_plain_heading(line: _Line, before: _Line | None, after: _Line | None) -> bool:
    """A short line without number between long paragraphs."""
    return bool(
        before
        and after
        and is_headline(line.text, _PLAIN_CHARS)
        and not re.search(r"[:：]|[をにはがでて]$", line.text)
        and (before.style or _is_body(before.text) or is_caption(before.text))
        and not after.style
        and "。" in after.text
        and len(after.text) >= 1.5 * len(line.text)
    )


def _closing_rule(candidates: Sequence[_Candidate]) -> Callable[[str, str], bool]:
    """(new, open) -> whether a heading of style `new` ends an open one: by its own use, else by custom.

    Where numbering in one style begins again at 1 right after a heading of another, it is nested in that one.
    """
    nested = Counter(
        (outer.style, inner.style)
        for outer, inner in pairwise(candidates)
        if inner.number == 1 and outer.style != inner.style
    )

    def closes(new: str, open_style: str) -> bool:
        evidence = nested[new, open_style] - nested[open_style, new]
        if evidence and not _OUTER_STYLES & {new, open_style}:
            return evidence > 0
        return RANK[new] <= RANK[open_style]

    return closes
