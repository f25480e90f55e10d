"""What a sentence has to say, with the headings above it, before it may answer: an office, a noun, a thing counted."""

import re

from assistant.question import NOUN, Ask, Want
from assistant.relevance import Relevance
from corpus.normalise import fold
from index.search import Hit
from index.tokens import token_set, words

# 避難所 that ペットと一緒に避難できる: what a clause says of the things counted.
CLAUSE_BEFORE = re.compile(
    r"([^、。]{2,30})(?<=[るたい])([^\s、。のはがを]{2,12})は(?:、)?(?:全部で)?(?:何|いくつ)"
)
COUNTED_TOPIC = re.compile(r"([^、。は]{2,20}からの[^、。は]{1,12})は(?:、)?(?:どの|どれ|何|いくつ)")
OF_WHOLE = 0.6  # of the question's nouns are said above a date of a form
OFFICE = re.compile(r"[長監官]$")
WHO = re.compile(r"誰|だれ|どなた")


def are_met(ask: Ask, hit: Hit, text: str, relevance: Relevance) -> bool:
    """Whether a sentence says, with what stands above it, of whom or of what the question asks."""
    return (
        _says_office(ask, hit, text)
        and _is_of_topic(ask, hit, text, relevance)
        and _names_focus(ask, hit, text, relevance)
    )


def is_of_whole(ask: Ask, hit: Hit, line: str, relevance: Relevance) -> bool:
    """Whether a date is asked of what the whole document is about, as the form at its head tells it: 事業期間."""
    nouns = {term for term, kind in ask.terms.items() if kind >= NOUN}
    said = token_set(_below_headings(hit, line))
    return relevance.weight(said & nouns) >= OF_WHOLE * relevance.weight(nouns)


def _counted_topic(ask: Ask) -> list[str]:
    """The nouns of what a number is asked of: 大人, 意見 in 「…で、大人からの意見はどのくらい集まったか」."""
    if not ask.wants_any(Want.COUNT):
        return []
    found = COUNTED_TOPIC.search(ask.text) or CLAUSE_BEFORE.search(ask.text)
    return [word for word in words(found[1]) if ask.terms.get(word, 0.0) >= NOUN] if found else []


def _is_of_topic(ask: Ask, hit: Hit, text: str, relevance: Relevance) -> bool:
    """Whether a sentence says all that a number is asked of."""
    topic = _counted_topic(ask)
    return not topic or relevance.names(topic, token_set(_below_headings(hit, text)))


def _names_focus(ask: Ask, hit: Hit, text: str, relevance: Relevance) -> bool:
    """Whether a sentence names the noun that the question is about, or another word for it, where it has to.

    What is counted must stand in the sentence: そのほかの三つ below a heading on 手続き counts something else.
    """
    if not (ask.is_bare or ask.counts_things or ask.asks_how_many):
        return True
    named = token_set(text if ask.counts_things else _below_headings(hit, text))
    return relevance.names(words(ask.focus or "")[-1:], named)


def _says_office(ask: Ask, hit: Hit, text: str) -> bool:
    """Whether the office whose holder is asked for is said: 編集長は誰."""
    if not (ask.focus and WHO.search(ask.text) and OFFICE.search(ask.focus)):
        return True
    return fold(ask.focus) in fold(_below_headings(hit, text))


def _below_headings(hit: Hit, text: str) -> str:
    """A text with the title and the headings that it stands below."""
    return "\n".join([hit.title, *hit.passage.section, text])
