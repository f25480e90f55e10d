"""Work handed to the server that owns the library: done once, shown as it goes, and for the owner's user only."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from index_made import PLANS, WordEmbedder, add_all, open_library, settings_at, write_plans
from server_made import served

from assistant import problems
from assistant.handover import PATH, TOKEN_HEADER, HandoverError, RemoteLibrary, handover_router
from index import library as library_module
from index.library import Library
from index.owner import Owner
from index.progress import silent

TOKEN = "token"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = open_library(tmp_path)
    yield made
    made.close()


@pytest.fixture
def app(library: Library) -> FastAPI:
    made = FastAPI()
    problems.install(made)
    made.include_router(handover_router(library, Owner(1, "http://127.0.0.1", TOKEN)))
    return made


@pytest.mark.parametrize("headers", [{}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "wrong"}, {TOKEN_HEADER: "é"}])
def test_without_the_token_nothing_is_done(
    library: Library, app: FastAPI, headers: dict[str, str], tmp_path: Path
) -> None:
    work = {"command": "add", "paths": [str(write_plans(tmp_path / "docs"))]}
    encoded = {name: value.encode() for name, value in headers.items()}
    reply = TestClient(app).post(PATH, json=work, headers=encoded)
    assert reply.status_code == 403
    assert "wrong token" in reply.text
    assert library.catalog.records() == []


@pytest.mark.parametrize("work", [{}, {"command": "drop"}, {"command": "add", "visibility": "all"}])
def test_unknown_work_is_refused(app: FastAPI, work: dict[str, Any]) -> None:
    assert TestClient(app).post(PATH, json=work, headers={TOKEN_HEADER: TOKEN}).status_code == 422


def test_the_interface_is_not_listed(app: FastAPI) -> None:
    assert PATH not in TestClient(app).get("/openapi.json").json()["paths"]


@pytest.fixture
def hand(app: FastAPI) -> Iterator[RemoteLibrary]:
    with served(app) as url:
        yield RemoteLibrary(Owner(1, url, TOKEN))


def test_adding_shows_progress_and_results(hand: RemoteLibrary, library: Library, tmp_path: Path) -> None:
    folder = write_plans(tmp_path / "docs")
    (folder / "空.txt").touch()
    said: list[tuple[str, int, int]] = []
    results = list(
        hand.add(
            [folder], "staff", lambda stage, done, total, note="": said.append((stage, done, total)), False
        )
    )
    assert {one.source: one.status for one in results} == {
        **dict.fromkeys(PLANS, "added"),
        "空.txt": "failed",
    }
    assert all(one.reason for one in results if one.status == "failed")
    assert ("読み取り / reading", 4, 4) in said
    assert {record.visibility for record in library.catalog.records()} == {"staff"}
    assert library.verify() == hand.change("verify", silent)


def test_relative_paths_and_links_mean_what_they_mean_here(
    hand: RemoteLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plans(tmp_path / "docs")
    (tmp_path / "docs" / "リンク.md").symlink_to(tmp_path / "docs" / "計画.md")
    monkeypatch.chdir(tmp_path / "docs")
    assert [one.source for one in hand.add([Path("リンク.md")], "public", silent)] == ["リンク.md"]
    assert "計画.md" in {one.source for one in hand.add([Path()], "public", silent)}


def test_removing_rebuilding_and_verifying(hand: RemoteLibrary, library: Library, tmp_path: Path) -> None:
    add_all(library, write_plans(tmp_path / "docs"))
    one = library.catalog.records()[0]
    hand.change("remove", silent, one.id)
    assert library.catalog.record(one.id) is None
    with pytest.raises(KeyError, match=one.id):
        hand.change("remove", silent, one.id)
    stages: list[str] = []
    hand.change("rebuild", lambda stage, *_: stages.append(stage))
    assert stages == ["索引を作成 / indexing"]
    assert hand.change("verify", silent) == library.catalog.size()


def test_what_the_library_refuses_is_said(hand: RemoteLibrary, library: Library, tmp_path: Path) -> None:
    add_all(library, write_plans(tmp_path / "docs"))
    library.catalog.remove(library.catalog.records()[0].id)
    with pytest.raises(HandoverError, match="keikaku rebuild"):
        hand.change("verify", silent)


def test_a_wrong_token_is_an_error_of_the_command(hand: RemoteLibrary) -> None:
    wrong = RemoteLibrary(Owner(1, hand._owner.url, "wrong"))
    with pytest.raises(HandoverError, match=r"403.*wrong token"):
        wrong.change("verify", silent)
    with pytest.raises(HandoverError, match="404"):
        wrong.get("/nowhere")
    with pytest.raises(HandoverError, match="404"):
        wrong.post("/nowhere", {})


def test_work_goes_on_when_the_command_is_interrupted(
    hand: RemoteLibrary, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "BATCH_PASSAGES", 1)
    go_on, begun = threading.Event(), threading.Event()
    store = Library._store

    def slow(self: Library, *arguments: Any) -> Any:
        begun.set()
        go_on.wait(10)
        return store(self, *arguments)

    monkeypatch.setattr(Library, "_store", slow)
    work = {"command": "add", "paths": [str(write_plans(tmp_path / "docs"))], "visibility": "public"}
    headers = {TOKEN_HEADER: TOKEN}
    with httpx.stream("POST", hand._owner.url + PATH, json=work, headers=headers) as reply:
        assert reply.status_code == 200
        begun.wait(10)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "change":
            thread.join(20)
    assert {record.source for record in library.catalog.records()} == set(PLANS)
    assert library.verify()


def test_work_that_broke_off_is_not_taken_for_done(
    hand: RemoteLibrary, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: Library) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(Library, "verify", breaks)
    monkeypatch.setattr(threading, "excepthook", lambda error: None)
    with pytest.raises(HandoverError, match="broke off"):
        hand.change("verify", silent)


def test_a_server_that_is_gone_is_named(tmp_path: Path) -> None:
    gone = RemoteLibrary(Owner(1, "http://127.0.0.1:9", "token"))
    with pytest.raises(HandoverError, match="went away"):
        gone.change("verify", silent)


def test_a_library_that_closes_says_so(library: Library, hand: RemoteLibrary, tmp_path: Path) -> None:
    folder = write_plans(tmp_path / "docs")
    library.close()
    with pytest.raises(HandoverError, match="closing down"):
        list(hand.add([folder], "public", silent))
    again = Library(settings_at(tmp_path), WordEmbedder())
    again.open()
    assert again.catalog.records() == []
    again.close()
