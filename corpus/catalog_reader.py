"""Questions to the catalog. None of them writes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from corpus.catalog_indexed import grouped, indexed_of
from corpus.catalog_rows import to_fact, to_passage, to_section, to_sentences
from corpus.document import Fact, Passage, Section
from corpus.records import Found, Indexed, Record, Vector
from corpus.schema import (
    ChangeRow,
    DocumentRow,
    FactRow,
    Meta,
    OriginalRow,
    PassageRow,
    SectionRow,
    SupersessionRow,
    VectorRow,
)

BATCH = 500  # below SQLite's limit of bound variables
DOCUMENTS = 50  # read together for the indexes
COLLECTION = ("collection", "collection_revision")


# What a search waits for: columns, not objects of the session, and made once.
FOUND = (
    select(
        *(column for column in PassageRow.__table__.c if column.name != "tokens"),
        DocumentRow.source,
        DocumentRow.title,
        DocumentRow.visibility,
        exists().where(SupersessionRow.older_id == DocumentRow.id).label("superseded"),
    )
    .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
    .where(PassageRow.id.in_(bindparam("ids", expanding=True)))
)


class CatalogReader:
    """The reading half of the catalog."""

    def __init__(self, bind: Engine | Connection) -> None:
        self._bind = bind

    def session(self) -> Session:
        """For questions to tables beside the documents: people, and what they did."""
        return Session(self._bind)

    def revision(self) -> int:
        """Number of changes so far; an index that holds another number is out of date."""
        with Session(self._bind) as session:
            meta = session.get(Meta, "revision")
            return int(meta.value) if meta else 0

    def changed_since(self, revision: int) -> list[str] | None:
        """Ids of the documents that later changes touched, gone ones too; None where the record has a gap."""
        if revision > self.revision():  # a backup was restored
            return None
        query = select(ChangeRow.revision, ChangeRow.document_id).where(ChangeRow.revision > revision)
        query = query.outerjoin(DocumentRow, DocumentRow.id == ChangeRow.document_id)
        with Session(self._bind) as session:
            rows = session.execute(query.order_by(ChangeRow.revision, DocumentRow.source)).all()
        if {row.revision for row in rows} != set(range(revision + 1, self.revision() + 1)):
            return None
        return list(dict.fromkeys(row.document_id for row in rows if row.document_id))

    def collection(self) -> tuple[str, int] | None:
        """Name of the collection on a Chroma server that all processes search, and the revision it shows."""
        with Session(self._bind) as session:
            name, shows = (session.get(Meta, key) for key in COLLECTION)
            return (name.value, int(shows.value)) if name and shows else None

    def records(self) -> list[Record]:
        """All documents, by source."""
        with Session(self._bind) as session:
            passages = _counts(session, PassageRow.document_id)
            facts = _counts(session, FactRow.document_id)
            newer = _newer(session)
            rows = session.execute(_records().order_by(DocumentRow.source))
            return [
                _record(row, passages.get(row[0], 0), facts.get(row[0], 0), newer.get(row[0], ()))
                for row in rows
            ]

    def record(self, document_id: str) -> Record | None:
        """One document, or None."""
        with Session(self._bind) as session:
            row = session.execute(_records().where(DocumentRow.id == document_id)).one_or_none()
            if row is None:
                return None
            passages, facts = _count(session, PassageRow, document_id), _count(session, FactRow, document_id)
            return _record(row, passages, facts, _newer(session).get(document_id, ()))

    def size(self) -> int:
        """Number of passages."""
        with Session(self._bind) as session:
            return session.scalar(select(func.count()).select_from(PassageRow)) or 0

    def superseded(self) -> frozenset[str]:
        """Ids of the documents that have a successor."""
        with Session(self._bind) as session:
            return frozenset(session.scalars(select(SupersessionRow.older_id)))

    def library_id(self) -> str:
        """What tells this catalog from any other."""
        with Session(self._bind) as session:
            return session.get_one(Meta, "library").value

    def text(self, document_id: str) -> str | None:
        """Canonical text, or None where there is no such document."""
        with Session(self._bind) as session:
            return session.scalar(select(DocumentRow.text).where(DocumentRow.id == document_id))

    def page_starts(self, document_id: str) -> list[int]:
        """Offsets at which the pages begin."""
        with Session(self._bind) as session:
            return session.scalar(select(DocumentRow.page_starts).where(DocumentRow.id == document_id)) or []

    def original(self, document_id: str) -> bytes | None:
        """The file as it was added."""
        with Session(self._bind) as session:
            return session.scalar(select(OriginalRow.data).where(OriginalRow.document_id == document_id))

    def sections(self, document_id: str) -> list[Section]:
        """Sections of one document in reading order."""
        query = select(SectionRow).where(SectionRow.document_id == document_id).order_by(SectionRow.ordinal)
        with Session(self._bind) as session:
            return [to_section(row) for row in session.scalars(query)]

    def passages_in(self, document_id: str) -> list[Passage]:
        """Passages of one document in reading order."""
        with Session(self._bind) as session:
            return [to_passage(row) for row in session.scalars(_passages_of(document_id))]

    def find(self, passage_ids: Sequence[str]) -> list[Found]:
        """The passages named, in the order of the names; unknown ids are left out."""
        found: dict[str, Found] = {}
        with Session(self._bind) as session:
            for batch in batches(passage_ids):
                for row in session.execute(FOUND, {"ids": batch}):
                    said = (row.source, row.title, row.visibility, to_sentences(row), row.superseded)
                    found[row.id] = Found(to_passage(row), *said)
        return [found[key] for key in dict.fromkeys(passage_ids) if key in found]

    def facts(self, document_ids: Sequence[str] | None = None) -> list[Fact]:
        """Facts by document and place; of all documents unless some are named."""
        query = select(FactRow).order_by(FactRow.document_id, FactRow.start, FactRow.id)
        if document_ids is not None:
            query = query.where(FactRow.document_id.in_(document_ids))
        with Session(self._bind) as session:
            return [to_fact(row) for row in session.scalars(query)]

    def amounts_of(self, names: Sequence[str], limit: int) -> list[Fact]:
        """At most `limit` facts with an amount whose subject holds one of the names, by document and place."""
        holds = or_(*(FactRow.subject.contains(name, autoescape=True) for name in names))
        query = select(FactRow).where(FactRow.amount_yen.is_not(None), holds)
        query = query.order_by(FactRow.document_id, FactRow.start, FactRow.id).limit(limit)
        with Session(self._bind) as session:
            return [to_fact(row) for row in session.scalars(query)] if names else []

    def stated(
        self, kind: str | None = None, document_id: str | None = None
    ) -> Iterator[tuple[Fact, Record, Passage]]:
        """Facts of one kind or all, of one document or all, each with the passage that states it."""
        query = select(FactRow, PassageRow).join(PassageRow, PassageRow.id == FactRow.passage_id)
        query = query.order_by(FactRow.document_id, FactRow.start, FactRow.id)
        if kind is not None:
            query = query.where(FactRow.kind == kind)
        if document_id is not None:
            query = query.where(FactRow.document_id == document_id)
        records = {record.id: record for record in self.records()}
        with Session(self._bind) as session:
            for fact, passage in session.execute(query.execution_options(yield_per=BATCH)):
                yield to_fact(fact), records[fact.document_id], to_passage(passage)

    def known_vectors(self, digests: Sequence[str]) -> dict[str, Vector]:
        """Stored vectors of those digests that have one."""
        found: dict[str, Vector] = {}
        query = select(VectorRow.digest, VectorRow.data)
        with Session(self._bind) as session:
            for batch in batches(list(dict.fromkeys(digests))):
                rows = session.execute(query.where(VectorRow.digest.in_(batch)))
                found |= {digest: np.frombuffer(data, "<f4") for digest, data in rows}
        return found

    def sample(self, count: int) -> list[tuple[Passage, Vector]]:
        """So many passages with their vectors, spread over the library as digests are."""
        query = select(PassageRow).order_by(PassageRow.vector_digest, PassageRow.id).limit(count)
        with Session(self._bind) as session:
            rows = session.scalars(query).all()
        vectors = self.known_vectors([row.vector_digest for row in rows])
        return [(to_passage(row), vectors[row.vector_digest]) for row in rows if row.vector_digest in vectors]

    def indexed(self, document_ids: Sequence[str] | None = None) -> Iterator[Indexed]:
        """What the indexes hold, document by document; all documents unless some are named.

        Raises:
            CatalogError: a passage, sentence or title has no vector.
        """
        if document_ids is None:
            records = self.records()
        else:
            records = [record for one in document_ids if (record := self.record(one))]
        for start in range(0, len(records), DOCUMENTS):
            yield from self._indexed(records[start : start + DOCUMENTS])

    def _indexed(self, records: Sequence[Record]) -> Iterator[Indexed]:
        """A few documents with a query for each table, not for each document."""
        ids = [record.id for record in records]
        titles = select(DocumentRow.id, DocumentRow.title_digest, DocumentRow.aliases)
        passages = select(
            PassageRow.document_id,
            PassageRow.id,
            PassageRow.section_id,
            PassageRow.tokens,
            PassageRow.vector_digest,
            PassageRow.sentences,
        )
        with Session(self._bind) as session:
            of_title = {row.id: row for row in session.execute(titles.where(DocumentRow.id.in_(ids)))}
            of_passages = grouped(
                session.execute(passages.where(PassageRow.document_id.in_(ids)).order_by(PassageRow.ordinal))
            )
        vectors = self.known_vectors(
            [
                *(row.title_digest for row in of_title.values()),
                *(row.vector_digest for rows in of_passages.values() for row in rows),
                *(one[2] for rows in of_passages.values() for row in rows for one in row.sentences),
            ]
        )
        for record in records:
            yield indexed_of(record, of_title[record.id], of_passages.get(record.id, []), vectors)


def _records() -> Select[*tuple[Any, ...]]:
    return select(
        DocumentRow.id,
        DocumentRow.source,
        DocumentRow.title,
        DocumentRow.version,
        DocumentRow.visibility,
        DocumentRow.media_type,
        DocumentRow.added_at,
        DocumentRow.page_starts,
    )


def _newer(session: Session) -> dict[str, tuple[str, ...]]:
    """Ids of the documents that take a document's place, by its id."""
    newer: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(select(SupersessionRow)):
        newer[row.older_id] = (*newer.get(row.older_id, ()), row.newer_id)
    return newer


def _record(row: Sequence[Any], passages: int, facts: int, newer: tuple[str, ...]) -> Record:
    key, source, title, version, visibility, media_type, added_at, page_starts = row
    return Record(
        key,
        source,
        title,
        version,
        visibility,
        media_type,
        added_at,
        len(page_starts),
        passages,
        facts,
        newer,
    )


def _passages_of(document_id: str) -> Select[PassageRow]:
    return select(PassageRow).where(PassageRow.document_id == document_id).order_by(PassageRow.ordinal)


def _counts(session: Session, column: Any) -> dict[str, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).all())


def _count(session: Session, table: type[PassageRow] | type[FactRow], document_id: str) -> int:
    query = select(func.count()).select_from(table).where(table.document_id == document_id)
    return session.scalar(query) or 0


def batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """Slices that one query can name."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
