"""One figure in each of its years: 事業費の推移, 年度ごとの来館者数, told from a row over years or from facts."""

import re
from collections.abc import Sequence

from assistant.draft import Draft, DraftSentence, quote_all
from assistant.figure_choice import in_every_year
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
    listed = in_every_year(ask, admitted(ask, figures), relevance)
    if not listed:
        return None
    lines = (
        DraftSentence(f"・{years_said(one.fact.fiscal_years)}：{one.printed}", (one.quote,), (one.fact,))
        for one in listed
    )
    last = listed[-1]
    text = f"{named(last.fact.subject)}の{last.fact.kind}は次のとおりです。"
    return Draft((DraftSentence(text, (last.quote,)), *lines))
