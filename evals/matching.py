"""When two texts say the same: comparison after normalisation, numbers as wholes, places that overlap."""

import re
import unicodedata
from collections.abc import Iterable

from corpus.normalise import narrow

MIN_OVERLAP = 10
"""Compared characters that a quote and the evidence must share to be the same place."""
FIGURE = r"\d[\d.百千万億兆]*"
"""A number as compared, with its Japanese units."""

_CITATION_MARK = re.compile(r"[\[［]\d+[\]］]")
_NUMBER_BREAK = re.compile(r"(?<=\d)[,，]?\s+(?=\d)")
_DROPPED = re.compile("[\\s,\u00ad\u200b-\u200d\u2060\ufeff\ufffe]+")
_OLD_FORMS = str.maketrans("戶黑靑黃齒龜麥齊龍", "戸黒青黄歯亀麦斉竜")


def comparable(text: str) -> str:
    """NFKC, look-alike kanji folded, dashes and waves one, no whitespace, commas or invisibles.

    Unlike `corpus.normalise.fold` it keeps upper and lower case: an answer is to say a name as it is written.
    """
    plain = _DROPPED.sub("", narrow(unicodedata.normalize("NFKC", narrow(text))))
    return plain.replace("~", "-").translate(_OLD_FORMS)


def spoken(text: str) -> str:
    """An answer's text as compared: without [n] marks, numbers side by side kept apart."""
    return comparable(without_marks(text))


def without_marks(text: str) -> str:
    """An answer's text as printed, but for its [n] marks and whitespace between two numbers."""
    return _NUMBER_BREAK.sub("、", _CITATION_MARK.sub("", text))


def occurs(wanted: str, text: str) -> bool:
    """Whether `wanted` stands in `text` (both compared) as a whole number: 2億円 is not in 7.2億円."""
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not _inside_number(wanted, text[max(0, at - 2) : at], text[end : end + 2]):
            return True
        at = text.find(wanted, at + 1)
    return False


def _inside_number(wanted: str, before: str, after: str) -> bool:
    """Whether the two characters on either side carry on the number that `wanted` begins or ends with."""
    if wanted[0].isdigit() and before:
        if before[-1].isdecimal() or before[-1] in "万億兆":
            return True
        if before[-1] == "." and before[0].isdecimal():
            return True
    return wanted[-1].isdigit() and after.removeprefix(".")[:1].isdecimal()


def any_occurs(alternatives: tuple[str, ...], text: str) -> bool:
    """Whether one of the alternatives, as written, occurs in `text`, as compared."""
    return any(occurs(comparable(alternative), text) for alternative in alternatives)


def all_occurring(wanted: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of some strings, as written, that occur in `text`, as compared."""
    return tuple(one for one in wanted if occurs(comparable(one), text))


def same_document(source: str, doc: str) -> bool:
    """Whether `doc` names the Document with this source: its path or the end of it (NFC, for macOS)."""
    source, doc = (unicodedata.normalize("NFC", name) for name in (source, doc))
    return source == doc or source.endswith(f"/{doc}")


def overlap(text: str, quote: str, wanted: str) -> bool:
    """Whether an occurrence of `quote` in `text` shares MIN_OVERLAP characters with one of `wanted`.

    All three as compared. A shorter quote or proof has to be shared whole.
    """
    if not quote or not wanted:
        return False
    least = min(MIN_OVERLAP, len(quote), len(wanted))
    at = text.find(wanted)
    while at >= 0:
        first, last = at + least - len(quote), at + len(wanted) - least + len(quote)
        if text.find(quote, max(0, first), last) >= 0:
            return True
        at = text.find(wanted, at + 1)
    return False
