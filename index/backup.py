"""A whole catalog in one file: documents, originals, vectors, people, what was asked. Indexes are built of it anew.

The file is a zip archive of a SQLite database and a manifest with its SHA-256. It can be restored into SQLite and
PostgreSQL alike, and by every later version.
"""

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from corpus import migrate
from corpus.catalog import Catalog, CatalogError, new_library_id
from corpus.catalog_engine import is_server
from corpus.catalog_reader import COLLECTION
from corpus.schema import AccountRow, Base, DocumentRow, Meta
from index.atomic import written_atomically
from index.checksum import sha256_of

FORMAT = 1
DATABASE, MANIFEST = "catalog.sqlite3", "manifest.json"
ROWS = 500  # copied at a time
PIECE = 1 << 20  # bytes


class BackupError(RuntimeError):
    """A backup that cannot be made or restored; the message says why, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    schema: str
    sha256: str
    made_at: str
    documents: int


def backup(catalog: Catalog, path: Path) -> Manifest:
    """Writes a consistent backup, whatever goes on meanwhile; the file is there whole or not at all.

    Raises:
        BackupError: there is nothing to back up, or another version made the catalog.
        OSError: the file cannot be written.
    """
    if not catalog.has_tables():
        raise BackupError("台帳がありません / there is no catalog to back up")
    with tempfile.TemporaryDirectory(prefix="keikaku-backup-") as folder:
        database = Path(folder, DATABASE)
        _copy_of(catalog, database)
        copied = Catalog(f"sqlite:///{database}")
        manifest = Manifest(
            FORMAT,
            str(copied.schema()),
            sha256_of(database),
            datetime.now(UTC).isoformat(),
            len(copied.records()),
        )
        copied.close()
        with written_atomically(path) as out:
            os.fchmod(out.fileno(), 0o600)  # hashes of passwords stand in it
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(database, DATABASE)
                archive.writestr(MANIFEST, json.dumps(asdict(manifest)))
    return manifest


def restore(path: Path, catalog: Catalog, replace: bool = False) -> Manifest:
    """Puts a backup in the place of an empty catalog, or with `replace` of any, all or nothing.

    The library gets a new name, so that nobody takes older indexes for those of the backup.

    Raises:
        BackupError: the file is damaged or of a newer version, or the catalog is not empty.
    """
    with _opened(path) as (manifest, saved):
        catalog.prepare()
        with saved.snapshot() as source, catalog.turn(), catalog.rewriting() as target:
            if not replace and any(_count(target, table) for table in (DocumentRow, AccountRow)):
                raise BackupError(
                    "ライブラリが空ではありません。入れ替えるなら --replace を付けてください"
                    " / the library is not empty: add --replace to put the backup in its place"
                )
            for table in reversed(Base.metadata.sorted_tables):
                target.execute(delete(table))
            copy_rows(source, target)
            target.execute(delete(Meta).where(Meta.key.in_(COLLECTION)))
            target.execute(update(Meta).where(Meta.key == "library").values(value=new_library_id()))
    return manifest


def copy_rows(source: Connection, target: Connection) -> None:
    """Copies all rows of all tables into empty ones, a few at a time."""
    for table in Base.metadata.sorted_tables:
        rows = source.execution_options(yield_per=ROWS).execute(select(table))
        for part in rows.mappings().partitions(ROWS):
            target.execute(insert(table), [dict(row) for row in part])
        _number_on(target, table)


def _number_on(target: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows after those that were copied."""
    column = table.autoincrement_column
    if column is None or not is_server(target):
        return
    most = target.scalar(select(func.max(column)))
    if most is not None:
        place = {"table": f'"{table.name}"', "column": column.name, "most": most}
        target.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :most)"), place)


def _copy_of(catalog: Catalog, database: Path) -> None:
    """A SQLite database of all that the catalog holds at one moment."""
    if file := catalog.file():
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(database)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        return
    if catalog.schema() != migrate.newest_revision():
        raise BackupError("台帳の形式が古いままです / run `keikaku rebuild` first")
    copied = Catalog(f"sqlite:///{database}")
    copied.prepare()
    with catalog.snapshot() as source, copied.rewriting() as target:
        copy_rows(source, target)
    copied.close()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Manifest, Catalog]]:
    """A backup, checked to the last byte and brought to the newest schema in a folder of its own.

    Raises:
        BackupError: it is damaged or of a newer version.
    """
    with tempfile.TemporaryDirectory(prefix="keikaku-restore-") as folder:
        database = Path(folder, DATABASE)
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = Manifest(**json.loads(archive.read(MANIFEST)))
                with archive.open(DATABASE) as packed, database.open("wb") as out:
                    shutil.copyfileobj(packed, out, PIECE)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
            raise _damaged(str(error)) from error
        if manifest.format > FORMAT or manifest.schema not in migrate.known_revisions():
            raise BackupError(
                "新しい版のバックアップです / a newer version made this backup: update keikaku-navi"
            )
        if sha256_of(database) != manifest.sha256:
            raise _damaged("SHA-256")
        saved = Catalog(f"sqlite:///{database}")
        try:
            saved.prepare()
        except CatalogError as error:
            raise _damaged(str(error)) from error
        yield manifest, saved
        saved.close()


def _damaged(why: str) -> BackupError:
    return BackupError(f"バックアップが壊れています / the backup is damaged: {why}")


def _count(connection: Connection, table: type[Base]) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
