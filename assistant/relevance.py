"""How much of a question a text says: shares of its words, weighted by how rare they are in the library."""

import math
from collections.abc import Callable, Iterable, Mapping

from index.tokens import token_set


class Relevance:
    """Inverse document frequencies (as in BM25) of one question's words, times the weight of their kind."""

    def __init__(self, terms: Mapping[str, float], frequency: Callable[[str], int], total: int) -> None:
        self._frequencies = {term: frequency(term) for term in terms}
        self._weights = {
            term: terms[term] * math.log(1 + (total - count + 0.5) / (count + 0.5))
            for term, count in self._frequencies.items()
        }

    @property
    def total(self) -> float:
        """Weight of the whole question."""
        return sum(self._weights.values())

    def unknown(self) -> list[str]:
        """Words that stand nowhere in the library."""
        return [term for term, count in self._frequencies.items() if count == 0]

    def known_share(self) -> float:
        """Share in [0, 1] of the question's weight in words that the library knows."""
        return 1 - self.weight(self.unknown()) / self.total if self.total else 0.0

    def rarest_known(self) -> str | None:
        """The word of the question that says most among those that the library knows."""
        known = {term: weight for term, weight in self._weights.items() if self._frequencies[term]}
        return max(known, key=lambda term: known[term], default=None)

    def weight(self, terms: Iterable[str]) -> float:
        """Sum of the weights of those words that the question has."""
        return sum(self._weights.get(term, 0.0) for term in set(terms))

    def share(self, terms: Iterable[str]) -> float:
        """Share in [0, 1] of the question's weight that the words carry."""
        return self.weight(terms) / self.total if self.total else 0.0

    def coverage(self, text: str, *context: str) -> float:
        """Share in [0, 1] of the question that the text says; what only the context says counts half."""
        if not self.total:
            return 0.0
        said = token_set(text)
        around = {term for part in context for term in token_set(part)} - said
        return (self.weight(said) + 0.5 * self.weight(around)) / self.total
