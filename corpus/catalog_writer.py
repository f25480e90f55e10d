"""Changes of the catalog. Each is one transaction that raises the revision by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from corpus.catalog_engine import is_server, one_moment, turn, writing
from corpus.catalog_reader import COLLECTION, CatalogReader, batches
from corpus.catalog_rows import Values, rows_of
from corpus.records import CatalogError, Entry, Identity, Vector
from corpus.schema import (
    Base,
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

NO_DOCUMENT = ""  # in the record of changes: something else than a document changed
BETWEEN = "(作り直しの途中 / being rebuilt)"  # no embedder, tokenizer or rules have this name


class CatalogWriter(CatalogReader):
    """The writing half of the catalog."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._engine = engine

    @property
    def is_shared(self) -> bool:
        """Whether other processes may change it at the same time, on other machines too."""
        return is_server(self._engine)

    def writing(self) -> AbstractContextManager[Session]:
        """A short transaction that may read and write; several processes take turns."""
        return writing(self._engine)

    def turn(self) -> AbstractContextManager[None]:
        """Held while library and indexes are changed; where the catalog is shared, by one process at a time."""
        return turn(self._engine)

    @contextmanager
    def one_moment(self) -> Iterator[CatalogReader]:
        """The catalog as it stands now, whatever is written meanwhile."""
        with self.snapshot() as connection:
            yield CatalogReader(connection)

    def snapshot(self) -> AbstractContextManager[Connection]:
        """The same for whole tables."""
        return one_moment(self._engine)

    @contextmanager
    def rewriting(self) -> Iterator[Connection]:
        """A transaction that puts other rows into all tables."""
        with writing(self._engine) as session:
            yield session.connection()

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """A transaction for documents: people who sign in do not wait for it where the database is a server.

        Raises:
            CatalogError: the disk is full, another program holds the file, or the server is gone; nothing was changed.
        """
        try:
            with writing(self._engine, beside=True) as session:
                yield session
        except OperationalError as error:
            raise CatalogError(
                f"台帳に書き込めませんでした（{error.orig}）。何も変わっていません"
                " / the catalog could not be written, nothing has changed: is the disk full, the server gone?"
            ) from error

    def put(self, entries: Iterable[Entry]) -> int:
        """Stores documents in place of those of the same source, all or none; gives the new revision."""
        made = [(entry.id, rows_of(entry)) for entry in entries]  # before others have to wait
        with self._changing() as session:
            for document_id, tables in made:
                superseded = _superseded_by(session, document_id)
                _delete(session, document_id)
                for table, rows in tables:
                    _insert(session, table, rows)
                replaced = [{"newer_id": document_id, "older_id": older} for older in superseded]
                _insert(session, SupersessionRow, replaced)
            return _raise_revision(session, [document_id for document_id, _ in made])

    def keep_vectors(self, vectors: Mapping[str, Vector]) -> None:
        """Stores vectors by digest before the document that has them: they show in no search until it is there."""
        rows = [{"digest": key, "data": vectors[key].astype("<f4").tobytes()} for key in sorted(vectors)]
        with self._changing() as session:
            dialect = postgresql if self.is_shared else sqlite
            if rows:  # two processes may embed the same text
                session.execute(dialect.insert(VectorRow).on_conflict_do_nothing(), rows)

    def remove(self, document_id: str) -> int:
        """Deletes a document and all that was made from it; gives the new revision.

        Raises:
            KeyError: there is no such document.
        """
        with self._changing() as session:
            if session.get(DocumentRow, document_id) is None:
                raise KeyError(document_id)
            _delete(session, document_id)
            return _raise_revision(session, [document_id])

    def supersede(self, newer_id: str, older_id: str) -> int:
        """Notes that one document takes the place of another; gives the new revision.

        Raises:
            CatalogError: they are the same, or the older one supersedes the newer one already.
        """
        with self._changing() as session:
            replaced, waiting = {older_id}, [older_id]
            while waiting:
                further = _superseded_by(session, waiting.pop()) - replaced
                replaced |= further
                waiting += further
            if newer_id in replaced:
                raise CatalogError(
                    "文書が自分自身に取って代わることになります / a document cannot supersede itself:"
                    f" {newer_id} → {older_id}"
                )
            session.merge(SupersessionRow(newer_id=newer_id, older_id=older_id))
            return _raise_revision(session, [NO_DOCUMENT])

    def unstamp(self) -> None:
        """Notes that the catalog is between two identities: nobody may search it until `restamp`."""
        with self._changing() as session:
            for key in Identity.__dataclass_fields__:
                session.merge(Meta(key=key, value=BETWEEN))
            _raise_revision(session)

    def restamp(self, identity: Identity) -> None:
        """Notes a new identity, once every document has been read again with it."""
        with self._changing() as session:
            for key, value in asdict(identity).items():
                session.merge(Meta(key=key, value=value))
            _raise_revision(session)

    def without_vector(self, digests: Sequence[str]) -> list[str]:
        """Those digests that have no vector yet, in order."""
        with Session(self._engine) as session:
            there = _with_vectors(session, digests)
        return [digest for digest in digests if digest not in there]

    def note_collection(self, name: str, revision: int) -> None:
        """Notes which collection all processes search, and the revision that it shows now."""
        with self._changing() as session:
            for key, value in zip(COLLECTION, (name, str(revision)), strict=True):
                session.merge(Meta(key=key, value=value))

    def drop_unused_vectors(self) -> int:
        """Deletes the vectors of texts that are no longer there; gives how many. It shows in no search.

        The caller is the only one who adds documents.
        """
        with Session(self._engine) as session:
            unused = list(set(session.scalars(select(VectorRow.digest))) - _used_digests(session))
        for batch in batches(unused):
            with self._changing() as session:
                session.execute(delete(VectorRow).where(VectorRow.digest.in_(batch)))
        return len(unused)


def _insert(session: Session, table: type[Base], rows: list[Values]) -> None:
    """Into the table itself: the mapped class makes a statement of its own for each row that lacks a value."""
    if rows:
        session.execute(insert(Base.metadata.tables[table.__tablename__]), rows)


def _superseded_by(session: Session, newer_id: str) -> set[str]:
    query = select(SupersessionRow.older_id).where(SupersessionRow.newer_id == newer_id)
    return set(session.scalars(query))


def _delete(session: Session, document_id: str) -> None:
    for table in (FactRow, PassageRow, SectionRow, OriginalRow):
        session.execute(delete(table).where(table.document_id == document_id))
    session.execute(delete(DocumentRow).where(DocumentRow.id == document_id))
    session.expunge_all()


def _with_vectors(session: Session, digests: Sequence[str]) -> set[str]:
    there: set[str] = set()
    for batch in batches(digests):
        there.update(session.scalars(select(VectorRow.digest).where(VectorRow.digest.in_(batch))))
    return there


def _used_digests(session: Session) -> set[str]:
    used = set(session.scalars(select(DocumentRow.title_digest)))
    for digest, sentences in session.execute(select(PassageRow.vector_digest, PassageRow.sentences)):
        used |= {digest, *(one[2] for one in sentences)}
    return used


def _raise_revision(session: Session, document_ids: Sequence[str] = ()) -> int:
    """The next revision and what it touched; one that touched no document in particular leaves a gap."""
    meta = session.get_one(Meta, "revision", with_for_update=True)
    meta.value = str(int(meta.value) + 1)
    _insert(session, ChangeRow, [{"revision": int(meta.value), "document_id": key} for key in document_ids])
    return int(meta.value)
