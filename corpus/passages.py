"""Cuts a Document into what is searched and cited: two or three sentences, a table row with headers."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.document import Document, Passage, Section, Table
from corpus.lines import contents_of
from corpus.sentences import split
from corpus.tables import row_context, rows_of

RULES = "6"  # raise it when passages come out differently: the catalog refuses to mix them
MAX_SENTENCES = 3
MAX_LINE = 60
MAX_CHARS = 280  # with its headings well inside the 512 tokens of the embedding model


@dataclass(frozen=True, slots=True)
class Piece:
    """A span that stays in one passage: a sentence, a list item, a heading or a table row.

    A line of a table of contents is one as well, but no passage comes of it.

    `block` is the paragraph that holds it; `path` is the section path that a heading opens.
    """

    start: int
    end: int
    kind: str
    block: tuple[int, int]
    context: str = ""
    path: tuple[str, ...] = ()

    @property
    def opens_block(self) -> bool:
        """Whether a paragraph begins here."""
        return self.start == self.block[0]


def passages_of(document_id: str, document: Document, sections: Sequence[Section]) -> list[Passage]:
    """Passages in reading order: `text == canonical_text[start:end]`, and none crosses a section or page.

    Headings stand with the text that follows them; where several follow each other, each leads to the next.
    Tables of contents are left out: they are neither searched nor cited.
    """
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    pieces = pieces_of(document, {section.start: section.path for section in sections if section.path})
    for group in _groups(pieces, document):
        start, end, kind = group[0].start, group[-1].end, group[-1].kind
        path = section_at(sections, end - 1).path
        text, context = document.text[start:end], " ".join(piece.context for piece in group if piece.context)
        digest = hashlib.sha256("\0".join([kind, *path, context, text]).encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        key = f"{document_id}-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else "")
        page = page_of(document.page_starts, start)
        passages.append(Passage(key, document_id, len(passages), kind, path, page, start, end, text, context))
    return passages


def pieces_of(document: Document, headings: Mapping[int, tuple[str, ...]]) -> list[Piece]:
    """Headings (given by start, with their paths), sentences and table rows of the document, in order."""
    pieces = [piece for table in document.tables for piece in _table_pieces(document.text, table)]
    contents = contents_of(document)
    in_tables = sorted((table.start, table.end) for table in document.tables)
    for start, end in document.blocks:
        if _inside(in_tables, start):
            continue
        if start in contents:
            pieces.append(Piece(start, end, "contents", (start, end)))
        elif start in headings:
            pieces.append(Piece(start, end, "heading", (start, end), path=headings[start]))
        else:
            pieces += [Piece(*span, "text", (start, end)) for span in split(document.text, start, end)]
    return sorted(pieces, key=lambda piece: piece.start)


def _table_pieces(text: str, table: Table) -> Iterator[Piece]:
    """The header rows as a text that can be cited, then each body row with its headers."""
    heads = [cell for cell in table.cells if cell.row < table.header_rows]
    if heads:
        span = heads[0].start, heads[-1].end
        yield Piece(*span, "text", span)
    for row in rows_of(text, table):
        yield Piece(row.start, row.end, "row", (row.start, row.end), row_context(text, table, row))


def section_at(sections: Sequence[Section], offset: int) -> Section:
    """The section that holds an offset."""
    return sections[max(0, bisect_right(sections, offset, key=lambda section: section.start) - 1)]


def page_of(page_starts: Sequence[int], offset: int) -> int | None:
    """Page number from 1, or None where the format has no pages."""
    return bisect_right(page_starts, offset) or None if page_starts else None


def _inside(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(spans, (offset, float("inf"))) - 1
    return at >= 0 and offset < spans[at][1]


def _groups(pieces: list[Piece], document: Document) -> Iterator[list[Piece]]:
    """Pieces that make one passage each."""
    for paragraph in _paragraphs(pieces, document):
        if paragraph[0].kind == "contents":
            continue
        headings = [piece for piece in paragraph if piece.kind == "heading"]
        body = [piece for piece in paragraph if piece.kind != "heading"]
        if len(body) > 1 and _is_caption(document.text, body[:1]):
            headings.append(body.pop(0))
        if not body:
            yield headings
            continue
        chunks = list(_balanced(body))
        chunks[0] = [*headings, *chunks[0]]
        yield from chunks


def _paragraphs(pieces: list[Piece], document: Document) -> Iterator[list[Piece]]:
    """Runs of pieces that belong together: headings with what follows, a paragraph, short lines."""
    run: list[Piece] = []
    for piece in pieces:
        if run and _breaks(run, piece, document):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _breaks(run: list[Piece], piece: Piece, document: Document) -> bool:
    before = run[-1]
    if page_of(document.page_starts, before.start) != page_of(document.page_starts, piece.start):
        return True
    if "contents" in (piece.kind, before.kind):
        return piece.kind != before.kind
    if piece.kind == "heading":
        return before.kind != "heading" or piece.path[: len(before.path)] != before.path
    if before.kind == "heading":
        return piece.kind == "row"
    if "row" in (piece.kind, before.kind):
        return True
    if not piece.opens_block:
        return False
    # A new paragraph begins. List lines go on together, and so does a short paragraph with the next.
    first = next(one for one in run if one.kind == "text")
    lines = _is_line(document.text, before.block) and _is_line(document.text, piece.block)
    short = before.block == first.block and piece.block[1] - first.start <= MAX_CHARS // 2
    return not (lines or short or _is_caption(document.text, run))


def _is_caption(text: str, run: list[Piece]) -> bool:
    """Whether one short line stands alone so far: it leads to the paragraph behind it, and says nothing alone."""
    lines = [piece for piece in run if piece.kind == "text"]
    return len(lines) == 1 and _is_line(text, lines[0].block)


def _is_line(text: str, block: tuple[int, int]) -> bool:
    """Whether a block is a short line without a full stop, as list items and captions are."""
    return block[1] - block[0] <= MAX_LINE and not text[block[0] : block[1]].endswith("。")


def _balanced(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Groups of at most three sentences and MAX_CHARS, as even as they can be; of short lines, more."""
    limit = (
        MAX_SENTENCES if any(piece.end - piece.start > MAX_CHARS // 7 for piece in pieces) else len(pieces)
    )
    size = -(-len(pieces) // -(-len(pieces) // limit))
    group: list[Piece] = []
    for piece in pieces:
        if group and (len(group) >= size or piece.end - group[0].start > MAX_CHARS):
            yield group
            group = []
        group.append(piece)
    yield group
