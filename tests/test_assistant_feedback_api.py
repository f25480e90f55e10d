"""Votes: only on answers that were given, of citizens only the count."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings

from assistant.usage import Usage
from index.library import Library

ASK = {"question": "窓口デジタル化事業の2024年度の予算はいくらですか"}
FORWARDED = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return client_of(made_app(library, made_settings(tmp_path_factory.mktemp("app"))))


def test_staff_vote_and_say_why(client: TestClient, library: Library) -> None:
    answer = client.post("/api/ask", json=ASK).json()
    body = {"answer_id": answer["id"], "vote": "down", "comment": "足りない"}
    assert client.post("/api/feedback", json=body).status_code == 204
    latest = Usage(library.catalog).votes()[0]
    assert (latest.question, latest.vote, latest.comment) == (ASK["question"], "down", "足りない")
    assert latest.answer.text == answer["text"]


def test_of_a_citizen_only_the_count_is_kept(client: TestClient, library: Library) -> None:
    answer = client.post("/api/public/ask", json=ASK, headers=FORWARDED).json()
    body = {"answer_id": answer["id"], "vote": "up", "comment": "ありがとう"}
    assert client.post("/api/public/feedback", json=body, headers=FORWARDED).status_code == 204
    latest = Usage(library.catalog).votes()[0]
    assert (latest.vote, latest.question, latest.answer, latest.comment) == ("up", None, None, "")


@pytest.mark.parametrize("path", ["/api/feedback", "/api/public/feedback"])
def test_what_was_not_answered_cannot_be_voted_on(client: TestClient, path: str) -> None:
    assert client.post(path, json={"answer_id": "none", "vote": "up"}).status_code == 404
    assert client.post(path, json={"answer_id": "none", "vote": "sideways"}).status_code == 422


def test_citizens_and_staff_vote_on_their_own_answers(client: TestClient) -> None:
    answer = client.post("/api/ask", json=ASK).json()
    body = {"answer_id": answer["id"], "vote": "up"}
    assert client.post("/api/public/feedback", json=body, headers=FORWARDED).status_code == 404
    assert client.post("/api/feedback", json=body, headers=FORWARDED).status_code == 403
