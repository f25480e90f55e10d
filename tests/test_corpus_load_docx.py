"""Word documents: styles, printed numbers, notes, tables with merged cells, and containers that are refused."""

import io
import zipfile
from typing import Any

import pytest
from corpus_made import SHARED, check_document
from hypothesis import given, settings
from hypothesis import strategies as st
from office_made import blocks, element, grid, with_part, word

from corpus import office_zip
from corpus.docx_numbering import Level, Numbering, numeral
from corpus.headings import section_paths
from corpus.load import load
from corpus.load_docx import load_docx
from corpus.load_error import LoadError

REAL = SHARED / "realdocs" / "odd" / "nested_headings_merged_table.docx"
needs_real = pytest.mark.skipif(not REAL.is_file(), reason="the real documents are not here")


def plain(document: Any) -> None:
    document.add_paragraph("計画期間は令和7年度から令和9年度までの3年間とする。")


@needs_real
def test_heading_paths_and_merged_cells_of_a_real_file() -> None:
    document = load("計画.docx", REAL.read_bytes())
    paths = {section.path for section in section_paths(document)}
    steps = (
        "みほん市デジタル推進計画（案）",
        "第2章　施策の展開",
        "第1節　行かない窓口",
        "(1)　オンライン申請の拡大",
    )
    assert (*steps, "②　手数料の納付") in paths
    assert (0, 2, 1, 2, "事業費（千円）") in grid(document)
    assert (4, 0, 2, 1, "システム標準化") in grid(document)
    assert document.tables[0].header_rows == 2
    check_document(document)


def test_numbers_that_word_prints_are_read() -> None:
    lists = Numbering(
        {
            "1": ("a", {0: Level(1, "decimal", "第%1章", "space"), 1: Level(1, "decimal", "%1-%2", "tab")}),
            "2": ("b", {0: Level(1, "bullet", "\uf0b7")}),
        }
    )
    printed = [lists.label("1", depth) for depth in (0, 1, 1, 0, 1)]
    assert printed == ["第1章 ", "1-1 ", "1-2 ", "第2章 ", "2-1 "]
    assert lists.label("2", 0) == "・"
    assert lists.label("9", 0) == ""


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (3, "decimalFullWidth", "３"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", "21"),
        (2, "aiueo", "イ"),
        (3, "iroha", "ハ"),
        (23, "japaneseCounting", "二十三"),
        (10, "japaneseCounting", "十"),
        (4, "upperRoman", "IV"),
        (2, "lowerLetter", "b"),
        (7, "nobody knows", "7"),
    ],
)
def test_forms_of_numbers(number: int, form: str, printed: str) -> None:
    assert numeral(number, form) == printed


def test_numbered_headings_follow_numbering_xml() -> None:
    def fill(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            element(
                '<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                '<w:numFmt w:val="decimalFullWidth"/><w:lvlText w:val="第%1章"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(element('<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        for text in ("総則", "施策"):
            paragraph = document.add_heading(text, 1)
            properties = paragraph._p.get_or_add_pPr()
            properties.append(element('<w:numPr ><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))
            document.add_paragraph("本文はここに書く。")

    document = load_docx(word(fill))
    assert [heading.text for heading in document.marked_headings] == ["第１章 総則", "第２章 施策"]


def test_hidden_deleted_and_field_text_is_not_read_but_ruby_once() -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("見える")._p
        paragraph.append(element("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隠れた</w:t></w:r>"))
        paragraph.append(element("<w:del><w:r><w:delText>消した</w:delText></w:r></w:del>"))
        paragraph.append(element("<w:r><w:instrText>PAGE</w:instrText></w:r>"))
        paragraph.append(element("<w:ins><w:r><w:t>加えた</w:t></w:r></w:ins>"))
        ruby = "<w:rt><w:r><w:t>ね</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>燃</w:t></w:r></w:rubyBase>"
        paragraph.append(element(f"<w:r><w:ruby>{ruby}</w:ruby></w:r>"))

    assert blocks(load_docx(word(fill))) == ["見える加えた燃"]


def test_a_contents_field_and_its_entries_are_left_out() -> None:
    def fill(document: Any) -> None:
        control = (
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
            "<w:sdtContent><w:p><w:r><w:t>1 総則 3</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        document.element.body.insert(0, element(control))
        kept = "<w:sdt><w:sdtContent><w:p><w:r><w:t>入力欄の文</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        document.element.body.insert(1, element(kept))

    assert blocks(load_docx(word(fill))) == ["入力欄の文"]


def test_footnotes_stand_after_the_paragraph_that_refers_to_them() -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("事業費は5億円である。")._p
        paragraph.append(element('<w:r><w:footnoteReference w:id="2"/></w:r>'))
        document.add_paragraph("次の段落である。")

    notes = (
        '<?xml version="1.0"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:footnote w:id="2"><w:p><w:r><w:t>国費を含む。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    data = with_part(word(fill), "word/footnotes.xml", lambda _: notes.encode())
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        ' Target="footnotes.xml"/></Relationships>'
    )
    data = with_part(
        data,
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", relation.encode()),
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    data = with_part(
        data,
        "[Content_Types].xml",
        lambda part: part.replace(
            b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
        ),
    )
    assert blocks(load_docx(data)) == ["事業費は5億円である。", "（注1）国費を含む。", "次の段落である。"]


def test_tables_in_tables_and_boxes_around_text() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("表2 事業費（単位：千円）")
        outer = document.add_table(2, 2)
        outer.cell(0, 0).text, outer.cell(0, 1).text = "事業", "内訳"
        outer.cell(1, 0).text = "道路"
        inner = outer.cell(1, 1).add_table(2, 2)
        for cell, text in zip(inner._cells, ["年度", "金額", "令和7年度", "500"], strict=True):
            cell.text = text
        document.add_table(1, 1).cell(0, 0).text = "枠の中の文章である。"

    document = load_docx(word(fill))
    assert [text for *_, text in grid(document)] == ["事業", "内訳", "道路"]
    assert [text for *_, text in grid(document, 1)] == ["年度", "金額", "令和7年度", "500"]
    assert (document.tables[0].unit, len(document.tables)) == ("千円", 2)
    assert blocks(document)[-1] == "枠の中の文章である。"
    check_document(document)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_what_stands_in_a_cell_in_content_controls_and_boxes_is_read() -> None:
    control = f"<w:sdt><w:sdtContent>{paragraph('入力欄')}</w:sdtContent></w:sdt>"
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('箱の文')}</w:txbxContent></w:pict></w:r></w:p>"
    inner = (
        "<w:tbl><w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in "甲乙") + "</w:tr></w:tbl>"
    )
    inserted = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('消した行')}</w:tc></w:tr>"
    row = f"<w:tr><w:tc>{control}</w:tc><w:tc>{paragraph('本')}{box}{inserted}</w:tc></w:tr>"
    document = load_docx(with_table(row + deleted))
    assert blocks(document) == ["入力欄", "本", "箱の文", "甲", "乙"]
    check_document(document)


def test_headers_footers_soft_hyphens_and_page_breaks() -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "見せない頭"
        document.sections[0].footer.paragraphs[0].text = "見せない脚"
        first = document.add_paragraph("前の")._p
        first.append(element("<w:r><w:softHyphen/><w:t>文</w:t><w:lastRenderedPageBreak/></w:r>"))
        first.append(element('<w:r><w:br w:type="page"/></w:r>'))
        link = document.add_paragraph("詳しくは")._p
        link.append(element('<w:hyperlink w:anchor="a"><w:r><w:t>こちら</w:t></w:r></w:hyperlink>'))

    assert blocks(load_docx(word(fill))) == ["前の文", "詳しくはこちら"]


def test_levels_set_in_plain_digits() -> None:
    chapters = Level(1, "japaneseCounting", "第%1章", "space")
    lists = Numbering({"1": ("a", {0: chapters, 1: Level(1, "decimal", "%1-%2", "space", legal=True)})})
    assert [lists.label("1", depth) for depth in (0, 1)] == ["第一章 ", "1-1 "]


CELL = st.tuples(st.integers(1, 3), st.sampled_from(["", "restart", "continue"]), st.sampled_from("あ千1 "))


@settings(max_examples=30)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_merged_cells_lose_text_or_overlap(rows: list[list[tuple[int, str, str]]]) -> None:
    def xml(span: int, merge: str, text: str) -> str:
        down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
        words = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{words}</w:tc>'

    lines = "".join(f"<w:tr>{''.join(xml(*cell) for cell in row)}</w:tr>" for row in rows)
    document = load_docx(with_table(lines))
    check_document(document)
    for table in document.tables:
        places = [
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(places) == len(set(places))


EMPTY = word(lambda document: None)


def with_table(rows: str) -> bytes:
    """A Word document that holds a table of these rows."""
    return with_part(
        EMPTY,
        "word/document.xml",
        lambda part: part.replace(b"<w:sectPr", f"<w:tbl>{rows}</w:tbl><w:sectPr".encode(), 1),
    )


def test_the_type_is_told_by_the_content() -> None:
    assert load("計画.xlsx", word(plain)).media_type.endswith("wordprocessingml.document")
    assert load("計画.pdf", word(plain)).text == "計画期間は令和7年度から令和9年度までの3年間とする。"


def test_bombs_damaged_and_foreign_containers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word(plain)
    with pytest.raises(LoadError, match="damaged or cut off"):
        load("a.docx", data[: len(data) // 2])
    with pytest.raises(LoadError, match="document type"):
        load("a.docx", with_part(data, "word/document.xml", lambda part: b"<!DOCTYPE x>" + part))
    with pytest.raises(LoadError, match="not readable as DOCX"):
        load("a.docx", with_part(data, "word/document.xml", lambda part: part[:-30]))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.txt", "本文")
    with pytest.raises(LoadError, match="ZIP"):
        load("a.docx", zipped.getvalue())
    bomb = with_part(data, "word/media/a.bin", lambda _: bytes(30 * 1024 * 1024))
    with pytest.raises(LoadError, match="zip bomb"):
        load("a.docx", bomb)
    monkeypatch.setattr(office_zip, "MAX_PARTS", 3)
    with pytest.raises(LoadError, match="zip bomb"):
        load("a.docx", data)


@settings(max_examples=25)
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    def damage(part: bytes) -> bytes:
        at = data.draw(st.integers(0, len(part) - 1))
        return part[:at] + data.draw(st.binary(max_size=5)) + part[at + data.draw(st.integers(0, 60)) :]

    made = word(plain)
    try:
        check_document(load_docx(with_part(made, "word/document.xml", damage)))
    except LoadError as error:
        assert "DOCX" in str(error)
