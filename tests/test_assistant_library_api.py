"""Uploads and changes over HTTP: what is sent is there, what is wrong is said, every change is noted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings

from assistant.news import LINES
from index.library import Library

NEW = "# 環境計画\n\n環境計画の2025年度の予算は3億円です。\n"
FORWARDED = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with made_library(tmp_path, made_settings(tmp_path)) as made:
        yield made


@pytest.fixture
def client(library: Library, tmp_path: Path) -> TestClient:
    return client_of(made_app(library, made_settings(tmp_path)))


def sent(*files: tuple[str, str]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name, text.encode())) for name, text in files]


def ids(library: Library) -> dict[str, str]:
    return {record.source: record.id for record in library.catalog.records()}


def test_uploaded_files_are_documents_at_once(client: TestClient, library: Library) -> None:
    reply = client.post(
        "/api/documents", files=sent(("環境.md", NEW), ("空.txt", "")), data={"visibility": "public"}
    )
    assert reply.status_code == 200
    assert {one["source"]: one["status"] for one in reply.json()["documents"]} == {
        "環境.md": "added",
        "空.txt": "failed",
    }
    assert library.catalog.record(ids(library)["環境.md"]).visibility == "public"
    assert library.is_clean()
    (fact,) = client.get("/api/facts", params={"q": "環境計画"}).json()["facts"]
    assert fact["amount_yen"] == 300_000_000


def test_progress_is_told_line_by_line(client: TestClient) -> None:
    reply = client.post("/api/documents", files=sent(("環境.md", NEW)), headers={"Accept": LINES})
    news = [json.loads(line) for line in reply.text.splitlines()]
    assert news[-1] == {"kind": "done"}
    assert [one["status"] for one in news if one["kind"] == "added"] == ["added"]
    assert any(one["kind"] == "progress" for one in news)


def test_a_name_from_a_browser_is_only_a_name(client: TestClient, library: Library) -> None:
    reply = client.post("/api/documents", files=sent(("..\\..\\上\\か\u3099.md", NEW)))
    assert [one["source"] for one in reply.json()["documents"]] == ["が.md"]
    assert "が.md" in ids(library)


@pytest.mark.parametrize("names", [(".hidden",), ("同じ.md", "上/同じ.md"), ("..",)])
def test_names_that_cannot_be_used_are_refused(
    client: TestClient, library: Library, names: tuple[str, ...]
) -> None:
    before = ids(library)
    reply = client.post("/api/documents", files=sent(*((name, NEW) for name in names)))
    assert reply.status_code == 422
    assert ids(library) == before


def test_a_file_takes_the_place_of_a_document(client: TestClient, library: Library) -> None:
    key = ids(library)["plan.md"]
    reply = client.put(f"/api/documents/{key}/file", files={"file": ("v2.md", NEW.encode())})
    assert reply.json()["documents"][0]["status"] == "updated"
    record = library.catalog.record(key)
    assert (record.source, record.title, record.visibility) == ("plan.md", "環境計画", "public")


def test_a_file_that_cannot_be_read_leaves_the_document_as_it_was(
    client: TestClient, library: Library
) -> None:
    key = ids(library)["plan.md"]
    before = library.catalog.record(key)
    reply = client.put(f"/api/documents/{key}/file", files={"file": ("x.md", b"")})
    assert reply.status_code == 422
    assert "空" in reply.json()["detail"]
    assert library.catalog.record(key) == before


def test_a_document_is_published_withdrawn_superseded_and_removed(
    client: TestClient, library: Library
) -> None:
    inner, plan = ids(library)["inner.md"], ids(library)["plan.md"]
    asked = {"question": "秘密保管庫の移転の2024年度の予算はいくらですか"}

    def told() -> str:
        return client.post("/api/public/ask", json=asked, headers=FORWARDED).json()["text"]

    assert "9.9" not in told()
    assert client.patch(f"/api/documents/{inner}", json={"visibility": "public"}).status_code == 204
    assert "9.9億円" in told()
    assert client.patch(f"/api/documents/{inner}", json={"visibility": "staff"}).status_code == 204
    assert "9.9" not in told()
    assert client.patch(f"/api/documents/{inner}", json={"supersedes": plan}).status_code == 204
    assert client.patch(f"/api/documents/{plan}", json={"supersedes": inner}).status_code == 422
    assert library.catalog.record(plan).superseded_by == (inner,)
    assert client.delete(f"/api/documents/{inner}").status_code == 204
    assert client.delete(f"/api/documents/{inner}").status_code == 404
    assert list(ids(library)) == ["plan.md"]


def test_citizens_change_nothing(client: TestClient, library: Library) -> None:
    key = ids(library)["plan.md"]
    for reply in (
        client.post("/api/documents", files=sent(("環境.md", NEW)), headers=FORWARDED),
        client.put(f"/api/documents/{key}/file", files={"file": ("x.md", b"x")}, headers=FORWARDED),
        client.patch(f"/api/documents/{key}", json={"visibility": "staff"}, headers=FORWARDED),
        client.delete(f"/api/documents/{key}", headers=FORWARDED),
        client.post(f"/library/{key}/remove", headers=FORWARDED),
    ):
        assert reply.status_code == 403
    assert sorted(ids(library)) == ["inner.md", "plan.md"]
