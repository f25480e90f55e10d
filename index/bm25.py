"""Exact BM25 of any passages for a question, of single words and of words that follow each other.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.forward import ForwardIndex
from index.ragged import Rows

K1, B = 0.6, 0.6  # see DECISIONS.md: passages are short, a word said twice says little more
Scores = NDArray[np.float32]
Rarity = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is looked for: each word once with its weight, and which follow each other in the question."""

    words: tuple[str, ...]
    weights: tuple[float, ...]
    pairs: tuple[tuple[int, int], ...]  # places in `words`

    @classmethod
    def of(cls, question: Sequence[str], others: Sequence[str] = (), weight: float = 0.0) -> "Terms":
        """The words of a question in order, and other words for the same with a weight of their own."""
        words = tuple(dict.fromkeys(question))
        place = {word: number for number, word in enumerate(words)}
        pairs = dict.fromkeys((place[a], place[b]) for a, b in itertools.pairwise(question))
        more = tuple(word for word in dict.fromkeys(others) if word not in place)
        return cls((*words, *more), (1.0,) * len(words) + (weight,) * len(more), tuple(pairs))


@dataclass(frozen=True, slots=True)
class Matched:
    """BM25 (rows,) of the words and of the pairs; `weight` is what the question's own words could score."""

    words: Scores
    pairs: Scores
    weight: float


def match(index: ForwardIndex, rows: Rows, terms: Terms) -> Matched:
    """Scores of some passages."""
    numbers, total = index.numbers(terms.words), len(index.ids)
    frequency = np.where(numbers > 0, index.frequencies[numbers], 0)
    rarity = np.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) * np.array(terms.weights)
    own = rarity[np.array(terms.weights) == 1.0].sum()
    if not terms.words or not len(rows):
        nothing = np.zeros(len(rows), np.float32)
        return Matched(nothing, nothing, float(own))
    items, owners = index.tokens.items(rows)
    place = np.full(len(index.frequencies), -1)
    place[numbers] = np.arange(len(numbers))
    place[0] = -1  # the break, and words that stand nowhere
    said = place[index.tokens.flat[items]]
    dampening = K1 * (1 - B + B * index.tokens.lengths[rows] / index.mean_length)
    words = _counts(said, owners, said >= 0, len(rows), len(numbers))
    return Matched(
        _score(words, rarity, dampening),
        _score(*_pairs(said, owners, len(rows), terms, rarity), dampening),
        float(own),
    )


def _pairs(
    said: Rows, owners: Rows, rows: int, terms: Terms, rarity: Rarity
) -> tuple[NDArray[np.int64], Rarity]:
    """How often each pair of the question stands in each passage, and how rare its rarer word is."""
    size = len(terms.words)
    number = np.full((size, size), -1)
    for at, (first, second) in enumerate(terms.pairs):
        number[first, second] = at
    both = (said[:-1] >= 0) & (said[1:] >= 0) & (owners[:-1] == owners[1:])
    found = np.where(both, number[said[:-1], said[1:]], -1)
    rare = np.array([max(rarity[first], rarity[second]) for first, second in terms.pairs])
    return _counts(found, owners[:-1], found >= 0, rows, len(terms.pairs)), rare


def _counts(
    numbers: Rows, owners: Rows, counted: NDArray[np.bool_], rows: int, size: int
) -> NDArray[np.int64]:
    """(rows, size) occurrences."""
    flat = np.bincount(owners[counted] * size + numbers[counted], minlength=rows * size)
    return flat.reshape(rows, size)


def _score(counts: NDArray[np.int64], rarity: Rarity, dampening: Rarity) -> Scores:
    return ((counts * (K1 + 1)) / (counts + dampening[:, None]) @ rarity).astype(np.float32)
