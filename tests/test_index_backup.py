"""Backups: of one moment, whole or not at all, between SQLite and PostgreSQL, and the same answers afterwards."""

import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from index_made import WordEmbedder, add_all, new_catalog, settings_at, write_plans
from people_made import PASSWORD, VISITOR, add
from sqlalchemy import select
from test_corpus_catalog import entry, put

from assistant.people import People
from corpus.catalog import Catalog
from corpus.schema import Base, Meta
from corpus.settings import Settings
from index.backup import DATABASE, MANIFEST, BackupError, backup, restore
from index.library import Library


def everything(catalog: Catalog) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for the library's name."""
    with catalog.session() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != Meta.__tablename__
        }


def filled(folder: Path) -> Catalog:
    """A library with people, whose indexes were made."""
    library = Library(settings_at(folder), WordEmbedder())
    library.open(create=True)
    library.repair()
    add_all(library, write_plans(folder / "docs"))
    add(People(library.catalog), "tanaka", "admin")
    library.close()
    return library.catalog


def hits(settings: Settings) -> list[tuple[object, ...]]:
    library = Library(settings, WordEmbedder())
    library.open()
    library.repair()
    with library.reading() as searcher:
        found = [
            (one.passage, one.source, one.score, one.reasons) for one in searcher.search("避難所の備蓄倉庫")
        ]
    assert library.verify()
    library.close()
    return found


def test_what_is_restored_answers_alike(tmp_path: Path) -> None:
    catalog, other = filled(tmp_path), new_catalog(tmp_path / "other")
    made = backup(catalog, tmp_path / "saved.zip")
    assert (tmp_path / "saved.zip").stat().st_mode & 0o777 == 0o600
    assert restore(tmp_path / "saved.zip", other) == made
    assert made.documents == 3
    assert everything(other) == everything(catalog)
    assert other.library_id() != catalog.library_id()
    assert hits(settings_at(tmp_path / "other")) == hits(settings_at(tmp_path))
    account, _ = People(other).sign_in("tanaka", PASSWORD, VISITOR)
    assert account.role == "admin"


@pytest.mark.postgres
def test_from_one_database_to_the_other_and_back(
    tmp_path: Path, on_postgres: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = filled(tmp_path)
    backup(server, tmp_path / "of the server.zip")
    with monkeypatch.context() as patched:
        patched.delenv("TEST_DATABASE_URL")
        file = new_catalog(tmp_path / "file")
    restore(tmp_path / "of the server.zip", file)
    assert everything(file) == everything(server)
    backup(file, tmp_path / "of the file.zip")
    again = new_catalog(tmp_path / "again")
    assert again.is_shared
    restore(tmp_path / "of the file.zip", again)
    assert everything(again) == everything(server)
    add(People(again), "suzuki")  # numbers of new rows go on behind those restored
    assert put(again, [entry()]) == server.revision() + 1


def test_a_backup_is_of_one_moment(tmp_path: Path) -> None:
    catalog, stop = new_catalog(tmp_path), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            put(
                catalog,
                [entry("a.md", f"# 計画\n\n本文{number}。\n"), entry("b.md", f"# 計画\n\n本文{number}。\n")],
            )

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(5):
            backup(catalog, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writing.join()
    for number in range(5):
        other = new_catalog(tmp_path / f"other {number}")
        restore(tmp_path / f"{number}.zip", other)
        texts = {other.text(record.id) for record in other.records()}
        assert len(texts) <= 1
        assert len(list(other.indexed())) in (0, 2)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def rewritten(path: Path, **changes: object) -> None:
    with zipfile.ZipFile(path) as archive:
        manifest, database = json.loads(archive.read(MANIFEST)), archive.read(DATABASE)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(DATABASE, database)
        archive.writestr(MANIFEST, json.dumps({**manifest, **changes}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (flip, "damaged"),
        (cut, "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: rewritten(path, sha256="0" * 64), "SHA-256"),
        (lambda path: rewritten(path, surprise=1), "damaged"),
        (lambda path: rewritten(path, schema="9999"), "newer version"),
        (lambda path: rewritten(path, format=2), "newer version"),
    ],
)
def test_a_damaged_backup_changes_nothing(tmp_path: Path, damage: Callable[[Path], None], says: str) -> None:
    catalog, path = new_catalog(tmp_path), tmp_path / "saved.zip"
    put(catalog, [entry()])
    backup(catalog, path)
    before = everything(catalog)
    damage(path)
    with pytest.raises(BackupError, match=says):
        restore(path, catalog, replace=True)
    assert everything(catalog) == before


def test_what_is_there_is_replaced_only_if_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog, other = new_catalog(tmp_path), new_catalog(tmp_path / "other")
    put(catalog, [entry()])
    put(other, [entry("b.md", "# 別\n\n本文。\n"), entry("c.md")])
    backup(catalog, tmp_path / "saved.zip")
    before = everything(other)
    with pytest.raises(BackupError, match="--replace"):
        restore(tmp_path / "saved.zip", other)
    with monkeypatch.context() as patched:
        patched.setattr("index.backup.COLLECTION", [object()])  # fails at the very end
        with pytest.raises(Exception, match="object"):
            restore(tmp_path / "saved.zip", other, replace=True)
    assert everything(other) == before
    restore(tmp_path / "saved.zip", other, replace=True)
    assert everything(other) == everything(catalog)


def test_nothing_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no catalog"):
        backup(Catalog(f"sqlite:///{tmp_path / 'none' / 'catalog.sqlite3'}"), tmp_path / "saved.zip")
    assert list(tmp_path.iterdir()) == []
