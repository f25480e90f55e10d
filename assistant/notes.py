"""Definitions that stand in a footnote: 協定値7 in the text, 「7 協定で決める値。」 at the foot of the page."""

import re
from collections.abc import Mapping, Sequence

from assistant.draft import Draft, DraftSentence, quote_span
from assistant.question import Ask, Want
from index.search import Hit

REACH = 4000  # characters after the term in which its note stands
SLACK = 4  # characters of the number, which a passage may leave out
MAX_NOTE = 300
MIN_TERM = 3


def answer(ask: Ask, hits: Sequence[Hit], texts: Mapping[str, str]) -> Draft | None:
    """The note of the term that the question asks to define, else None; `texts` are canonical, by document id."""
    if not ask.focus or len(ask.focus) < MIN_TERM or not ask.wants_any(Want.DEFINITION):
        return None
    marked = re.compile(rf"{re.escape(ask.focus)}(\d{{1,3}})(?!\d)")
    for term in hits:
        text = texts.get(term.passage.document_id, "")
        for found in marked.finditer(text):
            begins = re.compile(rf"(?<=\n){found[1]}[ 　]+(?!\d)([^\n]{{8,{MAX_NOTE}}})")
            note = begins.search(text, found.end(), found.end() + REACH)
            if note and (hit := _holding(hits, term, note.start(1), note.end(1))):
                quote = quote_span(hit, max(note.start(1), hit.passage.start), note.end(1))
                return Draft((DraftSentence(quote.text.strip(), (quote,)),))
    return None


def _holding(hits: Sequence[Hit], term: Hit, start: int, end: int) -> Hit | None:
    """The hit of the term's document that holds most of a span."""
    return next(
        (
            hit
            for hit in hits
            if hit.passage.document_id == term.passage.document_id
            and hit.passage.start - SLACK <= start
            and end <= hit.passage.end
        ),
        None,
    )
