"""The widget's files and headers."""

import gzip
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from corpus.settings import Settings, SettingsError
from ui.pages import STATIC
from ui.widget import widget_router

LOADER_LIMIT = 5_000  # bytes, gzipped


def client(**settings: str | int) -> TestClient:
    app = FastAPI()
    app.include_router(widget_router(Settings(**settings)))
    return TestClient(app)


def test_the_loader_is_a_small_script_for_any_site() -> None:
    reply = client().get("/widget.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(reply.content)) <= LOADER_LIMIT


SCRIPTS = [STATIC / "widget.js", *sorted((STATIC / "frame").iterdir())]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_nothing_is_stored_and_no_markup_is_parsed(path: Path) -> None:
    script = path.read_text("utf-8")
    for forbidden in ("localStorage", "sessionStorage", "indexedDB", ".cookie", "innerHTML", "AdjacentHTML"):
        assert forbidden not in script


def test_only_listed_origins_may_embed_the_frame() -> None:
    reply = client(widget_origins="https://www.city.example.jp, https://*.example.jp:8443").get("/widget")
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.city.example.jp https://*.example.jp:8443;" in policy
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy


@pytest.mark.parametrize(
    "origins", ["*", "https://a.example; script-src *", "a.example", "https://a.example/path"]
)
def test_what_is_no_origin_is_refused_by_name(origins: str) -> None:
    with pytest.raises(SettingsError, match="KEIKAKU_WIDGET_ORIGINS"):
        widget_router(Settings(widget_origins=origins))


@pytest.mark.parametrize("path", ["/widget", "/widget/demo"])
def test_pages_have_no_inline_script_or_style(path: str) -> None:
    seen = LexborHTMLParser(client().get(path).text)
    assert seen.css_first("html").attributes["lang"] == "ja"
    assert not seen.css("style, [style], [onclick], script:not([src])")


def test_the_frame_always_says_that_an_ai_answers() -> None:
    assert "AIが計画文書から自動で答えます" in client().get("/widget").text


def test_the_frame_knows_limit_and_contact() -> None:
    seen = LexborHTMLParser(client(contact='計画課 "窓口"', public_question_max_chars=50).get("/widget").text)
    assert seen.css_first("main").attributes["data-contact"] == '計画課 "窓口"'
    assert seen.css_first("textarea").attributes["maxlength"] == "50"


def test_an_unknown_language_falls_back_to_japanese() -> None:
    assert 'lang="ja"' in client().get('/widget?lang="><script>').text


def test_static_files_do_not_leave_their_folder() -> None:
    assert client().get("/static/base.css").status_code == 200
    assert client().get("/static/..%2fwidget.py").status_code == 404
