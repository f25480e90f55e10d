"""How sure a difference between two runs of the same cases is: a paired bootstrap.

Efron and Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13 (percentile interval).
"""

from collections.abc import Sequence

import numpy as np

ROUNDS, SEED, LEVEL = 10_000, 20240401, 0.95


def interval(before: Sequence[bool], after: Sequence[bool]) -> tuple[float, float]:
    """Interval of the difference in the share of True, after minus before; cases are drawn in pairs.

    A draw of pairs with replacement counts gains, losses and ties, which is one multinomial draw.

    Raises:
        ValueError: the runs are not of the same length, or empty.
    """
    turned = np.array([int(now) - int(then) for then, now in zip(before, after, strict=True)])
    if not len(turned):
        raise ValueError("expected at least one pair of cases, got none")
    shares = [(turned == way).mean() for way in (-1, 0, 1)]
    draws = np.random.default_rng(SEED).multinomial(len(turned), shares, ROUNDS)
    differences = (draws[:, 2] - draws[:, 0]) / len(turned)
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
