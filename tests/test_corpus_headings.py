from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Heading
from corpus.headings import find_headings, first_title, is_caption, section_paths
from corpus.load_markdown import load_markdown
from corpus.load_text import load_text

PLANS = Path(__file__).parents[2] / "shared" / "plans"
needs_plans = pytest.mark.skipif(not PLANS.is_dir(), reason="the shared plans are not here")


def outline(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in find_headings(load_text(text))]


def plan(number: str) -> Document:
    (path,) = PLANS.glob(f"{number}_*.txt")
    return load_text(path.read_text("utf-8"))


def path_at(document: Document, words: str) -> tuple[str, ...]:
    offset = document.text.rindex(words)
    return next(s.path for s in section_paths(document) if s.start <= offset < s.end)


@needs_plans
def test_the_numbered_plan() -> None:
    document = plan("002")
    chapter, basics = "第1章 さいたま市行政デジタル化計画の概要", "2節 計画の基本方針"
    assert path_at(document, "「安心減災都市」などを") == (
        chapter,
        basics,
        "2-2 基本方針",
        "(1) 上質な生活環境",
    )
    assert path_at(document, "不断に見直し") == (chapter, "3節 計画期間")
    assert path_at(document, "平成13年5月") == (chapter, "1節 計画策定の趣旨")
    assert path_at(document, "主眼に置きつつ") == (chapter, "1節 計画策定の趣旨")
    assert len(find_headings(document)) == 9


@needs_plans
def test_the_article() -> None:
    document = plan("000")
    assert first_title(document) == "さいたま市、「選ばれる都市」に向けDXで市民の生活の質を高める"
    assert [heading.text for heading in find_headings(document)] == [
        "5つのワーキンググループで市のDX課題に取り組む",
        "デジタル八策で「市民誰一人取り残さない、きめ細やかなサポート」を目指す",
    ]
    assert path_at(document, "トップに立った") == ()


BODY = "本計画は、人口減少が進む中でも持続可能な行政運営の体制を築くことを目的として定めるものである。"


def test_levels_follow_the_documents_own_nesting() -> None:
    parts = [
        "第１章 目的",
        "① 背景",
        BODY,
        "(1) 国",
        BODY,
        "(2) 県",
        BODY,
        "② 課題",
        BODY,
        "第２章 施策",
        BODY,
    ]
    assert outline("\n".join(parts)) == [
        (1, "第１章 目的"),
        (2, "① 背景"),
        (3, "(1) 国"),
        (3, "(2) 県"),
        (2, "② 課題"),
        (1, "第２章 施策"),
    ]


def test_custom_decides_where_the_document_does_not() -> None:
    parts = ["１　現状", BODY, "（３）水道", BODY, "第２編　計画", BODY, "１．１ 目標", BODY]
    assert outline("\n".join(parts)) == [
        (1, "１ 現状"),
        (2, "（３）水道"),
        (1, "第２編 計画"),
        (2, "１．１ 目標"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["次の三つとする。", "①窓口の改善", "②人材の育成", "③安全の確保", BODY],
        ["(1)窓口WG :電子申請を進める", BODY, "(2)人材WG :人材を育てる。", BODY],
        ["第1章 目的……………… 1", "第2章 施策……………… 12", BODY],
        ["令和7年7月24日", "齋藤 公二", BODY],
        ["1 総務費 66,627,306", "2 企画費 15,206,341"],
        ["【図表1 計画の位置づけ】", BODY],
        ["第２条 継続費の経費の総額は、次の表に", BODY],
        ["政策09 その他 > 施策99 その他", BODY],
    ],
)
def test_what_is_no_heading(lines: list[str]) -> None:
    assert outline("\n".join([BODY, *lines])) == []


def test_an_outline_is_not_its_sections() -> None:
    outline_lines = ["第1章 概要", "1節 趣旨", "2節 方針"]
    text = "\n".join([*outline_lines, "第1章 概要", "1節 趣旨", BODY, "2節 方針", BODY])
    assert outline(text) == [(1, "第1章 概要"), (2, "1節 趣旨"), (2, "2節 方針")]
    first = find_headings(load_text(text))[0]
    assert first.start == text.rindex("第1章 概要")


def test_a_heading_repeated_on_each_page_counts_once() -> None:
    text = "\n".join(["第1章 概要", BODY, "第1章 概要", BODY, "第2章 施策", BODY])
    assert outline(text) == [(1, "第1章 概要"), (1, "第2章 施策")]


def test_article_titles_of_a_bill() -> None:
    text = "\n".join(
        ["議案第１８号", "令和８年  度みほん市一般会計予算", "（継続費）", "第２条 総額は、表による。"]
    )
    assert outline(text) == [(1, "（継続費）")]
    assert first_title(load_text(text)) == "議案第１８号 令和８年度みほん市一般会計予算"


def test_marked_headings_keep_their_level_and_numbers_nest_below() -> None:
    document = load_markdown(f"# 計画\n\n## 1 目的\n\n(1) 背景\n\n{BODY}\n\n## 2 予算\n\n短い行\n\n{BODY}\n")
    headings = [(heading.level, heading.text) for heading in find_headings(document)]
    assert headings == [(1, "計画"), (2, "1 目的"), (3, "(1) 背景"), (2, "2 予算")]
    assert first_title(document) == "計画"
    assert path_at(document, "短い行") == ("計画", "2 予算")


@pytest.mark.parametrize("text", ["【図表 4 計画期間】", "図2-1 推移", "写真1:市長", "第１表 歳入歳出予算"])
def test_captions(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", ["図書館の整備", "表彰する", "図1に示すとおりである。", "第1章 目的"])
def test_no_captions(text: str) -> None:
    assert not is_caption(text)


def test_no_title_where_the_text_begins_with_a_paragraph() -> None:
    assert first_title(load_text(BODY)) is None
    assert first_title(Document("", "", "text/plain", ())) is None


LINES = st.lists(st.text(alphabet="第1２章節(1)①ア- 　計画。、：あいう\t1,000図表", max_size=20), max_size=12)


@given(LINES)
def test_sections_cover_any_text(lines: list[str]) -> None:
    document = load_text("\n".join(lines))
    sections = section_paths(document)
    assert all(before.end == after.start for before, after in pairwise(sections))
    if sections:
        assert (sections[0].start, sections[-1].end) == (0, len(document.text))
    headings: list[Heading] = find_headings(document)
    assert all(document.text[h.start : h.end].split() == h.text.split() for h in headings)
    assert {(h.start, h.end) for h in headings} <= set(document.blocks)
