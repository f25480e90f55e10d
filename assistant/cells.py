"""One cell of a table: the figure beside the name and below the year or column that the question says."""

from collections.abc import Sequence

from assistant import answering
from assistant.draft import Draft, DraftSentence, quote_all
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.table_cells import LETTER, NUMBER, UNIT, cells_of, pairs_of, ranked
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit
from index.tokens import LABEL, label_tokens, token_set

FIRST = 16  # hits whose rows are looked at
ENOUGH = 0.45  # share of the question, without its year, that name, column and place of the cell must say
NAME = 3  # characters of a cell that names its row
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
    if not answering.is_negated_alike(ask, cell.name):
        return None
    text = f"「{cell.name}」の{cell.header}は{cell.value}{cell.unit}です。"
    return Draft((DraftSentence(text, (quote_all(cell.hit),)),))


def in_words(ask: Ask, hits: Sequence[Hit]) -> Draft | None:
    """The cell that holds words, in the row and the column that the question names; None where several do.

    The row is named by its mark (⑧) or by the name in it, the column by its header.
    """
    found = {}
    for hit in hits[:FIRST]:
        pairs = pairs_of(hit) if hit.passage.kind == "row" else []
        if len(pairs) > 1 and (name := row_name(ask, [cell for _, cell in pairs])):
            for number in _columns_said(ask, [header for header, _ in pairs]):
                header, value = pairs[number]
                tells = LETTER.search(value) and value not in name and answering.holds(ask, value)
                if number and tells:
                    found[value] = DraftSentence(f"「{name}」の{header}：{value}", (quote_all(hit),))
    return Draft(tuple(found.values())) if len(found) == 1 else None


def row_name(ask: Ask, cells: Sequence[str]) -> str:
    """How a row is called in the question: with its mark, ⑧ デジタル時代の…; empty where it is not named."""
    marks = {name for names in ask.labels for name in names}
    for number, cell in enumerate(cells):
        if marks and LABEL.fullmatch(cell) and set(label_tokens(cell)) & marks:
            return f"{cell}{cells[number + 1] if number + 1 < len(cells) else ''}"
        if len(cell) >= NAME and fold(cell) in fold(ask.text) and not find_years(cell):
            return cell
    return ""


def _columns_said(ask: Ask, headers: Sequence[str]) -> list[int]:
    """The columns whose header stands in the question: 役割 of 案内WGの役割は."""
    parts = [said_part(header) for header in headers]
    return [number for number, part in enumerate(parts) if len(part) > 1 and f"の{part}" in fold(ask.text)]


def said_of(ask: Ask, hit: Hit) -> str | None:
    """The names of a row with the one column that the question says; None where it says none."""
    pairs, asked = pairs_of(hit), fold(ask.text)
    below = [number for number, (header, _) in enumerate(pairs) if header and said_part(header) in asked]
    below = below or _nearest(ask, [header for header, _ in pairs])
    if len(below) != 1 or not below[0]:
        return None
    names = [cell for _, cell in pairs[: below[0]] if not NUMBER.fullmatch(cell) and fold(cell) in asked]
    header, value = pairs[below[0]]
    return f"{'、'.join(names)}の{header}は{value}です。" if names else None


def _nearest(ask: Ask, headers: Sequence[str]) -> list[int]:
    """The columns that say most words of the question."""
    shared = [len(token_set(said_part(header)) & set(ask.terms)) for header in headers]
    return [number for number, many in enumerate(shared) if many and many == max(shared)]


def said_part(header: str) -> str:
    """The innermost part of a header, without its unit: 燃やすごみ of 収集日 燃やすごみ."""
    return fold(UNIT.sub("", (header.split() or [""])[-1]))
