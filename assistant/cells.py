"""One cell of a table: the figure beside the name and below the year or column that the question says."""

from collections.abc import Sequence

from assistant.draft import Draft, DraftSentence, quote_all
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.table_cells import NUMBER, UNIT, cells_of, pairs_of, ranked
from corpus.normalise import fold
from index.search import Hit

FIRST = 16  # hits whose rows are looked at
ENOUGH = 0.45  # share of the question, without its year, that name, column and place of the cell must say
APART = 0.02  # a cell with another value must say less by this


def applies(ask: Ask) -> bool:
    """Whether a single figure is asked for that need not be worked out."""
    return ask.wants_any(Want.COUNT, Want.AMOUNT) and not ask.computes and not ask.wants_any(Want.LIST)


def answer(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """A sentence with the cell that fits, or None where none or several with different values do."""
    found = ranked(ask, [cell for hit in hits[:FIRST] for cell in cells_of(ask, hit)], relevance)
    if not found or found[0][0] < ENOUGH:
        return None
    best, cell = found[0]
    if any(other.value != cell.value and best - share < APART for share, other in found[1:]):
        return None
    text = f"「{cell.name}」の{cell.header}は{cell.value}{cell.unit}です。"
    return Draft((DraftSentence(text, (quote_all(cell.hit),)),))


def said_of(ask: Ask, hit: Hit) -> str | None:
    """The names of a row with the one column that the question says; None where it says none."""
    pairs, asked = pairs_of(hit), fold(ask.text)
    below = [number for number, (header, _) in enumerate(pairs) if header and _said_part(header) in asked]
    if len(below) != 1 or not below[0]:
        return None
    names = [cell for _, cell in pairs[: below[0]] if not NUMBER.fullmatch(cell) and fold(cell) in asked]
    header, value = pairs[below[0]]
    return f"{'、'.join(names)}の{header}は{value}です。" if names else None


def _said_part(header: str) -> str:
    """The innermost part of a header, without its unit: 燃やすごみ of 収集日 燃やすごみ."""
    return fold(UNIT.sub("", header.split()[-1]))
