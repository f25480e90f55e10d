"""The application put together."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from library_made import client_of, made_app, made_library, made_settings

from corpus.document import document_id
from corpus.settings import SettingsError
from index.library import Library
from ui.app import CatalogTexts


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return made_app(library, made_settings(tmp_path_factory.mktemp("app"), public_question_max_chars=77))


def test_the_front_page_is_the_chat(app: FastAPI) -> None:
    response = client_of(app).get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/chat")
    assert client_of(app).get("/chat").status_code == 200


def test_there_is_no_page_that_loads_scripts_from_elsewhere(app: FastAPI) -> None:
    assert [client_of(app).get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_the_pages_of_runs_are_part_of_it(app: FastAPI) -> None:
    assert "keikaku eval run" in client_of(app).get("/evaluations").text


def test_the_widget_takes_as_much_as_its_endpoint(app: FastAPI) -> None:
    assert 'maxlength="77"' in client_of(app).get("/widget").text


def test_work_for_the_library_needs_the_token(app: FastAPI) -> None:
    client = client_of(app)
    assert client.post("/internal/library", json={"command": "verify"}).status_code in (403, 422)
    wrong = client.post("/internal/library", json={"command": "verify"}, headers={"X-Keikaku-Token": "wrong"})
    assert wrong.status_code == 403
    right = client.post("/internal/library", json={"command": "verify"}, headers={"X-Keikaku-Token": "token"})
    assert '"kind": "done"' in right.text


def test_the_viewer_reads_the_catalog(library: Library) -> None:
    record = CatalogTexts(library).document(document_id("plan.md"))
    assert record is not None
    assert (record.source, record.visibility, record.media_type) == ("plan.md", "public", "text/markdown")
    assert "7.2億円" in record.text
    assert record.sections[0].path == ("中央市デジタル計画",)
    assert CatalogTexts(library).document("none") is None


def test_a_wrong_origin_is_named_at_the_start(
    library: Library, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = made_settings(tmp_path_factory.mktemp("wrong"), widget_origins="www.example.jp; script-src *")
    with pytest.raises(SettingsError, match="KEIKAKU_WIDGET_ORIGINS"):
        made_app(library, settings)
