"""The catalog: the source of truth for documents, passages, facts and vectors, in SQL."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from corpus import migrate
from corpus.catalog_engine import WRITES, open_engine, use_write_ahead_log
from corpus.catalog_reader import CatalogReader, batches
from corpus.catalog_rows import document_row, parts, section_id
from corpus.records import (
    CatalogError,
    Entry,
    Found,
    Identity,
    Indexed,
    IndexedPassage,
    Record,
    SentenceVector,
    Vector,
)
from corpus.schema import (
    DocumentRow,
    FactRow,
    Meta,
    OriginalRow,
    PassageRow,
    SectionRow,
    SupersessionRow,
    VectorRow,
)

__all__ = [
    "Catalog",
    "CatalogError",
    "Entry",
    "Found",
    "Identity",
    "Indexed",
    "IndexedPassage",
    "Record",
    "SentenceVector",
    "Vector",
    "section_id",
]

ROWS_AT_ONCE = 1000
BETWEEN = "(作り直しの途中 / being rebuilt)"  # no embedder, tokenizer or rules have this name


class Catalog(CatalogReader):
    """Reads and writes one catalog; each write is one transaction that raises the revision by one."""

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url))
        self.url = url

    # --- making and checking ----------------------------------------------------------------------------
    def exists(self) -> bool:
        """Whether there is a catalog at the address that a model has been noted in; looking does not make one.

        Raises:
            CatalogError: what is there is no database.
        """
        if not self.has_tables():
            return False
        with Session(self._engine) as session:
            return session.get(Meta, "revision") is not None

    def has_tables(self, *names: str) -> bool:
        """Whether there is a database with our tables, and among them these.

        Raises:
            CatalogError: what is there is no database.
        """
        file = self._file()
        if file is not None and not file.exists():
            return False
        return self._schema() is not None and set(names) <= set(inspect(self._engine).get_table_names())

    def create(self, identity: Identity) -> None:
        """Creates or upgrades the tables, and notes who writes them where nobody has.

        Raises:
            CatalogError: a newer version of this program made the catalog.
        """
        self.prepare()
        with self.writing() as session:
            for key, value in {**asdict(identity), "revision": "0", "library": uuid.uuid4().hex[:12]}.items():
                if session.get(Meta, key) is None:
                    session.add(Meta(key=key, value=value))

    def prepare(self) -> None:
        """Creates or upgrades the tables alone: accounts can be there before the first document.

        Raises:
            CatalogError: a newer version of this program made the catalog.
        """
        if file := self._file():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # of its user only: names and hashes of people stand in it
            use_write_ahead_log(self._engine)
        found = self._schema()
        self._refuse_unknown(found)
        if found != migrate.newest_revision():
            migrate.upgrade(self._engine)

    def check(self, identity: Identity) -> None:
        """Refuses a catalog that other code, another model or other passage rules made.

        Raises:
            CatalogError: names what differs and the command that repairs it.
        """
        if not self.exists():
            raise CatalogError(
                "ライブラリが空です。`keikaku add` で文書を入れてください / no library yet: run `keikaku add`"
            )
        found = self._schema()
        self._refuse_unknown(found)
        if found != migrate.newest_revision():
            raise CatalogError(
                f"台帳の形式が古いままです（{found}）。`keikaku rebuild` を実行してください"
                " / the catalog has an older schema: run `keikaku rebuild`"
            )
        if differing := self._differing(identity):
            raise CatalogError(
                f"台帳は別のもので作られています（{differing}）。`keikaku rebuild` を実行してください"
                f" / the catalog was made with another {differing}: run `keikaku rebuild`"
            )

    def made_by(self, identity: Identity) -> bool:
        """Whether this model, tokenizer and these passage rules made the catalog."""
        return not self._differing(identity)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may read and write; several processes take turns."""
        with Session(self._engine.execution_options(**{WRITES: True})) as session, session.begin():
            yield session

    def close(self) -> None:
        """Gives the database connections back."""
        self._engine.dispose()

    def _differing(self, identity: Identity) -> str:
        with Session(self._engine) as session:
            stored = dict(session.execute(select(Meta.key, Meta.value)).all())
        return ", ".join(
            f"{name}: {stored.get(name)} / {wanted}"
            for name, wanted in asdict(identity).items()
            if stored.get(name) != wanted
        )

    def _refuse_unknown(self, schema: str | None) -> None:
        if schema is not None and schema not in migrate.known_revisions():
            raise CatalogError(
                f"台帳の形式（{schema}）を知りません。新しい版の keikaku-navi を入れてください"
                " / the catalog was made by a newer version: update keikaku-navi"
            )

    def _schema(self) -> str | None:
        try:
            return migrate.schema_revision(self._engine)
        except DatabaseError as error:
            raise CatalogError(
                f"台帳を開けません（{error.orig}）。バックアップを戻してください"
                " / the catalog cannot be opened: restore a backup"
            ) from error

    def _file(self) -> Path | None:
        """The database file, where the catalog is one."""
        url = make_url(self.url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    # --- writing ----------------------------------------------------------------------------------------
    def put(self, entries: Iterable[Entry]) -> int:
        """Stores documents in place of those of the same source, all or none; gives the new revision."""
        with self.writing() as session:
            for entry in entries:
                superseded = _superseded_by(session, entry.id)
                _delete(session, entry.id)
                session.add(document_row(entry))
                session.flush()
                session.add_all(SupersessionRow(newer_id=entry.id, older_id=older) for older in superseded)
                of_entry = parts(entry)
                while slice_ := list(islice(of_entry, ROWS_AT_ONCE)):  # a long document is not held twice
                    session.add_all(slice_)
                    session.flush()
                    session.expunge_all()
            return _raise_revision(session)

    def keep_vectors(self, vectors: Mapping[str, Vector]) -> None:
        """Stores vectors by digest before the document that has them: they show in no search until it is there."""
        with self.writing() as session:
            there = _with_vectors(session, list(vectors))
            session.add_all(
                VectorRow(digest=digest, data=vector.astype("<f4").tobytes())
                for digest, vector in vectors.items()
                if digest not in there
            )

    def remove(self, document_id: str) -> int:
        """Deletes a document and all that was made from it; gives the new revision.

        Raises:
            KeyError: there is no such document.
        """
        with self.writing() as session:
            if session.get(DocumentRow, document_id) is None:
                raise KeyError(document_id)
            _delete(session, document_id)
            return _raise_revision(session)

    def supersede(self, newer_id: str, older_id: str) -> int:
        """Notes that one document takes the place of another; gives the new revision.

        Raises:
            CatalogError: they are the same, or the older one supersedes the newer one already.
        """
        with self.writing() as session:
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
            return _raise_revision(session)

    def unstamp(self) -> None:
        """Notes that the catalog is between two identities: nobody may search it until `restamp`."""
        with self.writing() as session:
            for key in Identity.__dataclass_fields__:
                session.merge(Meta(key=key, value=BETWEEN))
            _raise_revision(session)

    def restamp(self, identity: Identity) -> None:
        """Notes a new identity, once every document has been read again with it."""
        with self.writing() as session:
            for key, value in asdict(identity).items():
                session.merge(Meta(key=key, value=value))
            _raise_revision(session)

    def without_vector(self, digests: Sequence[str]) -> list[str]:
        """Those digests that have no vector yet, in order."""
        with Session(self._engine) as session:
            there = _with_vectors(session, digests)
        return [digest for digest in digests if digest not in there]

    def drop_unused_vectors(self) -> int:
        """Deletes the vectors of texts that are no longer there; gives how many. It shows in no search."""
        with self.writing() as session:
            unused = list(set(session.scalars(select(VectorRow.digest))) - _used_digests(session))
            for batch in batches(unused):
                session.execute(delete(VectorRow).where(VectorRow.digest.in_(batch)))
            return len(unused)


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


def _raise_revision(session: Session) -> int:
    meta = session.get_one(Meta, "revision", with_for_update=True)
    meta.value = str(int(meta.value) + 1)
    return int(meta.value)
