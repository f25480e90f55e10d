"""Figures of ranked search as the field defines them, by ir-measures (Apache-2.0) over trec_eval."""

from collections.abc import Sequence

from evals.matching import same_document
from evals.retrieval import Found

MEASURES = {"hit@1": "Success@1", "recall@5": "R@5", "MRR": "RR", "nDCG@10": "nDCG@10"}
"""Our name and the one of ir-measures."""


def ranked_figures(found: Sequence[Found]) -> dict[str, float]:
    """Means over the questions, 0 to 1; a question of several right documents has them all to find.

    `hit@1`: the first document is right; `recall@5`: share of the right ones among the first five; `MRR`: one
    over the rank of the first right one; `nDCG@10`: with grades where the data set has them. Zeros of no question.
    """
    if not found:
        return dict.fromkeys(MEASURES, 0.0)
    import ir_measures

    wanted = {name: ir_measures.parse_measure(theirs) for name, theirs in MEASURES.items()}
    relevant = {str(at): _relevant(one) for at, one in enumerate(found)}
    ranked = {str(at): _ranked(one) for at, one in enumerate(found)}
    means = ir_measures.calc_aggregate(list(wanted.values()), relevant, ranked)
    return {name: round(float(means[measure]), 4) for name, measure in wanted.items()}


def _relevant(one: Found) -> dict[str, int]:
    grades = one.query.grades or (1,) * len(one.query.documents)
    return dict(zip(one.query.documents, grades, strict=True))


def _ranked(one: Found) -> dict[str, float]:
    """A falling score for each document found, under the name by which the question knows it."""
    names = [
        next((right for right in one.query.documents if same_document(source, right)), source)
        for source in one.sources
    ]
    ranked = {name: float(-rank) for rank, name in reversed(list(enumerate(names)))}
    return ranked or {"": 0.0}
