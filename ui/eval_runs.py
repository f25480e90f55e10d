"""`keikaku eval run`, `score`, `report`, `compare`: runs and what they come to."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.answer import Answer, Question
from assistant.handover import HandoverError
from corpus.catalog import Catalog
from corpus.settings import Settings, load_settings
from evals.cases import Case, read_cases
from evals.compare import Comparison, compare, comparison_text
from evals.gate import Gate, check, read_gate
from evals.report import failures, table
from evals.run import ASKING_FAILS, Library, default_folder, generate, read_scores, score
from evals.run_config import identity_of, run_config
from ui.console import complain, progress_bars
from ui.desk import open_desk

RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", exists=True, file_okay=False, help="実行のフォルダ / folder of a run")
]
CasesFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="ケースのJSONL / cases, JSONL")]
GateFile = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="合格基準のJSON / thresholds, JSON")
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        help="比べる実行か scores.jsonl（悪くなれば終了コード1）/ earlier run or scores.jsonl; exit 1 if worse",
    ),
]
Runs = Annotated[
    Path | None,
    typer.Option(
        exists=True, file_okay=False, help="推移に載せる実行のフォルダ / folder of runs for the trend"
    ),
]


def eval_run(
    cases: CasesFile,
    out: Annotated[Path | None, typer.Option(help="結果のフォルダ / folder of the run")] = None,
    gate: GateFile = None,
    baseline: Baseline = None,
    runs: Runs = None,
) -> None:
    """ケースを全部質問して採点する / Ask every case and score the answers."""
    settings, line = load_settings(), read_gate(gate) if gate else None
    folder = out or default_folder(settings.runs, cases.stem, datetime.now())
    ask_all(settings, cases.name, cases.read_bytes(), read_cases(cases), folder)
    score(folder, Library(Catalog(settings.catalog_url)))
    good = publish(folder, line, baseline, runs or (None if out else folder.parent))
    raise typer.Exit(0 if good else 1)


def eval_score(
    run: RunFolder,
    cases: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="書き直したケース（なければ実行時のもの）/ edited cases; none: as asked",
        ),
    ] = None,
    gate: GateFile = None,
    baseline: Baseline = None,
) -> None:
    """保存した回答を採点し直す / Score the saved answers again."""
    from evals.judge import verdicts

    library = Library(Catalog(load_settings().catalog_url))
    score(run, library, read_cases(cases) if cases else None, verdicts(run))
    good = publish(run, read_gate(gate) if gate else None, baseline, None)
    raise typer.Exit(0 if good else 1)


def eval_judge(
    run: RunFolder,
    rubric: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="採点の指示 / rubric, a text")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="人が判定した回答 / labelled answers")
    ] = None,
) -> None:
    """判定モデルに回答を採点させ、人の判定との一致も測る / Let a model judge, and measure it against people."""
    from evals import judge as judging
    from evals.run import scored_outputs

    judge = judging.Judge(load_settings(), rubric or judging.RUBRIC)
    labelled = judging.read_labelled(labels or judging.LABELLED)
    known = [
        (one.id, judging.shown_of(one.question, one.facts, one.evidence, one.answer)) for one in labelled
    ]
    asked = judging.asked_of(scored_outputs(run))
    with progress_bars() as progress:
        total = len(known) + len(asked)
        told = judge.judge([*known, *asked], lambda done: progress("判定中 / judging", done, total))
    agreed = judging.agreement(told[: len(known)], labelled)
    judging.save(run, told[len(known) :], judge.identity(), agreed)
    print(f"人の判定との一致 / agreement with people: {agreed.model_dump_json()}")
    eval_score(run)


def eval_report(run: RunFolder, gate: GateFile = None, baseline: Baseline = None, runs: Runs = None) -> None:
    """報告のページ（HTML）を書く / Write the report page."""
    good = publish(run, read_gate(gate) if gate else None, baseline, runs)
    raise typer.Exit(0 if good else 1)


def eval_compare(
    before: Annotated[Path, typer.Argument(metavar="A", exists=True, help="前の実行 / earlier run")],
    after: Annotated[Path, typer.Argument(metavar="B", exists=True, help="後の実行 / later run")],
) -> None:
    """二つの実行を比べる（悪くなれば終了コード1）/ Compare two runs; exit 1 if the later is worse."""
    result = compare(before, after)
    print(comparison_text(result))
    raise typer.Exit(1 if result.regressed else 0)


def ask_all(settings: Settings, name: str, written: bytes, cases: Sequence[Case], folder: Path) -> None:
    """Asks every case at the library of the settings, and saves the answers; `written`: the cases as bytes."""
    with progress_bars() as progress, open_desk(settings, progress) as desk:
        done = 0

        def ask(question: Question) -> Answer:
            nonlocal done
            done += 1
            progress("質問中 / asking", done, len(cases))
            return desk.ask(question)

        desk.ask(Question(question="準備"))  # so that the first case does not pay for loading the model
        config = run_config(name, written, len(cases), settings, identity_of(settings))
        generate(ask, cases, folder, config, failing=(*ASKING_FAILS, HandoverError))


def publish(folder: Path, line: Gate | None, baseline: Path | None, runs: Path | None) -> bool:
    """Prints a scored run, writes its page, and tells what fell; gives whether nothing did."""
    from evals.report_page import Run, write_report
    from evals.run import read_config, read_summary, scored_outputs
    from evals.runs import latest

    scores, summary = read_scores(folder), read_summary(folder)
    fallen = check(summary, line, scores) if line else None
    against = compare(baseline, folder) if baseline else None
    page = write_report(
        folder,
        Run(
            read_config(folder),
            scored_outputs(folder),
            scores,
            summary,
            fallen,
            against,
            latest(runs) if runs else (),
        ),
    )
    print(failures(scores), table(summary), f"結果 / run: {folder}", f"報告 / report: {page}", sep="\n")
    for name in fallen or []:
        complain(f"基準割れ / below the gate: {name}")
    _tell_turned(against)
    return not fallen and (against is None or against.lost <= (line.lost if line else 0))


def _tell_turned(against: Comparison | None) -> None:
    if against and against.regressed:
        complain(f"前より悪くなりました / worse than before:\n{comparison_text(against)}")
