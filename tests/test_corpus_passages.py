"""Passages: verbatim, complete, never across a section or page; table rows with their headers."""

import pytest
from corpus_made import TEXTS, check_document, check_passages, readable_files
from hypothesis import given
from hypothesis import strategies as st

from corpus.builder import DocumentBuilder
from corpus.document import Document, Passage
from corpus.headings import section_paths
from corpus.load_html import load_html
from corpus.load_markdown import load_markdown
from corpus.load_text import load_text
from corpus.passages import MAX_CHARS, page_of, passages_of, section_at

TAGS = ["p", "h1", "h2", "h3", "ul", "ol", "li", "div", "table", "tr", "td", "th", "br", "b", "ruby", "rt"]


def passages(document: Document) -> list[Passage]:
    return passages_of("d", document, section_paths(document))


def texts(document: Document) -> list[str]:
    return [passage.text for passage in passages(document)]


def test_every_passage_of_real_files_is_its_text() -> None:
    count = 0
    for name, file in readable_files():
        count += len(file.passages)
        try:
            check_passages(file.document, file.sections, file.passages)
        except AssertionError as error:
            raise AssertionError(name) from error
    assert count > 30


@given(TEXTS)
def test_any_text_is_cut_without_loss(text: str) -> None:
    check_document(load_text(text))


@given(TEXTS)
def test_any_markdown_is_cut_without_loss(text: str) -> None:
    check_document(load_markdown(text))


@given(
    st.lists(st.sampled_from(TAGS), max_size=30),
    TEXTS,
)
def test_any_html_is_cut_without_loss(tags: list[str], text: str) -> None:
    parts = text.split("\n")
    page = "".join(f"<{tag}>{parts[number % len(parts)]}" for number, tag in enumerate(tags)) + text
    check_document(load_html(page))


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["", "区分", "7.2億円", "令和6年度"]), st.integers(1, 4), st.integers(1, 4)
            )
        ),
        max_size=6,
    ),
    st.integers(0, 3),
)
def test_any_grid_is_cut_without_loss(rows: list[list[tuple[str, int, int]]], header_rows: int) -> None:
    builder = DocumentBuilder()
    builder.block("前の段落。")
    builder.table(rows, header_rows, "表")
    check_document(builder.build("", "text/html"))


def test_two_or_three_sentences_as_even_as_can_be() -> None:
    sentence = (
        "さいたま市は窓口の手続をデジタルへ移し、市民の負担を軽くすることを目指す取り組みを進めている。"
    )
    assert texts(load_text(sentence * 4)) == [sentence * 2, sentence * 2]
    assert texts(load_text(sentence * 3)) == [sentence * 3]


def test_a_long_sentence_stays_whole() -> None:
    sentence = "市は" + "、".join(f"{number}番目の施策" for number in range(60)) + "を進める。"
    assert len(sentence) > MAX_CHARS
    assert texts(load_text(f"短い文である。{sentence}"))[-1] == sentence


def test_headings_stand_with_the_text_below_and_lead_to_each_other() -> None:
    found = passages(load_markdown("# 計画\n\n## 第1章\n\n本文。\n\n## 第2章\n\n# 付録\n\n本文2。"))
    assert [(passage.kind, passage.section, passage.text) for passage in found] == [
        ("text", ("計画", "第1章"), "計画\n\n第1章\n\n本文。"),
        ("heading", ("計画", "第2章"), "第2章"),
        ("text", ("付録",), "付録\n\n本文2。"),
    ]


def test_short_lines_stay_together_and_paragraphs_apart() -> None:
    themes = "\n".join(f"{mark}テーマ{mark}へ" for mark in "①②③④⑤⑥⑦⑧")
    assert texts(load_text(themes)) == [themes]
    long = (
        "この段落は一つの話題について、長い文をいくつか使って説明しているので、次の段落とは別のものとして扱う。"
        * 2
    )
    assert texts(load_text(f"{long}\n\n{long}")) == [long, long]


@pytest.mark.parametrize("sentences", [4, 8])
def test_a_caption_stands_with_the_paragraph_below(sentences: int) -> None:
    caption = "対象となる世帯の例"
    sentence = "住民票のある世帯のうち、前の年度の収入が基準を下回るものに、申請の案内を郵便で送る。"
    alone = texts(load_text(sentence * sentences))
    found = texts(load_text(f"{caption}\n\n{sentence * sentences}\n\n{sentence * 4}"))
    assert len(sentence * 4) > MAX_CHARS // 2  # so long that it would not join a short paragraph
    assert found == [f"{caption}\n\n{alone[0]}", *alone[1:], *texts(load_text(sentence * 4))]


def test_a_caption_with_nothing_below_is_still_found() -> None:
    found = texts(load_markdown("# 章\n\n## 節\n\n対象となる世帯の例\n\n## 次の節\n\n文である。"))
    assert found == ["章\n\n節\n\n対象となる世帯の例", "次の節\n\n文である。"]
    assert texts(load_text("対象となる世帯の例\f別の頁の文である。")) == [
        "対象となる世帯の例",
        "別の頁の文である。",
    ]


def test_rows_carry_their_headers_and_the_header_row_can_be_cited() -> None:
    found = passages(
        load_markdown(
            "事業費（単位：千円）\n\n| 区分 | R5 | R6 |\n|---|---|---|\n| 総額 | 1 | 2 |\n| うち市費 | | 3 |"
        )
    )
    assert [(passage.kind, passage.text, passage.context) for passage in found] == [
        ("text", "事業費（単位：千円）\n\n区分\tR5\tR6", ""),
        ("row", "総額\t1\t2", "事業費（単位：千円）、区分：総額、R5：1、R6：2"),
        ("row", "うち市費\t3", "事業費（単位：千円）、区分：うち市費、R6：3"),
    ]


def test_ids_do_not_depend_on_what_stands_before() -> None:
    before = {
        passage.text: passage.id for passage in passages(load_markdown("# 章\n\n一。\n\n## 節\n\n二。"))
    }
    after = {
        passage.text: passage.id
        for passage in passages(load_markdown("# 章\n\n一。新しい。\n\n## 節\n\n二。"))
    }
    assert before["節\n\n二。"] == after["節\n\n二。"]


def test_the_same_words_twice_are_two_passages() -> None:
    found = passages(load_markdown("|a|\n|---|\n|同じ|\n|同じ|"))
    assert [passage.text for passage in found] == ["a", "同じ", "同じ"]
    assert len({passage.id for passage in found}) == 3


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (9, 1), (10, 2), (25, 3)])
def test_pages_count_from_one(offset: int, page: int) -> None:
    assert page_of((0, 10, 20), offset) == page
    assert page_of((), offset) is None


def test_the_section_that_holds_an_offset() -> None:
    sections = section_paths(load_markdown("前。\n\n# 一\n\n文。\n\n# 二\n\n文。"))
    assert [section_at(sections, at).path for at in (0, sections[1].start, sections[2].start - 1, 10**6)] == [
        (),
        ("一",),
        ("一",),
        ("二",),
    ]
