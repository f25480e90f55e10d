"""`keikaku eval`: run, compare, facts, headings, retrieval."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.answer import Answer, Question
from assistant.handover import HandoverError
from corpus.catalog import Catalog
from corpus.settings import Settings, load_settings
from evals.cases import CaseError, read_cases
from evals.compare import compare, comparison_text
from evals.gate import GateError, check, read_gate
from evals.report import failures, table
from evals.run import (
    ASKING_FAILS,
    Library,
    RunError,
    default_folder,
    generate,
    read_scores,
    run_config,
    score,
)
from index import tokens
from ui.console import complain, progress_bars
from ui.desk import open_desk
from ui.eval_reading import eval_facts, eval_headings
from ui.eval_retrieval import eval_retrieval

eval_app = typer.Typer(no_args_is_help=True, help="答えの品質を測る / Measure answer quality")
eval_app.command("facts")(eval_facts)
eval_app.command("headings")(eval_headings)
eval_app.command("retrieval")(eval_retrieval)


@eval_app.command("run")
def run(
    cases: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="ケースのJSONL / cases, JSONL")],
    out: Annotated[Path | None, typer.Option(help="結果のフォルダ / folder of the run")] = None,
    gate: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="合格基準のJSON / thresholds, JSON")
    ] = None,
) -> None:
    """ケースを全部質問して採点する / Ask every case and score the answers."""
    settings = load_settings()
    folder = out or default_folder(settings.data_dir, cases.stem, datetime.now())
    try:
        _generate(settings, cases, folder)
        summary, scores = score(folder, Library(Catalog(settings.catalog_url))), read_scores(folder)
        fallen = check(summary, read_gate(gate), scores) if gate else []
    except (CaseError, GateError, RunError) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    print(failures(scores), table(summary), f"結果 / run: {folder}", sep="\n")
    for line in fallen:
        complain(f"基準割れ / below the gate: {line}")
    raise typer.Exit(1 if fallen else 0)


def _generate(settings: Settings, file: Path, folder: Path) -> None:
    cases = read_cases(file)
    identity = {"embedder": settings.embedder, "tokenizer": tokens.identity(), "llm": settings.llm_model}
    with progress_bars() as progress, open_desk(settings, progress) as desk:
        done = 0

        def ask(question: Question) -> Answer:
            nonlocal done
            done += 1
            progress("質問中 / asking", done, len(cases))
            return desk.ask(question)

        desk.ask(Question(question="準備"))  # so that the first case does not pay for loading the model
        generate(
            ask,
            cases,
            folder,
            run_config(file, cases, settings, identity),
            failing=(*ASKING_FAILS, HandoverError),
        )


@eval_app.command("compare")
def compare_runs(
    before: Annotated[
        Path, typer.Argument(metavar="A", exists=True, file_okay=False, help="前の実行 / earlier run")
    ],
    after: Annotated[
        Path, typer.Argument(metavar="B", exists=True, file_okay=False, help="後の実行 / later run")
    ],
) -> None:
    """二つの実行を比べる（悪くなれば終了コード1）/ Compare two runs; exit 1 if the later is worse."""
    try:
        result = compare(before, after)
    except RunError as error:
        complain(str(error))
        raise typer.Exit(1) from None
    print(comparison_text(result))
    raise typer.Exit(1 if result.regressed else 0)
