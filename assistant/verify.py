"""Does a sentence stand on what it cites? Figures, dates, labels, names and denials must all occur there.

Strict on purpose: a right sentence that is refused costs little, since the quoted answer stands in for it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.pairing import mispaired
from corpus.amounts import find_amounts, find_counts, unit_of
from corpus.normalise import fold, normalise
from corpus.wareki import YearSpan, find_periods, find_years
from index.tokens import LABEL, label_tokens, morphemes, words

MARK = re.compile(r"[\[［](\d{1,3})[\]］]")
NAMED = re.compile(r"[「『]([^」』]{2,})[」』]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
COMMA = re.compile(r"(?<=\d),(?=\d{3})")
MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")
ROMAN = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9]+")
NEGATIONS = {"ない", "無い", "ず", "ぬ", "まい"}
STATED_PARTS = {"名詞", "動詞", "形容詞", "形状詞"}
LISTED = (
    "つ",
    "個",
    "項目",
    "テーマ",
    "方針",
    "柱",
    "施策",
    "目標",
    "分野",
    "グループ",
    "ワーキンググループ",
)
SUPPORT = 0.5  # share of a written sentence's words that its sources must hold


class Span(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def unsupported(sentence: str, quotes: Sequence[str]) -> list[str]:
    """What the sentence says and the quotes do not, named; empty where all of it stands.

    Amounts, years and counts are compared by value: 720百万円 is 7.2億円, 令和6年 is 2024年. A year inside a
    printed range stands where the sentence names no amount: the amount may be another year's.
    """
    plain, source = MARK.sub(" ", sentence), "\n".join(quotes)
    amounts, rest = _amounts(plain), _without_figures(plain)
    problems = [f"amount {yen}" for yen in amounts - _amounts(source) - _in_table_unit(source)]
    problems += [f"year {year}" for year in _years(plain) - _years(source, ranges=not amounts)]
    problems += [f"date {year}-{month}" for year, month in _wrong_months(plain, source)]
    problems += [f"count {count}" for count in _counts(plain) - _counts(source) - _enumerated(source)]
    problems += [f"label {label}" for label in set(label_tokens(plain)) - set(label_tokens(source))]
    problems += [f"number {number}" for number in _numbers(rest) - _numbers(source)]
    problems += [f"name {name}" for name in _unknown_names(plain, rest, source)]
    problems += [f"turned round: {word}" for word in _turned(plain, source)]
    return problems + [f"of something else: {figure}" for figure in mispaired(plain, quotes)]


def support(sentence: str, quotes: Sequence[str]) -> float:
    """Share in [0, 1] of the sentence's content words that the quotes hold."""
    said = set(words(MARK.sub("", sentence)))
    return len(said & set(words("\n".join(quotes)))) / len(said) if said else 1.0


def cited_numbers(sentence: str) -> list[int]:
    """The [n] marks of a sentence, in order."""
    return [int(number) for number in MARK.findall(sentence)]


def _amounts(text: str) -> set[int]:
    return {amount.yen for amount in find_amounts(text)}


def _in_table_unit(source: str) -> set[int]:
    """Bare figures of a table whose caption names the unit: （単位：千円）."""
    unit = unit_of(source)
    return {amount.yen for amount in find_amounts(source, unit)} if unit else set()


def _years(text: str, ranges: bool = False) -> set[int]:
    """Western years that are printed, and with `ranges` those inside printed periods."""
    spans = [*find_years(text), *(find_periods(text) if ranges else ())]
    return {year for span in spans for year in range(span.first, span.last + 1)}


def _wrong_months(plain: str, source: str) -> set[tuple[int, int]]:
    """(year, month) said that the source prints neither so nor as a month alone (同年11月)."""
    alone = {int(month) for month in MONTH.findall(_blank(source, find_years(source)))}
    said = _months(find_years(plain)) - _months(find_years(source))
    return {(year, month) for year, month in said if month not in alone}


def _months(spans: Iterable[YearSpan]) -> set[tuple[int, int]]:
    return {(span.first, span.month) for span in spans if span.month}


def _counts(text: str) -> set[str]:
    return {f"{count.value.normalize():f}{count.counter}" for count in find_counts(text)}


def _enumerated(source: str) -> set[str]:
    """How many things a source lists by label, ①②③ or (1)(2)(3), with each word that counts such things."""
    labels = set(label_tokens(source))
    sizes = [sum(f"{kind}{number}" in labels for number in range(1, 21)) for kind in ("label", "item")]
    return {f"{size}{counter}" for size in sizes if size > 1 for counter in LISTED}


def _numbers(text: str) -> set[str]:
    return set(NUMBER.findall(COMMA.sub("", normalise(LABEL.sub(" ", text)))))


def _unknown_names(plain: str, rest: str, source: str) -> list[str]:
    """Quoted names, names that the dictionary knows and Roman words that the source does not hold."""
    folded, known = fold(source), set(words(source))
    names = [name for name in NAMED.findall(plain) if fold(name) not in folded]
    for surface, form, part in morphemes(rest):
        if part[1] == "固有名詞" and fold(surface) not in folded and form.lower() not in known:
            names.append(surface)
    return names + [word for word in ROMAN.findall(normalise(rest)) if word not in folded]


def _turned(plain: str, source: str) -> list[str]:
    """Words that one of the two denies and the other does not, and denials of what the source never names."""
    said, printed = _stated(plain), _stated(source)
    return [word for word, denied in said - printed if (word, not denied) in printed or denied]


def _stated(text: str) -> set[tuple[str, bool]]:
    """Each noun, verb and adjective with whether a denial follows; two (なければならない) are none."""
    stated: list[tuple[str, bool]] = []
    for _, form, part in morphemes(text):
        if form in NEGATIONS and stated:
            word, denied = stated[-1]
            stated[-1] = (word, not denied)
        elif part[0] in STATED_PARTS and "非自立可能" not in part:
            stated.append((form, False))
    return set(stated)


def _without_figures(sentence: str) -> str:
    """The sentence without amounts, years and counts, which are compared by value."""
    return _blank(sentence, [*find_amounts(sentence), *find_years(sentence), *find_counts(sentence)])


def _blank(text: str, spans: Sequence[Span]) -> str:
    """The text with a space for each span."""
    kept, position = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        if span.start >= position:
            kept.append(text[position : span.start])
            position = span.end
    return " ".join([*kept, text[position:]])
