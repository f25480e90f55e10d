"""What a short name stands for, said by the documents themselves: 「SSSP」は「…プロジェクト」のことです。"""

import re
from collections.abc import Iterator, Sequence

from assistant.draft import Draft, DraftSentence, Quote, quote_span
from assistant.question import MUNICIPAL, Ask, Want
from corpus.abbreviations import Alias, find_aliases
from corpus.normalise import fold
from index.search import Hit
from index.tokens import morphemes

HITS = 8  # passages that are looked through
SHORT = 120  # characters of a sentence that is said behind the meaning
PLACE_CHARS = 12
ASKS_SHORT = re.compile(r"略称|略して|略すと|通称|愛称")


def answer(ask: Ask, hits: Sequence[Hit]) -> DraftSentence | None:
    """The sentence that a question for a meaning, an abbreviation or a full name is answered by; else None."""
    if not ask.focus or not ask.wants_any(Want.DEFINITION):
        return None
    name = fold(ask.focus)
    for hit, alias in _aliases(hits):
        place = _place_before(hit.passage.text[: alias.start])
        start, end = hit.passage.start + alias.start - len(place), hit.passage.start + alias.end
        quote = quote_span(hit, start, end)
        if fold(alias.short) == name:
            return DraftSentence(f"「{alias.short}」は「{place}{alias.long}」のことです。", (quote,))
        if fold(alias.long) == name and ASKS_SHORT.search(ask.text):
            return DraftSentence(f"「{alias.long}」の略称は「{alias.short}」です。", (quote,))
    return None


def before(named: DraftSentence, quoted: Draft | None) -> Draft:
    """The short name's meaning, then what else answers, if it is short and stands elsewhere.

    A row of a glossary says both the long name and what it means, and stands alone.
    """
    first = named.quotes[0]
    for sentence in quoted.sentences[:1] if quoted else ():
        if any("\t" in quote.text and _holds(quote, first) for quote in sentence.quotes):
            return Draft((sentence,))
    more = [
        sentence
        for sentence in (quoted.sentences if quoted else ())
        if len(sentence.text) <= SHORT and not any(_holds(quote, first) for quote in sentence.quotes)
    ]
    return Draft((named, *more[:1]))


def _holds(quote: Quote, other: Quote) -> bool:
    """Whether a quote encloses another one."""
    return quote.document_id == other.document_id and quote.start <= other.start and other.end <= quote.end


def _place_before(text: str) -> str:
    """The municipality that a name begins with: さいたま市 of さいたま市スマートスクールプロジェクト."""
    parts = morphemes(text[-PLACE_CHARS:])
    count = 2 if parts and MUNICIPAL.fullmatch(parts[-1][0]) else 1
    taken = parts[-count:]
    is_place = any("地名" in part for _, _, part in taken) and MUNICIPAL.search(taken[-1][0][-1])
    return "".join(surface for surface, _, _ in taken) if is_place else ""


def _aliases(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Alias]]:
    for hit in hits[:HITS]:
        for alias in find_aliases(hit.passage.text):
            yield hit, alias
