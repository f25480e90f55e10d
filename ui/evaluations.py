"""`/evaluations`: the latest evaluation runs, what became of them over time, each one's report, two side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from assistant.accounts import May, Person
from assistant.local_time import local_time
from corpus.settings import Settings
from evals.compare import Comparison, compare
from evals.labels import KINDS
from evals.report import reasons
from evals.report_page import PAGE, percent, trend
from evals.runs import RunInfo, latest
from ui.desk_pages import desk_page, needs

SHOWN = 50  # runs in the list
TREND = 20  # runs in the drawing
# A report is one file with its own style and script: they may run, but know nothing of this site and reach nobody.
REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
Evaluator = Annotated[Person, Depends(needs(May.EVALUATE))]


@dataclass(frozen=True, slots=True)
class Row:
    """One run as the list shows it."""

    name: str
    date: str
    cases: str
    count: int
    passed: str
    cited: str
    wrong: str
    refusals: str
    median: str
    has_report: bool


def evaluations_router(settings: Settings) -> APIRouter:
    """The pages; runs are read from the settings' folder at each request, so that a new one is there at once."""
    router = APIRouter(prefix="/evaluations", include_in_schema=False)

    @router.get("")
    def runs(request: Request, _: Evaluator, cases: str = "") -> HTMLResponse:
        return _list(request, latest(settings.runs, SHOWN), cases, settings.runs)

    @router.get("/compare")
    def compared(request: Request, _: Evaluator, before: str = "", after: str = "") -> HTMLResponse:
        known = {run.folder.name: run for run in latest(settings.runs, SHOWN)}
        if before not in known or after not in known:
            raise HTTPException(404, "比べる実行がありません / no such run to compare")
        return _comparison(request, known[before], known[after])

    @router.get("/{name}/report")
    def report(_: Evaluator, name: str) -> HTMLResponse:
        known = {run.folder.name: run.folder / PAGE for run in latest(settings.runs, SHOWN)}
        if name not in known or not known[name].is_file():
            raise HTTPException(404, "この実行の報告はありません / no report of such a run")
        headers = {"Content-Security-Policy": REPORT_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(known[name].read_bytes(), headers=headers)

    return router


def _list(request: Request, found: Sequence[RunInfo], cases: str, folder: Path) -> HTMLResponse:
    sets = list(dict.fromkeys(_set(run) for run in found))
    shown = [run for run in found if cases in ("", _set(run))]
    drawn = [run for run in shown if _set(run) == _set(shown[0])][:TREND]
    return desk_page(
        "evaluations.html",
        request,
        "評価",
        rows=[_row(run) for run in shown],
        sets=sets,
        cases=cases if cases in sets else "",
        earlier=drawn[1].folder.name if len(drawn) > 1 else None,
        trend=trend(drawn) if len(drawn) > 1 else None,
        trend_of=_set(drawn[0]) if drawn else "",
        folder=folder,
    )


def _row(run: RunInfo) -> Row:
    summary = run.summary
    return Row(
        name=run.folder.name,
        date=_at(run.date),
        cases=_set(run),
        count=summary.n,
        passed=percent(summary.passed),
        cited=percent(summary.citation_ok),
        wrong=percent(summary.wrong_number),
        refusals=f"{percent(summary.refusal_precision)} / {percent(summary.refusal_recall)}",
        median=f"{1000 * summary.seconds.p50:.0f}",
        has_report=(run.folder / PAGE).is_file(),
    )


def _set(run: RunInfo) -> str:
    """The name of the cases, as people call the file."""
    return run.cases.removesuffix(".jsonl")


def _at(date: str) -> str:
    """A time in UTC as it is in Japan; as it stands where it is none."""
    try:
        return local_time(datetime.fromisoformat(date))
    except ValueError:
        return date


def _comparison(request: Request, before: RunInfo, after: RunInfo) -> HTMLResponse:
    result = compare(before.folder, after.folder)
    return desk_page(
        "comparison.html",
        request,
        "実行の比較",
        before=_row(before),
        after=_row(after),
        result=result,
        changes=[(KINDS[kind], result.change(kind)) for kind in result.kinds],
        whole=result.change(),
        turned=_turned(result),
    )


def _turned(result: Comparison) -> list[tuple[bool, str, str, str, list[str]]]:
    """(better, id, kind, question, why not before or now) of each case that turned, the worse first."""
    return [
        (
            turn.better,
            turn.after.id,
            KINDS[turn.after.kind],
            turn.after.question,
            reasons(turn.before if turn.better else turn.after),
        )
        for turn in sorted(result.turned, key=lambda turn: turn.better)
    ]
