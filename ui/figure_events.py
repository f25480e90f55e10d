"""Periods and dates on an axis of fiscal years; what is stated twice is there once, with all its sources."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.answer import Source
from assistant.figure_sources import spelled_out
from assistant.stated import Stated
from corpus.normalise import fold
from corpus.wareki import YearSpan, find_periods, find_years, to_wareki
from index.tokens import LABEL

APRIL, MONTHS = 4, 12


@dataclass(frozen=True, slots=True)
class Event:
    """Something in time. `begin` and `end` are fiscal years with their fraction: 2020.58 is November 2020."""

    subject: str
    kind: str
    years: tuple[int, ...]
    printed: str
    begin: float
    end: float
    sources: tuple[Source, ...]

    @property
    def is_period(self) -> bool:
        """Whether it lasts over several fiscal years."""
        return len(self.years) > 1


def events(facts: Iterable[Stated]) -> list[Event]:
    """The periods and dates that facts state, the earliest first."""
    merged: dict[object, Event] = {}
    for event in sorted(map(_event, _dated(facts)), key=lambda one: one.end - one.begin):
        name = LABEL.sub("", "".join(fold(event.subject).split())) or event.subject
        key = (name, event.kind, event.years)
        first = merged.get(key)
        if first is None:
            merged[key] = event
        elif (
            first.begin <= event.begin < first.end or event.end - event.begin >= 1
        ):  # no month said: no other date
            merged[key] = replace(first, sources=(*first.sources, *event.sources))
        else:
            merged[(*key, event.begin)] = event
    return sorted(merged.values(), key=lambda one: (one.begin, -one.end, one.subject))


def years_label(years: tuple[int, ...]) -> str:
    """令和6年度 (2024), 令和3～7年度 (2021–2025), or that no year is stated."""
    if not years:
        return "年度の記載なし"
    first, last = to_wareki(years[0]), to_wareki(years[-1])
    if first == last:
        return f"{first} ({years[0]})"
    short = last.removeprefix(first[:2]) if first[:2] == last[:2] else last
    return f"{first.removesuffix('年度')}～{short} ({years[0]}–{years[-1]})"


def _dated(facts: Iterable[Stated]) -> Iterable[Stated]:
    return (one for one in facts if one.fact.amount_yen is None and one.fact.fiscal_years)


def _event(one: Stated) -> Event:
    fact, years = one.fact, one.fact.fiscal_years
    span = _span(one.quote, years)
    printed = " ".join(one.quote[span.start : span.end].split()) if span else years_label(years)
    begin, end = float(years[0]), years[-1] + 1.0
    if span and span.month and len(years) == 1:
        begin = years[0] + (span.month - APRIL) % MONTHS / MONTHS
        end = begin + 1 / MONTHS
    subject = " ".join(spelled_out(fact.subject, one.passage.section).split())
    return Event(subject, fact.kind, years, printed, begin, end, (one.citation(),))


def _span(quote: str, years: tuple[int, ...]) -> YearSpan | None:
    """The date or period in the quote that gives these fiscal years."""
    spans = [*find_periods(quote), *find_years(quote)]
    return next((span for span in spans if span.fiscal_years == years), None)
