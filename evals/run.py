"""A run: ask every case and save the answers, then score what was saved, so that scores can be recomputed.

A run's folder holds config.json, outputs.jsonl, scores.jsonl, summary.json and table.txt.
"""

import hashlib
import importlib.metadata
import json
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError

from assistant.answer import Answer, Question, Status
from corpus.catalog import Catalog, CatalogError
from corpus.document import document_id
from corpus.settings import Settings
from evals.cases import Case, Strict
from evals.reply import Documents, Texts
from evals.report import table
from evals.score import Score, score_one
from evals.summary import Summary, summarise

CONFIG, OUTPUTS, SCORES = "config.json", "outputs.jsonl", "scores.jsonl"
SUMMARY, TABLE = "summary.json", "table.txt"

ASKING_FAILS: tuple[type[Exception], ...] = (OSError, CatalogError)
"""What asking may raise that is no fault of the program: files, sockets, time-outs, a moved catalog."""

Row = TypeVar("Row", bound=BaseModel)


class RunError(ValueError):
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


def default_folder(data_dir: Path, name: str, now: datetime) -> Path:
    """Where a run of the cases called `name` goes: <data_dir>/evals/<timestamp>-<name>."""
    return data_dir / "evals" / f"{now:%Y%m%dT%H%M%S}-{name}"


def run_config(
    cases_file: Path, cases: Sequence[Case], settings: Settings, identity: Mapping[str, object]
) -> dict[str, object]:
    """What made the run: code, cases, settings without secrets; `identity`: models, generation, generator."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": installed_version(),
        "commit": git_commit(),
        "cases": {
            "file": cases_file.name,
            "sha256": hashlib.sha256(cases_file.read_bytes()).hexdigest(),
            "count": len(cases),
        },
        "settings": open_settings(settings),
        "identity": dict(identity),
    }


def open_settings(settings: Settings) -> dict[str, object]:
    """Settings that may be shown: no secret; of URLs scheme, host and port, since the rest may hold a key."""
    shown = settings.model_dump(mode="json")
    for name, value in settings:
        if isinstance(value, SecretStr):
            del shown[name]
        elif name.endswith("_url") and value:
            parts = urlsplit(value)
            shown[name] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return shown


def installed_version() -> str | None:
    """The version of the installed distribution; None where the checkout is run without being installed."""
    try:
        return importlib.metadata.version("keikaku-navi")
    except importlib.metadata.PackageNotFoundError:
        return None


def git_commit() -> str | None:
    """The commit this code stands at, `-dirty` behind it where files differ; None outside a git checkout."""
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude", "*"]
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


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


def score(out: Path, documents: Documents) -> Summary:
    """Scores the saved answers against the documents; writes scores.jsonl, summary.json and table.txt.

    Raises:
        RunError: there are no answers, or a line cannot be read.
    """
    texts = Texts(documents)
    outputs = read_rows(out / OUTPUTS, Output)
    scores = [score_one(row.case, row.answer, row.seconds, texts, row.error) for row in outputs]
    summary = summarise(scores)
    rows = "".join(row.model_dump_json() + "\n" for row in scores)
    (out / SCORES).write_text(rows, encoding="utf-8", newline="\n")
    (out / SUMMARY).write_text(summary.model_dump_json(indent=1) + "\n", "utf-8")
    (out / TABLE).write_text(table(summary) + "\n", "utf-8")
    return summary


def read_scores(out: Path) -> list[Score]:
    """The scores of a run's folder, in the order of its cases.

    Raises:
        RunError: there are none, or a line cannot be read.
    """
    return read_rows(out / SCORES, Score)


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
