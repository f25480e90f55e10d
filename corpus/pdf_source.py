"""What a PDF page draws: characters with their boxes, ruling lines. The only file that reads by pypdfium2."""

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.load_error import LoadError
from corpus.pdf_rules import Place, Rule, draws_much, rules_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_PAGES = 20_000
PAGES_AT_ONCE = 256  # pdfium keeps what it has parsed until the file is closed: then it is opened anew
MAX_PAGE_CHARS = 100_000
FEW_CHARS = 20  # a page with fewer that shows much else has no text of its own: a stamp or a number on a scan
SAMPLE = 15  # characters that tell whether a layer is seen
GARBLED_CHARS = 20  # fewer tell nothing

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
_SIGNS = {code: _SYMBOLS.get(code, "・") for code in range(0xF020, 0xF100)}
_NO_TEXT = [0xFFFD, 0xFFFE, 0xFFFF, *range(0x7F, 0xA0)]
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is seen, rotation applied; sizes in points.

    `recognised` says that its text is the unseen layer over a scan, `unread` that it shows something whose text
    the file does not give: a scan, or fonts without a map to Unicode.
    """

    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]
    recognised: bool = False
    unread: bool = False


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
            file = PdfFile(data)
        except pypdfium2.PdfiumError as error:
            raise LoadError(_why(data, str(error))) from error
        with closing(file):
            if len(file) > MAX_PAGES:
                raise LoadError(
                    f"ページが多すぎます（{len(file):,}ページ、上限{MAX_PAGES:,}）。分けてください"
                    f" / too many pages: {len(file):,} > {MAX_PAGES:,}; split the file"
                )
            yield file


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

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open()

    def _open(self) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(self._data)

    def close(self) -> None:
        """Gives its memory back."""
        self._document.close()

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
            if index % PAGES_AT_ONCE == PAGES_AT_ONCE - 1:
                self.close()
                self._open()
            try:
                with closing(self._document[index]) as page:
                    made = _read(page, index + 1, rules)
            except pypdfium2.PdfiumError:
                made = Page(0, 0, [], [], unread=True)
            yield made


def _read(page: Any, number: int, rules: bool) -> Page:
    from pypdfium2 import raw

    place = Place(page)
    found = rules_of(raw, page, place) if rules else []
    chars, recognised = _chars(page, place, number)
    unread = len(chars) < FEW_CHARS and draws_much(raw, page, place)
    return Page(place.width, place.height, chars, found, recognised, unread)


def _chars(page: Any, place: Place, number: int) -> tuple[list[Char], bool]:
    """Characters in the order of the content stream, spaces that the file itself prints among them.

    With them, whether they are an unseen layer over a scan.
    """
    import numpy as np
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > MAX_PAGE_CHARS:
            raise LoadError(
                f"{number}ページの文字が多すぎます（{count:,}字）"
                f" / page {number} holds too much text: {count:,} characters"
            )
        codes = _codes(text, count)
        printed = np.flatnonzero(codes)
        boxes = (raw.FS_RECTF * len(printed))()
        handle, loose_box = text.raw, raw.FPDFText_GetLooseCharBox  # a call for each character: found once
        for index, box in zip(printed.tolist(), boxes, strict=True):
            loose_box(handle, index, box)
        recognised = _is_unseen(text, printed[:: len(printed) // SAMPLE + 1].tolist())
    finally:
        text.close()
    edges: Any = np.frombuffer(bytes(boxes), np.float32).reshape(-1, 4).T.astype(np.float64)
    left, top, right, bottom = edges
    x0, y0, x1, y1 = sides = np.array(place.box(left, bottom, right, top))
    seen = (x0 + x1 >= 0) & (x0 + x1 <= 2 * place.width) & (y0 + y1 >= 0) & (y0 + y1 <= 2 * place.height)
    signs = codes[printed][seen].astype("<u4").tobytes().decode("utf-32-le").translate(_SIGNS)
    return list(zip(signs, *sides[:, seen].tolist(), strict=True)), recognised


def _is_garbled(codes: "NDArray[np.int32]") -> bool:
    """Whether most characters have no code point, a private one, or one of accented Latin letters."""
    unmapped = (codes == 0) | (codes == 0xFFFD) | ((codes >= 0xE000) & (codes < 0xF900))
    odd = int((unmapped | ((codes >= 0xA1) & (codes < 0x250))).sum())
    return 2 * odd > max(int((codes > 0x20).sum()) + int((codes == 0).sum()), GARBLED_CHARS)


def _is_unseen(text: Any, indexes: list[int]) -> bool:
    """Whether most of these characters are in the text mode that paints nothing."""
    from pypdfium2 import raw

    modes = [raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text, index)) for index in indexes]
    return 2 * modes.count(raw.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)


def _codes(text: Any, count: int) -> "NDArray[np.int32]":
    """The code point of each character of a page; 0 for what is not printed."""
    import numpy as np
    from pypdfium2 import raw

    units = (ctypes.c_ushort * (2 * count + 1))()
    if raw.FPDFText_GetText(text, 0, count, units) != count + 1:  # some have no text: only one by one then
        units[:count] = [raw.FPDFText_GetUnicode(text, index) & 0xFFFF for index in range(count)]
    codes: NDArray[np.int32] = np.frombuffer(bytes(units), np.uint16, count).astype(np.int32)
    high, low = codes >> 10 == 0xD800 >> 10, codes >> 10 == 0xDC00 >> 10
    pairs = np.flatnonzero(high[:-1] & low[1:]) + 1  # a kanji beyond U+FFFF comes in two halves
    codes[pairs] += 0x10000 - 0xDC00 + (codes[pairs - 1] - 0xD800 << 10)
    if _is_garbled(codes):
        return np.zeros_like(codes)
    codes[(codes < 0x20) | (codes >> 11 == 0xD800 >> 11) | np.isin(codes, _NO_TEXT)] = 0
    for index in np.flatnonzero(codes == 0x20).tolist():
        if raw.FPDFText_IsGenerated(text.raw, index) == 1:
            codes[index] = 0
    return codes
