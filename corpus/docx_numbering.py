"""The numbers that Word prints before paragraphs: 第１章, (1), ①, ア, as numbering.xml defines them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.docx_xml import attribute, child, children, is_on

LEVELS = 9
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
KANJI = "〇一二三四五六七八九"
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
BULLET = "・"  # Word draws bullets in symbol fonts, whose code points mean nothing elsewhere
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its first number, the form of its numbers, and what stands around them."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False  # the numbers of all levels in plain digits


@dataclass(slots=True)
class Numbering:
    """Counts the paragraphs of each list."""

    lists: dict[str, tuple[str, dict[int, Level]]]
    _counts: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(lambda: [None] * LEVELS))

    def label(self, number_id: str, depth: int) -> str:
        """What is printed before the next paragraph of a list, at a level from 0; often nothing."""
        if number_id not in self.lists or not 0 <= depth < LEVELS:
            return ""
        group, levels = self.lists[number_id]
        level = levels.get(depth, Level())
        if level.form == "none":
            return ""
        if level.form == "bullet":
            return BULLET
        counts = self._counts[group]
        now = counts[depth]
        counts[depth] = level.start if now is None else now + 1
        counts[depth + 1 :] = [None] * (LEVELS - depth - 1)

        def printed(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, Level())
            count = counts[at]
            return numeral(other.start if count is None else count, "decimal" if level.legal else other.form)

        return _PLACE.sub(printed, level.text) + ("" if level.suffix == "nothing" else " ")


def numeral(number: int, form: str) -> str:
    """A number in one of Word's forms; plain digits for forms that are not known."""
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(FULL_WIDTH)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("aiueo", "aiueoFullWidth") and 1 <= number <= len(KANA):
        return KANA[number - 1]
    if form in ("iroha", "irohaFullWidth") and 1 <= number <= len(IROHA):
        return IROHA[number - 1]
    if form in ("japaneseCounting", "japaneseLegal", "ideographDigital", "japaneseDigitalTenThousand"):
        return _kanji(number)
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((65 if form == "upperLetter" else 97) + number - 1)
    if form in ("upperRoman", "lowerRoman") and 1 <= number < 40:
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number >= 100 or number < 1:
        return "".join(KANJI[int(digit)] for digit in str(number))
    return ((KANJI[tens] if tens > 1 else "") + "十" if tens else "") + (KANJI[ones] if ones else "")


def _roman(number: int) -> str:
    printed = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        printed += letters * count
    return printed


def read_numbering(root: Any | None) -> Numbering:
    """The lists that numbering.xml defines; None where the document has no such part."""
    if root is None:
        return Numbering({})
    groups = {
        attribute(one, "abstractNumId"): {
            int(attribute(level, "ilvl") or 0): _level(level) for level in children(one, "lvl")
        }
        for one in children(root, "abstractNum")
    }
    lists = {}
    for one in children(root, "num"):
        group = attribute(child(one, "abstractNumId"), "val")
        levels = dict(groups.get(group, {}))
        key = group
        for override in children(one, "lvlOverride"):
            depth = int(attribute(override, "ilvl") or 0)
            before = levels.get(depth, Level())
            own = child(override, "lvl")
            start = attribute(child(override, "startOverride"), "val")
            made = _level(own) if own is not None else before
            levels[depth] = replace(made, start=int(start) if start else made.start)
            key = f"{group}/{attribute(one, 'numId')}"  # it counts on its own
        lists[attribute(one, "numId")] = (key, levels)
    return Numbering(lists)


def _level(level: Any) -> Level:
    return Level(
        int(attribute(child(level, "start"), "val") or 1),
        attribute(child(level, "numFmt"), "val") or "decimal",
        attribute(child(level, "lvlText"), "val"),
        attribute(child(level, "suff"), "val") or "tab",
        is_on(child(level, "isLgl")),
    )
