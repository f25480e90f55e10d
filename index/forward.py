"""The forward index: what stands in each passage, in memory, so that every candidate is scored exactly.

Read from the catalog when the indexes are opened. A change makes a new one and leaves alone those who still
read the old one. Vectors are float16 (a cosine differs by less than 0.001), tokens numbers of a vocabulary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.filters import Filter
from index.ragged import Ragged, Rows

Matrix = NDArray[np.float16]
BREAK = 0  # the token between headings and text
FEW = 10  # vectors of which the mean is half believed: two versions of one plan are no opposites
SAMPLED = 4096  # vectors that are looked at for a mean


@dataclass(frozen=True, slots=True)
class Placed:
    """A document as search sees it: which cities and years its name says, which short names its text explains."""

    id: str
    visibility: str
    named: str = ""  # source and title
    cities: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    aliases: tuple[tuple[str, str], ...] = ()  # (short, long)


class Vocabulary(dict[str, int]):
    """Numbers of tokens from 1; a new token gets the next one."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self) + 1
        return number


@dataclass(frozen=True, eq=False)
class ForwardIndex:
    """Rows are passages; `document` and `section` are numbers into `documents` with `titles`, and `sections`.

    Matrices are (rows, dimensions) of vectors of length 1. A section's is the mean direction of its passages:
    a vector of its text finds no better and costs as much to make as those of the passages.
    """

    vocabulary: Vocabulary = field(repr=False)  # shared by all that came of one another; it only grows
    ids: tuple[str, ...]
    document: Rows
    section: Rows
    documents: tuple[Placed, ...]
    titles: Matrix
    sections: Matrix
    passages: Matrix
    sentences: Ragged
    tokens: Ragged  # headings, BREAK, text
    frequencies: Rows  # passages that hold each token
    in_text: Rows  # the same without their headings

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each passage id."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def means(self) -> Mapping[str, NDArray[np.float32]]:
        """Mean (dimensions,) of the vectors of passages, sentences, sections and titles, of a sample of them."""
        return {
            "passage": _mean(self.passages),
            "sentence": _mean(self.sentences.flat),
            "section": _mean(self.sections),
            "title": _mean(self.titles),
        }

    @cached_property
    def mean_length(self) -> float:
        """Tokens of a passage on average."""
        return max(1.0, len(self.tokens.flat) / max(1, len(self.ids)))

    def admitted(self, filters: Filter) -> NDArray[np.bool_] | None:
        """For each row whether it may be found; None where all may."""
        allowed = np.ones(len(self.documents), bool)
        if filters.visibility:
            allowed &= self._visibility == filters.visibility
        if filters.document_ids:
            allowed &= np.isin(np.arange(len(allowed)), self.document_numbers(filters.document_ids))
        return None if allowed.all() else allowed[self.document]

    def document_numbers(self, document_ids: Iterable[str]) -> Rows:
        """Numbers of the documents that are known."""
        found = (self._number.get(key) for key in document_ids)
        return np.array([number for number in found if number is not None], np.int64)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {one.id: number for number, one in enumerate(self.documents)}

    @cached_property
    def _visibility(self) -> NDArray[np.str_]:
        return np.array([one.visibility for one in self.documents], np.str_)

    @cached_property
    def cities(self) -> frozenset[str]:
        """Every city that a document's name says."""
        return frozenset().union(*(one.cities for one in self.documents))

    @cached_property
    def years(self) -> frozenset[int]:
        """Every fiscal year that a document's name says."""
        return frozenset().union(*(one.years for one in self.documents))

    def of_nearest_sections(self, topic: NDArray[np.float32], sections: int, most: int) -> Rows:
        """Rows, `most` of them, of the passages in the sections nearest to a vector, those of the nearest first."""
        nearest = np.argsort(-(self._sections32 @ topic), kind="stable")[:sections]
        order, starts = self._by_section
        rows = [order[starts[number] : starts[number + 1]] for number in nearest]
        return np.concatenate(rows)[:most] if rows else np.zeros(0, np.int64)

    @cached_property
    def _sections32(self) -> NDArray[np.float32]:
        return self.sections.astype(np.float32)

    @cached_property
    def _by_section(self) -> tuple[Rows, Rows]:
        """Rows ordered by their section, and where each section begins."""
        order = np.argsort(self.section, kind="stable")
        return order, np.searchsorted(self.section[order], np.arange(len(self.sections) + 1))

    def rows(self, passage_ids: Iterable[str]) -> Rows:
        """Rows of the passages that are known."""
        row_of = self.row_of
        return np.array([row_of[key] for key in passage_ids if key in row_of], np.int64)

    def numbers(self, words: Sequence[str]) -> Rows:
        """Numbers of tokens; 0 of those that stand nowhere."""
        known = len(self.frequencies)
        found = [self.vocabulary.get(word, 0) for word in words]
        return np.array([number if number < known else 0 for number in found], np.int64)

    def document_frequency(self, word: str) -> int:
        """How many passages hold a token in their own text."""
        number = int(self.numbers([word])[0])
        return int(self.in_text[number]) if number else 0


def _mean(matrix: NDArray[np.generic]) -> NDArray[np.float32]:
    if len(matrix) == 0:
        return np.zeros(matrix.shape[1], np.float32)
    step = -(-len(matrix) // SAMPLED)
    mean: NDArray[np.float32] = matrix[::step].astype(np.float32).mean(axis=0)
    return mean * np.float32(len(matrix) / (len(matrix) + FEW))
