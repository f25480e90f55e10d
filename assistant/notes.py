"""Definitions that stand in a footnote: 協定値7 in the text, 「7 協定で決める値。」 at the foot of the page."""

import re
from collections.abc import Sequence

from assistant.draft import Draft, DraftSentence, quote_span
from assistant.question import Ask, Want
from index.search import Hit

MAX_NOTE = 300
MIN_TERM = 3


def answer(ask: Ask, hits: Sequence[Hit]) -> Draft | None:
    """The note of the term that the question asks to define, else None.

    Note and term stand in hits of one document, the note after the term.
    """
    if not ask.focus or len(ask.focus) < MIN_TERM or not ask.wants_any(Want.DEFINITION):
        return None
    marked = re.compile(rf"{re.escape(ask.focus)}(\d{{1,3}})(?!\d)")
    for term in hits:
        found = marked.search(term.passage.text)
        note = found and _note(found[1], term, hits)
        if note:
            return note
    return None


def _note(number: str, term: Hit, hits: Sequence[Hit]) -> Draft | None:
    begins = re.compile(rf"(?:^|(?<=\n)){number}[ 　](?!\d)([^\n]{{8,{MAX_NOTE}}})")
    for hit in hits:
        passage = hit.passage
        if passage.document_id != term.passage.document_id or passage.end <= term.passage.start:
            continue
        if found := begins.search(passage.text):
            quote = quote_span(hit, passage.start + found.start(1), passage.start + found.end(1))
            return Draft((DraftSentence(quote.text.strip(), (quote,)),))
    return None
