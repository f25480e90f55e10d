"""Texts in pieces, some of them highlighted: facts that were said, quotes that share words with the evidence."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from evals.matching import MIN_OVERLAP, comparable

Tone = Literal["plain", "fact", "evidence", "ref"]
_REF = re.compile(r"\[(\d+)\]")


class Piece(NamedTuple):
    """A piece of a text; joined in order the pieces are the text. Of a `ref` the text is [n]."""

    text: str
    tone: Tone = "plain"


class _Folded:
    """A text as compared, and where each compared character stands in it."""

    def __init__(self, text: str) -> None:
        self.text, self._places = "", list[int]()
        for place, character in enumerate(text):
            folded = comparable(character)
            self.text += folded
            self._places += [place] * len(folded)

    def span(self, start: int, length: int) -> tuple[int, int]:
        return self._places[start], self._places[start + length - 1] + 1


def said(text: str, facts: Iterable[tuple[str, ...]]) -> list[Piece]:
    """An answer with the facts that it says, and its [n] marks."""
    spans: list[tuple[int, int, Tone]] = [(*one.span(), "ref") for one in _REF.finditer(text)]
    folded = _Folded(text)
    for wanted in (alternative for group in facts for alternative in group):
        spans += [(*span, "fact") for span in _found(folded, comparable(wanted))]
    return _cut(text, spans)


def quoted(quote: str, evidence: Iterable[str]) -> list[Piece]:
    """A quote with the words that it shares with pieces of evidence."""
    folded = _Folded(quote)
    spans: list[tuple[int, int, Tone]] = []
    for wanted in map(comparable, evidence):
        longest = SequenceMatcher(None, folded.text, wanted, autojunk=False).find_longest_match()
        if longest.size >= min(MIN_OVERLAP, len(folded.text), len(wanted)) > 0:
            spans.append((*folded.span(longest.a, longest.size), "evidence"))
    return _cut(quote, spans)


def _found(folded: _Folded, wanted: str) -> Iterable[tuple[int, int]]:
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        yield folded.span(at, len(wanted))
        at = folded.text.find(wanted, at + len(wanted))


def _cut(text: str, spans: Iterable[tuple[int, int, Tone]]) -> list[Piece]:
    """The text cut at the spans; of those that overlap the first counts, the longer one before the shorter."""
    pieces: list[Piece] = []
    position = 0
    for start, end, tone in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position:
            pieces += [Piece(text[position:start]), Piece(text[start:end], tone)]
            position = end
    return [piece for piece in [*pieces, Piece(text[position:])] if piece.text]
