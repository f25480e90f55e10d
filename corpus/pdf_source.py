"""What a PDF page draws: characters with their boxes, ruling lines. The only file that reads by pypdfium2."""

import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from corpus.load_error import LoadError
from corpus.pdf_rules import Place, Rule, rules_of

MAX_PAGES = 5000
MAX_PAGE_CHARS = 100_000

Char = tuple[str, float, float, float, float]  # character, x0, top, x1, bottom in points from the top left

# Symbol fonts (Wingdings) have their signs at U+F020 and on; those that plans use, anything else is a bullet.
_SYMBOLS = {
    0xF06C: "●",
    0xF06E: "■",
    0xF071: "□",
    0xF075: "◆",
    0xF0A8: "□",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0E8: "➔",
    0xF0FC: "✓",
    0xF0FE: "☑",
}
_NO_TEXT = {0xFFFD, 0xFFFE, 0xFFFF, *range(0x7F, 0xA0)}
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is seen, rotation applied; sizes in points."""

    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]


_one_at_a_time = threading.Lock()


@contextmanager
def open_pdf(data: bytes) -> Iterator["PdfFile"]:
    """The file, closed again at the end. One at a time: pdfium is not safe to use from several threads.

    Raises:
        LoadError: damaged, encrypted, or with too many pages.
    """
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise LoadError(_why(data, str(error))) from error
        try:
            if len(document) > MAX_PAGES:
                raise LoadError(
                    f"ページが多すぎます（{len(document):,}ページ、上限{MAX_PAGES:,}）。分けてください"
                    f" / too many pages: {len(document):,} > {MAX_PAGES:,}; split the file"
                )
            yield PdfFile(document)
        finally:
            document.close()


def _why(data: bytes, said: str) -> str:
    if "password" in said.lower():
        return (
            "パスワードで保護されたPDFです。保護を外してから追加してください"
            " / the PDF is protected by a password: remove it and add the file again"
        )
    if b"%%EOF" not in data[-2048:]:
        return "PDFが途中で切れています。もう一度入手してください / the PDF is cut off: get the file again"
    return f"PDFが壊れています。もう一度入手してください / the PDF is damaged ({said}): get the file again"


class PdfFile:
    """An open PDF."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """`title` as the file states it, `created` and `modified` as ISO dates; only what is there."""
        named = {"title": self._stated("Title").strip()}
        for name, key in (("created", "CreationDate"), ("modified", "ModDate")):
            found = _DATE.match(self._stated(key))
            named[name] = "-".join(part for part in found.groups() if part) if found else ""
        return {name: value for name, value in named.items() if value}

    def _stated(self, key: str) -> str:
        try:
            return str(self._document.get_metadata_value(key))
        except UnicodeDecodeError:  # damaged, and of no importance
            return ""

    def pages(self, rules: bool = True) -> Iterator[Page]:
        """Pages in order; an unreadable one is empty. Without `rules` ruling lines are not looked for."""
        import pypdfium2

        for index in range(len(self._document)):
            try:
                with closing(self._document[index]) as page:
                    made = _read(page, index + 1, rules)
            except pypdfium2.PdfiumError:
                made = Page(0, 0, [], [])
            yield made


def _read(page: Any, number: int, rules: bool) -> Page:
    from pypdfium2 import raw

    place = Place(page)
    found = rules_of(raw, page, place) if rules else []
    return Page(place.width, place.height, _chars(page, place, number), found)


def _chars(page: Any, place: Place, number: int) -> list[Char]:
    """Characters in the order of the content stream, spaces that the file itself prints among them."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > MAX_PAGE_CHARS:
            raise LoadError(
                f"{number}ページの文字が多すぎます（{count:,}字）"
                f" / page {number} holds too much text: {count:,} characters"
            )
        printed = _printed(text.raw, count)
    finally:
        text.close()
    if place.turns:
        seen = [(char, *place.box(*box)) for char, *box in printed]
    else:
        left, top = place.corner
        seen = [(char, x0 - left, top - y1, x1 - left, top - y0) for char, x0, y0, x1, y1 in printed]
    width, height = 2 * place.width, 2 * place.height
    return [one for one in seen if 0 <= one[1] + one[3] <= width and 0 <= one[2] + one[4] <= height]


def _printed(text: Any, count: int) -> list[Char]:
    """Characters with left, bottom, right, top in the page's own coordinates: the slow loop."""
    from pypdfium2 import raw

    unicode, loose_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    box, found, high = raw.FS_RECTF(), [], 0
    for index in range(count):
        code = unicode(text, index)
        if code < 0x20 or code in _NO_TEXT or (code == 0x20 and raw.FPDFText_IsGenerated(text, index) == 1):
            continue
        if 0xD800 <= code <= 0xDFFF:  # a kanji beyond U+FFFF comes in two halves
            half, high = high, code if code < 0xDC00 else 0
            if not half or code < 0xDC00:
                continue
            code = 0x10000 + (half - 0xD800 << 10) + code - 0xDC00
        loose_box(text, index, box)
        char = _SYMBOLS.get(code, "・") if 0xF020 <= code <= 0xF0FF else chr(code)
        found.append((char, box.left, box.bottom, box.right, box.top))
    return found
