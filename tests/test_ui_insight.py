"""What the service was asked, as a page and as lines for cases."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings

FORWARDED = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("library")
    settings = made_settings(folder)
    with made_library(folder, settings) as library:
        yield client_of(made_app(library, settings))


def test_use_gaps_and_votes_are_shown(client: TestClient) -> None:
    assert "ありません" in client.get("/insight").text
    for question in (
        "窓口デジタル化事業の2024年度の予算はいくらですか",
        "水族館の開館時間は",
        "水族館の開館時間は",
    ):
        answer = client.post("/api/ask", json={"question": question}).json()
    client.post("/api/public/ask", json={"question": "動物園はどこ"}, headers=FORWARDED)
    client.post("/api/feedback", json={"answer_id": answer["id"], "vote": "down", "comment": "載せてほしい"})
    page = client.get("/insight?days=7").text
    assert "職員 3件" in page
    assert "市民 1件" in page
    assert '水族館の開館時間は</a> <span class="soft">2回' in page
    assert "動物園" not in page
    assert "載せてほしい" in page
    lines = client.get("/insight/feedback.jsonl").text.splitlines()
    assert len(lines) == 1
    assert "載せてほしい" in lines[0]


def test_an_unknown_period_is_refused(client: TestClient) -> None:
    assert client.get("/insight?days=0").status_code == 422
