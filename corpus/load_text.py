"""Plain text: lines become blocks, wrapped lines are joined, lines with tabs become tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.amounts import unit_of
from corpus.builder import MAX_BLOCKS, cut, short_caption, too_many_blocks
from corpus.document import Cell, Document, Table
from corpus.normalise import narrow, repair
from corpus.numbering import label_of

LINE = re.compile(r"[^\n\f]+")
CELL = re.compile(r"[^\t]+")
# A line is the wrapped continuation of the one before it when that one is long and stops mid-sentence, as in
# text copied out of a typeset page, where even a blank line may stand at the page break.
LONG_LINE = 25
STOPS_MID_SENTENCE = re.compile(r"[ぁ-んァ-ヶ一-龠々ー０-９A-Za-z0-9、，（）()「」・]$")
UNFINISHED = re.compile(r"[、，]$")
GOES_ON = re.compile(r"[ぁ-ん、。，）」]")
OUTER_HEADINGS = {"編", "部", "章", "節", "款"}  # they do not wrap, and さいたま市 begins in hiragana
WRAPPED_SHARE = 0.9  # a line that was wrapped is about as long as the longest
WRAPPED_LONGEST = 60  # nobody sets longer lines: where there are some, the text was not wrapped
CAPTION = re.compile(r"【|(?:図表|表)\s*[0-9０-９]|[（(]?\s*単位|.{1,40}[（(]単位")
CAPTION_LINES = 2  # a title and a unit


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its content without the white space around it, and where the line itself begins."""

    raw: int
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where its content stands."""
        return self.start, self.end


def load_text(text: str) -> Document:
    """The text itself is canonical; blocks are its lines, wrapped lines joined into one block.

    Raises:
        LoadError: more lines than fit in memory.
    """
    text = repair(text)
    if text.count("\n") + text.count("\t") > MAX_BLOCKS:
        raise too_many_blocks()
    lines = _lines(text)
    longest = max((line.end - line.start for line in lines), default=0)
    blocks: list[tuple[int, int]] = []
    tables: list[Table] = []
    for run, is_table in _runs(text, lines):
        if is_table:
            tables.append(_table(text, run, _captions(text, blocks)))
            blocks += [(cell.start, cell.end) for cell in tables[-1].cells]
        else:
            spans = _paragraphs(text, run, longest)
            blocks += [
                (start + first, start + last) for start, end in spans for first, last in cut(text[start:end])
            ]
    return Document(text, "", "text/plain", tuple(blocks), tables=tuple(tables), page_starts=_pages(text))


def _lines(text: str) -> list[Line]:
    lines = []
    for found in LINE.finditer(text):
        content = found.group().strip()
        if content:
            start = found.start() + found.group().index(content)
            lines.append(Line(found.start(), start, start + len(content)))
    return lines


def _runs(text: str, lines: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Lines in order; those of a table together, which follow each other directly and hold tabs."""
    run: list[Line] = []
    for line in lines:
        tabbed = _has_tab(text, line)
        if run and (tabbed != _has_tab(text, run[-1]) or (tabbed and _blank_between(text, run[-1], line))):
            yield run, _is_table(text, run)
            run = []
        run.append(line)
    if run:
        yield run, _is_table(text, run)


def _has_tab(text: str, line: Line) -> bool:
    return text.find("\t", line.raw, line.end) >= 0


def _is_table(text: str, run: list[Line]) -> bool:
    """Paragraphs indented by a tab are no table: most lines must have a second cell."""
    filled = sum(text.find("\t", line.start, line.end) >= 0 for line in run)
    return filled >= 2 and 2 * filled >= len(run)


def _table(text: str, rows: list[Line], captions: list[str]) -> Table:
    cells = []
    for number, row in enumerate(rows):
        for part in CELL.finditer(text, row.raw, row.end):
            content = part.group().strip()
            if content:
                column = text.count("\t", row.raw, part.start())
                at = part.start() + part.group().index(content)
                cells.append(Cell(at, at + len(content), number, column))
    said = " ".join(captions)
    return Table(cells[0].start, cells[-1].end, tuple(cells), caption=said, unit=unit_of(said) or "")


def _captions(text: str, blocks: list[tuple[int, int]]) -> list[str]:
    """The lines right above that name a table or its unit."""
    above: list[str] = []
    for start, end in reversed(blocks[-CAPTION_LINES:]):
        line = short_caption([text[start:end]])
        if not CAPTION.match(line):
            break
        above.insert(0, line)
    return above


def _paragraphs(text: str, lines: list[Line], longest: int) -> list[tuple[int, int]]:
    """Spans of the lines, each with those that it was wrapped into."""
    spans = [lines[0].span]
    for before, line in pairwise(lines):
        if _continues(text, before, line, longest):
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append(line.span)
    return spans


def _continues(text: str, before: Line, line: Line, longest: int) -> bool:
    length = before.end - before.start
    if length < LONG_LINE or not STOPS_MID_SENTENCE.search(text, before.start, before.end):
        return False
    if (label := label_of(narrow(text[before.start : before.end]))) and label[0] in OUTER_HEADINGS:
        return False
    if "\f" in text[before.end : line.raw]:
        return False  # what is cited stands on one page
    if _blank_between(text, before, line):
        indented = line.start > line.raw
        return not indented and GOES_ON.match(text, line.start) is not None
    if GOES_ON.match(text, line.start):
        return True
    wrapped = WRAPPED_SHARE * longest <= length and longest <= WRAPPED_LONGEST
    unfinished = UNFINISHED.search(text, before.start, before.end)
    return bool(wrapped or unfinished) and not _begins_anew(text[line.start : line.end])


def _begins_anew(content: str) -> bool:
    """Whether a line looks like a heading or an item of a list."""
    plain = narrow(content)
    return label_of(plain) is not None or plain[0] in "・○●◎◇◆□■※-*【(「"


def _blank_between(text: str, before: Line, line: Line) -> bool:
    return text.count("\n", before.end, line.raw) > 1


def _pages(text: str) -> tuple[int, ...]:
    """Pages where the file has form feeds."""
    breaks = [found.end() for found in re.finditer("\f", text)]
    return (0, *breaks) if breaks else ()
