"""Pages as the PDF reader sees them, set by hand: characters and ruling lines where a test puts them."""

from collections.abc import Sequence

from corpus.document import Document
from corpus.load_pdf import _document, _page_lines
from corpus.pdf_rules import Rule
from corpus.pdf_source import Char, Page

WIDTH, HEIGHT = 595.0, 842.0


def line(text: str, x: float, top: float, size: float = 10.0, step: float = 1.0) -> list[Char]:
    """Characters from left to right, `step` em apart; half-width ones take half the room."""
    chars: list[Char] = []
    for character in text:
        width = size * (0.5 if character.isascii() else 1.0)
        chars.append((character, x, top, x + width, top + size))
        x += width * step
    return chars


def upright(text: str, x: float, top: float, size: float = 10.0) -> list[Char]:
    """Characters from top to bottom."""
    return [
        (character, x, top + size * index, x + size, top + size * (index + 1))
        for index, character in enumerate(text)
    ]


def ruled(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """The lines of a grid."""
    level = [(xs[0], y, xs[-1], y, False) for y in ys]
    return level + [(x, ys[0], x, ys[-1], False) for x in xs]


def page(*parts: list[Char], rules: Sequence[Rule] = ()) -> Page:
    """A page of A4 with its characters in the order given."""
    return Page(WIDTH, HEIGHT, [char for part in parts for char in part], list(rules))


def read(*pages: Page) -> Document:
    """The Document of these pages."""
    return _document([_page_lines(one) for one in pages], {})


def blocks(document: Document) -> list[str]:
    """Texts of the blocks."""
    return [document.text[start:end] for start, end in document.blocks]


def rows(document: Document, table: int = 0) -> list[list[str]]:
    """Texts of a table's cells row by row."""
    found: dict[int, list[str]] = {}
    for cell in document.tables[table].cells:
        found.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    return [found[number] for number in sorted(found)]
