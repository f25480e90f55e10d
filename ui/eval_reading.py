"""`keikaku eval facts` and `eval headings`: how documents were read, against what people read off their pages."""

from pathlib import Path
from typing import Annotated

import typer

import corpus
import evals
from ui.console import complain

LABELS = Path(evals.__file__).parent / "data"
PLANS = Path(corpus.__file__).parent / "data" / "plans"
LEAST_PRECISION, LEAST_RECALL, LEAST_HEADINGS = 0.95, 0.90, 0.95

Documents = Annotated[
    list[Path] | None,
    typer.Option(
        exists=True,
        file_okay=False,
        help="文書のフォルダ（くり返せる。なければ見本）/ folder of the documents, repeatable; none: the samples",
    ),
]


def eval_facts(
    labels: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="正解のJSONL / labelled facts, JSONL")
    ] = LABELS / "facts.jsonl",
    documents: Documents = None,
) -> None:
    """予算などの抽出の適合率と再現率（基準割れは終了コード1）/ Precision and recall of facts; exit 1 below the line."""
    from evals.facts import evaluate, read_labels, scores_text

    scores = evaluate(read_labels(labels), documents or [PLANS])
    print(scores_text(scores))
    share = scores.share()
    enough = (share.precision or 0.0) >= LEAST_PRECISION and (share.recall or 0.0) >= LEAST_RECALL
    raise typer.Exit(0 if enough else _below(f"precision {LEAST_PRECISION}, recall {LEAST_RECALL}"))


def eval_headings(
    labels: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="正解のJSONL / labelled headings, JSONL")
    ] = LABELS / "headings.jsonl",
    documents: Documents = None,
) -> None:
    """見出しの道筋の正しさ（基準割れは終了コード1）/ Headings with the right path; exit 1 below the line."""
    from evals.headings import evaluate, read_labels, scores_text

    scores = evaluate(read_labels(labels), documents or [PLANS])
    print(scores_text(scores))
    enough = scores.share("right") >= LEAST_HEADINGS
    raise typer.Exit(0 if enough else _below(f"{LEAST_HEADINGS:.0%}"))


def _below(line: str) -> int:
    complain(f"基準割れ / below the line: {line}")
    return 1
