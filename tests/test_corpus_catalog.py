"""The catalog: what goes in comes out, all or nothing, and nothing opens what something else made."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from index_made import IDENTITY, bytes_under, new_catalog
from postgres_made import url_of
from sqlalchemy.exc import IntegrityError

from corpus import catalog_reader
from corpus.catalog import (
    Catalog,
    CatalogError,
    Entry,
    Identity,
    Indexed,
    SentenceVector,
    Vector,
    section_id,
)
from corpus.read import read_bytes

PLAN = "# 計画\n\n## 第1章\n\n計画期間は令和3年度から令和7年度までとする。\n\n## 第2章\n\n予算は7.2億円である。\n"


def vector(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def entry(source: str = "a.md", text: str = PLAN, visibility: str = "public") -> Entry:
    """A document whose vectors are named after what they stand for."""
    file = read_bytes(source, text.encode())
    passages = [f"passage {passage.text}" for passage in file.passages]
    sentences = [[SentenceVector(one.start, one.end, f"passage {one.text}")] for one in file.passages]
    return Entry(
        file.id,
        file.source,
        file.title,
        file.version,
        visibility,
        file.document,
        file.data,
        file.sections,
        file.passages,
        file.facts,
        f"title {file.title}",
        passages,
        sentences,
        [f"計画\nwords of {passage.text}" for passage in file.passages],
        [("DX", f"long name in {source}")],
    )


def vectors_of(one: Entry) -> dict[str, Vector]:
    digests = [one.title_digest, *one.passage_digests]
    return {digest: vector(number, 0.5) for number, digest in enumerate(digests)}


def all_vectors(indexed: Indexed) -> list[Vector]:
    passages = [value for one in indexed.passages for value in (one.vector, *one.sentences)]
    return [indexed.title, *passages]


def put(catalog: Catalog, entries: list[Entry]) -> int:
    """Stores documents with their vectors."""
    for one in entries:
        catalog.keep_vectors(vectors_of(one))
    return catalog.put(entries)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return new_catalog(tmp_path)


def test_what_goes_in_comes_out(catalog: Catalog) -> None:
    one = entry()
    before = datetime.now(UTC)
    put(catalog, [one])
    assert catalog.text(one.id) == one.document.text
    assert catalog.original(one.id) == PLAN.encode()
    assert catalog.sections(one.id) == one.sections
    assert catalog.passages_in(one.id) == one.passages
    assert catalog.facts() == catalog.facts([one.id]) == one.facts != []
    assert catalog.facts([]) == catalog.facts(["other"]) == []
    record = catalog.record(one.id)
    assert record is not None
    assert (record.source, record.title, record.visibility, record.pages) == ("a.md", "計画", "public", 0)
    assert (record.passages, record.facts) == (len(one.passages), len(one.facts))
    assert before <= record.added_at <= datetime.now(UTC)
    assert catalog.records() == [record]
    assert catalog.size() == len(one.passages)


def test_what_is_not_there(catalog: Catalog) -> None:
    assert catalog.records() == []
    assert catalog.record("x") is catalog.text("x") is catalog.original("x") is None
    assert (
        catalog.page_starts("x")
        == catalog.sections("x")
        == catalog.passages_in("x")
        == catalog.find(["x"])
        == []
    )
    with pytest.raises(KeyError):
        catalog.remove("x")
    assert catalog.revision() == 0


def test_pages(catalog: Catalog) -> None:
    one = entry("a.txt", "一頁\f二頁\f三頁")
    put(catalog, [one])
    assert catalog.page_starts(one.id) == [0, 3, 6]
    record = catalog.record(one.id)
    assert record is not None
    assert record.pages == 3


def test_vectors_come_back_to_the_bit(catalog: Catalog) -> None:
    one = entry()
    catalog.keep_vectors({key: vector(1 / 3, np.pi, 1e-30) for key in vectors_of(one)})
    put(catalog, [one])
    [indexed] = catalog.indexed()
    found = all_vectors(indexed)
    assert len(found) == 1 + 2 * len(one.passages)
    assert all((value == vector(1 / 3, np.pi, 1e-30)).all() for value in found)


def test_what_the_indexes_hold_belongs_together(catalog: Catalog) -> None:
    one, other = entry(), entry("b.md", "# 別の計画\n\n本文。\n", "staff")
    put(catalog, [one, other])
    vectors = catalog.known_vectors([*vectors_of(one), *vectors_of(other)])
    for wanted, found in zip((one, other), catalog.indexed([one.id, "unknown", other.id]), strict=True):
        assert found.record == catalog.record(wanted.id)
        assert found.aliases == wanted.aliases
        assert (found.title == vectors[wanted.title_digest]).all()
        assert [passage.id for passage in found.passages] == [passage.id for passage in wanted.passages]
        assert [passage.tokens for passage in found.passages] == wanted.tokens
        path_of = {section_id(wanted.id, number): one.path for number, one in enumerate(wanted.sections)}
        paths = [path_of[passage.section_id] for passage in found.passages]
        assert paths == [passage.section for passage in wanted.passages]
        for passage, digest in zip(found.passages, wanted.passage_digests, strict=True):
            assert np.array_equal([passage.vector, *passage.sentences], [vectors[digest]] * 2)
    assert [found.record.source for found in catalog.indexed()] == ["a.md", "b.md"]


def test_documents_are_read_for_the_indexes_some_at_a_time(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_reader, "DOCUMENTS", 2)
    entries = [entry(f"{number}.md", f"# 計画{number}\n\n本文{number}。\n") for number in range(5)]
    put(catalog, entries)
    assert [one.passages[0].tokens for one in catalog.indexed()] == [one.tokens[0] for one in entries]


def test_passages_are_found_by_id_in_the_order_asked_for(catalog: Catalog) -> None:
    put(catalog, [entry(), entry("b.md", "本文。", "staff")])
    first, second = catalog.passages_in(entry().id)
    found = catalog.find([second.id, "unknown", first.id, second.id])
    assert [one.passage for one in found] == [second, first]
    assert (found[0].source, found[0].title, found[0].visibility) == ("a.md", "計画", "public")
    assert found[0].sentences == (SentenceVector(second.start, second.end, f"passage {second.text}"),)


def test_who_takes_whose_place(catalog: Catalog) -> None:
    old, new = entry("old.md"), entry("new.md")
    put(catalog, [old, new])
    assert catalog.superseded() == frozenset()
    catalog.supersede(new.id, old.id)
    assert catalog.superseded() == {old.id}
    passages = [catalog.passages_in(one.id)[0].id for one in (old, new)]
    assert [one.superseded for one in catalog.find(passages)] == [True, False]


def test_more_ids_than_a_query_can_name(catalog: Catalog) -> None:
    put(catalog, [entry()])
    first = catalog.passages_in(entry().id)[0]
    assert len(catalog.find([*(f"unknown {number}" for number in range(40_000)), first.id])) == 1


def test_the_same_source_is_replaced_and_every_write_raises_the_revision(catalog: Catalog) -> None:
    assert put(catalog, [entry(), entry("b.md")]) == 1
    changed = entry(text=PLAN.replace("7.2億円", "8億円"))
    assert put(catalog, [changed]) == 2
    assert [record.source for record in catalog.records()] == ["a.md", "b.md"]
    assert catalog.passages_in(changed.id) == changed.passages
    assert catalog.facts([changed.id]) == changed.facts
    assert catalog.remove(changed.id) == 3 == catalog.revision()
    assert [record.source for record in catalog.records()] == ["b.md"]
    assert catalog.facts([changed.id]) == []
    assert catalog.original(changed.id) is None


def test_a_write_that_fails_leaves_nothing(catalog: Catalog) -> None:
    put(catalog, [entry()])
    other = entry("b.md")
    clash = replace(entry("c.md"), source="b.md")
    with pytest.raises(IntegrityError):
        put(catalog, [other, clash])
    assert [record.source for record in catalog.records()] == ["a.md"]
    assert catalog.revision() == 1


def test_only_vectors_that_nothing_uses_are_dropped(catalog: Catalog) -> None:
    one = entry()
    put(catalog, [one, entry("b.md")])
    assert catalog.drop_unused_vectors() == 0
    catalog.remove(one.id)
    put(catalog, [entry("b.md", "# 計画\n\n## 第1章\n\n計画期間は令和3年度から令和7年度までとする。\n")])
    kept = {f"passage {passage.text}" for passage in catalog.passages_in(entry("b.md").id)} | {"title 計画"}
    assert catalog.drop_unused_vectors() > 0
    assert set(catalog.known_vectors([*vectors_of(one)])) == kept
    assert list(catalog.indexed())


def test_a_missing_vector_is_named(catalog: Catalog) -> None:
    one = entry()
    catalog.put([one])
    vectors = vectors_of(one)
    for missing in (one.title_digest, one.passage_digests[-1]):
        catalog.keep_vectors({key: value for key, value in vectors.items() if key != missing})
        with pytest.raises(CatalogError, match=rf"a\.md: .*{missing.split()[0]}.*add the document again"):
            list(catalog.indexed())
        catalog.remove(one.id)
        catalog.drop_unused_vectors()
        catalog.put([one])
    assert list(catalog.indexed(["unknown"])) == []


def test_a_catalog_is_made_once_and_opening_writes_nothing(tmp_path: Path, catalog: Catalog) -> None:
    put(catalog, [entry()])
    catalog.close()
    before = bytes_under(tmp_path)
    again = Catalog(catalog.url)
    again.check(IDENTITY)
    assert len(again.records()) == again.revision() == 1
    assert len(list(again.indexed())) == 1
    again.close()
    assert bytes_under(tmp_path) == before
    again.create(IDENTITY)
    assert again.revision() == 1


def test_looking_makes_no_catalog(tmp_path: Path) -> None:
    missing = Catalog(url_of(tmp_path / "none"))
    assert not missing.exists()
    with pytest.raises(CatalogError, match="keikaku add"):
        missing.check(IDENTITY)
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    assert not Catalog(f"sqlite:///{empty}").exists()
    assert bytes_under(tmp_path) == {"empty.sqlite3": (b"", empty.stat().st_mtime_ns)}


def test_each_library_has_a_name_of_its_own_that_stays(tmp_path: Path, catalog: Catalog) -> None:
    name = catalog.library_id()
    catalog.create(IDENTITY)
    put(catalog, [entry()])
    assert Catalog(catalog.url).library_id() == name
    assert new_catalog(tmp_path / "other").library_id() != name


@pytest.mark.parametrize("name", ["embedder", "tokenizer", "passage_rules"])
def test_what_another_thing_made_is_refused(catalog: Catalog, name: str) -> None:
    other = replace(IDENTITY, **{name: "other"})
    with pytest.raises(CatalogError, match=rf"{name}: .* / other.*keikaku rebuild"):
        catalog.check(other)
    assert not catalog.made_by(other)
    assert catalog.made_by(IDENTITY)


def test_between_two_identities_nobody_opens_it(catalog: Catalog) -> None:
    catalog.unstamp()
    other = Identity("other", "tokens", "1")
    for identity in (IDENTITY, other):
        with pytest.raises(CatalogError, match="keikaku rebuild"):
            catalog.check(identity)
    catalog.create(IDENTITY)
    assert not catalog.made_by(IDENTITY)
    catalog.restamp(other)
    catalog.check(other)
    assert catalog.revision() == 2


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(CatalogError, match="cannot be opened"):
        Catalog(f"sqlite:///{path}").exists()


@pytest.mark.sqlite
def test_what_is_committed_survives_without_closing(tmp_path: Path, catalog: Catalog) -> None:
    put(catalog, [entry()])
    with sqlite3.connect(tmp_path / "data" / "catalog.sqlite3") as other:
        assert other.execute("SELECT source FROM documents").fetchall() == [("a.md",)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []
