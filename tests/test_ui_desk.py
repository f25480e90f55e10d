"""Commands work on a free library themselves, and hand their work to the server of one that is taken."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_made import PLANS, WordEmbedder, settings_at, write_plans
from server_made import served

from assistant.answer import Question, Status
from corpus.catalog import Catalog, CatalogError
from corpus.settings import Settings
from index import library as library_module
from index.library import Library
from index.owner import Owned, OwnerLock
from index.progress import silent
from ui.app import create_app
from ui.desk import Desk, LocalDesk, ServerDesk, open_desk


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(library_module, "open_embedder", lambda settings, progress: WordEmbedder())
    return settings_at(tmp_path)


@pytest.fixture
def server(settings: Settings) -> Iterator[Library]:
    """A server that owns the library."""
    library = Library(settings)
    library.open(create=True)
    library.repair()
    with OwnerLock(settings.data_dir) as lock:
        owner = lock.publish("http://127.0.0.1:1")
        with served(create_app(settings, library, owner)) as url:
            lock._write('{"pid": 1, "url": "%s", "token": "%s"}' % (url, owner.token))  # noqa: UP031
            yield library
    library.close()


def exercise(desk: Desk, folder: Path, catalog: Catalog) -> None:
    """The same commands, wherever the library is open."""
    assert {one.source: one.status for one in desk.add([folder], "public")} == dict.fromkeys(PLANS, "added")
    assert {one.source: one.status for one in desk.add([folder], "public")} == dict.fromkeys(
        PLANS, "unchanged"
    )
    hits = desk.search("備蓄の更新", 3)
    assert hits[0]["source"] == "防災.txt"
    assert len(hits) == 3
    assert set(hits[0]["reasons"]) >= {"dense", "lexical"}
    answer = desk.ask(Question(question="防災計画で備蓄の更新は何月に行いますか"))
    assert isinstance(answer.status, Status)
    desk.rebuild()
    assert desk.verify() == catalog.size()
    key = hits[0]["document_id"]
    desk.remove(key)
    assert catalog.record(key) is None
    with pytest.raises(KeyError):
        desk.remove(key)


def test_a_free_library_is_opened_here(settings: Settings, tmp_path: Path) -> None:
    with open_desk(settings, silent, create=True) as desk:
        assert isinstance(desk, LocalDesk)
        exercise(desk, write_plans(tmp_path / "docs"), Catalog(settings.catalog_url))
        with pytest.raises(Owned), open_desk(settings, silent):
            pass
    with open_desk(settings, silent) as again:
        assert again.verify()


def test_a_server_does_the_work(settings: Settings, server: Library, tmp_path: Path) -> None:
    with open_desk(settings, silent, create=True) as desk:
        assert isinstance(desk, ServerDesk)
        exercise(desk, write_plans(tmp_path / "docs"), server.catalog)


def test_nothing_is_made_where_nothing_is(settings: Settings) -> None:
    with pytest.raises(CatalogError, match="keikaku add"), open_desk(settings, silent):
        pass
    assert [path.name for path in settings.data_dir.iterdir()] == ["owner.lock"]
    with OwnerLock(settings.data_dir):
        pass


def test_verify_looks_at_the_library_as_it_is(settings: Settings, tmp_path: Path) -> None:
    with open_desk(settings, silent, create=True) as desk:
        list(desk.add([write_plans(tmp_path / "docs")], "public"))
    catalog = Catalog(settings.catalog_url)
    catalog.remove(catalog.records()[0].id)
    with open_desk(settings, silent, repair=False) as desk, pytest.raises(Exception, match="keikaku rebuild"):
        desk.verify()
    with open_desk(settings, silent) as desk:
        assert desk.verify()


def test_a_library_of_another_model_is_rebuilt_without_opening_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(settings, silent, create=True) as desk:
        list(desk.add([write_plans(tmp_path / "docs")], "public"))
    monkeypatch.setattr(library_module, "open_embedder", lambda settings, progress: WordEmbedder("other"))
    with pytest.raises(CatalogError, match="keikaku rebuild"), open_desk(settings, silent):
        pass
    with open_desk(settings, silent, check=False) as desk:
        desk.rebuild()
    with open_desk(settings, silent) as desk:
        assert desk.verify()


def test_what_a_command_does_not_need_is_not_imported() -> None:
    heavy = "{'chromadb', 'fastapi', 'gradio', 'httpx', 'onnxruntime', 'sudachipy', 'tantivy', 'torch'}"
    code = f"import sys, ui.desk; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout == "[]\n"
