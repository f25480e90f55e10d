"""The Answer that citizens get: with readings and explained words where they read やさしい日本語."""

from pydantic import Field

from assistant.answer import Answer, Frozen
from assistant.furigana import Piece, furigana
from assistant.plan_terms import terms_in

Pieces = tuple[Piece, ...]


class Term(Frozen):
    """A word of plans and budgets in plain words, both in pieces with readings."""

    term: Pieces
    meaning: Pieces


class Easy(Frozen):
    """Pieces (text, reading or nothing) of the answer and, by number of citation, of each quote; words explained."""

    text: Pieces
    quotes: dict[int, Pieces]
    terms: tuple[Term, ...]


class PublicAnswer(Answer):
    """An Answer; `easy` is there only where its language is `ja-simple`."""

    easy: Easy | None = Field(None, exclude_if=lambda easy: easy is None)


def easy(answer: Answer) -> Easy:
    """Readings over the answer and its quotes, and what their words mean."""
    quotes = {one.number: furigana(one.quote) for one in answer.citations}
    words = terms_in([answer.text, *(one.quote for one in answer.citations)])
    return Easy(
        text=furigana(answer.text),
        quotes=quotes,
        terms=tuple(Term(term=furigana(word), meaning=furigana(meaning)) for word, meaning in words),
    )
