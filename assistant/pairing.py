"""Do figures belong to what they are said of? A sentence that swaps two holds the right words and numbers."""

from collections.abc import Sequence
from typing import NamedTuple

from corpus.amounts import find_amounts, find_counts
from corpus.wareki import find_years
from index.tokens import label_tokens, words

LABEL_WEIGHT = 3  # ③ tells more of what a figure belongs to than a word
YEAR_WEIGHT = 2


class Figure(NamedTuple):
    """An amount or count and the weighted words between the figure before it and itself."""

    value: str
    about: dict[str, int]


def mispaired(sentence: str, sources: Sequence[str]) -> list[str]:
    """Figures of the sentence whose words stand nearer to another figure of the sources.

    A figure's words are those between it and the figure before. For each figure said, the source's figure
    with the most words in common must have the same value, or share the first place.
    """
    printed = [figure for source in sources for figure in figures(source)]
    wrong = []
    for said in figures(sentence):
        own = [_common(said, one) for one in printed if one.value == said.value]
        others = [_common(said, one) for one in printed if _like(one, said)]
        if own and others and max(others) > max(own):
            wrong.append(said.value)
    return wrong


def figures(text: str) -> list[Figure]:
    """Amounts and counts of a text in order, each with the words before it."""
    spans = sorted(
        [(one.start, one.end, f"{one.yen}円") for one in find_amounts(text)]
        + [(one.start, one.end, f"{one.value.normalize():f}{one.counter}") for one in find_counts(text)]
    )
    found, position = [], 0
    for start, end, value in spans:
        if start >= position:
            found.append(Figure(value, _about(text[position:start])))
            position = end
    return found


def _like(one: Figure, said: Figure) -> bool:
    """Whether a figure could be taken for the other: the same unit, another value."""
    return one.value != said.value and one.value.lstrip("-0123456789.") == said.value.lstrip("-0123456789.")


def _common(one: Figure, other: Figure) -> int:
    return sum(weight for word, weight in one.about.items() if word in other.about)


def _about(text: str) -> dict[str, int]:
    spans = find_years(text)
    years = {f"year {span.first}": YEAR_WEIGHT for span in spans}
    labels = dict.fromkeys(label_tokens(text), LABEL_WEIGHT)
    return dict.fromkeys(words(text), 1) | years | labels
