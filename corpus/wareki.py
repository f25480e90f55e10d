"""Japanese and Western years in text: 令和3年度, R7, 2024年5月, 令和3～7年度."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corpus.normalise import narrow, read_number

# First Western year of each era (改元); the letters are those of forms and tables.
ERAS = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}
_ERA_NAMES = {name: name for name in ERAS}
_ERA_NAMES |= {"㋿": "令和", "㍻": "平成", "㍼": "昭和", "㍽": "大正", "㍾": "明治"}
_ERA_NAMES |= {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
# Without 年 a letter is a year only for the two eras that tables write so: R7, H30 (M2 and S3 are products).
_BARE_LETTERS = {"R": 30, "H": 40}
# Fiscal years begin in April (地方自治法 第208条).
_FISCAL_START = 4
# A bare 7年度 takes the era of a year at most this many characters before it.
_ERA_REACH = 80

_ERA = "|".join(name for name in _ERA_NAMES if len(name) == 2 or not name.isascii())
_COUNT = r"(?:元|\d{1,2}(?!\d)|[一二三四五六七八九十]{1,4})"
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_HEAD = re.compile(
    # 令和6, 令和6(2024)
    rf"(?P<era>{_ERA})\s{{0,2}}(?P<count>{_COUNT})(?:\s?\(\d{{4}}年?\))?"
    # R7, not the tail of MR3, v1.R3 or A-R3
    r"|(?<![A-Za-z0-9_./])(?<![A-Za-z]-)(?P<letter>[RHSTM])\.?(?P<short>元|\d{1,2}(?!\d))(?:\s?\(\d{4}年?\))?"
    # FY2024, fiscal year 2024
    r"|(?<![A-Za-z])(?i:fy|fiscal(?:\s+year)?)\s?'?(?P<fy>(?:19|20)\d\d|\d\d)(?!\d)"
    # November 2020, July 24, 2024
    rf"|(?<![A-Za-z])(?P<name>(?i:{'|'.join(_MONTH_NAMES)}))[a-z]{{0,6}}\.?\s"
    r"(?:(?P<nameday>\d{1,2}),?\s)?(?P<nameyear>(?:19|20)\d\d)(?!\d)"
    # 2024, 2024(令和6)
    rf"|(?<![\d.,])(?P<west>1[89]\d\d|2[01]\d\d)(?!\d)(?:\s?\((?:{_ERA}|[RH]){_COUNT}年?\))?"
    r"|(?<![\d.,第])(?P<bare>元|\d{1,2}(?![\d.,]))"
)
_MAYBE = re.compile(rf"\d|元|{_ERA}")
# 5年間, 3年目, 1年度あたり are durations and ordinals.
_TAIL = re.compile(
    r"\s{0,3}[年년](?![間目간])(?:\s{0,3}[度도](?P<fiscal>)(?!間|目|当たり|あたり|につき|ごと)(?:\s?\(\d{4}年度?\))?"
    r"|(?!\s{0,3}[度도])(?:\s?\(\d{4}年?\))?"
    r"(?:\s{0,2}(?P<month>1[0-2]|0?[1-9])\s?[月월](?:\s{0,2}(?P<day>3[01]|[12]\d|0?[1-9])\s?[日일])?)?)"
)
_NUMERIC_DATE = re.compile(
    r"([./])(?P<month>1[0-2]|0?[1-9])(?:\1(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d./])"
    r"|-(?P<isomonth>1[0-2]|0[1-9])-(?P<isoday>3[01]|[12]\d|0[1-9])(?!\d)"
)
# 令和6・7年度, R3-R7年度, 2021~2025年度: only the last year says 年度.
_JOINED = re.compile(
    rf"\s?[~\-ー・、,]\s?(?:{_ERA}|[RH])?(?:\d{{4}}|\d{{1,2}}|元)(?:\s?\([^()]{{1,8}}\))?\s?年\s?(?P<fiscal>度)?"
)
# 2021~2025 with no 年 at all.
_WESTERN_END = re.compile(r"\s?[~\-ー]\s?((?:19|20)\d\d)(?![\d-])")
_PLACE_OR_NUMBER = re.compile(r"\s?[丁番号条区町\d]")
_RANGE_LINK = re.compile(r"\s{0,2}(?:から|より|~|-|ー)\s{0,2}")
_UNTIL = re.compile(r"\s?(?:末|中)?\s?(?:まで|迄)")


@dataclass(frozen=True, slots=True)
class YearSpan:
    """One year, a date, or (from `find_periods`) a range; `text[start:end]` is what was printed.

    `first` and `last` are Western years, fiscal ones where `fiscal`. `month`, `day` belong to the first year,
    `last_month`, `last_day` to the last; both pairs are equal for a single year.
    """

    start: int
    end: int
    first: int
    last: int
    fiscal: bool
    month: int | None = None
    day: int | None = None
    last_month: int | None = None
    last_day: int | None = None

    @property
    def fiscal_years(self) -> tuple[int, ...]:
        """Fiscal years that the span touches; a calendar year without month counts as that fiscal year."""
        first = self.first - _before_april(self.fiscal, self.month)
        last = self.last - _before_april(self.fiscal, self.last_month)
        return tuple(range(first, last + 1))


def _before_april(fiscal: bool, month: int | None) -> int:
    return int(not fiscal and month is not None and month < _FISCAL_START)


def _number(count: str) -> int:
    return 1 if count == "元" else int(read_number(count) or 0)


def _year(head: re.Match[str]) -> int:
    """The Western year of a head that is not bare."""
    if western := head["west"] or head["nameyear"]:
        return int(western)
    if head["fy"]:
        return int(head["fy"]) + (2000 if len(head["fy"]) == 2 else 0)
    return ERAS[_ERA_NAMES[head["era"] or head["letter"]]] + _number(head["count"] or head["short"]) - 1


def _stands_alone(head: re.Match[str], plain: str, before: YearSpan | None) -> bool:
    """Whether a head without 年 is a year: 平成3, R7, FY2024, 2021~2025, but not 昭和3丁目, R7B, 2024."""
    if head["west"]:
        later = _WESTERN_END.match(plain, head.end())
        ends_range = before and _RANGE_LINK.fullmatch(plain, before.end, head.start())
        return bool(ends_range) or (later is not None and int(later[1]) > int(head["west"]))
    if head["era"]:
        return not _PLACE_OR_NUMBER.match(plain, head.end())
    if head["letter"]:
        follower = plain[head.end() : head.end() + 1]
        plausible = _number(head["short"]) <= _BARE_LETTERS.get(head["letter"], 0)
        return plausible and not re.fullmatch(r"[A-Za-z0-9._]", follower)
    return bool(head["fy"] or head["name"])


def _single(plain: str, head: re.Match[str], before: YearSpan | None) -> YearSpan | None:
    """The year or date that begins with `head` (not a bare number)."""
    year, end, fiscal = _year(head), head.end(), bool(head["fy"])
    month = day = None
    dated = None if head["fy"] or head["name"] else _NUMERIC_DATE.match(plain, end)
    if tail := _TAIL.match(plain, end):
        end, fiscal = tail.end(), tail["fiscal"] is not None
        month, day = tail["month"], tail["day"]
    elif dated and not head["era"] and (dated["day"] or dated["isoday"] or dated[1] == "/" or head["letter"]):
        end, month, day = dated.end(), dated["month"] or dated["isomonth"], dated["day"] or dated["isoday"]
    elif (joined := _JOINED.match(plain, end)) and not (head["fy"] or head["name"]):
        fiscal = joined["fiscal"] is not None
    elif not _stands_alone(head, plain, before):
        return None
    if head["name"]:
        month, day = str(_MONTH_NAMES.index(head["name"].lower()) + 1), head["nameday"]
    months, days = (int(month) if month else None), (int(day) if day else None)
    return YearSpan(head.start(), end, year, year, fiscal, months, days, months, days)


def _bare(plain: str, head: re.Match[str], before: YearSpan | None, era: str | None) -> YearSpan | None:
    """7年度 with the era of its surroundings, or the short second year of a range: 令和3年から7年, R3-7."""
    tail = _TAIL.match(plain, head.end())
    if tail is None and plain.startswith("年", head.end()):
        return None
    count = _number(head["bare"])
    end = tail.end() if tail else head.end()
    if before and _RANGE_LINK.fullmatch(plain, before.end, head.start()):
        printed_year = any(mark in plain[before.start : before.end] for mark in "年/")
        base = ERAS[era] - 1 if era else before.first // 100 * 100
        if base + count <= before.first or (printed_year and not tail) or before.first == base:
            return None
        return _dated(YearSpan(head.start(), end, base + count, base + count, before.fiscal), tail)
    if tail is None or tail["fiscal"] is None or era is None or not count:
        return None
    year = ERAS[era] + count - 1
    return YearSpan(head.start(), end, year, year, True)


def _dated(span: YearSpan, tail: re.Match[str] | None) -> YearSpan:
    if tail is None:
        return span
    month, day = (int(tail[group]) if tail[group] else None for group in ("month", "day"))
    fiscal = tail["fiscal"] is not None
    return replace(span, fiscal=fiscal, month=month, day=day, last_month=month, last_day=day)


def find_years(text: str, default_era: str | None = None) -> list[YearSpan]:
    """Every year or date printed in `text`, in order, each for itself.

    A bare 7年度 takes the era of a year shortly before it, else `default_era` (令和, …), else it is left out.
    """
    return list(_years(text, default_era)) if _MAYBE.search(text) else []


@lru_cache(maxsize=512)
def _years(text: str, default_era: str | None) -> tuple[YearSpan, ...]:
    """Remembered, because one sentence is asked for its years by several readers in turn."""
    plain = narrow(text)
    spans: list[YearSpan] = []
    near_era: str | None = None
    position = 0
    while head := _HEAD.search(plain, position):
        before = spans[-1] if spans else None
        close = before is not None and head.start() - before.end < _ERA_REACH
        if head["bare"]:
            era = near_era if close and before else default_era
            span = _bare(plain, head, before, era)
            near_era = era if span else near_era
        else:
            span = _single(plain, head, before)
            if span:
                letters = head["era"] or head["letter"]
                near_era = _ERA_NAMES[letters] if letters else None
        spans += [span] if span else []
        position = span.end if span else head.end()
    return tuple(spans)


def find_periods(text: str, default_era: str | None = None) -> list[YearSpan]:
    """Ranges of years: 令和3年度から令和7年度まで, 令和3～7年度, R3-R7, 2021年4月から2026年3月まで."""
    plain = narrow(text)
    spans = find_years(text, default_era)
    periods = []
    for first, last in pairwise(spans):
        if first.first < last.first and _RANGE_LINK.fullmatch(plain, first.end, last.start):
            until = _UNTIL.match(plain, last.end)
            end = until.end() if until else last.end
            fiscal = last.fiscal or (first.fiscal and last.month is None)
            period = replace(first, end=end, last=last.last, fiscal=fiscal)
            periods.append(replace(period, last_month=last.month, last_day=last.day))
    return periods


def to_wareki(year: int, fiscal: bool = True) -> str:
    """2024 -> 令和6年度 (令和6年 where not `fiscal`); ValueError before 1868.

    The year of a change takes the new era's name throughout, as the government ruled for the budget of 2019
    (改元に伴う元号による年表示の取扱いについて, 2019-04-01): 令和元年度, not 平成31年度.
    """
    for era, first in ERAS.items():
        if year >= first:
            count = "元" if year == first else str(year - first + 1)
            return f"{era}{count}年{'度' if fiscal else ''}"
    raise ValueError(f"expected a year from {min(ERAS.values())} (明治元年) on, got {year}")


def year_tokens(text: str, default_era: str | None = None) -> list[str]:
    """Words for lexical search that are the same for 令和3年度 and 2021年度, in order of appearance.

    A fiscal year gives fy2021 and y2021, a calendar year y2021, a month y2020 and ym2020-11, a day also
    ymd2020-11-03; the years inside a range of at most twelve fiscal years give theirs.
    """
    tokens = []
    for span in find_years(text, default_era):
        tokens += [f"fy{span.first}"] if span.fiscal else []
        tokens.append(f"y{span.first}")
        tokens += [f"ym{span.first}-{span.month:02}"] if span.month else []
        tokens += [f"ymd{span.first}-{span.month:02}-{span.day:02}"] if span.month and span.day else []
    for period in find_periods(text, default_era):
        if period.fiscal and period.last - period.first < 12:
            tokens += [f"fy{year}" for year in range(period.first + 1, period.last)]
    return tokens
