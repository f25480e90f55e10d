"""The catalog's tables: made and upgraded all or nothing, and never by a version that does not know them."""

from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from index_made import IDENTITY, bytes_under, new_catalog
from sqlalchemy import create_engine, inspect, text

from corpus import migrate
from corpus.catalog import Catalog, CatalogError
from corpus.schema import Base


def script() -> ScriptDirectory:
    return ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    with create_engine(catalog.url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_revisions_are_those_that_alembic_knows() -> None:
    known = [one.revision for one in reversed(list(script().walk_revisions()))]
    assert migrate.known_revisions() == known
    assert migrate.newest_revision() == script().get_current_head()


def test_upgrading_twice_writes_nothing(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    catalog.close()
    before = bytes_under(tmp_path)
    engine = create_engine(catalog.url)
    migrate.upgrade(engine)
    engine.dispose()
    assert {name: content for name, (content, _) in bytes_under(tmp_path).items()} == {
        name: content for name, (content, _) in before.items()
    }


def test_down_and_up_again(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    migrate.upgrade(engine)
    with engine.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
        assert inspect(connection).get_table_names() == [migrate.VERSION_TABLE]
    assert migrate.schema_revision(engine) is None
    migrate.upgrade(engine)
    assert migrate.schema_revision(engine) == migrate.newest_revision()


def test_an_upgrade_cut_short_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    made: list[str] = []

    def until_third(name: str, *columns: object) -> None:
        made.append(name)
        if len(made) == 3:
            raise OSError("the disk is full")
        real(name, *columns)

    real = op.create_table
    with monkeypatch.context() as patched:
        patched.setattr(op, "create_table", until_third)
        with pytest.raises(OSError, match="disk"):
            catalog.create(IDENTITY)
    assert not catalog.exists()
    with create_engine(catalog.url).connect() as connection:
        assert inspect(connection).get_table_names() == []
    catalog.create(IDENTITY)
    catalog.check(IDENTITY)


def test_an_older_schema_is_refused_until_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = new_catalog(tmp_path)
    known = migrate.known_revisions()
    monkeypatch.setattr(migrate, "known_revisions", lambda: [*known, "9999"])
    with pytest.raises(CatalogError, match="keikaku rebuild"):
        catalog.check(IDENTITY)


def test_a_newer_schema_is_refused_by_every_command(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    with create_engine(catalog.url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    for refused in (catalog.check, catalog.create):
        with pytest.raises(CatalogError, match="update keikaku-navi"):
            refused(IDENTITY)
