"""How the signals of a passage become one score: a convex combination that the question itself leans.

Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval, ACM TOIS 2023. A question in the
documents' words is found by its words, one in a citizen's own words by its meaning; how much of the question's
weight stands in the best passage tells the two apart. `python -m evals.ablation` shows what each part is worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
FEW = 20  # documents in whose number a title tells half as much as in a large library
SIGNALS = ("dense", "sentence", "section", "title", "lexical", "pairs")


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the signals for a question in the documents' words and for a paraphrase of them.

    `coverage`: the share of the question's weight in the best passage up to which it counts as a paraphrase, and
    from which it counts as said in the documents' words; between them the weights go over into each other.
    """

    in_its_words: Mapping[str, float]
    paraphrased: Mapping[str, float]
    coverage: tuple[float, float]

    def weights(self, coverage: float, documents: int) -> dict[str, float]:
        """Weights for a question of which so much stands in the best passage, in a library of so many documents."""
        low, high = self.coverage
        share = min(1.0, max(0.0, (coverage - low) / (high - low)))
        weights = {
            name: share * self.in_its_words[name] + (1 - share) * self.paraphrased[name] for name in SIGNALS
        }
        return weights | {"title": weights["title"] * documents / (documents + FEW)}


FUSION = Fusion(
    {"dense": 0.15, "sentence": 0.18, "section": 0.13, "title": 0.0, "lexical": 0.38, "pairs": 0.16},
    {"dense": 0.18, "sentence": 0.33, "section": 0.18, "title": 0.12, "lexical": 0.16, "pairs": 0.03},
    (0.25, 0.6),
)


def fused(signals: Mapping[str, Scores], by: Mapping[str, float]) -> Scores:
    """Score in [0, 1] of each candidate: each signal as a share of the best candidate's, weighted.

    Below 0 a signal counts as 0: a centred cosine of 0 is that of any passage.
    """
    total = np.zeros(len(next(iter(signals.values()))), np.float32)
    for name, values in signals.items():
        best = float(values.max(initial=0.0))
        if best > 0:
            total += np.float32(by[name]) * np.maximum(values, 0) / np.float32(best)
    return total
