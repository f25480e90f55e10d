"""The library's pages without JavaScript: what is listed, how a document was read, what forms do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings

from index.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with made_library(tmp_path, made_settings(tmp_path)) as made:
        yield made


@pytest.fixture
def client(library: Library, tmp_path: Path) -> TestClient:
    return client_of(made_app(library, made_settings(tmp_path)))


def key_of(library: Library, source: str) -> str:
    return next(one.id for one in library.catalog.records() if one.source == source)


def test_documents_are_listed_and_found(client: TestClient) -> None:
    page = client.get("/library").text
    assert "中央市デジタル計画" in page
    assert "庁内の検討資料" in page
    assert "庁内の検討資料" not in client.get("/library?q=中央市").text
    assert "中央市デジタル計画" not in client.get("/library?visibility=staff").text
    assert "あてはまる文書がありません" in client.get("/library?q=ない").text


def test_how_a_document_was_read_is_shown(client: TestClient, library: Library) -> None:
    url = f"/library/{key_of(library, 'plan.md')}"
    assert "2節 窓口デジタル化事業" in client.get(url).text
    assert "すべての窓口で電子申請を受け付けます" in client.get(f"{url}?part=passages").text
    assert "720,000,000" in client.get(f"{url}?part=facts").text
    assert "見つかりませんでした" in client.get(f"{url}?part=tables").text
    missing = client.get("/library/none", headers={"Accept": "text/html"})
    assert (missing.status_code, "文書がありません" in missing.text) == (404, True)
    assert client.get("/library/none").headers["content-type"] == "application/problem+json"
    assert client.get(f"{url}?part=nothing").status_code == 422


def test_a_form_adds_and_says_what_became_of_each_file(client: TestClient, library: Library) -> None:
    files = [
        ("files", ("新しい計画.md", "# 新しい計画\n\n予算は3億円です。".encode())),
        ("files", ("空.txt", b"")),
    ]
    page = client.post("/library", files=files, data={"visibility": "staff"}).text
    assert "追加しました" in page
    assert "追加できませんでした：ファイルが空です" in page
    assert key_of(library, "新しい計画.md")


def test_forms_change_replace_supersede_and_remove(client: TestClient, library: Library) -> None:
    plan, inner = key_of(library, "plan.md"), key_of(library, "inner.md")
    changed = client.post(f"/library/{inner}/visibility", data={"visibility": "public"})
    assert "公開範囲を変えました" in changed.text
    new = {"file": ("x.md", "# 改訂した計画\n\n予算は8億円です。".encode())}
    assert "改訂した計画" in client.post(f"/library/{plan}/replace", files=new).text
    client.post(f"/library/{plan}/supersede", data={"older": inner})
    assert "新しい版があります" in client.get(f"/library/{inner}").text
    assert "元には戻せません" in client.get(f"/library/{inner}/remove").text
    assert library.catalog.record(inner) is not None
    assert "文書を削除しました" in client.post(f"/library/{inner}/remove").text
    assert library.catalog.record(inner) is None
