"""A folder of small evaluation runs, and the pages over it as one person sees them."""

from pathlib import Path

from evals_made import Shelf, expecting, made_answer, made_case, no_evidence
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from assistant.accounts import Person, Role
from assistant.answer import Answer, Question
from corpus.settings import Settings
from evals.report_page import Run, write_report
from evals.run import generate, read_config, read_scores, read_summary, score, scored_outputs
from ui.evaluations import evaluations_router
from ui.widget import widget_router

BUDGET, PEOPLE = "2024年度の予算は？", "人口は何人ですか"
CASES = [
    made_case(id="budget-1", question=BUDGET),
    made_case(
        id="none-1", kind="unanswerable", question=PEOPLE, expect=expecting("no_evidence"), evidence=[]
    ),
]


def made_run(out: Path, date: str, file: str = "plan_cases.jsonl", answered: bool = True) -> Path:
    """A scored run with its report; where not `answered` nothing was found for the budget."""

    def ask(question: Question) -> Answer:
        return made_answer() if answered and question.question == BUDGET else no_evidence()

    generate(ask, CASES, out, {"date": date, "cases": {"file": file}, "commit": "0123456789"})
    score(out, Shelf())
    write_report(out, Run(read_config(out), scored_outputs(out), read_scores(out), read_summary(out)))
    return out


def made_runs(folder: Path) -> Path:
    """Three runs of one set, the second without an answer, and one of another set between them."""
    made_run(folder / "run-1", "2026-04-01T00:00:00+00:00")
    made_run(folder / "run-2", "2026-04-02T00:00:00+00:00", answered=False)
    made_run(folder / "other", "2026-04-03T00:00:00+00:00", "他の集まり.jsonl")
    made_run(folder / "run-3", "2026-04-04T00:00:00+00:00")
    return folder


def pages(runs: Path, role: Role = "evaluator") -> FastAPI:
    """The pages over these runs for somebody with this role."""
    app = FastAPI()

    @app.middleware("http")
    async def known(request: Request, call_next: RequestResponseEndpoint) -> Response:
        request.state.person, request.state.account = Person("p1", "見本 花子", role), None
        return await call_next(request)

    settings = Settings(runs_dir=runs)
    app.include_router(evaluations_router(settings))
    app.include_router(widget_router(settings))
    return app
