"""Slides: pages, titles, reading order by position, tables, notes, and what a reader does not see."""

from itertools import pairwise
from typing import Any

import pytest
from corpus_made import check_document
from fuzz_made import check_reading
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from office_made import blocks, grid, slides, with_part

from corpus.headings import section_paths
from corpus.load import load
from corpus.load_error import LoadError
from corpus.load_pptx import load_pptx
from corpus.passages import page_of
from corpus.pptx_shapes import in_reading_order

TITLE, SECTION, BODY, EMPTY = 0, 2, 1, 6
CM = 360_000
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def add(made: Any, layout: int, title: str = "") -> Any:
    slide = made.slides.add_slide(made.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    return slide


def box(slide: Any, text: str, left: float, top: float, width: float = 8, height: float = 2) -> Any:
    made = slide.shapes.add_textbox(*(round(CM * one) for one in (left, top, width, height)))
    made.text_frame.text = text
    return made


def test_slides_are_pages_and_titles_are_sections() -> None:
    def fill(made: Any) -> None:
        add(made, TITLE, "みほん市デジタル推進計画")
        add(made, SECTION, "第1章 現状")
        add(made, EMPTY)
        body = add(made, BODY, "窓口の\v待ち時間")
        body.placeholders[1].text = "待ち時間は30分である。\n来庁者は月5,000人である。"

    document = load("計画.pdf", slides(fill))
    assert document.media_type.endswith("presentation")
    assert [heading.text for heading in document.marked_headings] == [
        "みほん市デジタル推進計画",
        "第1章 現状",
        "窓口の 待ち時間",
    ]
    assert section_paths(document)[-1].path == ("みほん市デジタル推進計画", "第1章 現状", "窓口の 待ち時間")
    at = document.text.index("来庁者")
    assert (page_of(document.page_starts, at), len(document.page_starts)) == (4, 4)
    check_document(document)


def test_boxes_are_read_as_they_stand() -> None:
    def fill(made: Any) -> None:
        slide = add(made, EMPTY)
        for text, left, top in (
            ("右の本文", 13, 6.1),
            ("左の本文", 1, 6.1),
            ("脚の行", 1, 12),
            ("右の見出し", 13, 4),
            ("左の見出し", 1, 4),
            ("表題の行", 1, 1),
        ):
            box(slide, text, left, top, 20 if text[1] == "の行" or text[2:] == "の行" else 8)
        group = slide.shapes.add_group_shape()
        for text, top in (("組の下", 17), ("組の上", 15)):
            group.shapes.add_textbox(CM, top * CM, CM, CM).text_frame.text = text

    found = blocks(load_pptx(slides(fill)))
    assert found == [
        "表題の行",
        "左の見出し",
        "左の本文",
        "右の見出し",
        "右の本文",
        "脚の行",
        "組の上",
        "組の下",
    ]


def test_labels_stay_with_what_stands_beside_them() -> None:
    def fill(made: Any) -> None:
        slide = add(made, EMPTY)
        for row, name in enumerate(["目的", "期間", "費用"]):
            box(slide, f"{name}の説明", 5.1, 1 + 4 * row, 15)
            box(slide, name, 1, 1 + 4 * row, 4)

    assert blocks(load_pptx(slides(fill))) == [
        "目的",
        "目的の説明",
        "期間",
        "期間の説明",
        "費用",
        "費用の説明",
    ]


class Shape:
    def __init__(self, left: int, top: int, width: int, height: int) -> None:
        self.left, self.top, self.width, self.height = left, top, width, height


@given(st.lists(st.tuples(*[st.integers(-5, 40)] * 2, *[st.integers(0, 20)] * 2), max_size=12))
def test_each_shape_is_read_once(places: list[tuple[int, int, int, int]]) -> None:
    shapes = [Shape(*place) for place in places]
    found = in_reading_order(shapes)
    assert sorted(map(id, found)) == sorted(map(id, shapes))
    if all(shape.left == 0 for shape in shapes):
        assert all(above.top <= below.top for above, below in pairwise(found))


def test_tables_with_merged_cells_and_their_unit() -> None:
    def fill(made: Any) -> None:
        slide = add(made, EMPTY)
        box(slide, "事業費（単位：千円）", 1, 1)
        table = slide.shapes.add_table(4, 3, CM, 4 * CM, 9 * CM, 9 * CM).table
        for place, text in {
            (0, 0): "事業",
            (0, 1): "令和7年度",
            (1, 1): "予算額",
            (1, 2): "決算額",
            (2, 0): "窓口\v改革",
            (2, 1): "1,200",
            (2, 2): "1,100",
            (3, 1): "300",
        }.items():
            table.cell(*place).text = text
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(2, 0).merge(table.cell(3, 0))

    document = load_pptx(slides(fill))
    assert grid(document)[:3] == [
        (0, 0, 2, 1, "事業"),
        (0, 1, 1, 2, "令和7年度"),
        (1, 1, 1, 1, "予算額"),
    ]
    assert (2, 0, 2, 1, "窓口 改革") in grid(document)
    assert (3, 1, 1, 1, "300") in grid(document)
    assert (document.tables[0].header_rows, document.tables[0].unit) == (2, "千円")
    assert document.tables[0].caption == "事業費（単位：千円）"
    check_document(document)


def test_numbers_that_powerpoint_prints_are_read() -> None:
    def fill(made: Any) -> None:
        frame = box(add(made, EMPTY), "", 1, 1).text_frame
        for text, scheme, level in (
            ("一", "circleNumDbPlain", 0),
            ("中", "arabicParenBoth", 1),
            ("二", "circleNumDbPlain", 0),
            ("中", "arabicParenBoth", 1),
            ("文", "", 0),
            ("三", 'arabicPeriod" startAt="3', 0),
            ("四", "unknown", 0),
        ):
            paragraph = frame.add_paragraph()
            paragraph.text, paragraph.level = text, level
            if scheme:
                paragraph._p.get_or_add_pPr().append(etree.fromstring(f'<a:buAutoNum {A} type="{scheme}"/>'))

    assert blocks(load_pptx(slides(fill))) == ["① 一", "(1) 中", "② 二", "(1) 中", "文", "3. 三", "四"]


def test_notes_are_read_hidden_slides_and_slide_numbers_are_not() -> None:
    def fill(made: Any) -> None:
        hidden = add(made, EMPTY)
        box(hidden, "見せない", 1, 1)
        hidden._element.set("show", "0")
        slide = add(made, EMPTY)
        footer = box(slide, "3", 1, 1)
        footer._element.nvSpPr.nvPr.append(
            etree.fromstring(
                '<p:ph xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" type="sldNum"/>'
            )
        )
        box(slide, "本文", 1, 5)
        slide.notes_slide.notes_text_frame.text = "予算は5億円。"

    document = load_pptx(slides(fill))
    assert blocks(document) == ["本文", "予算は5億円。"]
    assert page_of(document.page_starts, 0) == 2


def test_a_shape_stored_in_two_forms_is_read_once() -> None:
    def fill(made: Any) -> None:
        box(add(made, EMPTY), "本文", 1, 1)

    def twice(part: bytes) -> bytes:
        first, last = part.index(b"<p:sp>"), part.index(b"</p:sp>") + 7
        shape = part[first:last]
        space = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        made = (
            b"<mc:AlternateContent " + space + b"><mc:Choice>" + shape + b"</mc:Choice><mc:Fallback>" + shape
        )
        return part[:first] + made + b"</mc:Fallback></mc:AlternateContent>" + part[last:]

    assert blocks(load_pptx(with_part(slides(fill), "ppt/slides/slide1.xml", twice))) == ["本文"]


def test_slides_without_text_and_damaged_ones_say_so() -> None:
    made = slides(lambda made: add(made, EMPTY))
    with pytest.raises(LoadError, match="no text"):
        load("a.pptx", made)
    with pytest.raises(LoadError, match="not readable as PPTX"):
        load("a.pptx", with_part(made, "ppt/slides/slide1.xml", lambda part: part[:-30]))


@settings(max_examples=25)
@given(st.data())
def test_a_damaged_presentation_is_read_or_refused(data: st.DataObject) -> None:
    def damage(part: bytes) -> bytes:
        at = data.draw(st.integers(0, len(part) - 1))
        return part[:at] + data.draw(st.binary(max_size=5)) + part[at + data.draw(st.integers(0, 60)) :]

    made = slides(lambda made: box(add(made, BODY, "題"), "本文", 1, 1))
    check_reading("a.pptx", with_part(made, "ppt/slides/slide1.xml", damage))
