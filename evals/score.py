"""One answer's scores as a row."""

from typing import Any

from assistant.answer import Answer, Status
from evals.cases import Case, Kind, Strict
from evals.metric_citations import fabricated, pointing
from evals.metric_facts import forbidden
from evals.metrics import DECIDING, REPORTED, WRONG_NUMBER
from evals.reply import Reply, Texts


class Score(Strict):
    """Marks and counts of one answer; a mark is None where the case is not eligible for it.

    `pointing`: numbers of the citations that point at evidence; `judged`: a language model's verdict, where asked.
    """

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
    years_ok: bool | None
    citation_precision: float | None
    citation_recall: float | None
    judged: bool | None = None
    missing: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    pointing: tuple[int, ...]
    characters: int
    too_long: bool
    citations: int
    fabricated: int
    wrong_number: bool
    seconds: float

    def mark(self, name: str) -> float | None:
        """The mark of this name, `passed` and the reported ones included."""
        value: float | None = getattr(self, name)
        return value


def score_one(
    case: Case,
    answer: Answer,
    seconds: float,
    texts: Texts,
    error: str | None = None,
    judged: bool | None = None,
) -> Score:
    """Every metric of one answer."""
    reply = Reply.of(case, answer)
    marks = {mark.name: mark.of(reply, texts) for mark in DECIDING}
    reported: dict[str, Any] = {metric.name: metric.of(reply, texts) for metric in REPORTED}
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
        **reported,
        judged=judged,
        passed=False not in marks.values(),
        missing=reply.missing,
        forbidden=forbidden(reply),
        pointing=pointing(reply, texts),
        characters=len(answer.text),
        too_long=reply.too_long,
        citations=len(answer.citations),
        fabricated=len(fabricated(answer, texts)),
        wrong_number=bool(WRONG_NUMBER.of(reply, texts)),
        seconds=seconds,
    )
