"""Budget questions answered from facts: which amount, of what, which is larger, sums, differences, ratios."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from assistant.answering import LIMIT
from assistant.confirm import change, supposed_amount, yes_or_no
from assistant.draft import Draft, DraftSentence
from assistant.figure_choice import alike, by_label, operands, stated_total
from assistant.figure_filters import RECEIVED, Figure
from assistant.figure_fit import best
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from corpus.amounts import format_yen, format_yen_exact
from corpus.wareki import to_wareki
from index.tokens import LABEL, label_tokens, token_set

SAID = 0.3  # of a subject must stand in the question, else its statement is quoted
PLAIN = re.compile(r"[一-鿿々ァ-ヶー]{2,12}")  # a name that reads well without brackets
WHOLE = re.compile(r"合計|全体|総額|総計|すべて|全部")


def applies(ask: Ask) -> bool:
    """Whether the question is one of figures."""
    wanted = (Want.AMOUNT, Want.SUM, Want.DIFFERENCE, Want.RATIO, Want.LARGER)
    return (bool(ask.amounts) or ask.wants_any(*wanted) or _is_share(ask)) and not LIMIT.search(ask.text)


def answer(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """A draft from the figures that the question asks for, else None."""
    supposed = supposed_amount(ask)
    if ask.amounts and not ask.wants_any(Want.AMOUNT, Want.SUM) and not supposed:
        return _whose(ask, figures, relevance)
    chosen = operands(ask, figures, relevance)
    if len(chosen) < 2:
        chosen = stated_total(ask, figures, relevance) or chosen
    if not chosen:
        return None
    if len(chosen) == 1 and supposed:
        verdict = supposed.verdict(chosen[0].yen, chosen[0].approximate)
        return Draft((stated_sentence(ask, chosen[0], yes_or_no(verdict)),))
    if len(chosen) == 1 and _is_share(ask) and (share := _share(chosen[0], figures)):
        return share
    if len(chosen) > 1 and (computed := _computed(ask, chosen)):
        return computed
    return Draft(tuple(stated_sentence(ask, figure) for figure in chosen))


def subjects(figures: Sequence[Figure]) -> list[str]:
    """The labelled subjects that have a figure, each label once, in order."""
    labelled = by_label(figures)
    return [labelled[label] for label in sorted(labelled, key=lambda label: (len(label), label))]


def needs_figures(ask: Ask) -> bool:
    """Whether nothing but an amount or a calculation can answer."""
    wanted = ask.wants_any(Want.AMOUNT, Want.SUM, Want.DIFFERENCE, Want.RATIO)
    return wanted and not ask.amounts and not RECEIVED.search(ask.text) and not LIMIT.search(ask.text)


def _is_share(ask: Ask) -> bool:
    """Whether one labelled figure's share of all of its list is asked for: ⑧は合計の何パーセントか."""
    return len(ask.labels) == 1 and ask.counter == "%" and bool(WHOLE.search(ask.text))


def _share(part: Figure, figures: Sequence[Figure]) -> Draft | None:
    """What share of its list a figure is; None where it stands alone."""
    listed = alike(figures, part)
    whole = sum(figure.yen for figure in listed)
    if len(listed) < 2 or whole <= 0:
        return None
    share = _to_a_tenth(100 * part.yen, whole)
    total = " ＋ ".join(figure.printed for figure in listed)
    text = (
        f"{_short(part)}は、金額が書かれている{len(listed)}件の合計の約{share}%です"
        f"（{part.printed} ÷ ({total})）。"
    )
    quotes = tuple(figure.quote for figure in listed)
    return Draft((DraftSentence(text, quotes, tuple(one.fact for one in listed), computed=True),))


def _whose(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """Which subject or year an amount given in the question belongs to."""
    matching = [figure for figure in figures if figure.yen in ask.amounts]
    if ask.labels:
        labels = {name for names in ask.labels for name in names}
        matching = [
            figure for figure in matching if labels & set(label_tokens(figure.fact.subject))
        ] or matching
    one = best(ask, matching, relevance, 0.0)
    if one is None or (ask.wants_any(Want.DATE) and not one.fact.fiscal_years):
        return None
    return Draft((stated_sentence(ask, one),))


def stated_sentence(ask: Ask, figure: Figure, verdict: str = "") -> DraftSentence:
    name = token_set(figure.fact.subject)
    bare = "円" not in figure.quote.text  # a line of figures, whose unit stands elsewhere
    told = figure.of_row or bare or LABEL.match(figure.fact.subject) is not None
    unsaid = not told and len(name & set(ask.terms)) < SAID * len(name)
    if ((figure.among_others and not bare) or unsaid) and not ask.computes and not ask.labels:
        return DraftSentence(" ".join(figure.quote.text.split()), (figure.quote,), (figure.fact,))
    years = figure.fact.fiscal_years
    when = f"{years_said(years)}の" if years else ""
    open_year = "（何年度の金額かは書かれていません）" if ask.years and not years else ""
    amount = figure.printed + _in_yen(ask, figure.yen, figure.approximate)
    text = f"{verdict}{named(figure.fact.subject)}の{when}{figure.fact.kind}は{amount}です{open_year}。"
    return DraftSentence(text, (figure.quote,), (figure.fact,), computed=bool(verdict))


def _in_yen(ask: Ask, yen: int, approximate: bool) -> str:
    """（約720,000,000円） where the question asks for yen."""
    if not ask.wants_any(Want.YEN):
        return ""
    return f"（{'約' if approximate else ''}{format_yen_exact(yen)}）"


def named(subject: str) -> str:
    """A subject as a sentence says it: in brackets unless it is a plain name."""
    return subject if subject.startswith(("「", "『")) or PLAIN.fullmatch(subject) else f"「{subject}」"


def years_said(years: Sequence[int]) -> str:
    """Fiscal years in both calendars: 2024年度（令和6年度）."""
    first, last = years[0], years[-1]
    if first == last:
        return f"{first}年度（{to_wareki(first)}）"
    return f"{first}～{last}年度（{to_wareki(first)}～{to_wareki(last)}）"


def _computed(ask: Ask, figures: Sequence[Figure]) -> Draft | None:
    stated = tuple(stated_sentence(ask, figure) for figure in figures)
    about = "約" if any(figure.approximate for figure in figures) else ""
    first, second = figures[0], figures[1]
    changes = (
        first.fact.subject == second.fact.subject and first.fact.fiscal_years != second.fact.fiscal_years
    )
    if ask.wants_any(Want.LARGER) and changes and not ask.years:
        return Draft((_extreme(ask, figures),))
    same_year = first.fact.fiscal_years == second.fact.fiscal_years
    if first.fact.subject == second.fact.subject and first.fact.kind != second.fact.kind and same_year:
        return Draft((_between_kinds(first, second), *stated))
    if changes and not ask.wants_any(Want.SUM):
        return Draft((_change(ask, first, second), *stated))
    if ask.wants_any(Want.RATIO):
        if not second.yen:
            return None
        ratio = _to_a_tenth(first.yen, second.yen)
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
        small = ask.asks_least
        end = sorted(figures, key=lambda figure: figure.yen)[0 if small else -1]
        text = f"最も{'小さい' if small else '大きい'}のは{_short(end)}の方で、{end.printed}です。"
    else:
        return None
    quotes = tuple(figure.quote for figure in figures)
    return Draft((DraftSentence(text, quotes, tuple(f.fact for f in figures), computed=True), *stated))


def _change(ask: Ask, first: Figure, second: Figure) -> DraftSentence:
    """How a figure differs between two years: which is larger, by how much."""
    about = "約" if first.approximate or second.approximate else ""
    larger, smaller = (first, second) if first.yen >= second.yen else (second, first)
    when, then = years_said(larger.fact.fiscal_years), years_said(smaller.fact.fiscal_years)
    of_kind = f"の{first.fact.kind}"
    if first.fact.kind != second.fact.kind:
        when, then, of_kind = f"{when}の{larger.fact.kind}", f"{then}の{smaller.fact.kind}", ""
    text = (
        f"{change(ask, second.yen > first.yen)}{named(first.fact.subject)}{of_kind}は、{when}の方が{then}より"
        f"{about}{format_yen(larger.yen - smaller.yen)}多いです（{larger.printed} − {smaller.printed}）。"
    )
    if larger.yen == smaller.yen:
        text = (
            f"{named(first.fact.subject)}の{first.fact.kind}は{when}も{then}も{larger.printed}で、同じです。"
        )
    elif ask.wants_any(Want.RATIO) and first.yen:
        ratio = _to_a_tenth(second.yen, first.yen)
        text = (
            f"{named(first.fact.subject)}の{first.fact.kind}は、{years_said(second.fact.fiscal_years)}が"
            f"{years_said(first.fact.fiscal_years)}の約{ratio}倍です（{second.printed} ÷ {first.printed}）。"
        )
    return DraftSentence(text, (first.quote, second.quote), (first.fact, second.fact), computed=True)


def _extreme(ask: Ask, figures: Sequence[Figure]) -> DraftSentence:
    """In which of its years a figure was the largest, or the smallest where that is asked for."""
    end = (min if ask.asks_least else max)(figures, key=lambda figure: figure.yen)
    how, when = "小さい" if ask.asks_least else "大きい", years_said(end.fact.fiscal_years)
    text = f"{named(end.fact.subject)}の{end.fact.kind}が最も{how}のは{when}で、{end.printed}です。"
    quotes = tuple(dict.fromkeys(figure.quote for figure in figures))
    return DraftSentence(text, quotes, tuple(figure.fact for figure in figures), computed=True)


def _between_kinds(first: Figure, second: Figure) -> DraftSentence:
    """How what was planned and what was spent differ: which is larger, by how much."""
    about = "約" if first.approximate or second.approximate else ""
    larger, smaller = (first, second) if first.yen >= second.yen else (second, first)
    when = f"{years_said(larger.fact.fiscal_years)}の" if larger.fact.fiscal_years else ""
    text = (
        f"{named(first.fact.subject)}の{when}{larger.fact.kind}は{smaller.fact.kind}より"
        f"{about}{format_yen(larger.yen - smaller.yen)}多いです（{larger.printed} − {smaller.printed}）。"
    )
    if larger.yen == smaller.yen:
        kinds = f"{first.fact.kind}と{second.fact.kind}"
        text = f"{named(first.fact.subject)}の{when}{kinds}は同じです（{first.printed}）。"
    return DraftSentence(text, (first.quote, second.quote), (first.fact, second.fact), computed=True)


def _to_a_tenth(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _short(figure: Figure) -> str:
    """①-style label of a subject where it has one, else the subject."""
    mark = LABEL.match(figure.fact.subject)
    return mark.group() if mark else named(figure.fact.subject)
