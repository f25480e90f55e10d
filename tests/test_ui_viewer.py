"""The page behind a citation."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from ui_made import PUBLIC, QUOTE, TEXT, Texts, citation

from ui.viewer import viewer_router


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(viewer_router(Texts(), lambda record, _request: record.visibility == "public"))
    return TestClient(app)


def page(client: TestClient, url: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(url).text)


def test_the_quote_is_highlighted_and_nothing_else(client: TestClient) -> None:
    seen = page(client, citation().url)
    assert [mark.text() for mark in seen.css("mark")] == [QUOTE]
    assert seen.css_first("mark").id == "cite"


def test_the_place_of_the_quote_is_said(client: TestClient) -> None:
    crumbs = [crumb.text() for crumb in page(client, citation().url).css(".cited .crumb")]
    assert crumbs == ["第1章 計画の概要", "1節 計画期間と予算", "2ページ"]


def test_the_original_opens_at_the_cited_page(client: TestClient) -> None:
    def original(url: str) -> str | None:
        return page(client, url).css_first(".top .button").attributes["href"]

    assert original(citation().url) == "/api/documents/plan/file#page=2"
    assert original("/documents/plan") == "/api/documents/plan/file"


def test_without_a_span_nothing_is_highlighted(client: TestClient) -> None:
    seen = page(client, "/documents/plan")
    assert not seen.css("mark")
    assert seen.css_first("h1").text() == PUBLIC.title
    anchors = [link.attributes["href"] for link in seen.css(".contents a")]
    assert anchors == ["#at-0", f"#at-{TEXT.index('1節')}"]


def test_markup_in_a_document_is_text(client: TestClient) -> None:
    seen = page(client, "/documents/plan")
    assert not seen.css("b")
    assert "<b>太字ではない</b>" in seen.css_first("article").text()


def test_the_page_is_japanese_and_runs_no_script(client: TestClient) -> None:
    reply = client.get("/documents/plan")
    seen = LexborHTMLParser(reply.text)
    assert seen.css_first("html").attributes["lang"] == "ja"
    assert not seen.css("script, style, [style]")
    assert "script-src 'none'" in reply.headers["content-security-policy"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["nothing", "inner"])
def test_unknown_and_hidden_documents_answer_alike(client: TestClient, name: str) -> None:
    reply = client.get(f"/documents/{name}")
    assert reply.status_code == 404
    assert reply.text == client.get("/documents/other").text
    assert "文書が見つかりません" in reply.text


@pytest.mark.parametrize(
    "span",
    [
        f"start=0&end={len(TEXT) + 1}",
        "start=5&end=5",
        "start=9&end=2",
        "start=1",
        "end=1",
        "start=-1&end=4",
        "start=a&end=b",
        "start=²&end=9",
        "start=&end=",
        f"start=1&end={'9' * 5000}",
    ],
)
def test_a_span_outside_the_text_is_refused_in_words(client: TestClient, span: str) -> None:
    reply = client.get(f"/documents/plan?{span}")
    assert reply.status_code == 422
    assert "引用の場所がありません" in reply.text
    assert "/documents/plan" in reply.text
