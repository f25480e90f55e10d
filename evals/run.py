"""A run: ask every case and save the answers, then score what was saved, so that scores can be recomputed.

A run's folder holds config.json, outputs.jsonl, scores.jsonl, summary.json, table.txt and report.html.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.answer import Answer, Question, Status
from corpus.catalog import Catalog, CatalogError
from corpus.document import document_id
from evals.cases import Case, EvalError, Strict
from evals.reply import Documents, Texts
from evals.report import table
from evals.score import Score, score_one
from evals.summary import Summary, summarise

CASES = "cases.jsonl"  # the cases that a run was scored with, where they are not those it was asked with
CONFIG, OUTPUTS, SCORES = "config.json", "outputs.jsonl", "scores.jsonl"
SUMMARY, TABLE = "summary.json", "table.txt"

ASKING_FAILS: tuple[type[Exception], ...] = (OSError, CatalogError)
"""What asking may raise that is no fault of the program: files, sockets, time-outs, a moved catalog."""

Row = TypeVar("Row", bound=BaseModel)


class RunError(EvalError):
    """A run's folder that cannot be written or read."""


class Output(Strict):
    """One answered case: `seconds` from question to answer; `error`, what the assistant raised, if it did."""

    case: Case
    answer: Answer
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """The catalog as `Documents`."""

    catalog: Catalog

    def text_of(self, source: str) -> str | None:
        """Canonical text of the Document added under this source; None where there is none."""
        return self.catalog.text(document_id(source))


def default_folder(runs: Path, name: str, now: datetime) -> Path:
    """Where among the `runs` one of the cases called `name` goes: <runs>/<timestamp>-<name>."""
    return runs / f"{now:%Y%m%dT%H%M%S}-{name}"


def generate(
    ask: Callable[[Question], Answer],
    cases: Iterable[Case],
    out: Path,
    config: Mapping[str, object],
    on_output: Callable[[Output], None] = lambda _: None,
    failing: tuple[type[Exception], ...] = ASKING_FAILS,
) -> None:
    """Saves `config`, then asks case by case and saves each answer as it comes.

    A case whose question raises one of `failing` is saved as an error, and the others go on.

    Raises:
        RunError: the folder already holds a run.
    """
    if (out / OUTPUTS).exists():
        raise RunError(
            f"{out}: すでに実行結果があります。別のフォルダへ / expected a new folder, found {OUTPUTS} in it"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (out / OUTPUTS).open("w", encoding="utf-8", newline="\n") as file:
        for case in cases:
            output = answer_case(ask, case, failing)
            file.write(output.model_dump_json() + "\n")
            file.flush()
            on_output(output)


def answer_case(
    ask: Callable[[Question], Answer], case: Case, failing: tuple[type[Exception], ...] = ASKING_FAILS
) -> Output:
    """Asks one case; what is `failing` becomes an Answer with status error."""
    error = None
    start = time.perf_counter()
    try:
        answer = ask(case.asked())
    except failing as raised:
        error = f"{type(raised).__name__}: {raised}"
        answer = _no_answer(case)
    return Output(case=case, answer=answer, seconds=round(time.perf_counter() - start, 4), error=error)


def _no_answer(case: Case) -> Answer:
    return Answer(
        id=case.id,
        status=Status.ERROR,
        reason="exception",
        text="",
        sentences=(),
        citations=(),
        facts=(),
        standalone_question=case.question,
        language="",
        generator="",
        timings_ms={},
    )


def score(
    out: Path,
    documents: Documents,
    cases: Sequence[Case] | None = None,
    judged: Mapping[str, bool] = MappingProxyType({}),
) -> Summary:
    """Scores the saved answers against the documents; writes scores.jsonl, summary.json and table.txt.

    With `cases` their expectations take the place of those that were asked with. `judged`: verdicts by case id.

    Raises:
        RunError: there are no answers, a line cannot be read, or a case asks something else by now.
    """
    texts = Texts(documents)
    outputs = read_outputs(out, cases)
    scores = [
        score_one(row.case, row.answer, row.seconds, texts, row.error, judged.get(row.case.id))
        for row in outputs
    ]
    (out / CASES).unlink(missing_ok=True)
    if cases is not None:
        lines = "".join(row.case.model_dump_json() + "\n" for row in outputs)
        (out / CASES).write_text(lines, "utf-8", newline="\n")
    summary = summarise(scores)
    rows = "".join(row.model_dump_json() + "\n" for row in scores)
    (out / SCORES).write_text(rows, encoding="utf-8", newline="\n")
    (out / SUMMARY).write_text(summary.model_dump_json(indent=1) + "\n", "utf-8")
    (out / TABLE).write_text(table(summary) + "\n", "utf-8")
    return summary


def read_outputs(out: Path, cases: Sequence[Case] | None = None) -> list[Output]:
    """The answers of a run's folder; with `cases` only theirs, each with the case as it is there.

    Raises:
        RunError: there are none, a line cannot be read, or a case asks something else by now.
    """
    outputs = read_rows(out / OUTPUTS, Output)
    if cases is None:
        return outputs
    given = {case.id: case for case in cases}
    kept = [row.model_copy(update={"case": given[row.case.id]}) for row in outputs if row.case.id in given]
    asked = {row.case.id: row.case.asked() for row in outputs}
    if changed := [row.case.id for row in kept if row.case.asked() != asked[row.case.id]]:
        raise RunError(
            f"{out}: 質問が変わったケースは、もう一度尋ねてください / these cases ask something else by now, "
            f"run them again: {', '.join(changed)}"
        )
    if not kept:
        raise RunError(f"{out}: どのケースの回答もありません / expected answers to these cases, found none")
    return kept


def scored_outputs(out: Path) -> list[Output]:
    """The answers of a run's folder with the cases that they were last scored with.

    Raises:
        RunError: as `read_outputs`.
    """
    return read_outputs(out, read_rows(out / CASES, Case) if (out / CASES).exists() else None)


def read_scores(out: Path) -> list[Score]:
    """The scores of a run's folder, or of a scores.jsonl by itself, in the order of its cases.

    Raises:
        RunError: there are none, or a line cannot be read.
    """
    return read_rows(out / SCORES if out.is_dir() else out, Score)


def read_summary(out: Path) -> Summary:
    """What a run came to.

    Raises:
        RunError: it was not scored yet, or by another version.
    """
    try:
        return Summary.model_validate_json((out / SUMMARY).read_bytes())
    except (OSError, ValidationError) as error:
        raise RunError(f"{out / SUMMARY}: 読めません / cannot be read: {error}") from error


def read_config(out: Path) -> dict[str, Any]:
    """What made a run.

    Raises:
        RunError: the folder has none, or it cannot be read.
    """
    try:
        config: dict[str, Any] = json.loads((out / CONFIG).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{out / CONFIG}: 読めません / cannot be read: {error}") from error
    return config


def read_rows(path: Path, row: type[Row]) -> list[Row]:
    """Every line of a JSONL file that a run wrote."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise RunError(f"{path}: 実行結果がありません / expected a run's folder: {error.strerror}") from error
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        try:
            rows.append(row.model_validate_json(line))
        except ValidationError as error:
            raise RunError(
                f"{path}: {number}行目が読めません / line {number}: expected {row.__name__}: {error}"
            ) from error
    if not rows:
        raise RunError(f"{path}: 空です / expected at least one line, got none")
    return rows
