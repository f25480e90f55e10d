"""Figures of a whole run, each out of the scores of all cases."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from evals.reply import DECLINED
from evals.score import Score


class RunMetric(Protocol):
    """One figure of a run; None where no case is eligible."""

    @property
    def name(self) -> str: ...

    def of(self, scores: Sequence[Score]) -> float | None: ...


@dataclass(frozen=True, slots=True)
class RefusalPrecision:
    """Of the answers that declined the share that were to decline."""

    name: str = "refusal_precision"

    def of(self, scores: Sequence[Score]) -> float | None:
        return share([score.expected in DECLINED for score in scores if score.status in DECLINED])


@dataclass(frozen=True, slots=True)
class RefusalRecall:
    """Of the cases to decline the share that were declined."""

    name: str = "refusal_recall"

    def of(self, scores: Sequence[Score]) -> float | None:
        return share([score.status in DECLINED for score in scores if score.expected in DECLINED])


@dataclass(frozen=True, slots=True)
class WrongNumberRate:
    """Of the cases to answer the share whose answer says another amount than the one expected."""

    name: str = "wrong_number"

    def of(self, scores: Sequence[Score]) -> float | None:
        return share([score.wrong_number for score in scores if score.expected == "answered"])


@dataclass(frozen=True, slots=True)
class MeanCharacters:
    """Length of the answers, in characters."""

    name: str = "mean_characters"

    def of(self, scores: Sequence[Score]) -> float | None:
        return share([score.characters for score in scores])


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from question to answer: a percentile by nearest rank."""

    percent: float

    @property
    def name(self) -> str:
        return f"p{self.percent:g}_seconds"

    def of(self, scores: Sequence[Score]) -> float | None:
        return percentile([score.seconds for score in scores], self.percent) if scores else None


RUN_METRICS: tuple[RunMetric, ...] = (
    WrongNumberRate(),
    RefusalPrecision(),
    RefusalRecall(),
    MeanCharacters(),
)


def share(values: Sequence[float]) -> float | None:
    """Mean of what is eligible, of True the share; None of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], percent: float) -> float:
    """The value at this percentile by nearest rank; at least one value."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]
