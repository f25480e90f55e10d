"""Which fiscal years a sentence gives the words at some place in it."""

import re

from corpus.normalise import narrow
from corpus.wareki import YearSpan, find_periods, find_years

LAW = re.compile(r"\s?(?:\d+月\d+日)?\s?(?:法律|政令|条例|規則|告示|訓令|省令|勅令)第")
# Words that give a year by another: 前年度 of a budget of 令和7年度 is 令和6年度.
_RELATIVE_YEARS = {
    "前々年度": -2,
    "前年度": -1,
    "昨年度": -1,
    "本年度": 0,
    "今年度": 0,
    "当年度": 0,
    "当該年度": 0,
    "同年度": 0,
    "翌年度": 1,
    "来年度": 1,
    "次年度": 1,
    "翌々年度": 2,
}
_RELATIVE = re.compile("|".join(sorted(_RELATIVE_YEARS, key=len, reverse=True)))
# 前年度の当初予算に比べ compares; what follows is not of that year.
_COMPARING = re.compile(r"[^、。]{0,12}?(?:に比べ|と比べ|と比較|比[、。\d\s]|より|に対し|へ繰)")


def years_of(
    sentence: str, position: int, base: int | None = None, era: str | None = None
) -> tuple[int, ...]:
    """Fiscal years that a sentence gives what stands at `position`: the nearest before, else after it.

    Args:
        base: the fiscal year that 本年度 means; without it 前年度 counts from the year printed before.
        era: that of a bare 9年度.
    """
    plain = narrow(sentence)
    periods = find_periods(sentence, era)
    spans = periods + [
        year for year in find_years(sentence, era) if not any(p.start <= year.start < p.end for p in periods)
    ]
    spans = [span for span in spans if not LAW.match(plain, span.end)]
    spans += _relative_years(plain, spans, base)
    before = [span for span in spans if span.end <= position]
    after = [span for span in spans if span.end > position]
    if before:
        return max(before, key=lambda span: span.end).fiscal_years
    return min(after, key=lambda span: span.start).fiscal_years if after else ()


def says_another_year(sentence: str) -> bool:
    """Whether a sentence dates something by a word such as 前年度, other than to compare with it."""
    plain = narrow(sentence)
    return any(not _COMPARING.match(plain, match.end()) for match in _RELATIVE.finditer(plain))


def _relative_years(plain: str, spans: list[YearSpan], base: int | None) -> list[YearSpan]:
    found = []
    for match in _RELATIVE.finditer(plain):
        if _COMPARING.match(plain, match.end()):
            continue
        printed = [span.last for span in spans if span.end <= match.start()]
        near = base if match[0][0] in "本今当" or not printed else printed[-1]
        if near is not None:
            year = near + _RELATIVE_YEARS[match[0]]
            found.append(YearSpan(match.start(), match.end(), year, year, True))
    return found
