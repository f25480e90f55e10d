"""Builds a sample PDF and reads its text layer; the same source and library versions give the same bytes."""

import re
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped,unused-ignore]
from fpdf import FPDF
from fpdf.fonts import FontFace

from corpus.samples_source import FIXED_DATE, Block, read_blocks, title_of, visible

# Debian's package fonts-noto-cjk; face 0 of each file is the Japanese one.
FONTS = Path("/usr/share/fonts/opentype/noto")
PAGE_FOOTER = re.compile(r"-\d+-")  # as `visible` leaves it of the "- 1 -" under a page
# Characters that may not begin or end a line (JIS X 4051, 行頭禁則 and 行末禁則; those that plan text has).
NOT_FIRST, NOT_LAST = "、。，．・：；？！）」』】〉》〕ー々っゃゅょッャュョ", "（「『【〈《〔"


class _PlanPdf(FPDF):
    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Noto", size=9)
        self.cell(0, 8, f"- {self.page_no()} -", align="C")


def build_pdf(markdown: str, fonts: Path = FONTS) -> bytes:
    """An A4 document with bookmarks and a text layer; embeds the glyphs it uses.

    `fonts` holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc; FileNotFoundError where it does not.
    """
    pdf = _PlanPdf()
    pdf.set_creation_date(FIXED_DATE)
    pdf.set_title(title_of(markdown))
    pdf.set_lang("ja-JP")
    pdf.add_font("Noto", "", fonts / "NotoSansCJK-Regular.ttc")
    pdf.add_font("Noto", "B", fonts / "NotoSansCJK-Bold.ttc")
    pdf.set_margin(22)
    pdf.set_auto_page_break(auto=True, margin=22)
    pdf.add_page()
    for block in read_blocks(markdown):
        if block.kind == "heading":
            _draw_heading(pdf, block)
        elif block.kind == "table":
            _draw_table(pdf, block.rows)
        else:
            _draw_text(pdf, block)
    return bytes(pdf.output())


def _draw_heading(pdf: FPDF, block: Block) -> None:
    size = {1: 16, 2: 13, 3: 11}[block.level]
    pdf.set_font("Noto", "B", size)
    if pdf.will_page_break(30):  # a heading does not stand alone at the foot of a page
        pdf.add_page()
    pdf.ln(0 if block.level == 1 else 3)
    pdf.start_section(block.text, level=block.level - 1)
    pdf.multi_cell(0, size * 0.6, _wrap(pdf, block.text, pdf.epw), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def _draw_text(pdf: FPDF, block: Block) -> None:
    pdf.set_font("Noto", size=9 if block.kind == "note" else 10.5)
    pdf.set_fill_color(243)
    note = block.kind == "note"
    text = _wrap(pdf, ("・" if block.kind == "item" else "") + block.text, pdf.epw - 4)
    pdf.multi_cell(0, 6.2, text, new_x="LMARGIN", new_y="NEXT", fill=note, padding=2 if note else 0)
    pdf.ln(0 if block.kind == "item" else 3)


def _draw_table(pdf: FPDF, rows: tuple[tuple[str, ...], ...]) -> None:
    pdf.set_font("Noto", size=9.5)
    shares = {2: (35, 65), 3: (28, 40, 32)}[len(rows[0])]
    pdf.set_fill_color(255)
    header = FontFace(emphasis="BOLD", fill_color=(232, 240, 245))
    with pdf.table(
        col_widths=shares, line_height=5.6, text_align="LEFT", padding=1.5, headings_style=header
    ) as table:
        for texts in rows:
            row = table.row()
            for text, share in zip(texts, shares, strict=True):
                row.cell(_wrap(pdf, text, pdf.epw * share / 100 - 6))
    pdf.ln(4)


def _wrap(pdf: FPDF, text: str, width: float) -> str:
    """The text with line breaks put in at `width` millimetres, by the line-breaking rules of Japanese."""
    lines, line = [], ""
    for character in text:
        line += character
        if pdf.get_string_width(line) > width:
            cut = len(line) - 1
            while cut > 1 and not _may_break(line[cut - 1], line[cut]):
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return "\n".join([*lines, line])


def _may_break(before: str, after: str) -> bool:
    word = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return not word and after not in NOT_FIRST and before not in NOT_LAST


def pdf_text(data: bytes) -> str:
    """The text layer of a PDF, all pages, as `visible` gives it, without page footers."""
    with pypdfium2.PdfDocument(data) as pdf:
        return "".join(PAGE_FOOTER.sub("", visible(page.get_textpage().get_text_range())) for page in pdf)


def pdf_differs(data: bytes, markdown: str) -> str | None:
    """The first piece of the source that the PDF does not say in its place, or None."""
    text, position = pdf_text(data), 0
    for block in read_blocks(markdown):
        for piece in (block.text, *(cell for row in block.rows for cell in row)):
            found = text.find(visible(piece), position)
            if found < 0:
                return piece
            position = found + len(visible(piece))
    return None
