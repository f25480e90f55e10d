"""Text as printed, text as searched, text as compared: look-alike kanji, widths, dashes, digits."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

# Complete kanji of the CJK Radicals Supplement, which NFKC leaves alone (Japanese forms of Unicode's
# EquivalentUnifiedIdeograph.txt). Parts such as 亻 or 氵 never stand for a kanji and stay.
_RADICALS = str.maketrans(
    "⺒⺜⺝⺟⺠⻁⻄⻆⻑⻘⻝⻡⻣⻤⻨⻩⻫⻭⻯⻲", "巳日月母民虎西角長青食首骨鬼麦黄斉歯竜亀"
)
# NFKC of these Kangxi radicals is a form outside JIS X 0208; Japanese fonts draw the kanji on the right.
_KANGXI_JAPANESE = str.maketrans("⼾⿊⾭⿈", "戸黒青黄")
_KANGXI = (0x2F00, 0x2FD5)
_COMPATIBILITY_IDEOGRAPHS = ((0xF900, 0xFAFF), (0x2F800, 0x2FA1F))

# Hyphens, dashes, minus signs and rules; never ー (U+30FC), which is a letter.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe58\ufe63\u2043\u2500\u2501"
_WAVES = "\u301c\uff5e\u223c\u02dc"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe"
_OLD_FORMS = str.maketrans("戶黑靑黃齒龜麥齊龍", "戸黒青黄歯亀麦斉竜")

# What NFKC may merge with the character before: combining marks, half-width voicing, Hangul vowels, finals.
_MARKS = (
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\uff9e\uff9f\u1160-\u11ff\uffa0-\uffdc]"
)
_MARKED = re.compile(f".{_MARKS}+", re.S)
_CLUSTER = re.compile(f".{_MARKS}*", re.S)
_KEPT_CHARS = 1000  # of a longer text the folded one would take much memory
_SPACE_OR_COMMA = re.compile(r"[\s,]+")


def _repairs() -> dict[int, int | str]:
    table: dict[int, int | str] = {}
    for first, last in (_KANGXI, *_COMPATIBILITY_IDEOGRAPHS):
        table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    return table | _RADICALS | _KANGXI_JAPANESE


_REPAIRS = _repairs()
# One character for one: full-width ASCII, ideographic space, dashes and waves.
_NARROW = (
    _REPAIRS
    | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009"), " ")
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _WAVES), "~")
)


def repair(text: str) -> str:
    """Canonical text: code points that only look like kanji become that kanji; nothing else, same length."""
    return text.translate(_REPAIRS)


def narrow(text: str) -> str:
    """Half-width ASCII, one dash, one wave: for patterns whose offsets must hold in `text` (same length)."""
    return text.translate(_NARROW)


@lru_cache(maxsize=65536)
def _searched(cluster: str) -> str:
    """One character, or one with its combining marks, as it is searched; a space for any whitespace."""
    if cluster in _INVISIBLE:
        return ""
    plain = unicodedata.normalize("NFKC", cluster.translate(_NARROW)).lower().translate(_NARROW)
    return " " if plain.isspace() else plain


class _SearchTable(dict[int, str]):
    """`str.translate` table that fills itself, so that each character is normalised once."""

    def __missing__(self, code: int) -> str:
        self[code] = _searched(chr(code))
        return self[code]


_SEARCH_TABLE = _SearchTable()


def normalise(text: str) -> str:
    """Text for search: NFKC, lower case, one dash, one wave, no invisible characters, single spaces."""
    pieces = []
    position = 0
    for match in _MARKED.finditer(text):
        pieces += [text[position : match.start()].translate(_SEARCH_TABLE), _searched(match[0])]
        position = match.end()
    pieces.append(text[position:].translate(_SEARCH_TABLE))
    return " ".join("".join(pieces).split())


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """`normalise(text)` and, for each of its characters, the index in `text` that it comes from."""
    characters: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(text):
        for character in _searched(match[0]):
            if not character.isspace():
                characters.append(character)
                offsets.append(match.start())
            elif characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append(match.start())
    if characters and characters[-1] == " ":
        del characters[-1], offsets[-1]
    return "".join(characters), offsets


def fold(text: str) -> str:
    """Text for containment: normalised, no whitespace or commas, waves as dashes, old kanji forms as new."""
    return _folded(text) if len(text) > _KEPT_CHARS else _kept(text)


def _folded(text: str) -> str:
    return _SPACE_OR_COMMA.sub("", normalise(text)).replace("~", "-").translate(_OLD_FORMS)


_kept = lru_cache(maxsize=8192)(_folded)  # passages and names are folded many times for one question


_KANJI_DIGITS = {kanji: str(value) for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_SMALL_UNITS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
_LARGE_UNITS = {"万": Decimal(10**4), "億": Decimal(10**8), "兆": Decimal(10**12)}
_OTHER_SCRIPTS = str.maketrans("萬亿억만조", "万億億万兆")
_NUMERAL = re.compile(r"(\d[\d,]*(?:\.\d+)?|[〇零一二三四五六七八九]+)|([十百千])|([万億兆])")
_FIGURE = re.compile(r"[\d〇零一二三四五六七八九]")
NUMERAL_CHARACTERS = "0-9,.〇零一二三四五六七八九十百千万億兆萬亿억만조"
"""For a character class that spans everything `read_number` reads."""


def read_number(text: str) -> Decimal | None:
    """Value of 7.2億 / 12億3,400万 / 3千920万 / 720百万 / 二千三百四十万 / 五〇; None for what is no number.

    Units without a figure (千, 百万, 億) are a unit of measure, not a number; 十 alone counts as ten.
    """
    plain = narrow(text).translate(_OTHER_SCRIPTS)
    if not _FIGURE.search(plain) and not plain.startswith("十"):
        return None
    total, section = Decimal(0), Decimal(0)
    figure: Decimal | None = None
    last_large: Decimal | None = None
    position = 0
    while position < len(plain):
        match = _NUMERAL.match(plain, position)
        if match is None or (match[1] and figure is not None):
            return None
        if match[1]:
            figure = Decimal("".join(_KANJI_DIGITS.get(c, c) for c in match[1].replace(",", "")))
        elif match[2]:
            section += (Decimal(1) if figure is None else figure) * _SMALL_UNITS[match[2]]
            figure = None
        else:
            large, section = _LARGE_UNITS[match[3]], section + (figure or 0)
            if (section == 0 and figure is None) or (last_large is not None and large >= last_large):
                return None
            total, section, figure, last_large = total + section * large, Decimal(0), None, large
        position = match.end()
    return total + section + (figure or 0)
