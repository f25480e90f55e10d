"""Slides by python-pptx: a page each, its title a heading, text boxes and tables by position, then its notes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, headers_of, one_line, short_caption
from corpus.document import Document
from corpus.office_zip import DAMAGED_PARTS, unreadable
from corpus.pptx_shapes import DRAWING, Numbers, in_reading_order, unfold

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAX_DEPTH = 20  # of groups in groups
LEVELS = {"title": 1, "secHead": 2}  # by the kind of layout; any other slide is one of a section
SLIDE_LEVEL = 3
TITLES = {"title", "ctrTitle"}
FURNITURE = {"sldNum", "ftr", "dt", "hdr"}  # placeholders of slide number, footer, date and header
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def load_pptx(data: bytes) -> Document:
    """Reads a presentation; slides that are hidden keep their page number and are left out.

    Raises:
        LoadError: damaged.
    """
    import pptx
    from lxml import etree  # type: ignore[import-untyped,unused-ignore]
    from pptx.exc import PythonPptxError

    try:
        opened = pptx.Presentation(BytesIO(data))
        builder = DocumentBuilder()
        for slide in opened.slides:
            builder.page()
            if slide._element.get("show") not in ("0", "false"):
                _Slide(builder, slide).read()
        properties = opened.core_properties
        dates = {"created": properties.created, "modified": properties.modified}
        return builder.build(
            "", MEDIA_TYPE, {key: day.date().isoformat() for key, day in dates.items() if day}
        )
    except (*DAMAGED_PARTS, etree.XMLSyntaxError, PythonPptxError) as error:
        raise unreadable("PPTX", "PowerPoint", error) from error


class _Slide:
    """Hands what one slide shows to the builder."""

    def __init__(self, builder: DocumentBuilder, slide: Any) -> None:
        self._builder, self._slide = builder, slide
        self._before = ""  # the block before, in case it is a table's caption

    def read(self) -> None:
        """Title, shapes in reading order, notes."""
        unfold(self._slide.shapes._spTree)
        shapes = list(self._slide.shapes)
        title = next((shape for shape in shapes if _place(shape) in TITLES), None)
        if title is not None:
            kind = self._slide.slide_layout._element.get("type")
            self._builder.heading(title.text_frame.text, LEVELS.get(kind, SLIDE_LEVEL))
        self._shapes([shape for shape in shapes if shape is not title], 0)
        notes = self._slide.notes_slide.notes_text_frame if self._slide.has_notes_slide else None
        for paragraph in notes.paragraphs if notes is not None else ():
            self._block(_said(paragraph))

    def _shapes(self, shapes: list[Any], depth: int) -> None:
        for shape in in_reading_order(shapes):
            if _place(shape) in FURNITURE:
                continue
            if getattr(shape, "has_table", False):
                self._table(shape.table)
            elif hasattr(shape, "shapes") and depth < MAX_DEPTH:
                self._shapes(list(shape.shapes), depth + 1)
            elif shape.has_text_frame:
                self._text(shape.text_frame)
            else:
                for line in _diagram(shape):
                    self._block(line)

    def _text(self, frame: Any) -> None:
        numbers = Numbers()
        for paragraph in frame.paragraphs:
            said = _said(paragraph)
            if said:
                self._block(numbers.label(paragraph) + said)

    def _block(self, text: str) -> None:
        if text:
            self._before = text
            self._builder.block(text)

    def _table(self, table: Any) -> None:
        rows: Grid = [
            [
                (one_line(cell.text_frame.text), cell.span_height, cell.span_width)
                for cell in row.cells
                if not cell.is_spanned
            ]
            for row in table.rows
        ]
        caption = short_caption([self._before])
        self._builder.table(rows, headers_of(rows), caption, unit_of(caption or self._before) or "")
        self._before = ""


def _place(shape: Any) -> str:
    """What the layout uses the shape for: title, body, sldNum; empty where it is none of the layout's."""
    return str(shape._element.ph.get("type") or "body") if shape.is_placeholder else ""


def _said(paragraph: Any) -> str:
    """Text of a paragraph; a line break within it is a line end."""
    return str(paragraph.text).replace("\v", "\n").strip()


def _diagram(shape: Any) -> Iterator[str]:
    """Paragraphs of a SmartArt diagram, which a part of its own holds."""
    from pptx.oxml import parse_xml

    for ids in shape._element.iter(f"{{{_DIAGRAM}}}relIds"):
        part = shape.part.related_part(ids.get(f"{_RELATIONS}dm"))
        for paragraph in parse_xml(part.blob).iter(f"{DRAWING}p"):
            yield "".join(run.text or "" for run in paragraph.iter(f"{DRAWING}t")).strip()
