"""Which figures a question asks for: by label, by name, by account, by year."""

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.figure_filters import Figure, admitted, is_of_part, year_fits
from assistant.figure_fit import best, is_series, plain_subject
from assistant.figure_names import TOTAL, money_name, parts
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from corpus.normalise import fold
from index.tokens import label_tokens

ENOUGH = 0.45  # share of the question's subject that a fact's subject and surroundings must say
OF_TOTAL = 0.6  # the same of a total that a sentence states
ACCOUNT = re.compile(r"会計|補正(?:予算)?\s?[(（]?第|補正額の(?:総額|合計)")
WHOLE_ASKED = re.compile(r"(?:総額|合計|総計)(?:は|って|を|が)")
TOTAL_ASKED = re.compile(r"合計|総額|総計")
JOINED = re.compile(r"合わせ|足[すし]|合算|引(?:く|いた)|差(?:額|は|し引)|何倍")
CHANGES = re.compile(r"増え|増加|増し|減っ|減り|減少|伸び|変わ|変化|推移|上が|下が")
BOTH_KINDS = re.compile(r"(予算|決算|要求)額?と(?:、|その)?(予算|決算|要求)")
PLANNED = {"要求", "予算"}  # what is asked for the next year is compared with this year's budget
ASKS_YEAR = re.compile(r"何年|いつ|どの年")
EACH = re.compile(r"それぞれ|各々")
YEAR_BEFORE = re.compile(r"(?:前|昨)年度?|前の年度?")


def operands(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> list[Figure]:
    """The figure of each label, name or year that the question compares or adds, else the one it asks for.

    Empty where one of them has none.
    """
    figures = admitted(ask, figures)
    if ask.labels:
        fitting = [figure for figure in figures if year_fits(ask, figure, figures)]
        found = [
            best(ask, [f for f in fitting if set(names) & set(label_tokens(f.fact.subject))], relevance, 0.0)
            for names in ask.labels
        ]
        chosen = [figure for figure in found if figure and is_of_part(ask, figure)]
        return chosen if len(chosen) == len(ask.labels) else []
    if pair := year_pair(ask):
        return _of_years(ask, figures, relevance, pair)
    if ask.wants_any(Want.SUM) and len(ask.years) > 2:
        listed = in_every_year(ask, figures, relevance)
        added = [one for one in listed if one.fact.fiscal_years[0] in ask.years]
        return added if len(added) == len(ask.years) else []
    if ask.wants_any(Want.LARGER) and ASKS_YEAR.search(ask.text) and not ask.years:
        return in_every_year(ask, figures, relevance)
    fitting = [figure for figure in figures if year_fits(ask, figure, figures)]
    if ask.wants_any(Want.DIFFERENCE, Want.LARGER, Want.RATIO) and (kinds := BOTH_KINDS.search(ask.text)):
        return _of_kinds(ask, fitting, relevance, kinds.groups())
    named = _by_name(ask, fitting)
    if len(named) > 1 and (ask.wants_any(Want.CONTRAST, Want.LIST) or ask.computes):
        found = [best(ask, group, relevance, 0.0) for group in named]
        return [figure for figure in found if figure]
    if len(named) < 2 and EACH.search(ask.text):
        return []
    if not named and ask.wants_any(Want.SUM, Want.LARGER) and (listed := _listed(ask, fitting, relevance)):
        return listed
    if ask.wants_any(Want.LARGER):
        return []
    if JOINED.search(ask.text):
        return []  # one of two would be no sum
    one = _one(ask, named[0] if len(named) == 1 and not money_name(ask) else fitting, relevance)
    return [one] if one and is_of_part(ask, one) else []


def stated_total(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> list[Figure]:
    """The one figure that its sentence calls what the question does: 総額を…とする, 計3,570万円; empty where none is.

    It is no sum of labelled things, of several years, or of two that the question names.
    """
    asked = TOTAL_ASKED.search(ask.text)
    if not asked or ask.labels or len(ask.years) > 1 or JOINED.search(ask.text):
        return []
    called = re.compile(
        rf"{'合?計' if asked[0] == '合計' else asked[0]}(?:[はをが、:：]|それぞれ|約|およそ|\s)*$"
    )
    fitting = admitted(ask, figures)
    totals = [
        figure
        for figure in fitting
        if year_fits(ask, figure, fitting) and called.search(figure.quote.text.partition(figure.printed)[0])
    ]
    found = best(ask, totals, relevance, OF_TOTAL)
    return [found] if found and is_of_part(ask, found) else []


def _one(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Figure | None:
    """The one figure asked for: of the money name that the question asks for, or of the account as a whole."""
    whole = ACCOUNT.search(ask.text) and WHOLE_ASKED.search(ask.text)
    if not whole and (name := money_name(ask)):
        stated = [figure for figure in figures if name in fold(figure.own)]
        near = [figure for figure in figures if name in fold(figure.surroundings)]
        return best(ask, stated, relevance, 0.0) or best(ask, near, relevance, ENOUGH)
    named = [figure for figure in figures if ask.focus and fold(figure.fact.subject) == fold(ask.focus)]
    if ACCOUNT.search(ask.text) and not named:
        totals = [figure for figure in figures if TOTAL.fullmatch(plain_subject(figure.fact.subject))]
        return best(ask, totals, relevance, ENOUGH)
    return best(ask, named or figures, relevance, ENOUGH)


def _by_name(ask: Ask, figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures by the part of their subject that stands in the question, in its order; a longer name first."""
    asked = fold(ask.text)
    places = {fold(place) for place in ask.places}
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        for name in parts(figure.fact.subject):
            if name in asked and name not in places:
                groups.setdefault(name, []).append(figure)
    taken: list[tuple[int, int, str]] = []
    for name in sorted(groups, key=len, reverse=True):
        for found in re.finditer(re.escape(name), asked):
            if all(found.end() <= start or end <= found.start() for start, end, _ in taken):
                taken.append((*found.span(), name))
    return [groups[name] for name in dict.fromkeys(name for _, _, name in sorted(taken))]


def year_pair(ask: Ask) -> tuple[int, int] | None:
    """The two years that the question compares: both said, or one and 前年度."""
    compares = ask.wants_any(Want.DIFFERENCE, Want.LARGER, Want.RATIO, Want.CONTRAST, Want.SUM)
    if not compares and not CHANGES.search(ask.text):
        return None
    years = sorted(ask.years)
    if len(years) == 2:
        return years[0], years[1]
    return (years[0] - 1, years[0]) if len(years) == 1 and YEAR_BEFORE.search(ask.text) else None


def _of_years(
    ask: Ask, figures: Sequence[Figure], relevance: Relevance, pair: tuple[int, int]
) -> list[Figure]:
    """The same figure of two years, from one table or else from two documents."""
    levels = [figure for figure in figures if figure.fact.kind != "増減"]
    later = _one(ask, [figure for figure in levels if figure.fact.fiscal_years == (pair[1],)], relevance)
    if later is None:
        return []
    same = [
        figure
        for figure in levels
        if figure.fact.fiscal_years == (pair[0],)
        and figure.fact.subject == later.fact.subject
        and (figure.fact.kind == later.fact.kind or {figure.fact.kind, later.fact.kind} == PLANNED)
    ]
    together = [figure for figure in same if figure.fact.document_id == later.fact.document_id]
    earlier = best(ask, together or same, relevance, 0.0)
    return [earlier, later] if earlier else []


def in_every_year(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> list[Figure]:
    """The figure asked for in each of its years, the earliest first; empty where it has one year only."""
    figures = [one for one in figures if len(one.fact.fiscal_years) == 1]
    top = best(ask, figures, relevance, ENOUGH)
    if top is None:
        return []
    by_year: dict[int, Figure] = {}
    for one in figures:
        if is_series(one, top):
            by_year.setdefault(one.fact.fiscal_years[0], one)
    return [by_year[year] for year in sorted(by_year)] if len(by_year) > 1 else []


def _of_kinds(
    ask: Ask, figures: Sequence[Figure], relevance: Relevance, kinds: Sequence[str]
) -> list[Figure]:
    """What was planned and what was spent of the same in one year."""
    first = best(ask, [figure for figure in figures if figure.fact.kind == kinds[0]], relevance, ENOUGH)
    if first is None:
        return []
    same = [
        figure
        for figure in figures
        if figure.fact.kind == kinds[1]
        and figure.fact.subject == first.fact.subject
        and figure.fact.fiscal_years == first.fact.fiscal_years
        and figure.fact.document_id == first.fact.document_id
    ]
    return [first, same[0]] if same else []


def _listed(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> list[Figure]:
    """The labelled figures of the list that the best one is in."""
    top = best(ask, [figure for figure in figures if label_tokens(figure.fact.subject)], relevance, 0.0)
    return alike(figures, top) if top else []


def alike(figures: Iterable[Figure], one: Figure) -> list[Figure]:
    """The figures of the list that one of them is in, in order."""
    return once(figure for figure in figures if _alike(figure, one))


def _alike(figure: Figure, other: Figure) -> bool:
    """Whether two figures are of the same list: labelled subjects of one document and kind."""
    return (
        figure.fact.document_id == other.fact.document_id
        and figure.fact.kind == other.fact.kind
        and bool(label_tokens(figure.fact.subject))
    )


def once(figures: Iterable[Figure]) -> list[Figure]:
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


def by_label(figures: Sequence[Figure]) -> Mapping[str, str]:
    """The labelled subjects by their label, the first of each."""
    return {
        label_tokens(one.fact.subject)[0]: one.fact.subject
        for one in reversed(figures)
        if label_tokens(one.fact.subject)
    }
