"""Questions about lengths of time, worked out from periods and dates that the documents state."""

import re
from collections.abc import Sequence

from assistant.confirm import agrees, yes_or_no
from assistant.draft import Draft, DraftSentence, Quote, quote_span
from assistant.question import NOUN, Ask, Want
from assistant.relevance import Relevance
from corpus.sentences import split
from corpus.wareki import YearSpan, find_periods, find_years, to_wareki
from index.search import Hit
from index.tokens import token_set

FROM_TO = re.compile(r"(.+?)(?:から|より)(.+?)まで")
ENOUGH = 0.4
DIGIT = re.compile(r"\d")


def answer(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """A draft for 何年何か月, 何年間 and the middle of a period, else None."""
    if ask.wants_any(Want.DURATION) and (between := FROM_TO.search(ask.text)):
        return _between(between.group(1), between.group(2), hits, relevance)
    if ask.wants_any(Want.DURATION, Want.MIDDLE):
        return _length(ask, hits, relevance)
    return _confirmed(ask, hits, relevance) if ask.is_polar and ask.years else None


def _between(first: str, second: str, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """Years and months between two dated events."""
    ends = [_dated(phrase, hits, relevance) for phrase in (first, second)]
    if ends[0] is None or ends[1] is None:
        return None
    (quote_a, date_a), (quote_b, date_b) = ends[0], ends[1]
    if date_a.month is None or date_b.month is None:
        return None
    months = abs((date_b.first - date_a.first) * 12 + date_b.month - date_a.month)
    length = (f"{months // 12}年" if months >= 12 else "") + (f"{months % 12}か月" if months % 12 else "")
    said = f"{date_a.first}年{date_a.month}月から{date_b.first}年{date_b.month}月まで"
    return Draft((DraftSentence(f"{said}で、{length or '0か月'}です。", (quote_a, quote_b), computed=True),))


def _dated(phrase: str, hits: Sequence[Hit], relevance: Relevance) -> tuple[Quote, YearSpan] | None:
    """The sentence that says most of a phrase and holds a date with a month; of several dates the nearest."""
    wanted = token_set(phrase)
    whole = relevance.weight(wanted)
    best: tuple[float, Quote, YearSpan] | None = None
    for hit in hits:
        for start, end in split(hit.passage.text):
            sentence = hit.passage.text[start:end]
            dates = [date for date in find_years(sentence) if date.month]
            share = relevance.weight(wanted & token_set(sentence)) / whole if whole else 0.0
            if dates and share >= ENOUGH and (best is None or share > best[0]):
                quote = quote_span(hit, hit.passage.start + start, hit.passage.start + end)
                best = (share, quote, dates[0])
    return (best[1], best[2]) if best else None


def _length(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """Length or middle year of the period that the best sentence states."""
    if (found := _period(hits, relevance)) is None:
        return None
    quote, period = found
    text = _stated(period)
    if ask.wants_any(Want.MIDDLE):
        length = period.last - period.first + 1
        if length % 2 == 0:
            return None
        text = f"真ん中は{_year(period.first + length // 2, period)}です。"
    return Draft((DraftSentence(text, (quote,), computed=True),))


def _confirmed(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """Yes or no to 「計画期間は令和8年度までですか」, where all that is named is named by the period's passage."""
    nouns = {term for term, weight in ask.terms.items() if weight >= NOUN and not DIGIT.search(term)}
    named = [hit for hit in hits if nouns <= token_set(_around(hit))]
    if (found := _period(named, relevance)) is None:
        return None
    quote, period = found
    verdict = agrees(ask, period)
    if verdict is None:
        return None
    return Draft((DraftSentence(yes_or_no(verdict) + _stated(period), (quote,), computed=True),))


def _around(hit: Hit) -> str:
    return "\n".join([hit.title, *hit.passage.section, hit.passage.text])


def _period(hits: Sequence[Hit], relevance: Relevance) -> tuple[Quote, YearSpan] | None:
    """The period that the best sentence states, if it says enough of the question."""
    best: tuple[float, Quote, YearSpan] | None = None
    for hit in hits:
        for start, end in split(hit.passage.text):
            sentence = hit.passage.text[start:end]
            for period in find_periods(sentence)[:1]:
                score = relevance.coverage(sentence, hit.title, *hit.passage.section) + 0.2 * hit.score
                if best is None or score > best[0]:
                    quote = quote_span(hit, hit.passage.start + start, hit.passage.start + end)
                    best = (score, quote, period)
    return best[1:] if best and best[0] >= ENOUGH else None


def _stated(period: YearSpan) -> str:
    length = period.last - period.first + 1
    return f"{_year(period.first, period)}から{_year(period.last, period)}までの{length}年間です。"


def _year(year: int, period: YearSpan) -> str:
    return f"{to_wareki(year, period.fiscal)}（{year}{'年度' if period.fiscal else '年'}）"
