"""A row of a table over years: how its figure changed between two of them, when it was the largest or smallest."""

from collections.abc import Sequence
from decimal import Decimal

from assistant import confirm
from assistant.draft import Draft, DraftSentence, quote_all
from assistant.figure_choice import ASKS_YEAR, CHANGES, year_pair
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.table_cells import Cell, in_words, is_named, ranked, series_of
from index.search import Hit

FIRST = 16  # hits whose rows are looked at
ENOUGH = 0.45  # share of the question, without its years, that name and place of the row must say
APART = 0.02  # a row with another name must say less by this


def applies(ask: Ask) -> bool:
    """Whether the question compares two years, or asks for the year of the largest or smallest figure.

    Money is for the figures: their kinds and accounts have to be told apart.
    """
    asks_year = ask.wants_any(Want.LARGER) and ASKS_YEAR.search(ask.text)
    return not ask.wants_any(Want.AMOUNT) and (year_pair(ask) is not None or bool(asks_year))


def answer(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """A sentence worked out from the row that the question names; None where it names none, or several."""
    pair = year_pair(ask)
    row = named_row(ask, hits, relevance, pair)
    if row is None:
        return None
    text = _changed(ask, row[pair[0]], row[pair[1]]) if pair else _extreme(ask, list(row.values()))
    return Draft((DraftSentence(text, (quote_all(row[max(row)].hit),), computed=True),))


def named_row(
    ask: Ask, hits: Sequence[Hit], relevance: Relevance, pair: tuple[int, int] | None = None
) -> dict[int, Cell] | None:
    """The row over years that the question names, with both years of a pair; None for money, or where several fit."""
    rows = {id(row[max(row)]): row for hit in hits[:FIRST] if (row := series_of(hit))}
    last = [
        row[max(row)]
        for row in rows.values()
        if (not pair or set(pair) <= set(row)) and not _is_money(row[max(row)])
    ]
    found = [
        (share, rows[id(cell)])
        for share, cell in ranked(ask, last, relevance)
        if share >= ENOUGH and (is_named(ask, cell) or in_words(ask, cell))
    ]
    if not found:
        return None
    top, row = found[0]
    if any(_values(other) != _values(row) and top - share < APART for share, other in found):
        return None
    return row


def _values(row: dict[int, Cell]) -> dict[int, str]:
    return {year: cell.value for year, cell in row.items()}


def _is_money(cell: Cell) -> bool:
    return "円" in cell.unit or "円" in " ".join(cell.hit.passage.section)


def _changed(ask: Ask, first: Cell, second: Cell) -> str:
    """How much more or less: with what both years have, as they are printed."""
    change = _number(second) - _number(first)
    unit = "ポイント" if first.unit in ("%", "％") else first.unit
    if not change:
        return f"「{first.name}」は{first.header}も{second.header}も{_said(first)}で、同じです。"
    if CHANGES.search(ask.text):
        how = "増えました" if change > 0 else "減りました"
        return (
            f"{confirm.change(ask, change > 0)}「{first.name}」は、{first.header}の{_said(first)}から"
            f"{second.header}の{_said(second)}へ、{abs(change):,}{unit}{how}。"
        )
    larger, smaller = (second, first) if change > 0 else (first, second)
    return (
        f"「{first.name}」は、{larger.header}の方が{smaller.header}より{abs(change):,}{unit}{_more(first)}です"
        f"（{_said(larger)} − {_said(smaller)}）。"
    )


def _extreme(ask: Ask, cells: Sequence[Cell]) -> str:
    """When the figure was the largest, or the smallest where that is asked for."""
    value = (min if ask.asks_least else max)(map(_number, cells))
    found = [cell for cell in cells if _number(cell) == value]
    how = "少ない" if ask.asks_least else _more(cells[0])
    when = "と".join(cell.header for cell in found)
    return f"「{found[0].name}」が最も{how}のは{when}で、{_said(found[0])}です。"


def _number(cell: Cell) -> Decimal:
    return Decimal(cell.value.translate(str.maketrans("▲△", "--", ",，")))


def _said(cell: Cell) -> str:
    return f"{cell.value}{cell.unit}"


def _more(cell: Cell) -> str:
    return "高い" if cell.unit in ("%", "％") else "多い"
