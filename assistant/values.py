"""Amounts, years, numbers and labels of a sentence, and how other languages say them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.amounts import Amount, find_amounts
from corpus.wareki import YearSpan, find_years

LABELS = "①-⑳"
PLAIN = re.compile(
    rf"[{LABELS}]|[(（][0-9０-９]{{1,2}}[)）]|[0-9０-９][0-9０-９,，.．]*(?:[0-9０-９])|[0-9０-９]"
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WESTERN = re.compile(r"\d{4}")

# Size of each scale word, the largest first.
SCALES: Mapping[str, Sequence[tuple[int, str]]] = {
    "en": ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"), (1, "")),
    "zh": ((10**8, "亿"), (10**4, "万"), (1, "")),
    "ko": ((10**8, "억"), (10**4, "만"), (1, "")),
    "vi": ((10**9, " tỷ"), (10**6, " triệu"), (1, "")),
}
YEN = {"en": " yen", "zh": "日元", "ko": " 엔", "vi": " yên"}
ABOUT = {"en": "about ", "zh": "约", "ko": "약 ", "vi": "khoảng "}
FISCAL: Mapping[str, Callable[[str], str]] = {
    "en": "fiscal year {}".format,
    "zh": "{}年度".format,
    "ko": "{}년도".format,
    "vi": "năm tài chính {}".format,
}
YEAR: Mapping[str, Callable[[str], str]] = {
    "en": "{}".format,
    "zh": "{}年".format,
    "ko": "{}년".format,
    "vi": "năm {}".format,
}
MONTH: Mapping[str, Callable[[int, int], str]] = {
    "en": lambda year, month: f"{MONTHS[month - 1]} {year}",
    "zh": lambda year, month: f"{year}年{month}月",
    "ko": lambda year, month: f"{year}년 {month}월",
    "vi": lambda year, month: f"tháng {month} năm {year}",
}
DAY: Mapping[str, Callable[[int, int, int], str]] = {
    "en": lambda year, month, day: f"{day} {MONTHS[month - 1]} {year}",
    "zh": lambda year, month, day: f"{year}年{month}月{day}日",
    "ko": lambda year, month, day: f"{year}년 {month}월 {day}일",
    "vi": lambda year, month, day: f"ngày {day} tháng {month} năm {year}",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A place `text[start:end] == printed` of a sentence that must come through unchanged."""

    start: int
    end: int
    printed: str
    amount: Amount | None = None
    years: YearSpan | None = None

    def said_in(self, language: str) -> str:
        """The value in the words of a language, as printed behind where that tells more; in Japanese as printed."""
        if language not in SCALES:
            return self.printed
        if self.amount:
            return f"{amount_in(language, self.amount.yen, self.amount.approximate)} ({self.printed})"
        if self.years:
            said = years_in(language, self.years)
            return said if WESTERN.match(self.printed) else f"{said} ({self.printed})"
        return self.printed


def values_in(text: str) -> list[Value]:
    """The values of a sentence in order, none within another."""
    found = [
        *(Value(one.start, one.end, text[one.start : one.end], amount=one) for one in find_amounts(text)),
        *(Value(one.start, one.end, text[one.start : one.end], years=one) for one in find_years(text)),
        *(Value(one.start(), one.end(), one[0]) for one in PLAIN.finditer(text)),
    ]
    kept: list[Value] = []
    for value in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and value.start < kept[-1].end:
            continue
        if kept and _says_again(kept[-1], value, text):
            end = value.end + 1
            kept[-1] = replace(kept[-1], end=end, printed=text[kept[-1].start : end])
        else:
            kept.append(value)
    return kept


def _says_again(first: Value, second: Value, text: str) -> bool:
    """Whether a year in brackets is the one before it in the other calendar: 2024年度（令和6年度）."""
    between = text[first.end : second.start], text[second.end : second.end + 1]
    years = first.years, second.years
    same = years[0] and years[1] and (years[0].first, years[0].last) == (years[1].first, years[1].last)
    return bool(same) and between in (("（", "）"), ("(", ")"))


def amount_in(language: str, yen: int, approximate: bool) -> str:
    """2750000000 -> about 2.75 billion yen, 约27.5亿日元; exact: a size is taken only where two decimals hold it."""
    size, word = next(
        (size, word)
        for size, word in SCALES[language]
        if size == 1 or (abs(yen) >= size and yen * 100 % size == 0)
    )
    number = f"{(Decimal(yen) / size).normalize():,f}"
    if language == "vi":
        number = number.translate(str.maketrans(",.", ".,"))
    return f"{ABOUT[language] if approximate else ''}{number}{word}{YEN[language]}"


def years_in(language: str, span: YearSpan) -> str:
    """令和6年度 -> fiscal year 2024; 2020年11月 -> November 2020."""
    if span.month and span.day and span.first == span.last:
        return DAY[language](span.first, span.month, span.day)
    if span.month and span.first == span.last:
        return MONTH[language](span.first, span.month)
    years = str(span.first) if span.first == span.last else f"{span.first}–{span.last}"
    return (FISCAL if span.fiscal else YEAR)[language](years)
