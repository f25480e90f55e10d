"""Hybrid search: vectors of passages and sections, BM25, min-max fusion over the union of candidates."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.catalog import Catalog, Found
from corpus.document import Passage
from corpus.normalise import fold
from index.dense import SECTIONS, SENTENCES, WINDOWS
from index.embedding import Embedder
from index.generation import Generation
from index.lexical import Filter
from index.tokens import tokens

CANDIDATES, SECTION_CANDIDATES = 60, 20
SUPERSEDED = 0.7  # of its score keeps a passage whose document has a successor
WEIGHTS = {"dense": 0.2, "sentence": 0.25, "section": 0.15, "lexical": 0.4}  # see DECISIONS.md


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its fused score in [0, 1] and why it was found.

    `reasons` holds the raw figures: cosine of the passage (`dense`), its best sentence (`sentence`) and its
    section (`section`), BM25 (`lexical`). `sentences` are spans of canonical text with their cosines, where
    asked for. `superseded` where another document takes the place of this one.
    """

    passage: Passage
    source: str
    title: str
    score: float
    reasons: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[tuple[int, int, float], ...] = ()
    superseded: bool = False


class Searcher:
    """Searches one open generation; `timings_ms` of the last search are given with it."""

    def __init__(self, catalog: Catalog, generation: Generation, embedder: Embedder) -> None:
        self._catalog, self._generation, self._embedder = catalog, generation, embedder

    def search(self, query: str, limit: int = 10, filters: Filter | None = None) -> list[Hit]:
        """The best passages for a question in any language, best first, look-alikes folded."""
        return self.timed_search(query, limit, filters)[0]

    def timed_search(
        self, query: str, limit: int = 10, filters: Filter | None = None, with_sentences: int = 0
    ) -> tuple[list[Hit], dict[str, float]]:
        """The hits and the milliseconds of each step; the first `with_sentences` have their sentences."""
        clock = time.perf_counter()
        vector, terms = self._embedder.embed_query(query), tokens(query)
        embedded = time.perf_counter()
        depth = max(CANDIDATES, limit)
        windows = dict(self._generation.dense.search(WINDOWS, vector, depth, filters))
        sentences = _by_passage(self._generation.dense.search(SENTENCES, vector, depth, filters))
        sections = dict(self._generation.dense.search(SECTIONS, vector, SECTION_CANDIDATES, filters))
        lexical = dict(self._generation.lexical.search(terms, depth, filters))
        found = self._find({**windows, **sentences, **lexical}, sections, filters or Filter())
        scores = {
            "dense": windows,
            "sentence": sentences,
            "section": {
                one.passage.id: sections[one.section_id] for one in found if one.section_id in sections
            },
            "lexical": lexical,
        }
        hits = folded(fuse(found, scores, self._weights(terms)), limit)
        if with_sentences:
            hits = self._with_sentences(hits, found, vector, with_sentences)
        return hits, {"embed": 1000 * (embedded - clock), "search": 1000 * (time.perf_counter() - clock)}

    def _find(
        self, passages: Mapping[str, float], sections: Mapping[str, float], filters: Filter
    ) -> list[Found]:
        """The candidates; the catalog has the last word on who may see them."""
        found = self._catalog.find(list(passages), list(sections))
        return [one for one in found if filters.admits(one.passage.document_id, one.visibility)]

    def _with_sentences(
        self, hits: list[Hit], found: Sequence[Found], vector: Sequence[float], count: int
    ) -> list[Hit]:
        known = {one.passage.id: one.sentences for one in found}
        digests = [one.digest for hit in hits[:count] for one in known[hit.passage.id]]
        vectors, query = self._catalog.known_vectors(digests), np.array(vector, np.float32)
        return [
            replace(
                hit,
                sentences=tuple(
                    (one.start, one.end, float(vectors[one.digest] @ query)) for one in known[hit.passage.id]
                ),
            )
            if number < count
            else hit
            for number, hit in enumerate(hits)
        ]

    def _weights(self, terms: Sequence[str]) -> dict[str, float]:
        """The weights of the fusion; words count as far as the library knows them, the rest is meaning."""
        known = sum(self.document_frequency(term) > 0 for term in terms) / len(terms) if terms else 0.0
        weights = {**WEIGHTS, "lexical": WEIGHTS["lexical"] * known}
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    def document_frequency(self, term: str) -> int:
        """How many passages hold a search token."""
        return self._generation.lexical.document_frequency(term)

    def passage_count(self) -> int:
        """How many passages are indexed."""
        return self._generation.lexical.count()


def _by_passage(sentences: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Best cosine of a passage's sentences, by passage id."""
    best: dict[str, float] = {}
    for key, score in sentences:
        passage_id = key.rpartition("#")[0]
        best[passage_id] = max(score, best.get(passage_id, -1.0))
    return best


def fuse(
    found: Sequence[Found], scores: Mapping[str, Mapping[str, float]], weights: Mapping[str, float] = WEIGHTS
) -> list[Hit]:
    """Convex combination of min-max normalised scores over all candidates, best first, successors before.

    Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval, ACM TOIS 2023.
    """
    normalised = {name: min_max(values) for name, values in scores.items()}
    hits = []
    for one in found:
        key = one.passage.id
        score = sum(weight * normalised[name].get(key, 0.0) for name, weight in weights.items())
        score *= SUPERSEDED if one.superseded else 1.0
        reasons = {name: round(values[key], 4) for name, values in scores.items() if key in values}
        hits.append(Hit(one.passage, one.source, one.title, score, reasons, superseded=one.superseded))
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores mapped to [0, 1]; all 1 where they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def folded(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The first hits without those that say, to the letter, what a better one in the same document says."""
    seen: set[tuple[str, str]] = set()
    kept: list[Hit] = []
    for hit in hits:
        if len(kept) == limit:
            break
        key = (hit.source, fold(hit.passage.text + hit.passage.context))
        if key not in seen:
            seen.add(key)
            kept.append(hit)
    return kept
