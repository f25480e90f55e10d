"""`keikaku eval check`, `draft`, `from-feedback`: case files before they are run."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.catalog import Catalog, CatalogError
from corpus.settings import load_settings
from ui.console import complain

CasesFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="ケースのJSONL / cases, JSONL")]
Out = Annotated[Path, typer.Option(help="書き出すJSONL（新しいファイル）/ JSONL to write, a new file")]


def eval_check(cases: CasesFile) -> None:
    """ケースを文書と突き合わせる（誤りがあれば終了コード1）/ Check cases against the library; exit 1 on a fault."""
    from evals.check import check_file, shelf_of

    count, faults = check_file(cases, shelf_of(_catalog()))
    for fault in faults:
        complain(fault)
    print(f"ケース / cases: {count}, 誤り / faults: {len(faults)}")
    raise typer.Exit(1 if faults or not count else 0)


def eval_draft(
    out: Out,
    most: Annotated[
        int, typer.Option(min=1, help="文書ごと、作り方ごとの上限 / at most so many of a sort a document")
    ] = 10,
) -> None:
    """ケースの下書きを文書から作る（人が直して使う）/ Propose cases from the library, for a person to edit."""
    from evals.draft import drafts, write_drafts

    found = drafts(_catalog(), most)
    write_drafts(found, out)
    _tell(len(found), out)


def eval_from_feedback(
    out: Out,
    votes: Annotated[
        Path | None,
        typer.Option(
            "--feedback",
            exists=True,
            dir_okay=False,
            help="評価の書き出し（なければライブラリに残る職員の評価）/ exported feedback, JSONL; "
            "unset: what staff said of answers, as the library keeps it",
        ),
    ] = None,
) -> None:
    """利用者の評価からケースの下書きを作る（個人情報は伏せる）/ Drafts from feedback, personal data masked."""
    from evals.draft import write_drafts
    from evals.feedback import cases_of, kept_votes, read_votes

    found = cases_of(read_votes(votes) if votes else kept_votes(_catalog()))
    write_drafts(found, out)
    _tell(len(found), out)


def _tell(count: int, out: Path) -> None:
    print(f"下書き / drafts: {count} → {out}")
    print("直してから draft を消してください / edit them, then remove `draft`: evals/GUIDE.ja.md")


def _catalog() -> Catalog:
    """The library of the settings, read without a lock.

    Raises:
        CatalogError: there is none.
    """
    catalog = Catalog(load_settings().catalog_url)
    if not catalog.exists():
        raise CatalogError(
            "ライブラリが空です。`keikaku add` で文書を入れてください / no library yet: run `keikaku add`"
        )
    return catalog
