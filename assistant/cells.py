"""One cell of a table: the figure beside the name and below the year or column that the question says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Draft, DraftSentence, quote_all
from assistant.figure_choice import YEAR_TERM
from assistant.question import Ask, Want
from assistant.question_words import figure_words
from assistant.relevance import Relevance
from corpus.amounts import MONEY_UNITS, find_counts
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit
from index.tokens import token_set

FIRST = 16  # hits whose rows are looked at
ENOUGH = 0.45  # share of the question, without its year, that name, column and place of the cell must say
BESIDE = 0.2  # and what the name says that the question does not
NAMED = 0.2  # what a cell gains whose name stands in the question
APART = 0.02  # a cell with another value must say less by this
NUMBER = re.compile(r"[▲△-]?[\d,，]+(?:\.\d+)?")
UNIT = re.compile(r"[(（\[](?:単位[:：]?)?\s*([^()（）\d]{1,5})[)）\]]$")
NOTE = re.compile(r"[(（][^()（）]*[)）]")
UNIT_HEADER = "単位"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a row: the names left of it, its column, its value as printed and its unit."""

    hit: Hit
    name: str
    header: str
    value: str
    unit: str


def applies(ask: Ask) -> bool:
    """Whether a single figure is asked for that need not be worked out."""
    return ask.wants_any(Want.COUNT, Want.AMOUNT) and not ask.computes and not ask.wants_any(Want.LIST)


def answer(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """A sentence with the cell that fits, or None where none or several with different values do."""
    ranked = sorted(
        ((_fit(ask, cell, relevance), cell) for hit in hits[:FIRST] for cell in _cells(ask, hit)),
        key=lambda one: -one[0],
    )
    if not ranked or ranked[0][0] < ENOUGH:
        return None
    fit, cell = ranked[0]
    if any(other.value != cell.value and fit - share < APART for share, other in ranked[1:]):
        return None
    text = f"「{cell.name}」の{cell.header}は{cell.value}{cell.unit}です。"
    return Draft((DraftSentence(text, (quote_all(cell.hit),)),))


def said_of(ask: Ask, hit: Hit) -> str | None:
    """The names of a row with the one column that the question says; None where it says none."""
    pairs, asked = _pairs(hit), fold(ask.text)
    below = [number for number, (header, _) in enumerate(pairs) if header and _said_part(header) in asked]
    if len(below) != 1 or not below[0]:
        return None
    names = [cell for _, cell in pairs[: below[0]] if not NUMBER.fullmatch(cell) and fold(cell) in asked]
    header, value = pairs[below[0]]
    return f"{'、'.join(names)}の{header}は{value}です。" if names else None


def _said_part(header: str) -> str:
    """The innermost part of a header, without its unit: 燃やすごみ of 収集日 燃やすごみ."""
    return fold(UNIT.sub("", header.split()[-1]))


def _cells(ask: Ask, hit: Hit) -> list[Cell]:
    """The cells of a row whose year the question says, and whose unit is the one asked for."""
    if hit.passage.kind != "row" or len(ask.years) > 1:
        return []
    pairs = _pairs(hit)
    figures = [number for number, (_, cell) in enumerate(pairs) if NUMBER.fullmatch(cell)]
    names = [cell for header, cell in pairs[: min(figures, default=0)] if header != UNIT_HEADER]
    if not ask.years:  # any year will do where all say the same
        same = len(figures) > 1 and len({pairs[number][1] for number in figures}) == 1
        figures = figures[-1:] if same else []
    of_row = bool(ask.years) and any(_is_of(ask.years[0], name) for name in names)
    stated = next((cell for header, cell in pairs if header == UNIT_HEADER), "")
    found = []
    for number in figures:
        header, value = pairs[number]
        below = not ask.years or _is_of(ask.years[0], header)
        named = fold(UNIT.sub("", header)) in fold(ask.text)
        if not header or not (below or (of_row and named)):
            continue
        unit = stated or next(filter(None, map(_unit, [header, *names])), "")
        unit = unit or _counted(ask, [header, *names])
        if unit and _fits(ask, unit):
            name, when = (" ".join(names[-2:]), header) if below else (header, names[0])
            found.append(Cell(hit, name, when, value, unit))
    return found


def _pairs(hit: Hit) -> list[tuple[str, str]]:
    """Each cell of a row with its header, read back from its context."""
    context, position, pairs = hit.passage.context, 0, []
    for cell in hit.passage.text.split("\t"):
        at = context.find(cell, position)
        if at < 0:
            return []
        before = context[position:at]
        header = before.rpartition("、")[2][:-1] if before.endswith("：") else ""
        pairs.append((header, cell.strip()))
        position = at + len(cell)
    return pairs


def _unit(label: str) -> str:
    """人 of 利用者数（人）; nothing of a year in brackets."""
    found = UNIT.search(label)
    return found[1] if found and (found[1] in MONEY_UNITS or find_counts(f"3{found[1]}")) else ""


def _counted(ask: Ask, labels: Sequence[str]) -> str:
    """The counter asked for, where a label counts such things: 人 of 世帯人員."""
    counter = ask.counter or ""
    counts = re.compile(rf"{re.escape(counter)}(?:数|員|$)")
    return counter if counter and any(counts.search(label) for label in labels) else ""


def _is_of(year: int, said: str) -> bool:
    return any(span.fiscal_years == (year,) or span.first == year == span.last for span in find_years(said))


def _fits(ask: Ask, unit: str) -> bool:
    """Whether a unit is the one asked for: 人 for 何人, money for いくら."""
    if ask.wants_any(Want.AMOUNT):
        return "円" in unit
    return (
        ask.counter is None or ask.counter == unit or (ask.counter, unit) in {("%", "％"), ("か所", "箇所")}
    )


def _fit(ask: Ask, cell: Cell, relevance: Relevance) -> float:
    """Share of the question that the cell says: its name and column count whole, what stands above half."""
    subject = [term for term in ask.terms if term not in figure_words() and not YEAR_TERM.fullmatch(term)]
    whole = relevance.weight(subject)
    name = token_set(cell.name)
    own = set(subject) & (name | token_set(cell.header))
    beside = len(name - set(subject)) / len(name) if name else 1.0
    above = set(subject) & token_set(
        f"{cell.hit.source} {cell.hit.title} {' '.join(cell.hit.passage.section)}"
    )
    said = relevance.weight(own) + 0.5 * relevance.weight(above - own)
    named = fold(NOTE.sub("", cell.name.split(" ")[-1])) in fold(ask.text)
    return said / whole - BESIDE * beside + (NAMED if named else 0.0) if whole else 0.0
