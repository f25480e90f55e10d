"""A person's conversations as pages and files."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings
from ui_made import answer

from assistant.accounts import AT_THIS_MACHINE, Person
from assistant.conversations import Conversations
from index.library import Library

OTHER = Person("other", "鈴木", "staff")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return client_of(made_app(library, made_settings(tmp_path_factory.mktemp("app"))))


@pytest.fixture
def kept(library: Library) -> Conversations:
    conversations = Conversations(library.catalog)
    conversations.delete_all(AT_THIS_MACHINE)
    return conversations


def test_own_conversations_are_found_and_saved(client: TestClient, kept: Conversations) -> None:
    key = kept.keep(AT_THIS_MACHINE, None, "窓口の予算は/いくら", answer(id="h1"))
    kept.keep(OTHER, None, "ほかの人の質問", answer(id="h2"))
    page = client.get("/history").text
    assert f"/chat?c={key}" in page
    assert "ほかの人の質問" not in page
    assert "あてはまる会話がありません" in client.get("/history?q=学校").text
    saved = client.get(f"/history/{key}.md")
    assert "約7.2億円です。" in saved.text
    assert "/" not in saved.headers["content-disposition"].partition("UTF-8''")[2]
    assert client.get(f"/history/{key}.docx").content.startswith(b"PK")


def test_only_one_s_own_are_deleted(client: TestClient, kept: Conversations) -> None:
    mine = kept.keep(AT_THIS_MACHINE, None, "質問", answer(id="h3"))
    theirs = kept.keep(OTHER, None, "質問", answer(id="h4"))
    for url in (f"/history/{theirs}.md", f"/history/{theirs}.docx"):
        assert client.get(url).status_code == 404
    assert client.post(f"/history/{theirs}/delete").status_code == 404
    assert "会話を削除しました" in client.post(f"/history/{mine}/delete").text
    kept.keep(AT_THIS_MACHINE, None, "もう一度", answer(id="h5"))
    assert "すべて削除する" in client.get("/history/delete-all").text
    assert "まだ会話がありません" in client.post("/history/delete-all").text
    assert kept.exchanges(OTHER, theirs)
