"""The lines of a document outside its tables, with their numbering; which of them are a table of contents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Document
from corpus.normalise import fold, narrow
from corpus.numbering import label_of

# Both begin where the run of dots does: from within it they would be tried again and again.
_LEADER = re.compile(r"(?<![.…‥・·])(?:[.…‥・·]\s?){3,}\s*\d{0,3}$")
_PAGE_NUMBER = re.compile(r"(?<![\s.…‥・·])[\s.…‥・·]+[-(]?\d{1,3}[-)]?$")
_CONTENTS = re.compile(r".{0,12}(?:目次|もくじ)$|contents$", re.I)
_BODY_CHARS = 60
_FOREIGN_LINES = 8  # within a table of contents, such as a mark that its lines carry
_ENTRY_CHARS = 200  # with its leaders


@dataclass(frozen=True, slots=True)
class Line:
    """A block outside tables, or a whole table (style "table"): span, narrowed text, numbering if it has any."""

    start: int
    end: int
    text: str
    style: str = ""
    number: int = 0
    rest: str = ""

    @property
    def is_body(self) -> bool:
        """Whether it is a sentence or long enough to be a paragraph."""
        return "。" in self.text or len(self.text) > _BODY_CHARS


def lines_of(document: Document) -> list[Line]:
    """Blocks outside tables; each table stands as one line of figures."""
    tables = sorted((table.start, table.end) for table in document.tables)
    lines: list[Line] = []
    for start, end in document.blocks:
        while tables and tables[0][1] <= start:
            del tables[0]
        if tables and tables[0][0] <= start:
            if not lines or lines[-1].end <= tables[0][0]:
                lines.append(Line(*tables[0], "", "table"))
            continue
        text = narrow(document.text[start:end]).strip()
        lines.append(Line(start, end, text, *(label_of(text) or ())))
    return lines


def contents_of(document: Document) -> set[int]:
    """Starts of the blocks of a table of contents, which is neither searched nor cited."""
    return contents_in(lines_of(document))


def contents_in(lines: Sequence[Line]) -> set[int]:
    """Starts of the lines of a table of contents.

    Below 目次 they are the lines before the first entry is said again, which ends in a page number or is said
    again itself; elsewhere, runs of at least three lines with leaders, half of which are said again. A
    document that is nothing else is its own content.
    """
    keys = _keys(lines)
    again = _said_again(keys)
    found: set[int] = set()
    index = 0
    while index < len(lines):
        if _CONTENTS.match(keys[index]):
            last = _end_below_title(lines, keys, again, index + 1)
            entries = range(index, last) if last > index + 1 else range(0)
        else:
            last = next((at for at in range(index, len(lines)) if not _has_leader(lines[at])), len(lines))
            entries = range(index, last)
            if len(entries) < 3 or 2 * sum(again[entry] for entry in entries) < len(entries):
                entries = range(0)
        found |= {lines[entry].start for entry in entries}
        index = max(last, index + 1)
    return found if len(found) < len(lines) else set()


def _end_below_title(lines: Sequence[Line], keys: Sequence[str], again: Sequence[bool], first: int) -> int:
    """The index behind the last entry below 目次."""
    end, said = first, set[str]()
    for index in range(first, len(lines)):
        if keys[index] in said or lines[index].style == "table" or "。" in lines[index].text:
            break
        if again[index] or _PAGE_NUMBER.search(lines[index].text[-_ENTRY_CHARS:]):
            said.add(keys[index])
            end = index + 1
        elif index - end > _FOREIGN_LINES:
            break
    return end


def outline_entries(lines: Sequence[Line]) -> set[int]:
    """Indexes of lines that only announce headings: with leaders, or a list of those that follow right below.

    A list of headings that come only after others, as in a summary of an appendix, has a meaning of its own.
    """
    keys = _keys(lines)
    again = _said_again(keys)
    entries = {index for index, line in enumerate(lines) if _has_leader(line)}
    next_label = [""] * (len(lines) + 1)  # the wording of the next numbered line
    for index in reversed(range(len(lines))):
        next_label[index] = keys[index] if lines[index].style else next_label[index + 1]
    index = 0
    while index < len(lines):
        last = index
        while last < len(lines) and again[last] and (lines[last].style or last > index):
            last += 1
        styles = [line.style for line in lines[index:last] if line.style]
        if len(set(styles)) < len(styles) and next_label[last] in keys[index:last]:
            entries |= {entry for entry in range(index, last) if lines[entry].style}
        index = max(last, index + 1)
    return entries


def _has_leader(line: Line) -> bool:
    return len(line.text) <= _ENTRY_CHARS and _LEADER.search(line.text) is not None


def _keys(lines: Sequence[Line]) -> list[str]:
    """The wording of each line without a page number; nothing for sentences and what is too long for a title."""
    return [
        fold(_PAGE_NUMBER.sub("", line.text))
        if len(line.text) <= _ENTRY_CHARS and "。" not in line.text
        else ""
        for line in lines
    ]


def _said_again(keys: Sequence[str]) -> list[bool]:
    """Of each line, whether a later one has the same wording."""
    last = {key: index for index, key in enumerate(keys)}
    return [bool(key) and last[key] > index for index, key in enumerate(keys)]
