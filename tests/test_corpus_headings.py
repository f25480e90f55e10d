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


def outline_of(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in find_headings(document)]


def outline(text: str) -> list[tuple[int, str]]:
    return outline_of(load_text(text))


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


def test_unnumbered_bullets_do_not_end_the_sections_they_stand_in() -> None:
    parts = [
        "１．仕組み",
        BODY,
        "（１）類型",
        BODY,
        "■現状",
        BODY,
        "（２）機能",
        BODY,
        "■課題",
        BODY,
        "２．沿革",
        BODY,
    ]
    assert outline("\n".join(parts)) == [
        (1, "１．仕組み"),
        (2, "（１）類型"),
        (3, "■現状"),
        (2, "（２）機能"),
        (3, "■課題"),
        (1, "２．沿革"),
    ]


def test_bullets_of_items_are_no_headings() -> None:
    parts = ["■図のとおり", "市場", "■仕組みのイメージ", "国", "■課題", BODY]
    assert outline("\n".join([BODY, *parts])) == []


def test_a_list_within_a_section_does_not_end_it() -> None:
    parts = ["１ 概要", BODY, "２ 沿革", BODY, "（１）融資", BODY, "（２）投資", BODY]
    inner = ["１ 編成", BODY, "２ 出資", BODY, "３ 既往", BODY]
    after = ["（３）活用", BODY, "３ 国会", BODY]
    assert outline("\n".join([*parts, *inner, *after])) == [
        (1, "１ 概要"),
        (1, "２ 沿革"),
        (2, "（１）融資"),
        (2, "（２）投資"),
        (3, "１ 編成"),
        (3, "２ 出資"),
        (3, "３ 既往"),
        (2, "（３）活用"),
        (1, "３ 国会"),
    ]


def test_aims_nest_as_the_plan_counts_them() -> None:
    parts = [
        "基本目標１　安心",
        BODY,
        "施策1-1　防災",
        BODY,
        "施策1-2　防犯",
        BODY,
        "基本目標２　学び",
        BODY,
        "施策2-1　学校",
        BODY,
    ]
    assert outline("\n".join(parts)) == [
        (1, "基本目標１ 安心"),
        (2, "施策1-1 防災"),
        (2, "施策1-2 防犯"),
        (1, "基本目標２ 学び"),
        (2, "施策2-1 学校"),
    ]


def test_a_budget_book() -> None:
    parts = ["２　歳　入", "１款　市税　　49,286,300千円", "１項　市民税　18,719,000千円", BODY]
    again = ["１款　市税　２項　固定資産税", "２項　固定資産税", BODY]
    text = "\n".join([*parts, "２項　固定資産税", BODY, *again, "２款　譲与税", BODY])
    assert outline(text) == [
        (1, "２ 歳 入"),
        (2, "１款 市税"),
        (3, "１項 市民税"),
        (3, "２項 固定資産税"),
        (2, "２款 譲与税"),
    ]


def test_parts_of_a_bill_that_its_articles_name() -> None:
    text = "\n".join(
        [
            "（歳入歳出予算）",
            "第１条 金額は、「第１表　歳入歳出予算」による。",
            "第１表　歳入歳出予算",
            BODY,
            "第２表　推移",
            BODY,
        ]
    )
    assert outline(text) == [(1, "（歳入歳出予算）"), (1, "第１表 歳入歳出予算")]


def test_a_number_alone_takes_the_title_below_it() -> None:
    assert outline("\n".join(["第１章", "計画の概要", BODY])) == [(1, "第１章 計画の概要")]


def test_questions_and_their_theme() -> None:
    parts = [
        "○登録の手続",
        "問１．どこで登録できますか。",
        BODY,
        "問２．手数料を教えてください。",
        BODY,
        "○経過措置",
        "問３．いつまでですか。",
        BODY,
    ]
    assert outline("\n".join(parts)) == [
        (1, "○登録の手続"),
        (2, "問１．どこで登録できますか。"),
        (2, "問２．手数料を教えてください。"),
        (1, "○経過措置"),
        (2, "問３．いつまでですか。"),
    ]


def test_chapters_that_begin_again_leave_the_part() -> None:
    parts = ["第1部 総論", BODY, "第1章 目的", BODY, "第2章 期間", BODY, "第1章 目的と背景", BODY]
    assert outline("\n".join(parts))[-1] == (1, "第1章 目的と背景")


def test_numbers_go_on_behind_deeper_marked_headings() -> None:
    document = load_markdown(
        f"# 計画\n\n1. 本会議\n\n#### 費用は\n\n{BODY}\n\n2. 委員会\n\n#### 期間は\n\n{BODY}\n"
    )
    assert outline_of(document) == [
        (1, "計画"),
        (2, "1. 本会議"),
        (4, "費用は"),
        (2, "2. 委員会"),
        (4, "期間は"),
    ]


def test_a_number_far_from_its_like_is_that_of_a_note() -> None:
    assert outline("\n".join(["1 目的", BODY, "31 Proprietary Trading System", BODY, "2 期間", BODY])) == [
        (1, "1 目的"),
        (1, "2 期間"),
    ]


def pdf(pages: list[list[tuple[str, int]]]) -> Document:
    """A PDF as its loader gives it: lines with the order of their larger type, 0 for body text."""
    text, blocks, marks, starts = "", [], [], []
    for page in pages:
        starts.append(len(text))
        for line, size in page:
            span = len(text), len(text) + len(line)
            blocks.append(span)
            marks += [Heading(*span, size, line)] if size else []
            text += line + "\n\n"
    return Document(
        text, pages[0][0][0], "application/pdf", tuple(blocks), tuple(marks), page_starts=tuple(starts)
    )


def test_type_sizes_order_what_has_no_number() -> None:
    document = pdf(
        [[("調査の概要", 2), ("１ 目的", 0), (BODY, 0)], [("統計表", 2), ("１ 世帯", 3), (BODY, 0)]]
    )
    assert outline_of(document) == [(1, "調査の概要"), (2, "１ 目的"), (1, "統計表"), (2, "１ 世帯")]


def test_numbers_count_more_than_type_sizes() -> None:
    document = pdf([[("第1章 目的", 1), (BODY, 0), ("第2章 期間", 2), (BODY, 0)]])
    assert [heading.level for heading in find_headings(document)] == [1, 1]


def test_a_cover_has_no_sections_but_the_title() -> None:
    document = pdf([[("行政方針", 2), ("本文", 1)], [("Ⅰ．目的", 2), (BODY, 0)]])
    assert outline_of(document) == [(1, "行政方針"), (1, "Ⅰ．目的")]


def test_sheets_that_each_begin_anew_do_not_stand_in_each_other() -> None:
    sheet = [("① 目的", 0), (BODY, 0), ("② 概要", 0), (BODY, 0), ("＜事業イメージ＞", 0), ("国と市", 0)]
    levels = outline_of(pdf([sheet, sheet, sheet]))
    assert [level for level, text in levels if text.startswith("①")] == [1, 1, 1]


def test_a_date_under_the_title_is_no_section() -> None:
    document = pdf([[("行政方針", 1), ("令和3年9月10日会議決定", 2), (BODY, 0)], [("１ 目的", 2), (BODY, 0)]])
    assert outline_of(document) == [(1, "行政方針"), (2, "１ 目的")]


def test_the_number_of_a_note_is_no_part_of_the_heading() -> None:
    document = pdf(
        [[("行政方針", 1), (BODY, 0), ("３．推進41", 0), (BODY, 0), ("41", 0), ("コラムを見よ。", 0)]]
    )
    assert find_headings(document)[-1].text == "３．推進"


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
    assert {h.start for h in headings} <= {start for start, _ in document.blocks}
