"""A gate: figures a run must reach. `check` names each line that fell and the cases behind it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from evals.cases import EvalError, Kind, Strict, faults_of
from evals.reply import DECLINED
from evals.score import Score
from evals.summary import COUNTED, Summary

AtLeast = Annotated[float, Field(ge=0, le=1)] | None
AtMost = Annotated[float, Field(ge=0)] | None
_NAMED = 10  # cases that one line names


class GateError(EvalError):
    """A gate file that cannot be used."""


class MarkFloors(Strict):
    """Least shares, 0 to 1; what is left out is not asked for."""

    passed: AtLeast = None
    status_ok: AtLeast = None
    facts_ok: AtLeast = None
    absent_ok: AtLeast = None
    verbatim_ok: AtLeast = None
    citation_ok: AtLeast = None
    amounts_ok: AtLeast = None
    years_ok: AtLeast = None
    citation_precision: AtLeast = None
    citation_recall: AtLeast = None
    judged: AtLeast = None


class Floors(MarkFloors):
    """Least figures of the whole run; `n` is of cases: dropping some passes no gate."""

    n: Annotated[int, Field(ge=1)] | None = None
    refusal_precision: AtLeast = None
    refusal_recall: AtLeast = None


class Ceilings(Strict):
    """Greatest figures of the whole run: shares, counts, seconds."""

    wrong_number: AtMost = None
    fabricated: AtMost = None
    errors: AtMost = None
    too_long: AtMost = None
    mean_characters: AtMost = None
    p50_seconds: AtMost = None
    p95_seconds: AtMost = None


class Gate(Strict):
    """What a gate file holds: floors and ceilings of the run, and floors for single kinds.

    `lost`: how many cases fewer than in the baseline may pass, where one is given: vectors differ slightly between
    kinds of processors, and one may turn a case.
    """

    min: Floors = Floors()
    max: Ceilings = Ceilings()
    kinds: dict[Kind, MarkFloors] = Field(default_factory=dict)
    lost: Annotated[int, Field(ge=0)] = 0


def read_gate(path: Path) -> Gate:
    """A gate from its JSON file.

    Raises:
        GateError: names the file, the key, what was expected and what came; unknown keys are errors.
        OSError: the file cannot be read.
    """
    try:
        gate = Gate.model_validate_json(path.read_bytes())
    except ValidationError as error:
        faults = [f"{path}: ゲートが使えません / gate refused: {fault}" for fault in faults_of(error)]
        raise GateError("\n".join(faults)) from error
    if gate == Gate():
        raise GateError(f"{path}: 基準がありません / expected at least one threshold, got none")
    return gate


def check(summary: Summary, gate: Gate, scores: Sequence[Score] = ()) -> list[str]:
    """One line for each figure that fell, with the cases behind it where `scores` are given."""
    figures = summary.model_dump(mode="json")
    figures |= {"p50_seconds": summary.seconds.p50, "p95_seconds": summary.seconds.p95}
    fallen = _below("", figures, gate.min, scores)
    for kind, floors in gate.kinds.items():
        of_kind = summary.kinds[kind].model_dump() if kind in summary.kinds else {}
        fallen += _below(f"{kind}.", of_kind, floors, [score for score in scores if score.kind is kind])
    for name, most in _set(gate.max):
        value = figures[name]
        if value is None or value > most:
            fallen.append(_line(name, value, f"<= {most:g}", _behind(name, scores)))
    return fallen


def _below(
    prefix: str, figures: dict[str, float | None], floors: MarkFloors, scores: Sequence[Score]
) -> list[str]:
    fallen = []
    for name, least in _set(floors):
        value = figures.get(name)
        if value is None or value < least:
            fallen.append(_line(prefix + name, value, f">= {least:g}", _behind(name, scores)))
    return fallen


def _set(thresholds: Strict) -> list[tuple[str, float]]:
    return [(name, value) for name, value in thresholds if value is not None]


def _line(name: str, value: float | None, wanted: str, cases: Sequence[str]) -> str:
    came = "測れません / nothing eligible" if value is None else f"{value:.4g}"
    line = f"{name}: {came}, 基準 / expected {wanted}"
    if not cases:
        return line
    more = f" (+{len(cases) - _NAMED})" if len(cases) > _NAMED else ""
    return f"{line}: {', '.join(cases[:_NAMED])}{more}"


_BLAME: dict[str, Callable[[Score], bool]] = {
    "refusal_precision": lambda score: score.status in DECLINED and score.expected not in DECLINED,
    "refusal_recall": lambda score: score.expected in DECLINED and score.status not in DECLINED,
    "wrong_number": lambda score: score.wrong_number,
    "fabricated": lambda score: score.fabricated > 0,
    "errors": lambda score: score.status == "error",
    "too_long": lambda score: score.too_long,
}
_OF_MARKS = ("passed", *COUNTED)


def _behind(name: str, scores: Sequence[Score]) -> list[str]:
    """Ids of the cases that pull this figure down; none for figures that belong to no single case."""
    if name in _OF_MARKS:
        return [score.id for score in scores if (mark := score.mark(name)) is not None and mark < 1]
    blamed = _BLAME.get(name)
    return [score.id for score in scores if blamed(score)] if blamed else []
