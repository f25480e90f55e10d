"""Answers as HTML: links, escaping, kind words for what could not be answered."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_made import ATTACK, QUOTE, answer, citation

from assistant.answer import Status
from ui.render import answer_html, documents_html, draft_html, problem_html, question_html

KNOWN_TAGS = {"div", "p", "a", "ul", "li", "span", "blockquote", "button"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "href"]


def test_marks_and_sources_link_to_the_quote() -> None:
    seen = Reader(answer_html(answer(), "窓口"))
    assert seen.links == [citation().url, citation().url, "/api/documents/plan/file#page=2"]
    assert f"[1] 見本計画 › 第1章 計画の概要 › 1節 計画期間と予算 (p.2)「{QUOTE}」" in seen.text


def test_links_open_in_a_new_tab() -> None:
    assert Reader(answer_html(answer(), "")).attributes.count(("target", "_blank")) == 3


def test_a_mark_without_citation_stays_text() -> None:
    seen = Reader(answer_html(answer(text="約7.2億円です。[7]", citations=()), ""))
    assert seen.links == []
    assert "[7]" in seen.text


def test_a_page_is_named_only_where_there_is_one() -> None:
    assert "(p." not in answer_html(answer(citations=(citation(page=None),)), "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example/", "//a.example/documents/"])
def test_only_paths_of_this_site_become_links(url: str) -> None:
    assert Reader(answer_html(answer(citations=(citation(url=url, page=None),)), "")).links == []


def test_no_evidence_says_what_to_do_and_whom_to_ask() -> None:
    text = Reader(answer_html(answer(Status.NO_EVIDENCE, "ありません。", citations=()), "計画課")).text
    assert "計画文書には見つかりませんでした" in text
    assert "お問い合わせ先：計画課" in text


def test_the_contact_is_not_said_twice() -> None:
    html = answer_html(answer(Status.NO_EVIDENCE, "計画課へお尋ねください。", citations=()), "計画課")
    assert html.count("計画課") == 1


def test_a_refusal_sends_nobody_to_the_counter() -> None:
    text = Reader(answer_html(answer(Status.REFUSED, "答えません。", citations=()), "計画課")).text
    assert "この質問にはお答えできません" in text
    assert "計画課" not in text


def test_a_completed_follow_up_is_shown() -> None:
    made = answer(standalone_question="八策①の2025年度の予算は")
    assert "「八策①の2025年度の予算は」として調べました。" in answer_html(made, "", "2025年度は")
    assert "として調べました" not in answer_html(made, "", "八策①の 2025年度の予算は")


@pytest.mark.parametrize(
    "html",
    [
        answer_html(answer(text=ATTACK), ATTACK),
        answer_html(answer(citations=(citation(title=ATTACK, quote=ATTACK, section=(ATTACK,)),)), ""),
        answer_html(answer(Status.PARTIAL, standalone_question=ATTACK), ATTACK, "x"),
        draft_html(ATTACK, [citation()]),
        question_html(ATTACK),
        problem_html(ATTACK),
    ],
)
def test_markup_from_outside_is_shown_not_run(html: str) -> None:
    seen = Reader(html)
    assert set(seen.tags) <= KNOWN_TAGS
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert "<script>" in seen.text


@given(st.text())
def test_any_text_stays_text_on_one_line(text: str) -> None:
    html = question_html(text)
    seen = Reader(html)
    assert seen.tags == ["div"]
    assert "\n" not in html
    assert "\r" not in html


@given(st.text())
def test_a_draft_has_no_raw_line_end(text: str) -> None:
    assert "\n" not in draft_html(text, [citation()])


def test_documents_are_listed_with_their_number() -> None:
    seen = Reader(documents_html([("a", "計画<1>"), ("b", "計画2")]))
    assert "対象の計画文書（2件）" in seen.text
    assert "計画<1>" in seen.text
    assert seen.links == ["/documents/a", "/documents/b"]


def test_an_empty_library_is_said() -> None:
    assert "登録されていません" in documents_html([])
