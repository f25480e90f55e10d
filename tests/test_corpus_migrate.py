"""The catalog's tables: made and upgraded all or nothing, and never by a version that does not know them."""

from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from index_made import IDENTITY, bytes_under, new_catalog
from postgres_made import url_of
from sqlalchemy import create_engine, inspect, text

from corpus import migrate
from corpus.catalog import Catalog, CatalogError, SentenceVector
from corpus.document import Passage, Section
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


@pytest.mark.sqlite
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
    engine = create_engine(url_of(tmp_path))
    migrate.upgrade(engine)
    with engine.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
        assert inspect(connection).get_table_names() == [migrate.VERSION_TABLE]
    assert migrate.schema_revision(engine) is None
    migrate.upgrade(engine)
    assert migrate.schema_revision(engine) == migrate.newest_revision()


def test_an_upgrade_cut_short_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(url_of(tmp_path))
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


OLD_ROWS = """
INSERT INTO meta VALUES ('revision', '7'), ('embedder', 'words'), ('tokenizer', 'tokens'), ('passage_rules', '0');
INSERT INTO documents (id, source, title, version, visibility, media_type, text, page_starts, details, added_at)
    VALUES ('d', 'a.md', '計画', 'v', 'staff', 'text/plain', '備蓄。', '[0]', '{}', '2025-04-01 00:00:00'),
           ('e', 'b.md', '計画', 'v', 'public', 'text/plain', '', '[]', '{}', '2025-04-01 00:00:00');
INSERT INTO originals VALUES ('d', :original);
INSERT INTO sections VALUES ('d-s0', 'd', 0, '["章"]', 0, 3, 'x');
INSERT INTO passages
    (id, document_id, section_id, ordinal, kind, section, page, start, "end", text, context, vector_digest, sentences)
    VALUES ('p', 'd', 'd-s0', 0, 'text', '["章"]', 1, 0, 3, '備蓄。', '', 'x', '[[0, 3, "x"]]');
INSERT INTO facts VALUES ('f', 'd', 'p', '備蓄', '予算', 7, '[2024]', 0, 2);
INSERT INTO vectors VALUES ('x', :vector);
INSERT INTO supersessions VALUES ('e', 'd');
"""


def catalog_of_schema(folder: Path, revision: str) -> Catalog:
    """What an earlier version wrote."""
    catalog = Catalog(url_of(folder))
    with create_engine(catalog.url).begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        for statement in OLD_ROWS.split(";\n"):
            connection.execute(text(statement), {"original": "備蓄。".encode(), "vector": b"\0\0\x80?"})
        command.upgrade(migrate._config(connection), revision)
    return catalog


def test_schema_2_is_refused_and_upgraded_without_loss(tmp_path: Path) -> None:
    catalog = catalog_of_schema(tmp_path, "0002")
    with pytest.raises(CatalogError, match=r"0002.*keikaku rebuild"):
        catalog.check(IDENTITY)
    catalog.create(IDENTITY)
    with pytest.raises(CatalogError, match=r"passage_rules: 0 / 1.*keikaku rebuild"):
        catalog.check(IDENTITY)
    old, new = catalog.records()
    assert (old.source, old.visibility, old.pages, old.passages, old.facts) == ("a.md", "staff", 1, 1, 1)
    assert (old.superseded_by, new.superseded_by) == (("e",), ())
    assert catalog.original("d") == "備蓄。".encode()
    assert catalog.sections("d") == [Section(("章",), 0, 3)]
    [found] = catalog.find(["p"])
    assert found.passage == Passage("p", "d", 0, "text", ("章",), 1, 0, 3, "備蓄。")
    assert (found.sentences, found.superseded) == ((SentenceVector(0, 3, "x"),), True)
    assert [fact.amount_yen for fact in catalog.facts()] == [7]
    assert catalog.known_vectors(["x"])["x"].tolist() == [1.0]
    assert catalog.revision() == 7
    assert catalog.library_id()


def test_a_newer_schema_is_refused_by_every_command(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    with create_engine(catalog.url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    for refused in (catalog.check, catalog.create):
        with pytest.raises(CatalogError, match="update keikaku-navi"):
            refused(IDENTITY)


def test_schema_3_gets_tables_for_people_and_keeps_its_rows(tmp_path: Path) -> None:
    catalog = catalog_of_schema(tmp_path, "0003")
    assert not catalog.has_tables("accounts")
    catalog.prepare()
    assert catalog.has_tables(
        "accounts", "sign_ins", "known_browsers", "sign_in_failures", "api_keys", "audit"
    )
    assert [one.id for one in catalog.records()] == ["d", "e"]
    assert catalog.known_vectors(["x"])["x"].tolist() == [1.0]
    assert catalog.revision() == 7


@pytest.mark.parametrize("schema", [one for one in migrate.known_revisions() if one >= "0002"])
def test_every_schema_comes_forward_without_loss(tmp_path: Path, schema: str) -> None:
    catalog = catalog_of_schema(tmp_path, schema)
    catalog.create(IDENTITY)
    assert catalog.schema() == migrate.newest_revision()
    assert [one.id for one in catalog.records()] == ["d", "e"]
    assert (catalog.original("d"), catalog.revision()) == ("備蓄。".encode(), 7)
    assert catalog.changed_since(7) == []
    assert catalog.changed_since(6) is None  # made before changes were recorded


def test_tables_alone_are_no_library(tmp_path: Path) -> None:
    catalog = Catalog(url_of(tmp_path / "data"))
    assert not catalog.has_tables()
    catalog.prepare()
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.rglob("catalog.sqlite3"))
    assert (catalog.has_tables("accounts"), catalog.exists()) == (True, False)
    with pytest.raises(CatalogError, match="keikaku add"):
        catalog.check(IDENTITY)
    catalog.create(IDENTITY)
    catalog.check(IDENTITY)
