"""`keikaku eval retrieval`: how good search alone is."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals import retrieval
from evals.datasets import READERS, Name
from evals.metric_retrieval import ranked_figures
from evals.retrieval import Found


def eval_retrieval(
    dataset: Annotated[
        Name,
        typer.Option(
            help="jsquad, jaquad, squad, lawqa, beir; citizens: 市民の言葉の質問 / citizens' questions; "
            "cases: ケース / a case file"
        ),
    ],
    path: Annotated[
        Path,
        typer.Option(
            exists=True,
            help="ファイル / the file; beir: フォルダ / its folder; citizens: 文書のフォルダ / folder of the documents",
        ),
    ],
    documents: Annotated[
        Path | None, typer.Option(exists=True, help="cases の文書のフォルダ / folder of the cases' documents")
    ] = None,
    library: Annotated[
        Path | None, typer.Option(help="索引を残すフォルダ / folder that keeps the library")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="質問の数の上限 / at most so many questions, 0: all")] = 0,
    out: Annotated[Path | None, typer.Option(help="結果のJSON / figures as JSON")] = None,
) -> None:
    """検索だけの質を測る / Measure search alone: right document first, in the first 3, 5, 10."""
    if dataset is Name.CASES and documents is None:
        raise typer.BadParameter(
            "--documents: 文書のフォルダが必要です / expected the folder of the documents"
        )
    if dataset is Name.NIILC:
        raise typer.BadParameter(
            "文書がありません / it has no texts: keikaku eval answers", param_hint="--dataset"
        )
    found = _found(dataset, path, documents, library, limit)
    figures = {"all": _figures(found), **retrieval.by_group(found, _figures)}
    if out:
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(retrieval.table(figures))


def _found(
    dataset: Name, path: Path, documents: Path | None, library: Path | None, limit: int
) -> list[Found]:
    """Searches for every question for which the library has a right document."""
    from evals.retrieval_library import library_of

    read = {**READERS, Name.CASES: retrieval.plan_cases}
    data = read[dataset](path) if dataset in read else retrieval.citizens()
    folder = path if dataset is Name.CITIZENS else documents
    queries = retrieval.every_nth(data.queries, limit)
    with library_of(data, folder, library) as opened, opened.reading() as searcher:
        known = {record.source for record in opened.catalog.records()}
        return retrieval.retrieve(searcher, retrieval.answerable(queries, known))


def _figures(found: Sequence[Found]) -> dict[str, float]:
    return {**retrieval.figures(found), **ranked_figures(found)}
