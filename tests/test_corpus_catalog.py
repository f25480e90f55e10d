"""The catalog: what goes in comes out, all or nothing, and nothing opens what something else made."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from index_made import IDENTITY, bytes_under, new_catalog
from sqlalchemy.exc import IntegrityError

from corpus.catalog import Catalog, CatalogError, Entry, Identity, SentenceVector, Vector
from corpus.read import read_bytes

PLAN = "# 計画\n\n## 第1章\n\n計画期間は令和3年度から令和7年度までとする。\n\n## 第2章\n\n予算は7.2億円である。\n"


def vector(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def entry(source: str = "a.md", text: str = PLAN, visibility: str = "public") -> Entry:
    """A document whose vectors are named after what they stand for."""
    file = read_bytes(source, text.encode())
    sections = [f"section {number} of {file.version}" for number, _ in enumerate(file.sections)]
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
        sections,
        passages,
        sentences,
    )


def vectors_of(one: Entry) -> dict[str, Vector]:
    return {
        digest: vector(number, 0.5)
        for number, digest in enumerate([*one.section_digests, *one.passage_digests])
    }


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
    assert catalog.size() == (len(one.passages), len(one.sections))


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
    found = [value for _, value in (*indexed.sections, *indexed.passages, *indexed.sentences)]
    assert len(found) == len(one.sections) + 2 * len(one.passages)
    assert all((value == vector(1 / 3, np.pi, 1e-30)).all() for value in found)


def test_passages_are_found_by_id_and_by_section(catalog: Catalog) -> None:
    put(catalog, [entry(), entry("b.md", "本文。", "staff")])
    first, second = catalog.passages_in(entry().id)
    sections = {one.passage.id: one.section_id for one in catalog.find([first.id, second.id, "unknown"])}
    assert set(sections) == {first.id, second.id}
    [found] = catalog.find([], [sections[second.id]])
    assert found.passage == second
    assert (found.source, found.title, found.visibility) == ("a.md", "計画", "public")
    assert found.sentences == (SentenceVector(second.start, second.end, f"passage {second.text}"),)
    assert len(catalog.find([second.id], [sections[second.id]])) == 1


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
    kept = {f"passage {passage.text}" for passage in catalog.passages_in(entry("b.md").id)}
    assert catalog.drop_unused_vectors() > 0
    assert set(catalog.known_vectors([*vectors_of(one)])) == kept
    assert list(catalog.indexed())


def test_a_missing_vector_is_named(catalog: Catalog) -> None:
    one = entry()
    catalog.put([one])
    with pytest.raises(CatalogError, match=r"a\.md: .*add the document again"):
        list(catalog.indexed())
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
    missing = Catalog(f"sqlite:///{tmp_path / 'none' / 'catalog.sqlite3'}")
    assert not missing.exists()
    with pytest.raises(CatalogError, match="keikaku add"):
        missing.check(IDENTITY)
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    assert not Catalog(f"sqlite:///{empty}").exists()
    assert bytes_under(tmp_path) == {"empty.sqlite3": (b"", empty.stat().st_mtime_ns)}


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


def test_what_is_committed_survives_without_closing(tmp_path: Path, catalog: Catalog) -> None:
    put(catalog, [entry()])
    with sqlite3.connect(tmp_path / "data" / "catalog.sqlite3") as other:
        assert other.execute("SELECT source FROM documents").fetchall() == [("a.md",)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []
