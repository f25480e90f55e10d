"""Code points that a PDF's fonts give wrongly: symbols without one, and a known fault of scanned-in budgets."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from corpus.pdf_cells import TextTable
from corpus.pdf_layout import Line
from corpus.pdf_repeats import PageLines

# Fonts that DocuWorks embeds count the kanji of JIS X 0213 in the order of Unicode, and its ToUnicode map goes
# on from 連 as if every code point had one: 進 is read as 逭, 運 as 遀, 都 as 邴, to the end of the block U+90xx.
_FIRST, _LAST = 0x9024, 0x90FF
_BEFORE = 0x9023  # 連, the last one that is right
_FAULTY = frozenset("逭遀遈邴郤郸")  # in no Japanese text; a single one gives the fault away


@lru_cache(maxsize=1)
def _shifted() -> dict[int, str]:
    """What is printed, by the code point that the file gives."""
    kanji = [chr(code) for code in range(_BEFORE + 1, 0x9FA0) if _is_jis(chr(code))]
    return dict(zip(range(_FIRST, _LAST + 1), kanji, strict=False))


def _is_jis(character: str) -> bool:
    try:
        character.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


def repair_glyphs(pages: Iterable[PageLines]) -> None:
    """Puts the printed kanji where the file gives shifted ones; files without the fault stay as they are."""
    pages = list(pages)
    if not any(_FAULTY & set(text) for page in pages for text in _texts(page)):
        return
    table = _shifted()
    for page in pages:
        page.items = [_mapped(item, lambda text: text.translate(table)) for item in page.items]


def _texts(page: PageLines) -> Iterable[str]:
    for item in page.items:
        if isinstance(item, Line):
            yield item.text
        else:
            yield from (cell.text for cell in item.cells)


def _mapped(item: Line | TextTable, change: Callable[[str], str]) -> Line | TextTable:
    if isinstance(item, Line):
        return replace(item, text=change(item.text))
    cells = [cell._replace(text=change(cell.text)) for cell in item.cells]
    return replace(item, cells=tuple(cells), unit=change(item.unit))
