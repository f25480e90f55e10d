"""Levels of headings: inferred from how the document itself nests its numbering, else by custom and type."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.normalise import fold
from corpus.numbering import rank

# These always stand outside the others.
OUTER_STYLES = {"編", "別紙", "附則", "部", "章", "節", "表"}
_BUDGET_STYLES = {"款", "項", "目"}  # they stand inside each other by law, wherever they stand
_RESTARTING = {"編", "部", "章", "節"}
SIZED = "size"
_MANY_PAGES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recognised heading before its level is known.

    `declared` is the level that the format states, `size` the order of its type where a PDF sets it larger
    than the body; 0 for neither. `leads` says that nothing stands between it and the heading before. `page`
    counts from 1, 0 where there are none.
    """

    start: int
    end: int
    text: str
    style: str
    number: int
    declared: int = 0
    size: int = 0
    leads: bool = False
    page: int = 0


def nested(candidates: Sequence[Candidate]) -> list[tuple[Candidate, int]]:
    """Headings with their levels from 1; what only repeats an open heading is left out."""
    order = _Order(candidates)
    found: list[tuple[Candidate, int]] = []
    open_ones: list[tuple[Candidate, int]] = []
    for candidate in order.candidates:
        if candidate.declared:
            level = candidate.declared
            while open_ones and open_ones[-1][1] >= level:
                open_ones.pop()
        elif _repeats([one for one, _ in open_ones], candidate):
            continue
        else:
            del open_ones[order.kept([one for one, _ in open_ones], candidate) :]
            level = open_ones[-1][1] + 1 if open_ones else 1
        open_ones.append((candidate, level))
        found.append((candidate, level))
    return found


def _repeats(stack: Sequence[Candidate], candidate: Candidate) -> bool:
    """Whether a line at the top of a page names the headings that are open: one, or the innermost together."""
    said = fold(candidate.text)
    texts = [fold(open_heading.text) for open_heading in stack]
    return said in texts or any(said == "".join(texts[index:]) for index in range(len(texts)))


class _Order:
    """Which style stands inside which in one document."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = _with_inner_lists(candidates)
        self._inside = _evidence(_without_repeats(self.candidates))
        self._on_each_page = _style_on_each_page(self.candidates)

    def kept(self, stack: Sequence[Candidate], new: Candidate) -> int:
        """How many of the open headings a new one leaves open; declared ones end only by their own level."""
        floor = max((index + 1 for index, one in enumerate(stack) if one.declared), default=0)
        if new.number == 1 and new.style == self._on_each_page:
            return max([floor, *(index + 1 for index, one in enumerate(stack) if one.size)])
        same = next((index for index in reversed(range(len(stack))) if stack[index].style == new.style), -1)
        if 0 <= same < floor:
            return same if stack[same].number + 1 == new.number else self._left(stack, floor, new)
        if same < 0:
            return self._left(stack, floor, new)
        restarts = new.style in _RESTARTING and new.number == 1 < stack[same].number
        while same > floor and restarts and rank(stack[same - 1].style) <= rank(new.style):
            same -= 1  # a second 第1章 cannot stand in the same part
        while (
            same > floor and stack[same - 1].style.startswith(SIZED) and 0 < new.size <= stack[same - 1].size
        ):
            same -= 1
        return same

    def _left(self, stack: Sequence[Candidate], floor: int, new: Candidate) -> int:
        last = len(stack)
        while last > floor and self._closes(new, stack[last - 1]):
            last -= 1
        return last

    def _closes(self, new: Candidate, opened: Candidate) -> bool:
        """Whether a heading ends an open one of another style."""
        if new.style.startswith(SIZED) or opened.style.startswith(SIZED):
            return self._closes_by_size(new, opened)
        styles = {new.style, opened.style}
        fixed = OUTER_STYLES & styles or styles <= _BUDGET_STYLES
        evidence = self._inside[opened.style, new.style] - self._inside[new.style, opened.style]
        if evidence and not fixed:
            return evidence < 0
        return rank(new.style) <= rank(opened.style)

    @staticmethod
    def _closes_by_size(new: Candidate, opened: Candidate) -> bool:
        if not (new.size and opened.size):
            return bool(new.size)
        return new.size < opened.size or (new.size == opened.size and not new.leads)


def _style_on_each_page(candidates: Sequence[Candidate]) -> str:
    """The numbering that begins anew on most pages, as on sheets that each present one thing; else nothing."""
    first = {one.page: one for one in reversed(candidates) if one.page and not one.size}
    styles = Counter(one.style for one in first.values() if one.number == 1)
    style, pages = styles.most_common(1)[0] if styles else ("", 0)
    return style if pages >= _MANY_PAGES and 2 * pages > len(first) else ""


def _without_repeats(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without the headings that a page says again at its top."""
    found: list[Candidate] = []
    said: dict[str, str] = {}
    for candidate in candidates:
        if said.get(candidate.style) != candidate.text:
            found.append(candidate)
        said[candidate.style] = candidate.text
    return found


def _evidence(candidates: Sequence[Candidate]) -> Counter[tuple[str, str]]:
    """(outer, inner) -> how often the document nests them so.

    Numbering that begins again at 1 after a heading of another style is inside that one, and so is a heading
    right below it, and whatever stands between a heading and the next of its style with the next number.
    """
    inside: Counter[tuple[str, str]] = Counter()
    for outer, inner in pairwise(candidates):
        if outer.style != inner.style and (inner.number == 1 or inner.leads):
            inside[outer.style, inner.style] += 1
    last: dict[str, int] = {}
    for index, candidate in enumerate(candidates):
        before = last.get(candidate.style)
        last[candidate.style] = index
        if before is not None and candidates[before].number + 1 == candidate.number:
            between = {one.style for one in candidates[before + 1 : index]}
            inside.update((candidate.style, style) for style in between)
    return inside


def _with_inner_lists(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Gives a list 1, 2, 3 inside the second of 1, 2, 3 a style of its own: it ends and the outer goes on."""
    found = list(candidates)
    by_style: dict[str, list[int]] = {}
    for index, candidate in enumerate(candidates):
        if candidate.number and not candidate.declared:
            by_style.setdefault(candidate.style, []).append(index)
    for style, places in by_style.items():
        if style in OUTER_STYLES:
            continue
        for first, last in _inner_runs([candidates[place].number for place in places]):
            between = {one.style for one in candidates[places[first - 1] + 1 : places[last]]}
            if any(not other or rank(other) < rank(style) for other in between):
                continue  # an outer heading came between: the numbering began anew below it
            for place in places[first:last]:
                found[place] = replace(found[place], style=f"{style}:inner")
    return found


def _inner_runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open ranges that count 1, 2, … between k and k + 1 and are not followed by their own next number."""
    runs = []
    for first in range(1, len(numbers)):
        if numbers[first] != 1:
            continue
        last = first + 1
        while last < len(numbers) and numbers[last] == numbers[last - 1] + 1:
            last += 1
        if last < len(numbers) and numbers[last] == numbers[first - 1] + 1:
            runs.append((first, last))
    return runs
