"""`keikaku eval`: every command of it."""

import typer

from ui.eval_reading import eval_facts, eval_headings
from ui.eval_retrieval import eval_retrieval
from ui.eval_runs import eval_compare, eval_judge, eval_report, eval_run, eval_score

eval_app = typer.Typer(no_args_is_help=True, help="答えの品質を測る / Measure answer quality")
eval_app.command("run")(eval_run)
eval_app.command("score")(eval_score)
eval_app.command("judge")(eval_judge)
eval_app.command("report")(eval_report)
eval_app.command("compare")(eval_compare)
eval_app.command("facts")(eval_facts)
eval_app.command("headings")(eval_headings)
eval_app.command("retrieval")(eval_retrieval)
