"""PDF: text in reading order, tables by their ruling lines, pages; furniture of the page left out."""

import re
from collections.abc import Iterable, Iterator

from corpus.amounts import find_amounts
from corpus.document import Document
from corpus.load_error import LoadError, NoTextLayerError
from corpus.normalise import fold
from corpus.pdf_builder import PdfBuilder
from corpus.pdf_cells import PageTable, TextTable, inside, read_grids
from corpus.pdf_glyphs import repair_glyphs
from corpus.pdf_grid import grids_of
from corpus.pdf_layout import Line, reading_order
from corpus.pdf_ledgers import finished
from corpus.pdf_lines import fragments_of
from corpus.pdf_paragraphs import Paragraph, body_size, heading_sizes, level_of, note_label, paragraphs
from corpus.pdf_recognised import recognised_fragments
from corpus.pdf_repeats import LARGER, PageLines, without_furniture
from corpus.pdf_source import Page, PdfFile, open_pdf

MAX_CHARS = 12_000_000
MIN_CHARS = 20  # of the whole file: with fewer there is no text layer worth the name
TITLE_PAGES = 2
COVER_BLOCKS = 12
COVER_CHARS = 60
TITLE_CHARS = 80
SLIGHTLY = 1.05  # larger than the body: type of a title where nothing is larger
_DATE = re.compile(r"\d\s?月\s?\d{1,2}\s?日")
NEARLY = 0.85  # of the largest: the first of such a size is the title
_JAPANESE = re.compile(r"[ぁ-んァ-ヶー一-龠]")
_SUBJECT = re.compile(r"について(?:[（(].{1,12}[)）])?$")
_FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|xdw|indd)$|^Microsoft|^[\x00-\x7f]*$", re.I)


def load_pdf(data: bytes, tables: bool = True) -> Document:
    """Reads a PDF. Pages that show something but have no text are named in its metadata, `pages_without_text`.

    Args:
        data: the file's bytes.
        tables: whether tables are looked for; without them reading is about a third faster.

    Raises:
        LoadError: damaged, encrypted or too long.
        NoTextLayerError: there is no text in it, only pictures of text.
    """
    with open_pdf(data) as file:
        pages, unread = _pages(file, tables)
        stated = file.metadata()
    if sum(map(_chars_of, pages)) < MIN_CHARS:
        raise NoTextLayerError(
            "文字の層がないPDFです（画像だけ、または文字コードのない書体）。ocrmypdf と tesseract-ocr-jpn を入れ、"
            "設定 KEIKAKU_OCR に言語（例: jpn+jpn_vert）を書くと、文字を認識して読み込みます"
            " / the PDF has no readable text layer (images, or fonts without character codes): install ocrmypdf"
            " and tesseract-ocr-jpn and set KEIKAKU_OCR to the languages, such as jpn+jpn_vert"
        )
    repair_glyphs(pages)
    if unread:
        stated["pages_without_text"] = ", ".join(map(str, unread))
    return _document(pages, stated)


def _pages(file: PdfFile, tables: bool) -> tuple[list[PageLines], list[int]]:
    """Every page laid out, its characters let go of; the numbers of those with something but text on them."""
    pages: list[PageLines] = []
    unread: list[int] = []
    chars = 0
    for number, page in enumerate(file.pages(rules=tables), start=1):
        chars += len(page.chars)
        if chars > MAX_CHARS:
            raise LoadError(
                f"文字が多すぎます（{number}ページまでで {chars:,}字、上限 {MAX_CHARS:,}）。分けてください"
                f" / too long: {chars:,} > {MAX_CHARS:,} characters by page {number}: split the file"
            )
        if page.unread:
            unread.append(number)
        pages.append(_page_lines(page))
    return pages, unread


def _chars_of(page: PageLines) -> int:
    lines = sum(len(line.text) for line in page.lines())
    tables = (item for item in page.items if isinstance(item, TextTable))
    return lines + sum(len(cell.text) for table in tables for cell in table.cells)


def _page_lines(page: Page) -> PageLines:
    """One page laid out."""
    fragments = recognised_fragments(page.chars) if page.recognised else fragments_of(page.chars)
    found, frames = read_grids(grids_of(page.rules), fragments)
    outside = [
        fragment
        for fragment in fragments
        if not any(inside(table.box, fragment.chars[len(fragment.chars) // 2]) for table in found)
    ]
    return PageLines(page.width, page.height, list(_done(reading_order(outside, frames, found))))


def _done(items: Iterable[Line | PageTable]) -> Iterator[Line | TextTable]:
    """Lines, and tables as they are kept: a page of one is small, of thousands it is not."""
    for item in items:
        if isinstance(item, Line):
            yield item
        else:
            yield from (table.done() for table in finished(item))


def _document(pages: list[PageLines], stated: dict[str, str]) -> Document:
    body = body_size(pages)
    without_furniture(pages, body)
    blocks = [list(paragraphs(page.items, body)) for page in pages]
    blocks[:1] = [_one_title(page, body) for page in blocks[:1]]
    sizes = heading_sizes((block for page in blocks for block in page if isinstance(block, Paragraph)), body)
    builder = PdfBuilder()
    for page, found in zip(pages, blocks, strict=True):
        builder.page()
        for block in found:
            if isinstance(block, Paragraph):
                level = level_of(block, sizes, body)
                builder.paragraph(block, level, 0 if level else note_label(block, body, page.height))
            else:
                builder.table(block)
    metadata = {key: value for key, value in stated.items() if key != "title"}
    return builder.build(_title(stated.get("title", ""), blocks, body), metadata)


def _one_title(page: list[Paragraph | TextTable], body: float) -> list[Paragraph | TextTable]:
    """A cover, which holds little else, prints its title in parts: 令和８年度, 一般会計予算書, 富士市."""
    found: list[Paragraph | TextTable] = []
    if len(page) > COVER_BLOCKS or not all(isinstance(block, Paragraph) for block in page):
        return page
    for block in page:
        before = found[-1] if found else None
        if isinstance(before, Paragraph) and isinstance(block, Paragraph):
            together = f"{before.text} {block.text}"
            large = min(before.size, block.size) >= LARGER * body
            if (
                large
                and _may_be_title(block.text)
                and _may_be_title(before.text)
                and len(together) <= COVER_CHARS
            ):
                size, lines = max(before.size, block.size), max(before.lines, block.lines)
                found[-1] = Paragraph(together, size, before.top, block.bottom, lines)
                continue
        found.append(block)
    return found


def _title(stated: str, blocks: list[list[Paragraph | TextTable]], body: float) -> str:
    """The title that the file states, if the first pages say it too; else what they print largest."""
    pages = [[block for block in page if isinstance(block, Paragraph)] for page in blocks[:TITLE_PAGES]]
    said = fold("".join(block.text for page in pages for block in page))
    if stated and not _FILE_NAME.search(stated) and fold(stated) in said:
        return stated
    page = next(filter(None, pages), [])
    named = [block for block in page if _may_be_title(block.text)]
    subject = next((block.text for block in named if _SUBJECT.search(block.text)), "")
    size = max((block.size for block in named), default=0.0)
    if size <= SLIGHTLY * body:
        return subject
    return next(block.text for block in named if block.size >= NEARLY * size)


def _may_be_title(text: str) -> bool:
    return (
        len(_JAPANESE.findall(text)) > 2
        and len(text) <= TITLE_CHARS
        and "。" not in text
        and not _DATE.search(text)
        and not find_amounts(text)
    )
