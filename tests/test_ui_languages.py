"""The words of the citizens' window: every language has every word."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from test_ui_widget import client

from assistant import messages
from assistant.language import SIMPLE
from ui.languages import FOLDER, LANGUAGES, known, markup, words

HOLES = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_its_holes(language: str) -> None:
    own, japanese = words(language), words("ja")
    assert own.keys() == japanese.keys()
    for name, text in own.items():
        assert text.strip()
        assert HOLES.findall(text) == HOLES.findall(japanese[name])
    assert language == "ja" or own["title"] != japanese["title"]
    for said in (messages.NOT_FOUND, messages.ASK_AT, messages.NEAREST, messages.FIGURES):
        assert language in said


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-Hans-CN", "zh"), ("ja-JP", "ja"), ("ja-simple", SIMPLE), ("EN_us", "en"), ("fr", "ja"), ("", "ja")],
)
def test_a_tag_finds_its_language(tag: str, language: str) -> None:
    assert known(tag) == language


def test_easy_japanese_has_readings() -> None:
    assert "<ruby>計画<rt>けいかく</rt></ruby>" in markup(SIMPLE, "title")
    assert "<ruby>" not in markup("ja", "title")


@pytest.mark.parametrize("path", ["/widget", "/q"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_in_its_language_that_an_ai_answers(path: str, language: str) -> None:
    seen = LexborHTMLParser(client().get(f"{path}?lang={language}").text)
    assert seen.css_first("html").attributes["lang"] == language
    notice = seen.css_first(".notice")
    for reading in notice.css("rt"):
        reading.decompose()
    assert notice.text() == words(language)["notice"]
    assert [one.attributes["value"] for one in seen.css("option")] == list(LANGUAGES)


def test_while_paused_the_page_says_why_and_has_no_form() -> None:
    seen = LexborHTMLParser(client(public_paused="年末年始は休みます").get("/q").text)
    assert "年末年始は休みます" in seen.css_first("main").text()
    assert seen.css_first("form") is None
    assert seen.css_first(".notice")
