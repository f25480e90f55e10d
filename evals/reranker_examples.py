"""What the reranker learns from: questions, a passage that answers each, and what search took for one."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.retrieval import Dataset, Query, judged, squad
from evals.retrieval_library import library_of
from index.search import Searcher

BLOCK = 20  # paragraphs that go into one library together: those of an article are look-alikes
QUESTIONS = (9_000, 13_500)  # asked of each library
DEPTH = 20
NEAREST, FURTHER, FURTHER_AMONG = 4, 3, 10  # wrong passages: the first ones, and some of those behind them
HARD = 0.6  # the share of examples that is kept: those where search is least sure of the right passage


@dataclass(frozen=True, slots=True)
class Example:
    """Texts and the scores in [0, 1] that search gave them; the first one answers, the others do not."""

    question: str
    texts: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def lead(self) -> float:
        """How far search puts the right text before the best wrong one."""
        return self.scores[0] - self.scores[1]


def hard_examples(path: Path, kept: Path | None = None) -> list[Example]:
    """Of a data set in the format of SQuAD, searched as this product does, the hardest share, shuffled.

    Args:
        path: the data set.
        kept: a folder that keeps the libraries, for another time.
    """
    whole, chance = squad(path), random.Random(0)  # noqa: S311 (no secret)
    found = [
        example
        for number, part in enumerate(_parts(whole))
        for example in _searched(part, QUESTIONS[number], kept and kept / str(number), chance)
    ]
    found.sort(key=lambda example: example.lead)
    hard = found[: int(len(found) * HARD)]
    chance.shuffle(hard)
    return hard


def _parts(whole: Dataset) -> Iterator[Dataset]:
    """As many data sets as there are libraries, of blocks of paragraphs in turn."""
    parts = len(QUESTIONS)
    for number in range(parts):
        texts = {
            source: text
            for at, (source, text) in enumerate(whole.texts.items())
            if at // BLOCK % parts == number
        }
        yield Dataset(texts, tuple(query for query in whole.queries if query.documents[0] in texts))


def _searched(part: Dataset, questions: int, kept: Path | None, chance: random.Random) -> Iterator[Example]:
    asked = list(part.queries)
    chance.shuffle(asked)
    with library_of(part, None, kept) as library, library.reading() as searcher:
        yield from examples(searcher, asked[:questions], chance)


def examples(searcher: Searcher, queries: Iterable[Query], chance: random.Random) -> Iterator[Example]:
    """One of each question of which search finds the right passage and enough wrong ones."""
    for query, hits in judged(searcher, queries, DEPTH):
        right = [hit for hit, answers in hits if answers]
        wrong = [hit for hit, answers in hits if not answers]
        if right and len(wrong) >= NEAREST + FURTHER:
            behind = wrong[NEAREST:][:FURTHER_AMONG]
            chosen = [right[0], *wrong[:NEAREST], *chance.sample(behind, FURTHER)]
            yield Example(
                query.question,
                tuple(hit.to_judge for hit in chosen),
                tuple(hit.score for hit in chosen),
            )
