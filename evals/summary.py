"""One answer's scores as a row, and what a run's rows come to."""

import math
from collections.abc import Iterable, Sequence

from assistant.answer import Answer, Status
from evals.cases import Case, Kind, Strict
from evals.metrics import (
    DECLINED,
    EXTRA_MARKS,
    MARKS,
    Reply,
    Texts,
    fabricated,
    forbidden,
    too_long,
    wrong_number,
)


class Score(Strict):
    """Marks and counts of one answer; a mark is None where the case is not eligible for it."""

    id: str
    kind: Kind
    question: str
    case_digest: str
    expected: Status
    status: Status
    reason: str | None
    error: str | None
    status_ok: bool | None
    facts_ok: bool | None
    absent_ok: bool | None
    verbatim_ok: bool | None
    citation_ok: bool | None
    passed: bool
    amounts_ok: bool | None
    missing: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    characters: int
    too_long: bool
    citations: int
    fabricated: int
    wrong_number: bool
    seconds: float

    def mark(self, name: str) -> bool | None:
        """The mark of this name, `passed` and the extra ones included."""
        value: bool | None = getattr(self, name)
        return value


NAMES = ("passed", *MARKS)
"""The shares of a table's columns, in order."""


class Shares(Strict):
    """Share of True among the rows eligible for each mark, 0 to 1; None where no row is."""

    n: int
    passed: float | None
    status_ok: float | None
    facts_ok: float | None
    absent_ok: float | None
    verbatim_ok: float | None
    citation_ok: float | None
    amounts_ok: float | None

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
    """Figures of a whole run. Shares are 0 to 1, None where nothing was eligible; the others are counts."""

    kinds: dict[Kind, Shares]
    wrong_number: float | None
    fabricated: int
    errors: int
    too_long: int
    refusal_precision: float | None
    refusal_recall: float | None
    seconds: Seconds
    mean_characters: float
    not_eligible: dict[str, int]


def score_one(case: Case, answer: Answer, seconds: float, texts: Texts, error: str | None = None) -> Score:
    """Every metric of one answer."""
    reply = Reply.of(case, answer)
    marks = {name: mark(reply, texts) for name, mark in MARKS.items()}
    extra = {name: mark(reply, texts) for name, mark in EXTRA_MARKS.items()}
    return Score(
        id=case.id,
        kind=case.kind,
        question=case.question,
        case_digest=case.digest(),
        expected=case.expect.status,
        status=answer.status,
        reason=answer.reason,
        error=error,
        **marks,
        **extra,
        passed=False not in marks.values(),
        missing=reply.missing,
        forbidden=forbidden(reply),
        characters=len(answer.text),
        too_long=too_long(answer),
        citations=len(answer.citations),
        fabricated=len(fabricated(answer, texts)),
        wrong_number=wrong_number(reply),
        seconds=seconds,
    )


def summarise(scores: Sequence[Score]) -> Summary:
    """The figures of all rows and the shares of each kind; at least one row."""
    declined = [score for score in scores if score.status in DECLINED]
    to_decline = [score for score in scores if score.expected in DECLINED]
    rightly = sum(score.expected in DECLINED for score in declined)
    to_answer = [score.wrong_number for score in scores if score.expected is Status.ANSWERED]
    seconds = [score.seconds for score in scores]
    kinds = {kind: [score for score in scores if score.kind is kind] for kind in sorted(Kind)}
    return Summary(
        **_shares(scores).model_dump(),
        kinds={kind: _shares(rows) for kind, rows in kinds.items() if rows},
        wrong_number=_share(to_answer),
        fabricated=sum(score.fabricated for score in scores),
        errors=sum(score.status is Status.ERROR for score in scores),
        too_long=sum(score.too_long for score in scores),
        refusal_precision=rightly / len(declined) if declined else None,
        refusal_recall=rightly / len(to_decline) if to_decline else None,
        seconds=Seconds(
            mean=sum(seconds) / len(seconds), p50=percentile(seconds, 50), p95=percentile(seconds, 95)
        ),
        mean_characters=sum(score.characters for score in scores) / len(scores),
        not_eligible={
            name: sum(score.mark(name) is None for score in scores) for name in (*MARKS, *EXTRA_MARKS)
        },
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """The value at this percentile by nearest rank; at least one value."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def _shares(scores: Sequence[Score]) -> Shares:
    names = (*NAMES, *EXTRA_MARKS)
    return Shares(n=len(scores), **{name: _share(score.mark(name) for score in scores) for name in names})


def _share(values: Iterable[bool | None]) -> float | None:
    """Share of True among what is not None."""
    counted = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else None
