"""What the catalog does on a PostgreSQL server that a file cannot do, or does otherwise."""

import threading
from pathlib import Path

import pytest
from index_made import IDENTITY, new_catalog
from people_made import add
from postgres_made import url_of
from sqlalchemy import text
from test_corpus_catalog import entry, put

from assistant.people import People
from corpus.catalog import Catalog, CatalogError
from corpus.settings import load_settings

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("on_postgres")]


def test_programs_that_start_together_make_one_catalog(tmp_path: Path) -> None:
    catalogs = [Catalog(url_of(tmp_path)) for _ in range(4)]
    starting = [threading.Thread(target=one.create, args=[IDENTITY]) for one in catalogs]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    assert len({one.library_id() for one in catalogs}) == 1
    catalogs[0].check(IDENTITY)


def test_nobody_who_signs_in_waits_for_a_document(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    with catalog.turn(), catalog._changing() as session:
        session.execute(text("UPDATE meta SET value = value WHERE key = 'revision'"))
        add(People(catalog), "tanaka")
    assert People(catalog).accounts.named("tanaka").role == "staff"


def test_one_process_at_a_time_changes_the_library(tmp_path: Path) -> None:
    one, other = new_catalog(tmp_path), Catalog(url_of(tmp_path / "data"))
    entered, order = threading.Event(), list[str]()

    def second() -> None:
        entered.set()
        with other.turn():
            order.append("second")

    with one.turn():
        thread = threading.Thread(target=second)
        thread.start()
        entered.wait(10)
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    with new_catalog(tmp_path / "another library").turn(), one.turn():  # they do not wait for each other
        pass


def test_a_reader_of_one_moment_sees_no_later_change(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    put(catalog, [entry("a.md")])
    with catalog.one_moment() as view:
        assert [one.source for one in view.records()] == ["a.md"]
        put(catalog, [entry("b.md")])
        assert (view.revision(), [one.source for one in view.records()]) == (1, ["a.md"])
        assert view.changed_since(0) == [entry("a.md").id]
    assert catalog.changed_since(1) == [entry("b.md").id]


def test_order_and_characters_are_those_of_sqlite(tmp_path: Path) -> None:
    catalog = new_catalog(tmp_path)
    sources = ["b.md", "B.md", "_.md", "計画.md", "あ.md", "防災.md"]
    put(catalog, [entry(source) for source in sources])
    assert [record.source for record in catalog.records()] == sorted(sources)
    assert catalog.record("a\0b") is None
    assert catalog.record(entry("b.md").id).added_at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


def test_two_processes_may_embed_the_same_text(tmp_path: Path) -> None:
    catalog, other = new_catalog(tmp_path), Catalog(url_of(tmp_path / "data"))
    one = entry("a.md")
    put(catalog, [one])
    put(other, [one])
    assert catalog.revision() == 2
    assert len(list(catalog.indexed())) == 1


def test_a_server_that_is_gone_is_named_without_its_password() -> None:
    gone = Catalog("postgresql+psycopg://user:secret@127.0.0.1:1/db")
    with pytest.raises(CatalogError, match="KEIKAKU_DATABASE_URL") as refused:
        gone.exists()
    assert "secret" not in str(refused.value)


def test_the_setting_takes_postgresql_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_DATABASE_URL", "mysql://user:secret@host/db")
    with pytest.raises(ValueError, match=r"postgresql\+psycopg://") as refused:
        load_settings()
    assert "secret" not in str(refused.value)
