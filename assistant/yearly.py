"""One figure in each of its years: 事業費の推移, 年度ごとの来館者数, told from a row over years or from facts."""

import re
from collections.abc import Sequence

from assistant.draft import Draft, DraftSentence, quote_all
from assistant.figure_choice import ENOUGH, best
from assistant.figure_filters import Figure, admitted, kinds_asked
from assistant.figures import named, years_said
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.series import named_row
from index.search import Hit

EACH_YEAR = re.compile(r"(?:各|毎)年度?の|年度?(?:別|ごと|毎)[のに]|推移|年々")


def applies(ask: Ask) -> bool:
    """Whether a figure is asked for in every year there is."""
    return bool(EACH_YEAR.search(ask.text)) and not ask.computes and not ask.years


def answer(ask: Ask, hits: Sequence[Hit], figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """A line for each year, the earliest first; None where there is no such figure, or it has one year only."""
    if ask.wants_any(Want.AMOUNT) or kinds_asked(ask):
        return _of_money(ask, figures, relevance)
    row = named_row(ask, hits, relevance)
    if row is None:
        return None
    last = row[max(row)]
    quote = (quote_all(last.hit),)
    lines = (
        DraftSentence(f"・{row[year].header}：{row[year].value}{last.unit}", quote) for year in sorted(row)
    )
    return Draft((DraftSentence(f"「{last.name}」の推移は次のとおりです。", quote), *lines))


def _of_money(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    figures = [one for one in admitted(ask, figures) if len(one.fact.fiscal_years) == 1]
    top = best(ask, figures, relevance, ENOUGH)
    if top is None:
        return None
    by_year: dict[int, Figure] = {}
    for one in figures:
        same = one.fact.document_id == top.fact.document_id and one.fact.kind == top.fact.kind
        if same and one.fact.subject == top.fact.subject:
            by_year.setdefault(one.fact.fiscal_years[0], one)
    if len(by_year) < 2:
        return None
    lines = (
        DraftSentence(
            f"・{years_said((year,))}：{by_year[year].printed}", (by_year[year].quote,), (by_year[year].fact,)
        )
        for year in sorted(by_year)
    )
    return Draft(
        (DraftSentence(f"{named(top.fact.subject)}の{top.fact.kind}は次のとおりです。", (top.quote,)), *lines)
    )
