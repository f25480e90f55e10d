"""Builds a sample DOCX and XLSX; the same source and library versions give the same bytes."""

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped,unused-ignore]
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped,unused-ignore]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped,unused-ignore]

from corpus.samples_source import FIXED_DATE, read_blocks, title_of

CONTENT = ("word/document.xml", "xl/workbook.xml", "xl/worksheets/", "xl/sharedStrings.xml")


def build_docx(markdown: str) -> bytes:
    """A Word document with heading styles, a quoted note and ruled tables."""
    document = docx.Document()
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title"):
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Yu Gothic")
    document.styles["Normal"].font.size = Pt(10.5)
    for block in read_blocks(markdown):
        if block.kind == "heading":
            document.add_heading(block.text, level=block.level - 1)
        elif block.kind == "table":
            _add_table(document, block.rows)
        else:
            document.add_paragraph(block.text, {"note": "Quote", "item": "List Bullet"}.get(block.kind))
    document.core_properties.title = title_of(markdown)
    document.core_properties.author = "計画ナビ"
    document.core_properties.comments = ""
    document.core_properties.language = "ja-JP"
    document.core_properties.created = document.core_properties.modified = FIXED_DATE.replace(tzinfo=None)
    stream = io.BytesIO()
    document.save(stream)
    return _freeze(stream.getvalue())


def _add_table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def build_xlsx(toml: str) -> bytes:
    """A workbook: on every sheet a title, the note, the unit, header rows and rows."""
    source = tomllib.loads(toml)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in source["sheets"]:
        _add_sheet(book.create_sheet(sheet["name"]), sheet, source["note"])
    book.properties.title, book.properties.creator = source["title"], "計画ナビ"
    book.properties.created = FIXED_DATE.replace(tzinfo=None)
    stream = io.BytesIO()
    book.save(stream)
    return _freeze(stream.getvalue())


def _add_sheet(sheet: Any, source: dict[str, Any], note: str) -> None:
    width, first = len(source["widths"]), 4
    top = [[source["heading"]], [note], [""] * (width - 1) + [source["unit"]]]
    for line in [*top, *source["header"], *source["rows"], [source["footer"]]]:
        sheet.append([value if value != "" else None for value in line])
    last = get_column_letter(width)
    for cells in (f"A1:{last}1", f"A2:{last}2", *_merged(source, first)):
        sheet.merge_cells(cells)
    for column, size in enumerate(source["widths"], start=1):
        sheet.column_dimensions[get_column_letter(column)].width = size
    header_end = first + len(source["header"]) - 1
    rule = Border(*[Side(style="thin")] * 4)
    for row in sheet.iter_rows(min_row=first, max_row=header_end + len(source["rows"])):
        for cell in row:
            cell.border, cell.alignment = rule, Alignment(vertical="center", wrap_text=True)
            if cell.row <= header_end:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F0F5")
            elif isinstance(cell.value, int | float):
                cell.number_format = source["number_format"]
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"].alignment, sheet.row_dimensions[2].height = Alignment(wrap_text=True, vertical="top"), 64
    sheet.cell(row=3, column=width).alignment = Alignment(horizontal="right")
    sheet.freeze_panes = f"A{header_end + 1}"


def _merged(source: dict[str, Any], first: int) -> Iterator[str]:
    """The header's merged ranges, moved from the first row of the header to where it stands on the sheet."""
    for cells in source["merged"]:
        yield re.sub(r"\d+", lambda found: str(int(found.group()) + first - 1), cells)


def _freeze(package: bytes) -> bytes:
    """The same Office file with every date in it, and in its zip directory, set to the fixed one."""
    stream, stamp = io.BytesIO(), FIXED_DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, FIXED_DATE.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, data)
    return stream.getvalue()


def content(package: bytes) -> dict[str, bytes]:
    """The files inside an Office file that hold its text; the others change with the library's version."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith(CONTENT)}
