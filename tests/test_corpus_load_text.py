"""Plain text: blocks, wrapped lines, tables of tabs, pages."""

import time

import pytest
from corpus_made import SHARED

from corpus.document import Document
from corpus.load_text import load_text

LONG = "さいたま市は、市民の負担を軽くするために窓口の手続をデジタルへ移す取組を進め"


def blocks(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.blocks]


def rows(document: Document, table: int = 0) -> list[list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for cell in document.tables[table].cells:
        found.setdefault(cell.row, []).append((cell.column, document.text[cell.start : cell.end]))
    return list(found.values())


def test_the_text_is_canonical_but_for_look_alike_kanji() -> None:
    assert load_text("　⻄⽇本  ①\n").text == "　西日本  ①\n"


def test_lines_are_blocks() -> None:
    assert blocks(load_text("一行目\n\n 　二行目 \n三行目。")) == ["一行目", "二行目", "三行目。"]


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n \n"])
def test_a_sentence_goes_on_in_hiragana_even_over_a_blank_line(between: str) -> None:
    text = f"{LONG}{between}ることが重要である。"
    assert blocks(load_text(text)) == [text]


@pytest.mark.parametrize("indent", [" ", "　", "\t"])
def test_an_indented_line_after_a_blank_one_is_a_new_paragraph(indent: str) -> None:
    assert blocks(load_text(f"{LONG}\n\n{indent}これらの取り組みについて話す。")) == [
        LONG,
        "これらの取り組みについて話す。",
    ]


def test_a_hanging_indent_goes_on() -> None:
    article = "第２条 継続費の経費の総額及び年割額、債務負担行為の期間並びに限\n 度額は、別に定める。"
    assert blocks(load_text(f"{article}\n第３条 地方債。")) == [article, "第３条 地方債。"]


def test_a_line_that_ends_in_a_comma_goes_on_unless_a_list_begins() -> None:
    wrapped = "さいたま市は次の施策、すなわち窓口の手続のデジタル化、\n人材の育成を進める。"
    assert blocks(load_text(wrapped)) == [wrapped]
    item = "さいたま市は次の施策、すなわち窓口の手続のデジタル化、\n・人材の育成"
    assert len(blocks(load_text(item))) == 2


def test_headings_and_lists_are_not_wrapped_lines() -> None:
    text = "第1章 さいたま市行政デジタル化計画の概要と計画の位置づけ\nさいたま市は計画を定めた。"
    assert len(blocks(load_text(text))) == 2
    lines = [
        "①年齢や障害の有無を問わず市民がデジタルの恩恵を受けられる",
        "②年齢や障害の有無を問わず市民がデジタルの恩恵を受けられる",
    ]
    assert blocks(load_text("\n".join(lines))) == lines


def test_nothing_goes_on_over_a_page_break() -> None:
    document = load_text(f"{LONG}\n\fることが重要である。")
    assert blocks(document) == [LONG, "ることが重要である。"]
    assert document.page_starts == (0, len(LONG) + 2)
    assert load_text("一頁").page_starts == ()


def test_a_table_of_tabs_with_caption_and_unit() -> None:
    document = load_text("【表1 予算】\n（単位：千円）\n区分\tR5\tR6\n総額\t1\t2\n内訳\t\t3\n\n次の段落。")
    assert rows(document) == [
        [(0, "区分"), (1, "R5"), (2, "R6")],
        [(0, "総額"), (1, "1"), (2, "2")],
        [(0, "内訳"), (2, "3")],
    ]
    table = document.tables[0]
    assert (table.caption, table.unit, table.header_rows) == ("【表1 予算】 （単位：千円）", "千円", 1)
    assert document.text[table.start : table.end].startswith("区分")
    assert blocks(document)[-1] == "次の段落。"


def test_an_empty_first_cell_keeps_its_column() -> None:
    assert rows(load_text("\tR5\tR6\n総額\t1\t2"))[0] == [(1, "R5"), (2, "R6")]


def test_a_blank_line_ends_a_table() -> None:
    document = load_text("a\tb\n1\t2\n\nc\td\n3\t4")
    assert [len(rows(document, number)) for number in range(len(document.tables))] == [2, 2]


def test_tabs_as_indent_or_in_one_line_are_no_table() -> None:
    assert load_text("\t一つ目の段落。\n\t二つ目の段落。\n担当\t企画課").tables == ()


def test_the_shared_plans_join_and_part_as_they_were_printed() -> None:
    if not SHARED.exists():
        pytest.skip("the shared plans are not here")
    first, second = (
        load_text(next((SHARED / "plans").glob(f"{name}_*")).read_text("utf-8")) for name in ("000", "002")
    )
    assert any(block.endswith("2024年に新設した") for block in blocks(first))
    assert any(block.startswith("これらの取り組みについて小泉氏は") for block in blocks(first))
    assert any("取組を進め\n\nることが重要" in block for block in blocks(second))
    assert [len(rows(second, number)) for number in range(len(second.tables))] == [5]


@pytest.mark.parametrize("line", ["\tあ\n", "あ\tい\n", f"{LONG}\n", "\f\n", " \n"])
def test_time_grows_with_the_length_only(line: str) -> None:
    clock = time.process_time()
    load_text(line * 20_000)
    assert time.process_time() - clock < 10
