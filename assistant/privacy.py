"""Personal data in Japanese text: found with offsets, masked, and never confused with budgets and years.

A telephone number, e-mail or street address in a question counts as personal data even if it may be an
office's: the text alone does not tell whose it is. What documents print of offices is published and stays.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.normalise import narrow

GAP = r"[ \-ー・.]?"
NO_FIGURE_BEFORE = r"(?<![\d.,])"
NO_MONEY_BEHIND = r"(?!\d|[.,]\d|[ ]?(?:千円|百万円|億|万|円|yen))"
NUMBER_12 = re.compile(rf"{NO_FIGURE_BEFORE}\d{{4}}{GAP}\d{{4}}{GAP}\d{{4}}{NO_MONEY_BEHIND}(?!{GAP}\d)")
# Payment cards print four groups of four digits, or 4-6-5 and 4-6-4.
CARD = re.compile(
    rf"{NO_FIGURE_BEFORE}(?:\d{{4}}(?:{GAP}\d{{4}}){{2}}{GAP}\d{{2,4}}|"
    rf"\d{{4}}{GAP}\d{{6}}{GAP}\d{{4,5}}){NO_MONEY_BEHIND}"
)
# 電気通信番号計画（令和元年総務省告示第6号）: 0 and nine digits; ten behind 050, 060, 070, 080, 090 and 0800.
PHONE = re.compile(
    r"(?<![\d.,:/\-])(?:\(?\+81\)?[ \-]?(?:\(0\))?|(?=\(?0))(?:\(?\d{1,5}\)?(?:[ \-ー・]?\(?\d{1,4}\)?)?[ "
    r"\-ー・]?\d{3,4}|0[5-9]0\.\d{4}\.\d{4}|\d{9,11})"
    r"(?!\d|[.,\-]\d|年|[ ]?円)"
)
SPACED_DIGITS = re.compile(r"(?<!\d)(?<!\d )\d(?: \d){8,15}(?! ?\d)")
TWO_DIGIT_AREAS = ("03", "04", "06")
EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+", re.ASCII)
KANJI_KANA = r"[々〇一-龠ァ-ヶー]"
PLACE = rf"[都道府県市区町村郡字]{KANJI_KANA}[ぁ-ん一-龠々ァ-ヶー]{{0,9}}"
ADDRESS = re.compile(
    rf"{KANJI_KANA}{{2}}[0-9一二三四五六七八九十]{{1,3}}丁目[ の]?[0-9一二三四五六七八九十]{{1,4}}(?:番地?|"
    rf"-)[の\-]?[0-9一二三四五六七八九十]*号?"
    rf"|{PLACE}(?<![のはがをに])\d{{1,4}}-\d{{1,4}}-\d{{1,4}}(?![\d\-]|年)"
    rf"|{PLACE}\d{{1,5}}番地?(?:の?\d{{1,4}}号?|-\d{{1,4}}|(?<=地))"
)
# A number that is named as a person's: resident record, pension, licence, passport, insurance, account.
NAMED_NUMBER = re.compile(
    r"(?:住民票コード|基礎年金番号|年金番号|免許証?(?:の)?番号|旅券番号|パスポート番号|被保険者番号|"
    r"保険証(?:の)?番号|口座番号|在留カード番号)"
    r"[^\d\n]{0,6}[A-Z]{0,2}\d[\d\- ]{4,14}"
    rf"|(?:普通|当座)(?:預金)?口座[ :]?\d{{6,8}}{NO_MONEY_BEHIND}",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"生年月日[^\d\n]{0,6}\d{1,4}[年/.\-]\d{1,2}[月/.\-]\d{1,2}日?|\d{1,4}年\d{1,2}月\d{1,2}日(?:生まれ(?!変|かわ|る)|"
    r"生(?=[^\w]|$))"
)
MY_NUMBER_NAME = re.compile(r"マイナンバー(?!カード)|個人番号|my ?number", re.IGNORECASE)
MONEY_NAME = re.compile(r"(?:予算|決算|金額|総額|事業費|経費|額|費)[^\d]{0,6}$")
# Numbers that name an item of a budget, a file or a project.
CODE_NAME = re.compile(r"(?:コード|款項目|科目|[理書業付人目]番号|記号)[^\d]{0,3}$")
YEARS = re.compile(r"(?:(?:18|19|20|21)\d\d[^\d]){2,3}(?:18|19|20|21)\d\d")
KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
NAME_REACH = 20  # how near the words that name a number stand before it
MASK = "［個人情報］"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A span of the given text and what it holds."""

    kind: str
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalData]:
    """Numbers of persons, cards, phones; e-mail and street addresses; births. In order, not overlapping."""
    plain, places = _closed_up(narrow(text))
    digits = plain.translate(KANJI_DIGITS)
    found: list[PersonalData] = []
    for kind, pattern, holds in _CHECKS:
        for match in pattern.finditer(digits if kind in IN_KANJI else plain):
            start, end = places[match.start()], places[match.end() - 1] + 1
            free = all(end <= one.start or one.end <= start for one in found)
            before = plain[max(0, match.start() - NAME_REACH) : match.start()]
            if free and holds(match.group(), before):
                found.append(PersonalData(kind, start, end))
    return sorted(found, key=lambda one: one.start)


def _closed_up(text: str) -> tuple[str, list[int]]:
    """The text without characters of no width and spaces between single digits, and where each of it stood."""
    spaced = {at for run in SPACED_DIGITS.finditer(text) for at in range(*run.span()) if text[at] == " "}
    places = [at for at, one in enumerate(text) if at not in spaced and unicodedata.category(one) != "Cf"]
    return "".join(text[at] for at in places), places


def mask(text: str) -> str:
    """The text with every span of personal data replaced."""
    return "".join(_masked(text))


def _masked(text: str) -> Iterator[str]:
    position = 0
    for one in find_personal_data(text):
        yield text[position : one.start]
        yield MASK
        position = one.end
    yield text[position:]


def is_my_number(digits: str) -> bool:
    """Whether twelve digits are an individual number by their check digit.

    平成26年総務省令第85号 第5条（個人番号の検査用数字）.
    """
    if len(digits) != 12 or not digits.isdecimal():
        return False
    weights = [*range(2, 8), *range(2, 7)]
    remainder = sum(int(d) * weight for d, weight in zip(reversed(digits[:11]), weights, strict=True)) % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def passes_luhn(digits: str) -> bool:
    """Whether the digits pass the check of payment cards (ISO/IEC 7812-1)."""
    doubled = [int(d) * 2 if odd % 2 else int(d) for odd, d in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _my_number(found: str, before: str) -> bool:
    if MONEY_NAME.search(before) or YEARS.fullmatch(found):
        return False
    return is_my_number(_digits(found)) or bool(MY_NUMBER_NAME.search(before))


def _card(found: str, before: str) -> bool:
    digits = _digits(found)
    return (
        14 <= len(digits) <= 16
        and passes_luhn(digits)
        and not (MONEY_NAME.search(before) or YEARS.fullmatch(found))
    )


def _phone(found: str, before: str) -> bool:
    digits = _digits(found)
    if "+" in found:
        digits = "0" + digits.removeprefix("81").removeprefix("0")
    if digits.startswith(("050", "060", "070", "080", "090")):
        return len(digits) == 11 if digits[:4] != "0800" else len(digits) in (10, 11)
    if CODE_NAME.search(before):
        return False
    groups = re.findall(r"\d+", found)
    if len(groups) > 1 and len(groups[0]) == 2 and groups[0] not in (*TWO_DIGIT_AREAS, "81"):
        return False
    return len(digits) == 10 and digits[1] != "0"


def _always(_found: str, _before: str) -> bool:
    return True


IN_KANJI = {"card", "my_number", "phone"}
_CHECKS: tuple[tuple[str, re.Pattern[str], Callable[[str, str], bool]], ...] = (
    ("email", EMAIL, _always),
    ("card", CARD, _card),
    ("named_number", NAMED_NUMBER, _always),
    ("my_number", NUMBER_12, _my_number),
    ("phone", PHONE, _phone),
    ("birth", BIRTH, _always),
    ("address", ADDRESS, _always),
)
