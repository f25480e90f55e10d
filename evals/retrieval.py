"""How good search is: questions whose right document, and the words of its passage, are known."""

import gzip
import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import Field

from assistant.answer import Status
from assistant.followups import standalone
from corpus.catalog import Catalog
from corpus.normalise import fold
from evals.cases import CaseError, Evidence, Identified, Said, read_cases, read_jsonl
from evals.matching import comparable, overlap, same_document
from index.search import Hit, Searcher

CITIZENS = Path(__file__).with_name("data") / "citizen_queries.jsonl"
DEPTH = 30  # hits that are looked through; documents count once, at their first hit
CUT = 10
TITLE_END = " [SEP] "  # JSQuAD puts the title of the article before each paragraph

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the sources of which each is right.

    Its passage is known by short words that it holds, all of them, or by evidence that it shares words with.
    """

    question: str
    documents: tuple[str, ...]
    holds: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    group: str = "all"
    grades: tuple[int, ...] = ()  # of each document, where a data set tells more than right or wrong


class CitizenQuery(Identified):
    """A line of citizen_queries.jsonl: `dev` may be looked at, `held` is for the last measurement."""

    split: Literal["dev", "held"]
    style: Literal["citizen", "plain", "foreign"]
    question: Said
    documents: Annotated[tuple[Said, ...], Field(min_length=1)]
    holds: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the right document came, and the first passage that answers: ranks from 0, None if not at all."""

    query: Query
    document: int | None
    passage: int | None
    milliseconds: float
    sources: tuple[str, ...] = ()  # of the documents found, best first


@dataclass(frozen=True, slots=True)
class Dataset:
    """Texts by source (none where files of a folder are meant) and queries over them."""

    texts: dict[str, str] = field(default_factory=dict)
    queries: tuple[Query, ...] = ()


def squad(path: Path) -> Dataset:
    """A data set in the format of SQuAD (JSQuAD, JaQuAD), gzipped or not: a text for each paragraph.

    Raises:
        CaseError: the file is not in that format.
    """
    texts: dict[str, str] = {}
    queries: list[Query] = []
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as file
        ):
            articles: list[dict[str, Any]] = json.load(file)["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                source = f"p{len(texts):05}.txt"
                texts[source] = _with_title(article["title"], paragraph["context"])
                queries += [
                    Query(one["question"], (source,), tuple(answer["text"] for answer in one["answers"][:1]))
                    for one in paragraph["qas"]
                ]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise CaseError(
            f"{path}: SQuAD 形式ではありません / not in the format of SQuAD: {error!r}"
        ) from error
    return Dataset(texts, tuple(queries))


def citizens(path: Path = CITIZENS) -> Dataset:
    """Questions in citizens' own words, staff's words and other languages over a folder of real documents.

    Raises:
        CaseError: a line is not in the format.
    """
    rows = read_jsonl(path, CitizenQuery, "質問がありません / expected at least one question")
    return Dataset(
        queries=tuple(
            Query(row.question, row.documents, row.holds, group=f"{row.split} {row.style}") for row in rows
        )
    )


def plan_cases(path: Path) -> Dataset:
    """The answerable questions of a case file, follow-ups made standalone; the library holds their documents.

    Raises:
        CaseError: a line is not in the format.
    """
    return Dataset(
        queries=tuple(
            Query(
                standalone(case.question, case.history),
                tuple(one.doc for one in case.evidence),
                evidence=case.evidence,
                group=case.kind.value,
            )
            for case in read_cases(path)
            if case.expect.status is Status.ANSWERED and case.evidence
        )
    )


def retrieve(searcher: Searcher, queries: Iterable[Query]) -> list[Found]:
    """Asks every question."""
    found = []
    texts = _Texts(searcher.catalog)
    for query in queries:
        begun = time.perf_counter()
        hits = searcher.search(query.question, DEPTH)
        took = 1000 * (time.perf_counter() - begun)
        sources = list(dict.fromkeys(hit.source for hit in hits))
        found.append(
            Found(
                query,
                next((rank for rank, source in enumerate(sources) if _is_right(source, query)), None),
                next((rank for rank, hit in enumerate(hits) if _answers(hit, query, texts)), None),
                took,
                tuple(sources),
            )
        )
    return found


def judged(
    searcher: Searcher, queries: Iterable[Query], depth: int
) -> Iterator[tuple[Query, list[tuple[Hit, bool]]]]:
    """Asks every question; each hit with whether it answers."""
    texts = _Texts(searcher.catalog)
    for query in queries:
        yield query, [(hit, _answers(hit, query, texts)) for hit in searcher.search(query.question, depth)]


def every_nth(some: Sequence[T], limit: int) -> Sequence[T]:
    """At most so many, every n-th one; all for 0."""
    return some[:: -(-len(some) // limit) if limit else 1]


def answerable(queries: Iterable[Query], sources: set[str]) -> list[Query]:
    """The questions for which the library has a right document."""
    return [query for query in queries if any(_is_right(source, query) for source in sources)]


class _Texts:
    """Canonical texts as compared, each read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog, self._texts = catalog, dict[str, str]()

    def of(self, document_id: str) -> str:
        if document_id not in self._texts:
            self._texts[document_id] = comparable(self._catalog.text(document_id) or "")
        return self._texts[document_id]


def _is_right(source: str, query: Query) -> bool:
    return any(same_document(source, document) for document in query.documents)


def _answers(hit: Hit, query: Query, texts: _Texts) -> bool:
    """Whether a passage of a right document holds the words of the answer, or shares them with its evidence."""
    if not _is_right(hit.source, query):
        return False
    if query.evidence:
        text, passage = texts.of(hit.passage.document_id), comparable(hit.passage.text)
        return any(
            overlap(text, passage, comparable(one.quote))
            for one in query.evidence
            if same_document(hit.source, one.doc)
        )
    text = fold("\n".join([hit.passage.text, hit.passage.context, *hit.passage.section]))
    return bool(query.holds) and all(fold(words) in text for words in query.holds)


def figures(found: Sequence[Found]) -> dict[str, float]:
    """Shares of questions whose right document is first, in the first 3, 5, 10; MRR@10; milliseconds."""
    ranks = [one.document if one.document is not None else DEPTH for one in found]
    with_words = [one for one in found if one.query.holds or one.query.evidence]
    times = [one.milliseconds for one in found]
    return {
        "queries": len(found),
        "hit@1": _share(rank < 1 for rank in ranks),
        **{f"R@{cut}": _share(rank < cut for rank in ranks) for cut in (3, 5, 10)},
        "MRR@10": round(sum(1 / (rank + 1) for rank in ranks if rank < CUT) / max(1, len(ranks)), 4),
        "answer_in_first": _share(one.passage == 0 for one in with_words),
        "answer_in_3": _share(one.passage is not None and one.passage < 3 for one in with_words),
        "p50_ms": round(float(np.percentile(times, 50)), 1) if times else 0.0,
        "p95_ms": round(float(np.percentile(times, 95)), 1) if times else 0.0,
    }


def by_group(
    found: Sequence[Found], figures_of: Callable[[Sequence[Found]], dict[str, float]] = figures
) -> dict[str, dict[str, float]]:
    """Figures of each group of questions."""
    groups = sorted({one.query.group for one in found})
    return {group: figures_of([one for one in found if one.query.group == group]) for group in groups}


def _with_title(title: str, context: str) -> str:
    """The paragraph below its title, which JSQuAD has in the paragraph and JaQuAD apart."""
    return context.replace(TITLE_END, "\n", 1) if TITLE_END in context else f"{title}\n{context}"


def _share(marks: Iterable[bool]) -> float:
    values = list(marks)
    return round(sum(values) / len(values), 4) if values else 0.0


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Figures of each group as lines of text."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    width = max(map(len, rows), default=0)
    lines = [" ".join([" " * width, *(f"{name:>15}" for name in names)])]
    lines += [
        " ".join([f"{group:{width}}", *(f"{row.get(name, 0):>15}" for name in names)])
        for group, row in rows.items()
    ]
    return "\n".join(lines)
