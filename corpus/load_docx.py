"""Word documents by python-docx: headings, numbered paragraphs, tables with merged cells, notes, in order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, headers_of, one_line, short_caption
from corpus.document import Document
from corpus.docx_numbering import Numbering, read_numbering
from corpus.docx_xml import (
    WRAPPERS,
    attribute,
    boxes_of,
    child,
    children,
    is_on,
    name_of,
    notes_of,
    text_of,
    within,
)
from corpus.normalise import fold
from corpus.office_zip import DAMAGED_PARTS, unreadable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_DEPTH = 20  # of tables in tables, text boxes in text boxes
CAPTION_LINES = 2
TITLE_WITHIN = 2000  # characters from the beginning
_HEADING = re.compile(r"(?:heading|見出し)\s*([1-9])$", re.I)
_TITLE = re.compile(r"(?:title|表題)$", re.I)
_CONTENTS = re.compile(r"(?:toc|目次|table of figures|図表目次)\s*(?:\d|heading|の?見出し|$)", re.I)
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
_NOTE_MARK = {"footnote": "注", "endnote": "文末注"}


def load_docx(data: bytes) -> Document:
    """Reads a Word document.

    Raises:
        LoadError: damaged.
    """
    import docx
    from docx.exceptions import PythonDocxError
    from lxml import etree  # type: ignore[import-untyped,unused-ignore]

    try:
        opened = docx.Document(BytesIO(data))
        walker = _Walker(opened)
        walker.walk(opened.element.body, 0)
        return walker.build()
    except (*DAMAGED_PARTS, etree.XMLSyntaxError, PythonDocxError) as error:
        raise unreadable("DOCX", "Word", error) from error


class _Walker:
    """Goes through the body once and hands blocks to the builder."""

    def __init__(self, opened: Any) -> None:
        self._builder = DocumentBuilder()
        self._opened = opened
        self._styles = {style.style_id: style for style in opened.styles if style.style_id}
        parts = {str(rel.reltype).rpartition("/")[2]: rel for rel in opened.part.rels.values()}
        self._numbering: Numbering = read_numbering(_root(parts.get("numbering")))
        self._notes = {
            (kind, attribute(note, "id")): note
            for kind in _NOTE_MARK
            for note in children(_root(parts.get(f"{kind}s")), kind)
        }
        self._before: list[str] = []  # the blocks right above, in case they caption a table
        self._titled = any(
            _TITLE.match(self._style_name(paragraph)) for paragraph in children(opened.element.body, "p")
        )
        self._note_count = 0

    def walk(self, holder: Any, depth: int) -> None:
        """Adds the paragraphs and tables of a body, cell, text box or content control."""
        for element in holder.iterchildren():
            name = name_of(element)
            if name == "p":
                self._paragraph(element, depth)
            elif name == "tbl":
                self._table(element, depth)
            elif depth < MAX_DEPTH and name in WRAPPERS and not _is_contents(element):
                self.walk(element, depth + 1)

    def build(self) -> Document:
        """The finished Document; its stated title counts if the text says it too."""
        properties = self._opened.core_properties
        dates = {"created": properties.created, "modified": properties.modified}
        metadata = {key: value.date().isoformat() for key, value in dates.items() if value}
        made = self._builder.build("", MEDIA_TYPE, metadata)
        stated = (properties.title or "").strip()
        told = _JAPANESE.search(stated) and fold(stated) in fold(made.text[:TITLE_WITHIN])
        return replace(made, title=stated) if told else made

    def _paragraph(self, paragraph: Any, depth: int) -> None:
        style = self._style_name(paragraph)
        text = text_of(paragraph)
        if text.strip() and not _CONTENTS.match(style):
            text = self._label(paragraph) + text.strip()
            level = self._level(paragraph, style)
            if level:
                self._builder.heading(text, level)
                self._before = []
            else:
                self._builder.block(text.replace("\t", "　"))
                self._before = [*self._before[1 - CAPTION_LINES :], text]
        for kind, key in notes_of(paragraph):
            self._note(kind, key)
        if depth < MAX_DEPTH:
            for box in boxes_of(paragraph):
                self.walk(box, depth + 1)

    def _note(self, kind: str, key: str) -> None:
        """A note stands right after the paragraph that refers to it."""
        note = self._notes.get((kind, key))
        said = " ".join(text_of(one).strip() for one in children(note, "p")).strip()
        if said:
            self._note_count += 1
            self._builder.block(f"（{_NOTE_MARK[kind]}{self._note_count}）{said}")

    def _style_name(self, paragraph: Any) -> str:
        style = self._styles.get(attribute(child(paragraph, "pPr", "pStyle"), "val"))
        return str(style.name) if style is not None else ""

    def _style_chain(self, paragraph: Any) -> Iterator[Any]:
        """Properties of the paragraph, then of its style and those that this is based on."""
        yield child(paragraph, "pPr")
        style = self._styles.get(attribute(child(paragraph, "pPr", "pStyle"), "val"))
        for _ in range(MAX_DEPTH):
            if style is None:
                return
            yield child(style.element, "pPr")
            style = self._styles.get(attribute(child(style.element, "basedOn"), "val"))

    def _level(self, paragraph: Any, style: str) -> int:
        """Heading level, 0 for text. A title stands above the headings."""
        if _TITLE.match(style):
            return 1
        stated = (attribute(child(one, "outlineLvl"), "val") for one in self._style_chain(paragraph))
        found, outline = _HEADING.match(style), next(filter(None, stated), "")
        if found:
            return int(found[1]) + self._titled
        return int(outline) + 1 + self._titled if outline.isdecimal() and int(outline) < 9 else 0

    def _label(self, paragraph: Any) -> str:
        """The number that Word prints before the paragraph."""
        number_id = depth = ""
        for properties in self._style_chain(paragraph):
            number_id = number_id or attribute(child(properties, "numPr", "numId"), "val")
            depth = depth or attribute(child(properties, "numPr", "ilvl"), "val")
        if number_id in ("", "0"):
            return ""
        return self._numbering.label(number_id, int(depth) if depth.isdecimal() else 0)

    def _table(self, table: Any, depth: int) -> None:
        rows = [_cells(row) for row in _rows(table)]
        if sum(len(row) for row in rows) == 1 and depth < MAX_DEPTH:
            self.walk(rows[0][0][0], depth + 1)  # a box around text
            return
        grid = self._grid(rows)
        heads = _marked_headers(table) or headers_of(grid)
        caption = short_caption(self._before)
        unit = unit_of(caption) or next(filter(None, map(unit_of, reversed(self._before))), "")
        self._builder.table(grid, heads, caption, unit)
        self._before = []
        for cell in [cell for row in rows for cell, _, _ in row if cell is not None]:
            self._beside(cell, depth)

    def _beside(self, cell: Any, depth: int) -> None:
        """What a cell holds that is no text of its own: notes, text boxes and tables, after its table."""
        for paragraph in within(cell, "p"):
            for kind, key in notes_of(paragraph):
                self._note(kind, key)
            for box in boxes_of(paragraph) if depth < MAX_DEPTH else ():
                self.walk(box, depth + 1)
        for table in within(cell, "tbl") if depth < MAX_DEPTH else ():
            self._table(table, depth + 1)

    def _grid(self, rows: list[list[tuple[Any, int, str]]]) -> Grid:
        """Cells with their spans; those that go on from above are counted into the span of the cell above."""
        grid: Grid = []
        open_cells: dict[int, tuple[int, int]] = {}  # column -> (row, index) of the cell that may reach down
        for number, row in enumerate(rows):
            placed: list[tuple[str, int, int]] = []
            column = 0
            for cell, span, merge in row:
                above = open_cells.get(column)
                if merge == "continue" and above is not None and _reaches(grid, above, number, span):
                    text, down, columns = grid[above[0]][above[1]]
                    grid[above[0]][above[1]] = (text, down + 1, columns)
                else:
                    placed.append((self._cell_text(cell) if cell is not None else "", 1, span))
                    open_cells[column] = (number, len(placed) - 1)
                column += span
            grid.append(placed)
        return grid

    def _cell_text(self, cell: Any) -> str:
        said = ((one, text_of(one).strip()) for one in within(cell, "p"))
        return " ".join(one_line(self._label(one) + text) for one, text in said if text)


def _reaches(grid: Grid, above: tuple[int, int], row: int, span: int) -> bool:
    """Whether a cell ends right above a row and is as wide as the one that goes on with it."""
    _, down, columns = grid[above[0]][above[1]]
    return above[0] + down == row and columns == span


def _root(relation: Any | None) -> Any | None:
    """The XML of a related part."""
    if relation is None or relation.is_external:
        return None
    part = relation.target_part
    if hasattr(part, "element"):
        return part.element
    from docx.oxml import parse_xml

    return parse_xml(part.blob)


def _is_contents(control: Any) -> bool:
    gallery = child(control, "sdtPr", "docPartObj", "docPartGallery")
    return "Table of" in attribute(gallery, "val")


def _rows(table: Any) -> Iterator[Any]:
    """Rows but for those whose deletion is tracked."""
    yield from (row for row in within(table, "tr") if child(row, "trPr", "del") is None)


def _cells(row: Any) -> list[tuple[Any, int, str]]:
    """(cell, columns it spans, restart or continue where it is merged downwards)."""
    skipped = attribute(child(row, "trPr", "gridBefore"), "val")
    cells: list[tuple[Any, int, str]] = []
    if skipped.isdecimal() and int(skipped):
        cells.append((None, int(skipped), ""))
    for element in within(row, "tc"):
        span = attribute(child(element, "tcPr", "gridSpan"), "val")
        merged = child(element, "tcPr", "vMerge")
        merge = "" if merged is None else attribute(merged, "val") or "continue"
        cells.append((element, int(span) if span.isdecimal() else 1, merge))
    return cells


def _marked_headers(table: Any) -> int:
    count = 0
    for row in _rows(table):
        if not is_on(child(row, "trPr", "tblHeader")):
            break
        count += 1
    return count
