"""Conversations as files."""

import io
from datetime import UTC, datetime

import docx as word
from markdown_it import MarkdownIt
from ui_made import ATTACK, QUOTE, answer, citation

from assistant.conversations import Exchange
from assistant.exports import docx, markdown

AT = datetime(2026, 11, 22, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8000"


def test_markdown_has_every_answer_with_its_source() -> None:
    html = MarkdownIt().render(markdown("予算は", [Exchange("予算は", answer(), AT)], ORIGIN))
    assert "<h2>予算は</h2>" in html
    assert "約7.2億円です。[1]" in html
    assert f'href="{ORIGIN}/documents/plan?start=' in html
    assert f"「{QUOTE}」" in html


def test_markup_stays_text() -> None:
    one = Exchange(ATTACK, answer(text=ATTACK, citations=(citation(title=ATTACK, quote=ATTACK),)), AT)
    html = MarkdownIt().render(markdown(ATTACK, [one], ORIGIN))
    assert "<img" not in html
    assert "<strong>" not in html
    assert "**太字**" in html


def test_word_has_the_same() -> None:
    document = word.Document(io.BytesIO(docx("予算は", [Exchange("予算は", answer(), AT)], ORIGIN)))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "約7.2億円です。[1]" in text
    assert f"「{QUOTE}」" in text
    assert document.core_properties.title == "予算は"
