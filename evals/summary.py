"""What a run's scores come to."""

from collections.abc import Sequence

from assistant.answer import Status
from evals.cases import Kind, Strict
from evals.metric_run import RUN_METRICS, Latency, share
from evals.metrics import EXTRA, MARKS
from evals.score import Score

NAMES = ("passed", *MARKS)
"""The shares of a table's columns, in order."""
COUNTED = (*MARKS, *EXTRA, "judged")
"""What a case may not be eligible for."""


class Shares(Strict):
    """Share among the rows eligible for each mark, 0 to 1; None where no row is."""

    n: int
    passed: float | None
    status_ok: float | None
    facts_ok: float | None
    absent_ok: float | None
    verbatim_ok: float | None
    citation_ok: float | None
    amounts_ok: float | None
    years_ok: float | None
    citation_precision: float | None
    citation_recall: float | None
    judged: float | None = None

    def share(self, name: str) -> float | None:
        """The share of this name."""
        value: float | None = getattr(self, name)
        return value


class Seconds(Strict):
    """Time from question to answer, in seconds; percentiles by nearest rank."""

    mean: float
    p50: float
    p95: float


class Summary(Shares):
    """Figures of a whole run. Shares are 0 to 1, None where nothing was eligible; the others are counts.

    Of each mark `failed` counts the eligible cases below 1, `not_eligible` those that it does not apply to.
    """

    kinds: dict[Kind, Shares]
    wrong_number: float | None
    fabricated: int
    errors: int
    too_long: int
    refusal_precision: float | None
    refusal_recall: float | None
    seconds: Seconds
    mean_characters: float
    failed: dict[str, int]
    not_eligible: dict[str, int]


def summarise(scores: Sequence[Score]) -> Summary:
    """The figures of all rows and the shares of each kind; at least one row."""
    kinds = {kind: [score for score in scores if score.kind is kind] for kind in sorted(Kind)}
    return Summary.model_validate(
        {
            **_shares(scores).model_dump(),
            **{metric.name: metric.of(scores) for metric in RUN_METRICS},
            "kinds": {kind: _shares(rows) for kind, rows in kinds.items() if rows},
            "fabricated": sum(score.fabricated for score in scores),
            "errors": sum(score.status is Status.ERROR for score in scores),
            "too_long": sum(score.too_long for score in scores),
            "seconds": {
                "mean": share([score.seconds for score in scores]),
                "p50": Latency(50).of(scores),
                "p95": Latency(95).of(scores),
            },
            "failed": {name: sum(mark < 1 for mark in eligible(scores, name)) for name in COUNTED},
            "not_eligible": {name: len(scores) - len(eligible(scores, name)) for name in COUNTED},
        }
    )


def eligible(scores: Sequence[Score], name: str) -> list[float]:
    """The marks of this name, of the cases that have one."""
    return [mark for score in scores if (mark := score.mark(name)) is not None]


def _shares(scores: Sequence[Score]) -> Shares:
    return Shares(n=len(scores), **{name: share(eligible(scores, name)) for name in ("passed", *COUNTED)})
