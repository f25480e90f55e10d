"""The library: what is added is found, what is removed is gone, and a crash anywhere loses nothing reported."""

import os
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from alembic import command
from chroma_made import ChromaServer, chroma_at
from index_made import PLANS, WordEmbedder, add_all, open_library, settings_at, write_plans
from sqlalchemy import create_engine, text

from corpus import migrate
from corpus.catalog import Catalog, CatalogError, Entry
from index import generation_check
from index import library as library_module
from index.dense import DenseIndex
from index.generation import Generation
from index.generation_error import GenerationError
from index.lexical import LexicalIndex
from index.library import Added, Library
from index.onnx_session import Vectors
from index.progress import Progress, silent


class Crash(BaseException):
    """The process dies here."""


class CrashingEmbedder(WordEmbedder):
    """Dies after so many texts."""

    left: int = 10**9

    def encode_documents(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        if len(texts) > self.left:
            raise Crash
        self.left -= len(texts)
        return super().encode_documents(texts, progress)


def statuses(results: list[Added]) -> dict[str, str]:
    return {one.source: one.status for one in results}


def first_source(library: Library, query: str) -> str:
    with library.reading() as searcher:
        return searcher.search(query)[0].source


both = pytest.mark.usefixtures("chroma_url")  # in a folder and on a server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plans(tmp_path / "docs")


@both
def test_new_changed_and_unchanged_files(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    assert statuses(add_all(library, folder)) == dict.fromkeys(PLANS, "added")
    assert statuses(add_all(library, folder)) == dict.fromkeys(PLANS, "unchanged")
    revision = library.catalog.revision()
    (folder / "防災.txt").write_text("防災計画\n\n避難所に発電機を置く。\n", "utf-8")
    assert statuses(add_all(library, folder)) == {**dict.fromkeys(PLANS, "unchanged"), "防災.txt": "updated"}
    assert library.catalog.revision() == revision + 1
    assert first_source(library, "発電機") == "防災.txt"
    with library.reading() as searcher:
        assert searcher.document_frequency("倉庫") == 0
    assert library.verify() == library.catalog.size()
    library.close()


def test_results_name_document_and_passages(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    for one in [*add_all(library, folder), *add_all(library, folder)]:
        assert one.document_id is not None
        record = library.catalog.record(one.document_id)
        assert record is not None
        assert (one.source, one.passages, one.reason) == (record.source, record.passages, None)


def test_one_bad_file_stops_no_other(tmp_path: Path, folder: Path) -> None:
    (folder / "空.txt").touch()
    (folder / "a.bin").write_bytes(b"\0\1\2")
    (folder / "消えた.md").symlink_to(folder / "無い")
    library = open_library(tmp_path)
    results = add_all(library, folder, tmp_path / "missing")
    bad = {one.source: one.reason for one in results if one.status == "failed"}
    assert set(bad) == {"空.txt", "a.bin", "消えた.md", "missing"}
    assert all(reason and " / " in reason for reason in bad.values())
    assert {record.source for record in library.catalog.records()} == set(PLANS)
    assert library.is_clean()


def test_sources_are_relative_and_of_one_spelling(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder / "市", folder / "計画.md")
    assert {record.source for record in library.catalog.records()} == {"福祉.html", "計画.md"}
    decomposed = tmp_path / "mac" / unicodedata.normalize("NFD", "ガイド.md")
    decomposed.parent.mkdir()
    decomposed.write_text("# ガイド\n\n本文。", "utf-8")
    composed = tmp_path / "linux" / "ガイド.md"
    composed.parent.mkdir()
    composed.write_bytes(decomposed.read_bytes())
    assert statuses(add_all(library, decomposed)) == {"ガイド.md": "added"}
    assert statuses(add_all(library, composed.parent)) == {"ガイド.md": "unchanged"}


def test_two_files_with_one_source_are_not_mixed_up(tmp_path: Path, folder: Path) -> None:
    other = write_plans(tmp_path / "other", {"防災.txt": "別の市の防災計画\n\n津波に備える。\n"})
    library = open_library(tmp_path)
    results = add_all(library, folder, other)
    named = {one.status: one.reason or "" for one in results if one.source == "防災.txt"}
    assert set(named) == {"added", "failed"}
    assert "another file has the same name" in named["failed"]
    assert first_source(library, "備蓄倉庫") == "防災.txt"
    assert statuses(add_all(library, tmp_path / "other" / "防災.txt")) == {"防災.txt": "updated"}
    assert len(library.catalog.records()) == len(PLANS)


def test_visibility_can_be_changed(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder, visibility="staff")
    assert statuses(add_all(library, folder)) == dict.fromkeys(PLANS, "updated")
    assert {record.visibility for record in library.catalog.records()} == {"public"}
    assert library.verify()


@both
def test_removed_documents_are_gone_everywhere(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    results = {one.source: one.document_id for one in add_all(library, folder)}
    library.remove(results["防災.txt"] or "")
    assert library.is_clean()
    assert library.verify() == library.catalog.size()
    with library.reading() as searcher:
        assert "防災.txt" not in {hit.source for hit in searcher.search("備蓄倉庫", 100)}
    with pytest.raises(KeyError):
        library.remove(results["防災.txt"] or "")
    assert library.catalog.drop_unused_vectors() == 0
    assert len(list(library.catalog.indexed())) == 2  # none of whose vectors was dropped


def test_unchanged_text_is_never_embedded_twice(tmp_path: Path, folder: Path) -> None:
    embedder = WordEmbedder()
    library = open_library(tmp_path, embedder)
    add_all(library, folder)
    assert len(set(embedder.embedded)) == len(embedder.embedded)
    before = len(embedder.embedded)
    library.rebuild()
    add_all(library, folder, visibility="staff")
    write_plans(tmp_path / "more", {"写し.md": PLANS["計画.md"]})
    add_all(library, tmp_path / "more")
    assert len(embedder.embedded) == before
    (folder / "計画.md").write_text(PLANS["計画.md"] + "\n新しい文を足す。\n", "utf-8")
    add_all(library, folder)
    assert 0 < len(embedder.embedded) - before <= 3


def test_progress_counts_files_and_texts(tmp_path: Path, folder: Path) -> None:
    library, said = open_library(tmp_path), list[tuple[str, int, int, str]]()
    list(
        library.add(
            [folder], "public", lambda stage, done, total, note="": said.append((stage, done, total, note))
        )
    )
    assert [(done, total) for stage, done, total, note in said if note.endswith("pages/s")] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert any(stage == "embed" for stage, *_ in said)


def test_sync_removes_what_is_not_among_the_files(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    (folder / "防災.txt").unlink()
    (folder / "計画.md").write_bytes(b"")
    results = list(library.add([folder], "public", sync=True))
    assert statuses(results) == {"市/福祉.html": "unchanged", "計画.md": "failed", "防災.txt": "removed"}
    assert {record.source for record in library.catalog.records()} == {"計画.md", "市/福祉.html"}
    assert library.verify()
    (tmp_path / "unmounted").mkdir()
    with pytest.raises(CatalogError, match="nothing is removed"):
        list(library.add([tmp_path / "unmounted"], "public", sync=True))
    assert len(library.catalog.records()) == 2


@both
def test_a_successor_ranks_first_and_says_so(tmp_path: Path) -> None:
    text = "# 見守り計画\n\n見守りの対象は{}人とする。\n"
    folder = write_plans(tmp_path / "docs", {"旧.md": text.format(100), "新.md": text.format(200)})
    library = open_library(tmp_path)
    ids = {one.source: one.document_id or "" for one in add_all(library, folder)}
    for newer, older in (("新.md", "旧.md"), ("旧.md", "新.md")):
        revision = library.catalog.revision()
        library.supersede(ids[newer], older)
        assert library.catalog.revision() == revision + 1
        assert library.is_clean()
        assert first_source(library, "見守りの対象は何人ですか") == newer
        record = library.catalog.record(ids[older])
        assert record is not None
        assert record.superseded_by == (ids[newer],)
        with pytest.raises(CatalogError, match="cannot supersede itself"):
            library.supersede(ids[older], ids[newer])
        (folder / newer).write_text(text.format(300), "utf-8")
        add_all(library, folder)  # a new version of the successor stays the successor
        assert first_source(library, "見守りの対象は何人ですか") == newer
        library.remove(ids[newer])
        assert library.catalog.records()[0].superseded_by == ()
        add_all(library, folder)
        assert [record.superseded_by for record in library.catalog.records()] == [(), ()]
    for newer, older in ((ids["新.md"], "無い.md"), ("nobody", "旧.md")):
        with pytest.raises(KeyError):
            library.supersede(newer, older)
    assert library.verify()


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    library = Library(settings_at(tmp_path), WordEmbedder())
    with pytest.raises(CatalogError, match="keikaku add"):
        library.open()
    with pytest.raises(GenerationError, match="no index"), library.reading():
        pass
    assert not library.is_clean()
    assert list(tmp_path.iterdir()) == []


@both
def test_another_model_is_refused_and_a_rebuild_reads_again(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    library.close()
    other = Library(settings_at(tmp_path), WordEmbedder("other"))
    with pytest.raises(CatalogError, match=r"embedder: words / other.*keikaku rebuild"):
        other.open()
    said: list[str] = []
    other.rebuild(lambda stage, done, total: said.append(stage))
    assert said[:3] == ["読み直し / reading again"] * 3
    assert other.verify() == other.catalog.size()
    assert other.catalog.drop_unused_vectors() == 0
    assert first_source(other, "備蓄倉庫") == "防災.txt"
    other.close()
    with pytest.raises(CatalogError, match="keikaku rebuild"):
        Library(settings_at(tmp_path), WordEmbedder()).open()


def test_a_library_of_the_version_before_is_read_again(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    ids = {one.source: one.document_id or "" for one in add_all(library, folder)}
    library.supersede(ids["計画.md"], "防災.txt")
    before = [replace(record, added_at=datetime.min) for record in library.catalog.records()]
    library.close()
    with create_engine(library.catalog.url).begin() as connection:
        command.downgrade(migrate._config(connection), "0002")
        connection.execute(text("UPDATE meta SET value = '0' WHERE key = 'passage_rules'"))
        connection.execute(text("DELETE FROM meta WHERE key = 'library'"))
    again = Library(settings_at(tmp_path), WordEmbedder())
    with pytest.raises(CatalogError, match=r"0002.*keikaku rebuild"):
        again.open()
    again.rebuild()
    assert again.verify() == again.catalog.size()
    assert [replace(record, added_at=datetime.min) for record in again.catalog.records()] == before
    assert all(passage.tokens for one in again.catalog.indexed() for passage in one.passages)
    assert again.catalog.library_id()
    assert first_source(again, "福祉計画の高齢者") == "市/福祉.html"
    again.close()
    assert not open_library(tmp_path).repair()


@pytest.mark.parametrize("texts", range(0, 12, 3))
def test_a_crash_while_reading_again_leaves_no_mixture(tmp_path: Path, folder: Path, texts: int) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    library.close()
    dying = CrashingEmbedder("other")
    dying.left = texts
    with pytest.raises(Crash):
        Library(settings_at(tmp_path), dying).rebuild()
    for embedder in (WordEmbedder(), WordEmbedder("other")):
        with pytest.raises(CatalogError, match="keikaku rebuild"):
            Library(settings_at(tmp_path), embedder).open()
    again = Library(settings_at(tmp_path), WordEmbedder())
    again.rebuild()
    assert again.verify() == again.catalog.size()
    again.close()
    assert {record.source for record in open_library(tmp_path).catalog.records()} == set(PLANS)


def test_a_document_that_todays_rules_refuse_is_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    library.close()
    monkeypatch.setattr("corpus.load.MAX_BYTES", 150)
    other = Library(settings_at(tmp_path), WordEmbedder("other"))
    other.rebuild()
    assert {record.source for record in other.catalog.records()} == set(PLANS)
    assert other.verify() == other.catalog.size()
    assert first_source(other, "デジタル計画の計画期間") == "計画.md"
    other.close()


def dying_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, after: bool) -> None:
    """The process dies once, before or after a step."""
    step = getattr(owner, name)

    def dies(*arguments: object, **named: object) -> object:
        if after:
            step(*arguments, **named)
        raise Crash

    monkeypatch.setattr(owner, name, dies)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("chroma_url", "owner", "name"),
    [
        ("folder", Catalog, "put"),
        ("folder", DenseIndex, "replace"),
        ("folder", LexicalIndex, "update"),
        ("folder", Generation, "apply"),
        ("folder", Generation, "stamp"),
        ("server", DenseIndex, "replace"),
    ],
    indirect=["chroma_url"],
)
def test_a_crash_at_any_step_of_a_change_is_repaired(
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    chroma_url: str | None,
    owner: type,
    name: str,
    after: bool,
) -> None:
    library = open_library(tmp_path)
    add_all(library, folder / "計画.md")
    with monkeypatch.context() as patched:
        dying_once(patched, owner, name, after)
        with pytest.raises(Crash):
            add_all(library, folder)
    library.close()
    embedder = WordEmbedder()
    again = Library(settings_at(tmp_path), embedder)
    again.open()
    stored = (owner, after) != (Catalog, False)
    complete = not stored or (after and name in ("apply", "stamp"))
    assert again.is_clean() == complete
    assert again.repair() != complete
    assert embedder.embedded == []
    assert again.verify() == again.catalog.size()
    assert {record.source for record in again.catalog.records()} == (set(PLANS) if stored else {"計画.md"})
    add_all(again, folder)
    assert first_source(again, "備蓄倉庫") == "防災.txt"
    again.close()


@both
def test_a_change_over_indexes_that_missed_one_builds_them_anew(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder / "計画.md")
    library.catalog.unstamp()
    library.catalog.restamp(library.identity)
    assert not library.is_clean()
    add_all(library, folder / "防災.txt")
    assert library.is_clean()
    assert library.verify()


@both
def test_what_is_reported_is_already_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "BATCH_PASSAGES", 1)
    library = open_library(tmp_path)
    results = library.add([folder], "public")
    one = next(results)
    other = Catalog(library.catalog.url)
    assert [record.source for record in other.records()] == [one.source]
    assert library.is_clean()
    results.close()
    assert library.verify()


def test_verify_finds_a_passage_that_is_not_its_text(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    for change, says in (
        ("UPDATE passages SET text = text || '。' WHERE ordinal = 0", "a passage is not its text"),
        ("UPDATE passages SET start = start + 1 WHERE ordinal = 0", "a passage is not its text"),
        ("UPDATE documents SET text = ' ' || text", "a passage is not its text"),
        ("UPDATE passages SET sentences = '[[0, 99999, \"x\"]]'", "a passage is not its text"),
        ('UPDATE facts SET "end" = 99999', "a fact is not in the text"),
        ("UPDATE facts SET passage_id = 'x'", "a fact is not in the text"),
    ):
        engine = create_engine(library.catalog.url)
        with engine.connect() as connection:
            transaction = connection.begin()
            connection.execute(text(change))
            transaction.commit()
        with pytest.raises(GenerationError, match=says):
            library.verify()
        add_all(library, write_plans(folder, {name: content + " " for name, content in PLANS.items()}))
        add_all(library, write_plans(folder))
        assert library.verify()


def test_verify_refuses_indexes_that_are_out_of_date(tmp_path: Path, folder: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    library.catalog.remove(library.catalog.records()[0].id)
    with pytest.raises(GenerationError, match="keikaku rebuild"):
        library.verify()


def test_closing_waits_for_the_change_under_way_and_stops_the_next(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "BATCH_PASSAGES", 1)
    library = open_library(tmp_path)
    writing, go_on = threading.Event(), threading.Event()
    put = Catalog.put

    def slow(catalog: Catalog, entries: list[Entry]) -> int:
        writing.set()
        go_on.wait(10)
        return put(catalog, entries)

    monkeypatch.setattr(Catalog, "put", slow)
    results, errors = list[Added](), list[GenerationError]()

    def add() -> None:
        try:
            results.extend(library.add([folder], "public"))
        except GenerationError as error:
            errors.append(error)

    adding = threading.Thread(target=add)
    adding.start()
    writing.wait(10)
    closing = threading.Thread(target=library.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    go_on.set()
    closing.join(10)
    adding.join(10)
    assert "closing down" in str(errors[0])
    again = open_library(tmp_path)
    assert len(again.catalog.records()) == 1
    assert again.verify()
    again.close()


ADD = """
import sys
from pathlib import Path
from index import library as library_module
from index.dense import DenseIndex
from index_made import open_library
library_module.BATCH_PASSAGES = 1
library = open_library(Path(sys.argv[1]))
for one in library.add([Path(sys.argv[2])], "public"):
    print(one.source, one.status, flush=True)
"""


@pytest.mark.parametrize(
    ("chroma_url", "wanted"), [("folder", 1), ("folder", 5), ("server", 5)], indirect=["chroma_url"]
)
def test_a_killed_process_loses_nothing_it_reported(
    tmp_path: Path, chroma_url: str | None, wanted: int
) -> None:
    plans = {f"計画{number}.md": f"# 計画{number}\n\n施設{number}を建て替える。\n" for number in range(8)}
    folder = write_plans(tmp_path / "docs", plans)
    command = [sys.executable, "-c", ADD, str(tmp_path), str(folder)]
    here = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1]))),
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().split() for _ in range(wanted)]
        process.kill()
        said += [line.split() for line in process.stdout]
    assert all(status == "added" for _, status in said)
    library = open_library(tmp_path)
    assert {source for source, _ in said} <= {record.source for record in library.catalog.records()}
    assert library.verify() == library.catalog.size()
    assert set(statuses(add_all(library, folder)).values()) == {"added", "unchanged"}
    assert library.verify() == len(plans)
    library.close()


def collections(url: str) -> set[str]:
    """Names of all collections on a server."""
    found = httpx.get(f"{url}/api/v2/tenants/default_tenant/databases/default_database/collections").json()
    return {one["name"] for one in found}


@pytest.fixture
def url(chroma_server: ChromaServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A server that libraries of this test use."""
    monkeypatch.setenv("KEIKAKU_CHROMA_URL", chroma_server.url)
    return chroma_server.url


@pytest.mark.sqlite  # what several processes share keeps the collection before
def test_two_libraries_on_one_server_leave_each_other_alone(tmp_path: Path, folder: Path, url: str) -> None:
    before = collections(url)
    one, other = open_library(tmp_path / "one"), open_library(tmp_path / "other")
    add_all(one, folder / "計画.md")
    add_all(other, folder)
    names = {
        library: f"keikaku-{library.catalog.library_id()}-{library._indexes.home.root.joinpath('current').read_text()}"
        for library in (one, other)
    }
    assert collections(url) - before == set(names.values())
    one.rebuild()
    renewed = collections(url) - before
    assert names[one] not in renewed
    assert names[other] in renewed
    assert len(renewed) == 2  # what was replaced is gone
    one.remove(one.catalog.records()[0].id)
    assert (one.verify(), other.verify()) == (0, other.catalog.size())
    assert first_source(other, "備蓄倉庫") == "防災.txt"
    assert list(tmp_path.rglob("chroma*")) == []
    one.close()
    other.close()


def test_a_build_that_fails_leaves_nothing_on_the_server(
    tmp_path: Path, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library(tmp_path)
    add_all(library, folder)
    before = collections(url)
    with monkeypatch.context() as patched:
        patched.setattr(generation_check, "FOUND_ITSELF", 2.0)
        with pytest.raises(GenerationError, match="not found by its vector"):
            library.rebuild()
    assert collections(url) == before
    assert library.verify()
    library.close()


def test_a_server_that_was_killed_loses_nothing_that_was_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "BATCH_PASSAGES", 1)
    plans = {f"計画{number}.md": f"# 計画{number}\n\n施設{number}を建て替える。\n" for number in range(6)}
    folder, said = write_plans(tmp_path / "docs", plans), list[str]()
    with chroma_at(tmp_path / "chroma") as server:
        monkeypatch.setenv("KEIKAKU_CHROMA_URL", server.url)
        library = open_library(tmp_path)
        with pytest.raises(GenerationError, match="KEIKAKU_CHROMA_URL"):
            for one in library.add([folder], "public"):
                said.append(one.source)
                if len(said) == 3:
                    server.kill()
        with pytest.raises(GenerationError, match="KEIKAKU_CHROMA_URL"):
            first_source(library, "施設0")
        library.close()
        with pytest.raises(GenerationError, match="KEIKAKU_CHROMA_URL"):
            open_library(tmp_path)
        server.start()
        again = open_library(tmp_path)
        assert set(said) <= {record.source for record in again.catalog.records()}
        assert again.verify() == again.catalog.size() >= 3
        add_all(again, folder)
        server.kill()
        server.start()
        assert first_source(again, "施設5の建て替え") == "計画5.md"  # without being opened again
        assert again.verify() == len(plans)
        again.close()
        last = Library(settings_at(tmp_path), WordEmbedder())
        last.open()
        assert not last.repair()
        assert last.verify() == len(plans)
        last.close()
