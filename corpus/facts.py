"""Budget and schedule facts of a document: from its sentences, its lines of figures and its tables."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from corpus.amounts import unit_of
from corpus.document import Document, Fact, Passage
from corpus.facts_around import Around, Found, page_captions
from corpus.facts_cells import in_table
from corpus.facts_lines import FigureLines
from corpus.facts_prose import in_block
from corpus.headings import first_title

_UNIT_LINE = 40  # a line before a table that states its unit is short


def find_facts(document: Document, passages: Sequence[Passage], source: str = "") -> list[Fact]:
    """Facts in reading order; each lies in one of `passages` (those of this document, in order).

    Fiscal years come from the statement itself, from its headings, or from the title or file name (`source`)
    of a budget; never from elsewhere in the document.
    """
    starts = [passage.start for passage in passages]
    facts: list[Fact] = []
    seen: set[str] = set()
    for found in _found(document, passages, starts, source):
        at = bisect_right(starts, found.start) - 1
        if at < 0 or found.start >= passages[at].end:
            continue
        place = found.start - passages[at].start
        said = (passages[at].id, place, found.subject, found.kind, found.amount_yen, found.fiscal_years)
        key = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
        if key not in seen:
            seen.add(key)
            facts.append(
                Fact(
                    key,
                    passages[at].document_id,
                    passages[at].id,
                    found.subject,
                    found.kind,
                    found.amount_yen,
                    found.fiscal_years,
                    found.start,
                    min(found.end, passages[at].end),
                )
            )
    return sorted(facts, key=lambda fact: fact.start)


def _found(
    document: Document, passages: Sequence[Passage], starts: Sequence[int], source: str
) -> Iterator[Found]:
    title = first_title(document) or document.title
    captions = _page_captions(document)
    at_place = lru_cache(maxsize=None)(lambda path, caption: Around(path, title, source, caption))

    def around(offset: int) -> Around:
        at = bisect_right(starts, offset) - 1
        page = bisect_right(document.page_starts, offset)
        return at_place(passages[at].section if at >= 0 else (), captions.get(page, ""))

    text, tables = document.text, sorted((table.start, table.end) for table in document.tables)
    blocks = [block for block in document.blocks if not _inside(tables, block[0])]
    ends = [end for _, end in blocks]
    before, above = -1, ""
    for table in document.tables:
        at = bisect_right(ends, table.start) - 1
        if at != before:  # of tables with no line between them the first states the unit
            line = text[slice(*blocks[at])]
            before, above = at, line if len(line) <= _UNIT_LINE else ""
        yield from in_table(text, table, around(table.start), above)
        above = table.caption if unit_of(table.caption) else above
    lines, section = FigureLines(), None
    for start, end in blocks:
        block, place = text[start:end], around(start)
        if "。" in block or place.path != section:
            section = place.path
            lines.leave()
        printed = re.finditer(r"[^\n]+", block)
        figures = [found for line in printed for found in lines.read(line[0], start + line.start(), place)]
        yield from figures or in_block(text, start, end, place)


def _page_captions(document: Document) -> dict[int, str]:
    """By page number: the one caption that gives the year and account of all that the page states."""
    lines: dict[int, list[str]] = {}
    for start, end in document.blocks if document.page_starts else ():
        lines.setdefault(bisect_right(document.page_starts, start), []).append(document.text[start:end])
    found = {page: page_captions(texts) for page, texts in lines.items()}
    return {page: captions.pop() for page, captions in found.items() if len(captions) == 1}


def _inside(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(spans, (offset, float("inf"))) - 1
    return at >= 0 and offset < spans[at][1]
