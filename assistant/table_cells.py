"""Rows of tables read back as cells below their headers: the figure of a year, its name and its unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.figure_fit import YEAR_TERM
from assistant.question import Ask, Want
from assistant.question_words import figure_words
from assistant.relevance import Relevance
from corpus.amounts import MONEY_UNITS, find_counts
from corpus.normalise import fold
from corpus.tables import cell_starts
from corpus.wareki import find_years
from index.search import Hit
from index.tokens import tagged_words, token_set

BESIDE = 0.2  # what a cell loses for what its name says that the question does not
NAMED, WORDED = 0.2, 0.05  # what it gains whose name stands in the question, or most of whose nouns do
MOST = 0.6  # of its nouns
NUMBER = re.compile(r"[▲△-]?[\d,，]+(?:\.\d+)?")
UNIT = re.compile(r"[(（\[](?:単位[:：]?)?\s*([^()（）\d]{1,5})[)）\]]$")
NOTE = re.compile(r"[(（][^()（）]*[)）]")
LETTER = re.compile(r"[^\W\d_]")
UNIT_HEADER = "単位"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a row: the names left of it, its column, its value as printed and its unit."""

    hit: Hit
    names: tuple[str, ...]
    header: str
    value: str
    unit: str

    @property
    def name(self) -> str:
        """The innermost name with the one before it: 成果指標 利用者数."""
        return " ".join(self.names[-2:])


def cells_of(ask: Ask, hit: Hit) -> list[Cell]:
    """The cells of a row whose year the question says, and whose unit is the one asked for."""
    if hit.passage.kind != "row" or len(ask.years) > 1:
        return []
    pairs = pairs_of(hit)
    figures, names = _figures(pairs), _names(pairs)
    if not ask.years:  # any year will do where all say the same
        same = len(figures) > 1 and len({pairs[number][1] for number in figures}) == 1
        figures = figures[-1:] if same else []
    of_row = bool(ask.years) and any(is_of_year(ask.years[0], name) for name in names)
    found = []
    for number in figures:
        header, value = pairs[number]
        below = not ask.years or is_of_year(ask.years[0], header)
        named = fold(UNIT.sub("", header)) in fold(ask.text)
        if not header or not (below or (of_row and named)):
            continue
        unit = unit_of_row(pairs, header, names) or _counted(ask, [header, *names])
        if unit and names and _fits(ask, unit):
            name, when = (names, header) if below else ((header,), names[0])
            found.append(Cell(hit, name, when, value, unit))
    return found


def series_of(hit: Hit) -> dict[int, Cell]:
    """The cells of a row by the one year of their header; empty where fewer than two columns are years."""
    if hit.passage.kind != "row":
        return {}
    pairs = pairs_of(hit)
    names = _names(pairs)
    found: dict[int, Cell] = {}
    for number in _figures(pairs):
        header, value = pairs[number]
        years = {year for span in find_years(header) for year in (span.first, span.last)}
        if len(years) == 1 and names:
            found.setdefault(years.pop(), Cell(hit, names, header, value, unit_of_row(pairs, header, names)))
    return found if len(found) > 1 else {}


def ranked(ask: Ask, cells: Sequence[Cell], relevance: Relevance) -> list[tuple[float, Cell]]:
    """The cells, best first, with the share of the question that they say.

    Name and column count whole, what stands above half. Where the question says no name as it is printed, a cell
    gains by the words of its name: 何人が利用したか asks for 利用者数.
    """
    literal = any(is_named(ask, cell) for cell in cells)
    scored = [
        (_fit(ask, cell, relevance) + (0.0 if literal or not in_words(ask, cell) else WORDED), cell)
        for cell in cells
    ]
    return sorted(scored, key=lambda one: -one[0])


def _fit(ask: Ask, cell: Cell, relevance: Relevance) -> float:
    subject = [term for term in ask.terms if term not in figure_words() and not YEAR_TERM.fullmatch(term)]
    whole = relevance.weight(subject)
    name = token_set(cell.name)
    own = set(subject) & (name | token_set(cell.header))
    beside = len(name - set(subject)) / len(name) if name else 1.0
    above = set(subject) & token_set(
        f"{cell.hit.source} {cell.hit.title} {' '.join(cell.hit.passage.section)}"
    )
    said = relevance.weight(own) + 0.5 * relevance.weight(above - own)
    return said / whole - BESIDE * beside + NAMED * is_named(ask, cell) if whole else 0.0


def is_named(ask: Ask, cell: Cell) -> bool:
    """Whether the innermost name of a cell stands in the question."""
    return fold(NOTE.sub("", cell.names[-1])) in fold(ask.text)


def in_words(ask: Ask, cell: Cell) -> bool:
    """Whether the question says the last noun of a cell's innermost name, and most of the others."""
    name = NOTE.sub("", cell.names[-1])
    nouns = [word for word, part in tagged_words(name) if part[0] == "名詞" and word != "数"]
    said = [noun in ask.terms for noun in nouns]
    return len(nouns) > 1 and said[-1] and sum(said) >= MOST * len(nouns)


def pairs_of(hit: Hit) -> list[tuple[str, str]]:
    """Each cell of a row with its header, read back from its context."""
    context, position, pairs = hit.passage.context, 0, []
    for start, cell in zip(cell_starts(hit.passage), hit.passage.text.split("\t"), strict=False):
        before = context[position:start]
        header = before.rpartition("、")[2][:-1] if before.endswith("：") else ""
        pairs.append((header, cell.strip()))
        position = start + len(cell)
    return pairs


def _figures(pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The columns of a row that hold a number."""
    return [number for number, (_, cell) in enumerate(pairs) if NUMBER.fullmatch(cell)]


def _names(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What stands left of the first number, without the unit and dashes."""
    left = pairs[: min(_figures(pairs), default=0)]
    return tuple(cell for header, cell in left if header != UNIT_HEADER and LETTER.search(cell))


def unit_of_row(pairs: Sequence[tuple[str, str]], header: str, names: Sequence[str]) -> str:
    """The unit in its own column, else in brackets behind the header or a name."""
    stated = next((cell for head, cell in pairs if head == UNIT_HEADER), "")
    return stated or next(filter(None, map(_unit, [header, *names])), "")


def _unit(label: str) -> str:
    """人 of 利用者数（人）; nothing of a year in brackets."""
    found = UNIT.search(label)
    return found[1] if found and (found[1] in MONEY_UNITS or find_counts(f"3{found[1]}")) else ""


def _counted(ask: Ask, labels: Sequence[str]) -> str:
    """The counter asked for, where a label counts such things: 人 of 世帯人員."""
    counter = ask.counter or ""
    counts = re.compile(rf"{re.escape(counter)}(?:数|員|$)")
    return counter if counter and any(counts.search(label) for label in labels) else ""


def is_of_year(year: int, said: str) -> bool:
    return any(span.fiscal_years == (year,) or span.first == year == span.last for span in find_years(said))


def _fits(ask: Ask, unit: str) -> bool:
    """Whether a unit is the one asked for: 人 for 何人, money for いくら."""
    if ask.wants_any(Want.AMOUNT):
        return "円" in unit
    return (
        ask.counter is None or ask.counter == unit or (ask.counter, unit) in {("%", "％"), ("か所", "箇所")}
    )
