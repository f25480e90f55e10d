"""Hybrid search: candidates by vector and by words, each scored exactly by every signal, fused, folded.

One embedding, one Chroma query, one tantivy query, one catalog query for the passages that are shown.
"""

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog, Found
from corpus.document import Passage
from corpus.normalise import fold
from corpus.telemetry import stage
from index.bm25 import Terms, match
from index.cosines import Cosines, cosines, sentence_cosines
from index.embedding import Embedder
from index.filters import Filter
from index.forward import ForwardIndex
from index.fusion import FUSION, SIGNALS, Fusion, fused
from index.generation import Generation
from index.glossary import Glossary
from index.preference import preference
from index.ragged import Rows
from index.rerank import RERANKED, Reranker
from index.tokens import tokens
from index.topic import topic_of

NEAREST, BEST_WORDS = 200, 100  # candidates by vector and by words
SECTIONS = 10  # whose passages are candidates too
EXHAUSTIVE = 20_000  # passages that are compared one by one where a filter leaves no more
SUPERSEDED = 0.7  # of its score keeps a passage whose document has a successor
OTHER_WORDS = 0.3  # weight of a word of the glossary beside 1 of the question's own
SPARE = 10  # hits read beyond those asked for, since look-alikes are folded

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its fused score in [0, 1] and why it was found.

    `reasons` holds the raw figures: cosine of the passage (`dense`), its best sentence, its section and the
    document's title, BM25 of the question's words (`lexical`) and of words that follow each other (`pairs`),
    centred cosine of the question's topic with the best sentence (`topic`). `sentences` are spans of canonical
    text with their centred cosines, where asked for. A reranker adds its own figure (`rerank`). `superseded`
    where another document takes the place of this one.
    """

    passage: Passage
    source: str
    title: str
    score: float
    reasons: Mapping[str, float] = field(default_factory=dict)
    sentences: tuple[tuple[int, int, float], ...] = ()
    superseded: bool = False

    @property
    def said(self) -> str:
        """All that a reader sees there: title, headings, text, and the headers of a row."""
        passage = self.passage
        return "\n".join([self.title, *passage.section, passage.text, passage.context])

    @property
    def to_judge(self) -> str:
        """What a reranker reads: title, headings, and the text, which a row has with its headers in `context`."""
        passage = self.passage
        return "\n".join([self.title, *passage.section, passage.context or passage.text])


@dataclass(frozen=True)
class Searcher:
    """Searches one open generation, whose indexes are held open meanwhile.

    `question_means` is (languages, dimensions), see index/topic.py.
    """

    catalog: Catalog
    generation: Generation
    embedder: Embedder
    question_means: NDArray[np.float32]
    glossary: Glossary
    fusion: Fusion = FUSION
    reranker: Reranker | None = None

    def search(self, query: str, limit: int = 10, filters: Filter | None = None) -> list[Hit]:
        """The best passages for a question in any language, best first, look-alikes folded."""
        wanted = max(limit, RERANKED) if self.reranker else limit
        return self._reranked(query, self.timed_search(query, wanted, filters)[0])[:limit]

    def timed_search(
        self, query: str, limit: int = 10, filters: Filter | None = None, with_sentences: int = 0
    ) -> tuple[list[Hit], dict[str, float]]:
        """The hits, as before a reranker, and the milliseconds of each step.

        The first `with_sentences` hits have their sentences.
        """
        clock = time.perf_counter()
        filters, depth = filters or Filter(), max(NEAREST, limit)
        with ThreadPoolExecutor(1) as beside:  # two cores: the words are looked up while the vector is made
            vector = beside.submit(copy_context().run, self._embedded, query)
            terms = self._terms(query)
            by_words = self._by_words(terms, filters, depth)
            question = np.array(vector.result(), np.float32)
        embedded = time.perf_counter()
        topic = topic_of(question, self.question_means)
        rows = np.union1d(self._nearest(topic, depth, self._forward.admitted(filters)), by_words)
        scores, reasons = self._scores(rows, question, topic, terms)
        if (factors := preference(self._forward, query)) is not None:
            scores *= factors[self._forward.document[rows]]
        best = np.argsort(-scores, kind="stable")[: limit + SPARE]
        found = {
            one.passage.id: one for one in self.catalog.find([self._forward.ids[rows[at]] for at in best])
        }
        hits = [
            _hit(
                one,
                float(scores[at]),
                {name: float(values[at]) for name, values in reasons.items()},
            )
            for at in best
            if (one := found.get(self._forward.ids[rows[at]])) and _may_see(filters, one)
        ]
        hits = folded(hits, limit)
        hits[:with_sentences] = [self._with_sentences(hit, found, topic) for hit in hits[:with_sentences]]
        return hits, {"embed": 1000 * (embedded - clock), "search": 1000 * (time.perf_counter() - clock)}

    @stage("embed")
    def _embedded(self, query: str) -> list[float]:
        return self.embedder.embed_query(query)

    def other_words(self, question: str) -> dict[str, frozenset[str]]:
        """For search tokens of a question those of other words for the same, by the glossary."""
        others: dict[str, frozenset[str]] = {}
        for word, names in self.glossary.expansions(question):
            meant = frozenset(token for name in names for token in tokens(name))
            own = tokens(word) or [word]  # the tokenizer knows no Hangul
            for token in own:
                others[token] = others.get(token, frozenset()) | meant.difference(own)
        return others

    def _terms(self, query: str) -> Terms:
        others = self.other_words(query).values()
        return Terms.of(tokens(query), sorted(frozenset().union(*others)), OTHER_WORDS)

    def _by_words(self, terms: Terms, filters: Filter, depth: int) -> Rows:
        """Rows of the passages that say the words best."""
        words = list(zip(terms.words, terms.weights, strict=True))
        found = self.generation.lexical.search(words, max(BEST_WORDS, depth // 2), filters)
        return self._forward.rows(key for key, _ in found)

    def _nearest(self, topic: Vector, depth: int, admitted: NDArray[np.bool_] | None) -> Rows:
        """Rows of the nearest passages; the vectors of Chroma need no centring to be ranked so.

        Its graph misses some of many look-alikes, other ones each time: the nearest sections' are added.
        """
        if admitted is None:
            found = self._forward.rows(key for key, _ in self.generation.dense.search(topic, depth))
            return np.union1d(found, self._forward.of_nearest_sections(topic, SECTIONS, depth))
        allowed = np.flatnonzero(admitted)
        if len(allowed) <= EXHAUSTIVE:
            products = self._forward.passages[allowed].astype(np.float32) @ topic
            return allowed[np.argsort(-products, kind="stable")[:depth]]
        wider = depth * len(admitted) // len(allowed)
        rows = self._forward.rows(key for key, _ in self.generation.dense.search(topic, wider))
        return rows[admitted[rows]]

    def _scores(
        self, rows: Rows, question: Vector, topic: Vector, terms: Terms
    ) -> tuple[Vector, dict[str, Vector]]:
        """Fused score of each candidate, and what it is made of."""
        plain, centred = cosines(self._forward, rows, question, topic)
        matched = match(self._forward, rows, terms)
        lexical = {"lexical": matched.words, "pairs": matched.pairs}
        coverage = float(matched.words.max(initial=0.0)) / matched.weight if matched.weight else 0.0
        scores = fused(
            _by_name(centred) | lexical, self.fusion.weights(coverage, len(self._forward.documents))
        )
        old = self._forward.document_numbers(self.generation.superseded)
        scores[np.isin(self._forward.document[rows], old)] *= SUPERSEDED
        return scores, _by_name(plain) | lexical | {"topic": centred.sentence}

    def _reranked(self, query: str, hits: list[Hit]) -> list[Hit]:
        """The first hits in the order of the reranker, which takes the place of their scores among themselves."""
        first, rest = hits[:RERANKED], hits[RERANKED:]
        if self.reranker is None or not first:
            return hits
        judged = self.reranker.scores(query, [hit.to_judge for hit in first])
        whole = [score + self.reranker.first * hit.score for score, hit in zip(judged, first, strict=True)]
        order = sorted(range(len(first)), key=lambda number: -whole[number])
        falling = sorted((hit.score for hit in first), reverse=True)
        again = [
            replace(
                first[number],
                score=score,
                reasons={**first[number].reasons, "rerank": round(judged[number], 4)},
            )
            for number, score in zip(order, falling, strict=True)
        ]
        return again + rest

    def _with_sentences(self, hit: Hit, found: Mapping[str, Found], topic: Vector) -> Hit:
        spans = found[hit.passage.id].sentences
        values = sentence_cosines(self._forward, self._forward.row_of[hit.passage.id], topic)
        return replace(
            hit,
            sentences=tuple((span.start, span.end, value) for span, value in zip(spans, values, strict=True)),
        )

    @cached_property
    def _forward(self) -> ForwardIndex:
        # The same from the first look on: a change meanwhile puts another in its place.
        return self.generation.forward

    def document_frequency(self, term: str) -> int:
        """How many passages hold a search token in their own text."""
        return self._forward.document_frequency(term)

    def passage_count(self) -> int:
        """How many passages are indexed."""
        return len(self._forward.ids)


def _hit(one: Found, score: float, reasons: Mapping[str, float]) -> Hit:
    shown = {name: round(reasons[name], 4) for name in (*SIGNALS, "topic")}
    return Hit(one.passage, one.source, one.title, score, shown, superseded=one.superseded)


def _may_see(filters: Filter, one: Found) -> bool:
    """The catalog has the last word on who may see a passage."""
    return filters.admits(one.passage.document_id, one.visibility)


def _by_name(values: Cosines) -> dict[str, Vector]:
    return {
        "dense": values.dense,
        "sentence": values.sentence,
        "section": values.section,
        "title": values.title,
    }


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
