"""How well a figure fits what a question is about: by its subject, its surroundings, its kind and its year."""

import re
from collections.abc import Sequence

from assistant.figure_filters import SPENT_KINDS, Figure, kinds_asked
from assistant.figure_names import TOTAL, beside
from assistant.question import Ask
from assistant.question_words import figure_words
from assistant.relevance import Relevance
from corpus.normalise import fold
from index.tokens import token_set

OF_KIND = 0.2  # of that share weighs that a figure is of the kind asked for: 事業費, not where it comes from
OWN = 0.3  # what the subject itself says of the question,
STATED = 0.3  # and the words that state it,
BESIDE = 0.25  # and what it says that the question does not
SERIES = 0.2  # figures of one series that fit so nearly alike differ by their year only
AFTER = re.compile(r"（(?:計|補正後の額)）$")
YEAR_TERM = re.compile(r"\d+|f?y\d{4}")


def best(ask: Ask, figures: Sequence[Figure], relevance: Relevance, least: float) -> Figure | None:
    """The figure whose subject and surroundings say most of what the question is about."""
    place = token_set(" ".join(ask.places))  # says whose document, not which figure
    silent = figure_words() | place
    subject = [term for term in ask.terms if term not in silent and not YEAR_TERM.fullmatch(term)]
    whole, kinds = relevance.weight(subject), kinds_asked(ask)
    asked = fold(ask.text)
    ranked = []
    for figure in figures:
        around = (
            f"{figure.surroundings}\n{figure.of_document}" if kinds & SPENT_KINDS else figure.surroundings
        )
        near = relevance.weight(set(subject) & token_set(around))
        own = relevance.weight(set(subject) & token_set(figure.fact.subject))
        said = "" if figure.of_row else figure.quote.text
        stated = relevance.weight(set(subject) & token_set(said))
        share = (near + OWN * own + STATED * stated) / whole if whole else 1.0
        fit = share + (OF_KIND if figure.fact.kind in kinds else 0.0)
        fit -= BESIDE * beside(figure.fact.subject, asked) if own else 0.0
        if share >= least and (own or ask.labels or not _is_bare(figure)):
            ranked.append((fit, figure))
    if not ranked:
        return None
    top, found = max(ranked, key=lambda one: (one[0], -_more(ask, one[1]) if one[1].of_row else 0))
    found = next((figure for _, figure in ranked if _rounds(found, figure)), found)
    alike = [found] + [figure for fit, figure in ranked if top - fit <= SERIES and is_series(figure, found)]
    # The year in force, where none is asked for.
    return max(alike, key=lambda figure: figure.fact.fiscal_years)


def plain_subject(subject: str) -> str:
    """歳入合計 of 一般会計の歳入合計（補正後の額）."""
    return AFTER.sub("", subject.rpartition("の")[2])


def _is_bare(figure: Figure) -> bool:
    """Whether a figure stands in a line of its own, a name and a number, of which nothing but the name tells."""
    line = figure.quote.text
    return (
        not figure.of_row
        and "円" not in line
        and "。" not in line
        and not TOTAL.fullmatch(plain_subject(figure.fact.subject))
    )


def _more(ask: Ask, figure: Figure) -> int:
    """How many words of its subject the question does not say."""
    return len(token_set(figure.fact.subject) - set(ask.terms))


def _rounds(about: Figure, exact: Figure) -> bool:
    """Whether 約7億円 is another figure of its document said less exactly: 7億2,500万円."""
    zeros = len(str(about.yen)) - len(str(about.yen).rstrip("0"))
    return (
        about.approximate
        and not exact.approximate
        and about.fact.document_id == exact.fact.document_id
        and about.quote.section[:1] == exact.quote.section[:1]
        and 0 < abs(exact.yen - about.yen) <= 10**zeros // 2
    )


def is_series(figure: Figure, other: Figure) -> bool:
    """Whether two figures state the same of different years, side by side."""
    return (
        figure.fact.document_id == other.fact.document_id
        and figure.fact.subject == other.fact.subject
        and figure.fact.kind == other.fact.kind
    )
