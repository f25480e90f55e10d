"""Budget questions answered from facts: which amount, of what, which is larger, sums, differences, ratios."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from assistant.confirm import spoken, supposed_amount
from assistant.draft import Draft, DraftSentence, Quote
from assistant.question import Ask, Want
from assistant.question_words import figure_words
from assistant.relevance import Relevance
from corpus.amount_words import kind_named
from corpus.amounts import find_amounts, format_yen, format_yen_exact
from corpus.document import Fact
from corpus.wareki import to_wareki
from index.search import Hit
from index.tokens import LABEL, label_tokens, token_set

ENOUGH = 0.45  # share of the question's subject that a fact's subject and surroundings must say
OF_KIND = 0.2  # of that share weighs that a figure is of the kind asked for: 事業費, not where it comes from
SMALLEST = re.compile(r"小さ|少な|低|small|least|最少")


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact with an amount, the hit whose passage states it, and the amount as printed."""

    fact: Fact
    quote: Quote
    yen: int
    printed: str
    approximate: bool
    surroundings: str


def figures_of(facts: Sequence[Fact], hits: Mapping[str, Hit], texts: Mapping[str, str]) -> list[Figure]:
    """Facts with amounts whose passage is among the hits (by passage id); texts are canonical, by document id.

    A section that states one amount only is about that amount as a whole: all its hits count as surroundings.
    """
    figures = []
    stated = Counter(
        (fact.document_id, hits[fact.passage_id].passage.section)
        for fact in facts
        if fact.amount_yen is not None and fact.passage_id in hits
    )
    for fact in facts:
        hit = hits.get(fact.passage_id)
        if fact.amount_yen is None or hit is None:
            continue
        said = texts[fact.document_id][fact.start : fact.end]
        passage = hit.passage
        printed = next((a for a in find_amounts(said) if a.yen == fact.amount_yen), None)
        quote = Quote(
            fact.document_id, hit.source, hit.title, passage.section, passage.page, fact.start, fact.end, said
        )
        figures.append(
            Figure(
                replace(fact, subject=_spelled_out(fact.subject, passage.section)),
                quote,
                fact.amount_yen,
                printed.printed if printed else format_yen(fact.amount_yen),
                bool(printed and printed.approximate),
                "\n".join(
                    [
                        fact.subject,
                        hit.title,
                        *passage.section,
                        passage.text,
                        passage.context,
                        *(
                            other.passage.text
                            for other in hits.values()
                            if stated[fact.document_id, passage.section] == 1
                            and other.passage.section == passage.section
                            and other.passage.document_id == fact.document_id
                        ),
                    ]
                ),
            )
        )
    return figures


def _spelled_out(subject: str, path: Sequence[str]) -> str:
    """A subject that is only a label takes the words of the heading that carries it."""
    return next(
        (heading for heading in reversed(path) if len(subject) <= 4 and heading.startswith(subject)), subject
    )


def applies(ask: Ask) -> bool:
    """Whether the question is one of figures."""
    wanted = (Want.AMOUNT, Want.SUM, Want.DIFFERENCE, Want.RATIO, Want.LARGER)
    return bool(ask.amounts) or ask.wants_any(*wanted)


def answer(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """A draft from the figures that the question asks for, else None."""
    if ask.amounts and not ask.wants_any(Want.AMOUNT, Want.SUM) and not supposed_amount(ask):
        return _whose(ask, figures, relevance)
    chosen = _operands(ask, figures, relevance)
    if not chosen:
        return None
    if len(chosen) == 1 and (supposed := supposed_amount(ask)):
        verdict = supposed.verdict(chosen[0].yen, chosen[0].approximate)
        return Draft((_stated(ask, chosen[0], spoken(verdict)),))
    if len(chosen) > 1 and (computed := _computed(ask, chosen)):
        return computed
    return Draft(tuple(_stated(ask, figure) for figure in chosen))


def subjects(figures: Sequence[Figure]) -> list[str]:
    """The labelled subjects that have a figure, each label once, in order."""
    by_label = {
        label_tokens(one.fact.subject)[0]: one.fact.subject
        for one in reversed(figures)
        if label_tokens(one.fact.subject)
    }
    return [by_label[label] for label in sorted(by_label, key=lambda label: (len(label), label))]


def needs_figures(ask: Ask) -> bool:
    """Whether nothing but an amount or a calculation can answer."""
    return ask.wants_any(Want.AMOUNT, Want.SUM, Want.DIFFERENCE, Want.RATIO) and not ask.amounts


def _operands(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> list[Figure]:
    """The figure of each label or subject that the question names; empty if one of them has none."""
    fitting = [figure for figure in figures if _year_fits(ask, figure, figures)]
    if ask.labels:
        found = [
            _best(ask, [f for f in fitting if set(names) & set(label_tokens(f.fact.subject))], relevance, 0.0)
            for names in ask.labels
        ]
        return [] if None in found else [figure for figure in found if figure]
    if ask.wants_any(Want.SUM, Want.LARGER):
        best = _best(ask, fitting, relevance, 0.0)
        return _once([figure for figure in fitting if best and _alike(figure, best)])
    best = _best(ask, fitting, relevance, ENOUGH)
    return [best] if best else []


def _alike(figure: Figure, other: Figure) -> bool:
    """Whether two figures are of the same list: labelled subjects of one document and kind."""
    return (
        figure.fact.document_id == other.fact.document_id
        and figure.fact.kind == other.fact.kind
        and bool(label_tokens(figure.fact.subject))
        and bool(label_tokens(other.fact.subject))
    )


def _once(figures: Sequence[Figure]) -> list[Figure]:
    """Without those that say again what one before said: two tables of a document may state the same amounts."""
    kept: list[Figure] = []
    for figure in figures:
        if not any(_same(figure, one) for one in kept):
            kept.append(figure)
    return kept


def _same(figure: Figure, other: Figure) -> bool:
    years, others = figure.fact.fiscal_years, other.fact.fiscal_years
    return (
        figure.yen == other.yen
        and label_tokens(figure.fact.subject)[0] == label_tokens(other.fact.subject)[0]
        and (years == others or not years or not others)
    )


def _best(ask: Ask, figures: Sequence[Figure], relevance: Relevance, least: float) -> Figure | None:
    """The figure whose subject and surroundings say most of what the question is about."""
    subject = [
        term for term in ask.terms if term not in figure_words() and not re.fullmatch(r"\d+|f?y\d{4}", term)
    ]
    whole, kind = relevance.weight(subject), kind_named(ask.text)
    best, best_fit = None, 0.0
    for figure in figures:
        near = relevance.weight(set(subject) & token_set(figure.surroundings))
        own = relevance.weight(set(subject) & token_set(figure.fact.subject))
        share = (near + 0.2 * own) / whole if whole else 1.0
        fit = share + (OF_KIND if figure.fact.kind == kind else 0.0)
        if share >= least and (best is None or fit > best_fit):
            best, best_fit = figure, fit
    return best


def _year_fits(ask: Ask, figure: Figure, figures: Sequence[Figure]) -> bool:
    """A figure without a year of its own is taken to be of the years that its neighbours in the section state."""
    if not ask.years:
        return True
    years = set(figure.fact.fiscal_years) or {
        year
        for other in figures
        if other.quote.section == figure.quote.section and other.quote.document_id == figure.quote.document_id
        for year in other.fact.fiscal_years
    }
    return bool(years & set(ask.years))


def _whose(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """Which subject or year an amount given in the question belongs to."""
    matching = [figure for figure in figures if figure.yen in ask.amounts]
    if ask.labels:
        labels = {name for names in ask.labels for name in names}
        matching = [
            figure for figure in matching if labels & set(label_tokens(figure.fact.subject))
        ] or matching
    best = _best(ask, matching, relevance, 0.0)
    if best is None or (ask.wants_any(Want.DATE) and not best.fact.fiscal_years):
        return None
    return Draft((_stated(ask, best),))


def _stated(ask: Ask, figure: Figure, verdict: str = "") -> DraftSentence:
    years = figure.fact.fiscal_years
    when = f"{_years(years)}の" if years else ""
    open_year = "（何年度の金額かは書かれていません）" if ask.years and not years else ""
    amount = figure.printed + _in_yen(ask, figure.yen, figure.approximate)
    text = f"{verdict}{_named(figure.fact.subject)}の{when}{figure.fact.kind}は{amount}です{open_year}。"
    return DraftSentence(text, (figure.quote,), (figure.fact,), computed=bool(verdict))


def _in_yen(ask: Ask, yen: int, approximate: bool) -> str:
    """（約720,000,000円） where the question asks for yen."""
    if not ask.wants_any(Want.YEN):
        return ""
    return f"（{'約' if approximate else ''}{format_yen_exact(yen)}）"


def _named(subject: str) -> str:
    return subject if subject.startswith(("「", "『")) else f"「{subject}」"


def _years(years: Sequence[int]) -> str:
    first, last = years[0], years[-1]
    if first == last:
        return f"{first}年度（{to_wareki(first)}）"
    return f"{first}～{last}年度（{to_wareki(first)}～{to_wareki(last)}）"


def _computed(ask: Ask, figures: Sequence[Figure]) -> Draft | None:
    stated = tuple(_stated(ask, figure) for figure in figures)
    about = "約" if any(figure.approximate for figure in figures) else ""
    first, second = figures[0], figures[1]
    if ask.wants_any(Want.RATIO):
        ratio = (
            (Decimal(first.yen) / Decimal(second.yen)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            if second.yen
            else None
        )
        if ratio is None:
            return None
        text = f"{_short(first)}は{_short(second)}の約{ratio}倍です（{first.printed} ÷ {second.printed}）。"
    elif ask.wants_any(Want.DIFFERENCE) and len(figures) == 2:
        larger, smaller = (first, second) if first.yen >= second.yen else (second, first)
        text = (
            f"{_short(larger)}の方が{_short(smaller)}より{about}{format_yen(larger.yen - smaller.yen)}多いです"
            f"（{larger.printed} − {smaller.printed}）。"
        )
    elif ask.wants_any(Want.SUM):
        whole = sum(figure.yen for figure in figures)
        total = format_yen(whole) + _in_yen(ask, whole, bool(about))
        which = "" if ask.labels else f"金額が書かれている{len(figures)}件の"
        text = f"{which}合計は{about}{total}です（{' ＋ '.join(figure.printed for figure in figures)}）。"
    elif ask.wants_any(Want.LARGER):
        small = bool(SMALLEST.search(ask.text))
        end = sorted(figures, key=lambda figure: figure.yen)[0 if small else -1]
        text = f"最も{'小さい' if small else '大きい'}のは{_short(end)}の方で、{end.printed}です。"
    else:
        return None
    quotes = tuple(figure.quote for figure in figures)
    return Draft((DraftSentence(text, quotes, tuple(f.fact for f in figures), computed=True), *stated))


def _short(figure: Figure) -> str:
    """①-style label of a subject where it has one, else the subject."""
    mark = LABEL.match(figure.fact.subject)
    return mark.group() if mark else _named(figure.fact.subject)
