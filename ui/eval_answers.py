"""`keikaku eval answers`: answers to public data sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from corpus.catalog import Catalog
from corpus.settings import load_settings
from evals.datasets import READERS, Name, cases_of, niilc
from evals.gate import read_gate
from evals.reply import Documents
from evals.retrieval import every_nth
from evals.run import Library, default_folder, generate, score
from evals.run_config import run_config
from ui.eval_runs import GateFile, ask_all, publish


def eval_answers(
    dataset: Annotated[
        Name,
        typer.Option(
            help="jsquad, jaquad, squad, lawqa, beir: その文書に / over their texts; niilc: 断るべき / to decline"
        ),
    ],
    path: Annotated[Path, typer.Option(exists=True, help="データ / the data set")],
    limit: Annotated[int, typer.Option(min=0, help="質問の数の上限 / at most so many questions, 0: all")] = 0,
    library: Annotated[
        Path | None, typer.Option(help="索引を残すフォルダ / folder that keeps the library")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="結果のフォルダ / folder of the run")] = None,
    gate: GateFile = None,
) -> None:
    """公開データの質問に答えて採点する / Answer the questions of a public data set, and score."""
    if dataset is not Name.NIILC and dataset not in READERS:
        raise typer.BadParameter("jsquad, jaquad, squad, lawqa, beir, niilc", param_hint="--dataset")
    line = read_gate(gate) if gate else None
    folder = out or default_folder(load_settings().runs, dataset.value, datetime.now())
    with _asked(dataset, path, limit, library, folder) as documents:
        score(folder, documents)
    good = publish(folder, line, None, None if out else folder.parent)
    raise typer.Exit(0 if good else 1)


@contextmanager
def _asked(dataset: Name, path: Path, limit: int, kept: Path | None, folder: Path) -> Iterator[Documents]:
    """Asks, saves, and gives the texts that the answers quote."""
    settings = load_settings()
    if dataset is Name.NIILC:
        cases = every_nth(niilc(path), limit)
        ask_all(settings, path.name, path.read_bytes(), cases, folder)
        yield Library(Catalog(settings.catalog_url))
        return
    from assistant.chain import Assistant
    from evals.retrieval_library import library_of

    data = READERS[dataset](path)
    cases = every_nth(cases_of(data), limit)
    with library_of(data, None, kept) as opened:
        written = path.read_bytes() if path.is_file() else b""
        identity = {"embedder": settings.embedder, "revision": opened.catalog.revision()}
        config = run_config(path.name, written, len(cases), settings, identity)
        generate(Assistant(opened, settings).ask, cases, folder, config)
        yield Library(opened.catalog)
