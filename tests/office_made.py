"""Office files made for a test: Word with raw XML where python-docx has no words for it, workbooks, slides."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml

from corpus.document import Document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(fill: Callable[[Any], None]) -> bytes:
    """A Word document that `fill` writes."""
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def element(xml: str) -> Any:
    """A WordprocessingML element; `w:` needs no declaration."""
    return parse_xml(
        xml.replace(" ", f" {W} ", 1) if " " in xml.split(">")[0] else xml.replace(">", f" {W}>", 1)
    )


def book(fill: Callable[[Any], None]) -> bytes:
    """A workbook that `fill` writes, its first sheet named 予算."""
    made = openpyxl.Workbook()
    made.active.title = "予算"
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An Office file with one of its parts changed, or added where there was none."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()


def blocks(document: Document) -> list[str]:
    """Texts of the blocks."""
    return [document.text[start:end] for start, end in document.blocks]


def grid(document: Document, table: int = 0) -> list[tuple[int, int, int, int, str]]:
    """Row, column, row span, column span and text of each cell of a table."""
    return [
        (cell.row, cell.column, cell.row_span, cell.column_span, document.text[cell.start : cell.end])
        for cell in document.tables[table].cells
    ]


def slides(fill: Callable[[Any], None]) -> bytes:
    """A presentation that `fill` writes."""
    made = pptx.Presentation()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
