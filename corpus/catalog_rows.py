"""Rows of the catalog's tables from and to what they stand for."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from corpus.document import Fact, Passage, Section
from corpus.records import Entry, SentenceVector
from corpus.schema import Base, DocumentRow, FactRow, OriginalRow, PassageRow, SectionRow

Values = dict[str, Any]  # a row by its columns
AnyRow = Row[*tuple[Any, ...]]  # the columns of a table without the object


def rows_of(entry: Entry) -> list[tuple[type[Base], list[Values]]]:
    """The document, added now, and everything that hangs on it: rows of each table in the order of their making."""
    return [
        (DocumentRow, [_document(entry)]),
        (OriginalRow, [{"document_id": entry.id, "data": entry.original}]),
        (SectionRow, list(_sections(entry))),
        (PassageRow, list(_passages(entry))),
        (FactRow, [_fact(fact) for fact in entry.facts]),
    ]


def _document(entry: Entry) -> Values:
    document = entry.document
    return {
        "id": entry.id,
        "source": entry.source,
        "title": entry.title,
        "version": entry.version,
        "visibility": entry.visibility,
        "media_type": document.media_type,
        "text": document.text,
        "page_starts": list(document.page_starts),
        "details": dict(document.metadata),
        "title_digest": entry.title_digest,
        "aliases": [list(pair) for pair in entry.aliases],
        "added_at": datetime.now(UTC),
    }


def _sections(entry: Entry) -> Iterator[Values]:
    for ordinal, section in enumerate(entry.sections):
        yield {
            "id": section_id(entry.id, ordinal),
            "document_id": entry.id,
            "ordinal": ordinal,
            "path": list(section.path),
            "start": section.start,
            "end": section.end,
        }


def _passages(entry: Entry) -> Iterator[Values]:
    starts = [section.start for section in entry.sections]
    for passage, digest, sentences, tokens in zip(
        entry.passages, entry.passage_digests, entry.sentences, entry.tokens, strict=True
    ):
        # The section in which it ends: the headings that lead there stand before it.
        ordinal = max(0, bisect_left(starts, passage.end) - 1)
        yield {
            "id": passage.id,
            "document_id": entry.id,
            "section_id": section_id(entry.id, ordinal),
            "ordinal": passage.ordinal,
            "kind": passage.kind,
            "section": list(passage.section),
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "context": passage.context,
            "vector_digest": digest,
            "tokens": tokens,
            "sentences": [[one.start, one.end, one.digest] for one in sentences],
        }


def _fact(fact: Fact) -> Values:
    values: Values = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
    return {**values, "fiscal_years": list(fact.fiscal_years)}


def section_id(document_id: str, ordinal: int) -> str:
    """Id of a section within its document."""
    return f"{document_id}-s{ordinal}"


def to_sentences(row: PassageRow | AnyRow) -> tuple[SentenceVector, ...]:
    """The sentences of a passage."""
    return tuple(SentenceVector(*one) for one in row.sentences)


def to_section(row: SectionRow) -> Section:
    """A section as it was stored."""
    return Section(tuple(row.path), row.start, row.end)


def to_passage(row: PassageRow | AnyRow) -> Passage:
    """A passage as it was stored."""
    return Passage(
        row.id,
        row.document_id,
        row.ordinal,
        row.kind,
        tuple(row.section),
        row.page,
        row.start,
        row.end,
        row.text,
        row.context,
    )


def to_fact(row: FactRow) -> Fact:
    """A fact as it was stored."""
    return Fact(
        row.id,
        row.document_id,
        row.passage_id,
        row.subject,
        row.kind,
        row.amount_yen,
        tuple(row.fiscal_years),
        row.start,
        row.end,
    )
