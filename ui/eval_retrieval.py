"""`keikaku eval retrieval`: how good search alone is."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corpus.catalog import CatalogError
from evals.cases import CaseError
from index.generation_error import GenerationError
from ui.console import complain


class Name(StrEnum):
    """Kinds of data sets."""

    SQUAD = "squad"
    CITIZENS = "citizens"
    CASES = "cases"


def eval_retrieval(
    dataset: Annotated[
        Name,
        typer.Option(
            help="squad: JSQuAD/JaQuAD, citizens: 市民の言葉の質問 / citizens' questions, cases: ケース / a case file"
        ),
    ],
    path: Annotated[
        Path,
        typer.Option(
            exists=True,
            help="squad・cases: ファイル / the file; citizens: 文書のフォルダ / folder of the documents",
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
    from evals import retrieval
    from evals.retrieval_library import library_of

    read = {Name.SQUAD: retrieval.squad, Name.CASES: retrieval.plan_cases}
    try:
        data = read[dataset](path) if dataset in read else retrieval.citizens()
        folder = path if dataset is Name.CITIZENS else documents
        queries = retrieval.every_nth(data.queries, limit)
        with library_of(data, folder, library) as opened, opened.reading() as searcher:
            known = {record.source for record in opened.catalog.records()}
            found = retrieval.retrieve(searcher, retrieval.answerable(queries, known))
    except (CaseError, CatalogError, GenerationError) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    figures = {"all": retrieval.figures(found), **retrieval.by_group(found)}
    if out:
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(retrieval.table(figures))
