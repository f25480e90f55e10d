"""The catalog: the source of truth for documents, passages, facts and vectors, in SQL."""

import uuid
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from corpus import migrate
from corpus.catalog_engine import open_engine, use_write_ahead_log
from corpus.catalog_rows import section_id
from corpus.catalog_writer import CatalogWriter
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
from corpus.schema import Meta

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


class Catalog(CatalogWriter):
    """One catalog: makes, upgrades and checks it; reading and writing are its two halves."""

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url))
        self.url = url

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
        file = self.file()
        if file is not None and not file.exists():
            return False
        return self.schema() is not None and set(names) <= set(inspect(self._engine).get_table_names())

    def create(self, identity: Identity) -> None:
        """Creates or upgrades the tables, and notes who writes them where nobody has.

        Raises:
            CatalogError: a newer version of this program made the catalog.
        """
        self.prepare()
        with self.writing() as session:
            for key, value in {**asdict(identity), "revision": "0", "library": new_library_id()}.items():
                if session.get(Meta, key) is None:
                    session.add(Meta(key=key, value=value))

    def prepare(self) -> None:
        """Creates or upgrades the tables alone: accounts can be there before the first document.

        Raises:
            CatalogError: a newer version of this program made the catalog.
        """
        if file := self.file():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # of its user only: names and hashes of people stand in it
            use_write_ahead_log(self._engine)
        found = self.schema()
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
        found = self.schema()
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

    def schema(self) -> str | None:
        """Revision of the tables; None where there are none.

        Raises:
            CatalogError: what is there is no database, or its server does not answer.
        """
        try:
            return migrate.schema_revision(self._engine)
        except DatabaseError as error:
            if self.is_shared:
                raise CatalogError(
                    f"台帳のサーバーに接続できません（{error.orig}）。KEIKAKU_DATABASE_URL を確かめてください"
                    " / the catalog's server does not answer: see KEIKAKU_DATABASE_URL"
                ) from error
            raise CatalogError(
                f"台帳を開けません（{error.orig}）。バックアップを戻してください"
                " / the catalog cannot be opened: restore a backup"
            ) from error

    def file(self) -> Path | None:
        """The database file, where the catalog is one."""
        url = make_url(self.url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def new_library_id() -> str:
    """What tells a catalog from any other."""
    return uuid.uuid4().hex[:12]
