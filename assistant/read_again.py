"""The first sentences are read again by the reranker, together with the question, where there is one."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.candidates import Candidate
from index.rerank import Reranker

FIRST = 5  # sentences that are read again
WEIGHT = 0.35  # of the reranker's score beside the sentence's own; see DECISIONS.md


def read_again(question: str, ranked: Sequence[Candidate], reranker: Reranker | None) -> list[Candidate]:
    """Candidates, best first, of which the first ones lose what a reranker finds them worse than the best.

    Nothing changes without a reranker, or by one of whose scores we do not know what a difference means.
    """
    first, rest = list(ranked[:FIRST]), list(ranked[FIRST:])
    if reranker is None or not reranker.first or len(first) < 2:
        return [*ranked]
    scores = reranker.scores(question, [_said(one) for one in first])
    best = max(scores)
    judged = [
        replace(one, score=one.score + WEIGHT * max(-1.0, (score - best) / reranker.first))
        for one, score in zip(first, scores, strict=True)
    ]
    judged.sort(key=lambda one: -one.score)
    return judged + [replace(one, score=min(one.score, judged[-1].score)) for one in rest]


def _said(candidate: Candidate) -> str:
    hit = candidate.hit
    return "\n".join([hit.title, *hit.passage.section, candidate.text])
