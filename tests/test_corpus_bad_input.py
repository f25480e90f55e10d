"""Files that no reader should meet: each is read whole or refused with a reason, soon and in little memory."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest
from fuzz_made import check_reading
from office_made import blocks, book, slides, with_part, word

from corpus import builder, load_csv, office_zip
from corpus import load as loading
from corpus.load import LoadError, load

DOCX = word(lambda made: made.add_paragraph("計画期間は5年間とする。"))
XLSX = book(lambda made: made.active.append(["款", "金額"]))
PPTX = slides(lambda made: made.slides.add_slide(made.slide_layouts[6]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """The archive with its parts marked as encrypted."""
    made = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = made.find(sign)
        while found >= 0:
            made[found + at] |= 1
            found = made.find(sign, found + 4)
    return bytes(made)


def refused(name: str, data: bytes) -> str:
    """The English half of why a file is refused."""
    assert check_reading(name, data) is None
    with pytest.raises(LoadError) as error:
        load(name, data)
    return str(error.value).partition(" / ")[2]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.docx", b"", "the file is empty"),
        ("a.txt", b" \r\n\t\x0c\xe3\x80\x80".replace(b"\xe3", b"\n\xe3"), "the file is empty"),
        ("a.csv", b"\xef\xbb\xbf", "the file is empty"),
        ("a.txt", bytes(8192), "NUL bytes"),
        ("a.pdf", bytes(8192), "not a PDF"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "NUL bytes"),
        ("a.docx", DOCX[: len(DOCX) // 2], "damaged or cut off"),
        ("a.xlsx", XLSX[: len(XLSX) // 2], "damaged or cut off"),
        ("a.pptx", PPTX[:-30], "damaged or cut off"),
        ("a.docx", DOCX[:2000] + bytes(200) + DOCX[2200:], "damaged or cut off"),
        ("a.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.xlsx", locked(XLSX), "protected by a password"),
        ("a.doc", OLE + bytes(600), "Office 97-2003 is not read"),
        ("a.rtf", rb"{\rtf1\ansi plan}", "RTF is not read"),
        ("a.zip", zipped(("計画.docx", DOCX)), "ZIP is not read"),
        ("a.odt", zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), "ZIP is not read"),
        ("a.txt", bytes(range(128, 256)), "not UTF-8, Shift_JIS or EUC-JP"),
        ("a.txt", b"\xff\xfe\x00\xd8\x41\x00", "marked as utf-16, but broken"),
        ("a.txt", "計画".encode() * 40 + b"\xed\xa0\x80", "UTF-8 with"),
    ],
)
def test_what_is_no_document_says_what_it_is(name: str, data: bytes, why: str) -> None:
    assert why in refused(name, data)


@pytest.mark.parametrize(
    ("name", "data", "media_type", "text"),
    [
        ("a.xlsx", DOCX, "wordprocessingml", "計画期間は5年間とする。"),
        ("a.txt", XLSX, "spreadsheetml", "予算\n\n款\t金額"),
        ("a.pdf", "<!doctype html><p>本文".encode(), "html", "本文"),
        ("a.xls", "<html><table><tr><th>款<tr><td>市税</table>".encode(), "html", "款\n市税"),
        ("a.xlsx", "款,金額\n市税,5\n".encode("cp932"), "csv", "款\t金額\n市税\t5"),
        ("a.pdf", "本文".encode(), "plain", "本文"),
        ("a", "\ufeff本\x01文\x7f\u2028次\r\n".encode("utf-16"), "plain", "本文\n次\n"),
        ("a.html", b"<p>a&#1;b&#xD800;c&#0;", "html", "ab\ufffdc\ufffd"),
    ],
)
def test_files_under_a_wrong_name(name: str, data: bytes, media_type: str, text: str) -> None:
    file = check_reading(name, data)
    assert file is not None
    assert media_type in file.document.media_type
    assert file.document.text == text


LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 12)
)
QUADRATIC = f"<!DOCTYPE a [<!ENTITY a11 '{'ha' * 30_000}'>"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "entities", [LAUGHS + "]>" + SHEET.format("&a11;"), QUADRATIC + "]>" + SHEET.format("&a11;" * 30_000)]
)
@pytest.mark.parametrize("before", ["", f"<!--{'x' * 3_000_000}-->"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_expand_without_end_are_refused(entities: str, before: str, encoding: str) -> None:
    part = f'<?xml version="1.0" encoding="{encoding}"?>{before}{entities}'.encode(encoding)
    data = with_part(XLSX, "xl/worksheets/sheet1.xml", lambda _: part)
    assert "document type" in refused("a.xlsx", data)


def test_archives_that_unpack_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "zip bomb" in refused("a.docx", with_part(DOCX, "word/media/a.bin", lambda _: bytes(30_000_000)))
    many = zipped(*((f"{number}.xml", b"x") for number in range(300)))
    monkeypatch.setattr(office_zip, "MAX_PARTS", 200)
    assert "300 parts: refused as a zip bomb" in refused("a.docx", many)
    inner = with_part(DOCX, "word/embeddings/a.zip", lambda _: zipped(("a", bytes(3_000_000))))
    assert check_reading("a.docx", inner) is not None, "what is embedded is not unpacked"


def in_body(xml: str) -> bytes:
    """A Word document with this in it."""
    return with_part(
        DOCX, "word/document.xml", lambda part: part.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)
    )


def test_word_tables_nested_beyond_sense() -> None:
    opens = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p>"
    closes = "<w:p/></w:tc></w:tr></w:tbl>"
    assert "nested too deeply" in refused("a.docx", in_body(opens * 10_000 + closes * 10_000))
    assert check_reading("a.docx", in_body(opens * 60 + closes * 60)) is not None
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    assert check_reading("a.docx", in_body(wide)) is not None


@pytest.mark.parametrize("nest", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote><p>"])
def test_pages_nested_beyond_sense(nest: str) -> None:
    assert "nested more than" in refused("a.html", (nest * 100_000).encode() + b"x")
    file = check_reading("a.html", (nest * 1_000).encode() + "深い".encode())
    assert file is not None
    assert "深い" in file.document.text


def test_html_nested_beyond_sense_in_markdown() -> None:
    assert "nested more than" in refused("a.md", ("<div>" * 1000 + "\n").encode() * 30)


@pytest.mark.parametrize("mark", ["[", "- ", "> ", "*a ", "`", "![](", "<a", "&", "|", "1. ", "_a__b"])
def test_marks_that_a_markdown_parser_goes_through_again_and_again(mark: str) -> None:
    assert check_reading("a.md", (mark * 20_000 + "\n\n計画").encode()) is not None
    assert check_reading("a.md", ((mark * 50 + "\n") * 60 + "\n計画").encode()) is not None


def test_spans_and_places_that_would_fill_the_memory() -> None:
    cells = "<td rowspan=65534 colspan=1000>x" * 300
    assert check_reading("a.html", f"<table><tr>{cells}{'<tr><td>1' * 300}</table>".encode()) is not None
    for area in ("A1:XFD1048576", "$A$1:$XFD$1048576", "A:XFD", "1:1048576", "&#65;1:XFD1048576"):
        merged = f"</sheetData><mergeCells count='1'><mergeCell ref='{area}'/></mergeCells>".encode()
        data = with_part(XLSX, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", merged))  # noqa: B023
        file = check_reading("a.xlsx", data)
        assert file is None or "款" in file.document.text


def test_empty_styled_cells_and_cells_far_away() -> None:
    styled = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{letter}{row}" s="0"/>' for letter in "ABCDEFGHIJ") + "</row>"
        for row in range(2, 3000)
    )
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>遠く</t></is></c></row></sheetData>'
    data = with_part(
        XLSX,
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", f"{styled}{far}".encode()),
    )
    file = check_reading("a.xlsx", data)
    assert file is not None
    assert blocks(file.document) == ["予算", "款", "金額", "遠く"]


def quoted(length: int) -> Callable[[], bytes]:
    return lambda: f'款,金額\n市税,"{"あ" * length}"\n'.encode()


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (quoted(3_500_000), "check the quotes"),
        (lambda: b'a,b\n"' + b"x,y\n" * 100_000, "check the quotes"),
        (lambda: (",".join(["1"] * 16_000) + "\n").encode() * 3, "2,000 columns"),
        (lambda: b"a,b\n" * 1000, "more than 999 cells"),
    ],
)
def test_tables_beyond_sense(made: Callable[[], bytes], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "999" in why:
        monkeypatch.setattr(load_csv, "MAX_CELLS", 999)
    assert why in refused("a.csv", made())
    blank_columns = ("款,金額" + "," * 16_000 + "\n市税,5\n").encode()
    assert check_reading("a.csv", blank_columns) is not None


def test_long_lines_are_several_blocks() -> None:
    for name, character in (
        ("a.txt", "あ"),
        ("a.md", "あ"),
        ("a.html", "あ"),
        ("a.txt", "・"),
        ("a.txt", "1"),
    ):
        file = check_reading(name, (character * 12_000).encode())
        assert file is not None
        assert max(end - start for start, end in file.document.blocks) <= builder.MAX_BLOCK
        assert file.document.text == character * 12_000
    sentences = "市は計画を定める。" * 1_000
    file = check_reading("a.txt", sentences.encode())
    assert file is not None
    assert all(text.endswith("。") for text in blocks(file.document))


def test_more_text_than_is_read_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "too long: 10,000,000 >" in refused("a.txt", b"a" * 10_000_000)
    assert "too large: 67,108,865 > 67,108,864 bytes" in refused("a.html", bytes(1) * 67_108_865)
    monkeypatch.setattr(loading, "MAX_BYTES", 10)
    assert "too large: 11 > 10 bytes" in refused("a.pdf", b"%PDF-1.7\n\n\n")
    monkeypatch.undo()
    monkeypatch.setattr(builder, "MAX_BLOCKS", 50)
    for name, data in (("a.html", b"<p>a" * 60), ("a.md", b"a\n\n" * 60), ("a.csv", b"a,b\n" * 60)):
        assert "more than 50 paragraphs or cells" in refused(name, data)


def test_the_largest_texts_take_little_memory() -> None:
    said = """if True:
        import re
        from pathlib import Path
        from corpus.load import LoadError, load
        for name, part, size in (("a.txt", "計画。\\n", 63), ("a.csv", "款,1\\n", 180)):
            data = part.encode() * (size * 1024 * 1024 // len(part.encode()))
            try:
                load(name, data)
            except LoadError:
                continue
            raise SystemExit("read: " + name)
        print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
        """
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 800 * 1024, "KiB"
