"""`keikaku eval`: every command of it."""

import typer

from ui.eval_answers import eval_answers
from ui.eval_cases import eval_check, eval_draft, eval_from_feedback
from ui.eval_reading import eval_facts, eval_headings
from ui.eval_retrieval import eval_retrieval
from ui.eval_runs import eval_compare, eval_judge, eval_report, eval_run, eval_score

eval_app = typer.Typer(no_args_is_help=True, help="答えの品質を測る / Measure answer quality")
eval_app.command("run")(eval_run)
eval_app.command("score")(eval_score)
eval_app.command("judge")(eval_judge)
eval_app.command("report")(eval_report)
eval_app.command("compare")(eval_compare)
eval_app.command("check")(eval_check)
eval_app.command("draft")(eval_draft)
eval_app.command("from-feedback")(eval_from_feedback)
eval_app.command("facts")(eval_facts)
eval_app.command("headings")(eval_headings)
eval_app.command("retrieval")(eval_retrieval)
eval_app.command("answers")(eval_answers)
