"""How much of a question a text says: shares of its words, weighted by how rare they are in the library."""

import math
from collections.abc import Callable, Iterable, Mapping, Set

from assistant.language import HANGUL
from index.tokens import token_set

OTHER_WORD = 0.5  # of its weight: the glossary's words are near, not the same


class Relevance:
    """Inverse document frequencies (as in BM25) of one question's words, times the weight of their kind.

    `others` are other words for a word of the question: a text that says one of them says half of that word. A
    Korean word of the glossary is no search token and has no kind: it weighs as a noun does.
    """

    def __init__(
        self,
        terms: Mapping[str, float],
        frequency: Callable[[str], int],
        total: int,
        others: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        others = others or {}
        terms = {**dict.fromkeys(filter(HANGUL.match, others), 1.0), **terms}
        self._others = {term: meant for term, meant in others.items() if term in terms and meant}
        self._frequencies = {
            term: frequency(term) or max(map(frequency, self._others.get(term, ())), default=0)
            for term in terms
        }
        self._weights = {
            term: terms[term] * math.log(1 + (total - count + 0.5) / (count + 0.5))
            for term, count in self._frequencies.items()
        }

    def without(self, terms: Iterable[str]) -> "Relevance":
        """The same for the other words alone; itself where there are none: of the city's documents all name it."""
        left = {term: weight for term, weight in self._weights.items() if term not in set(terms)}
        if not left:
            return self
        other = Relevance({}, self._frequencies.__getitem__, 0)
        other._weights, other._frequencies = left, {term: self._frequencies[term] for term in left}
        other._others = {term: meant for term, meant in self._others.items() if term in left}
        return other

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
        said = set(terms)
        meant = {term for term, others in self._others.items() if term not in said and others & said}
        return sum(self._weights.get(term, 0.0) for term in said) + OTHER_WORD * sum(
            self._weights[term] for term in meant
        )

    def names(self, words: Iterable[str], said: Set[str]) -> bool:
        """Whether all of these words that the question has, or other words for them, are said."""
        return all(
            word in said or self._others.get(word, frozenset()) & said
            for word in words
            if word in self._weights
        )

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
