"""What each part of search is worth: `make ablation`.

Every part is left out in turn, all else stays; then the reranker is added, which is off unless it is set. Each data
set has one library, so that only the search differs.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.settings import load_settings
from evals.measured import provenance
from evals.retrieval import (
    Dataset,
    Query,
    answerable,
    citizens,
    every_nth,
    figures,
    plan_cases,
    retrieve,
    squad,
    table,
)
from evals.retrieval_library import library_of
from index.fusion import FUSION, SIGNALS, Fusion
from index.glossary import Glossary
from index.known import RERANKER
from index.rerank import Reranker, open_reranker
from index.search import Searcher

SHOWN = ("hit@1", "R@5", "R@10", "MRR@10", "answer_in_first", "answer_in_3", "p50_ms")


def without(*signals: str) -> Fusion:
    """The fusion with some signals left out."""
    return replace(
        FUSION,
        in_its_words={
            name: 0.0 if name in signals else weight for name, weight in FUSION.in_its_words.items()
        },
        paraphrased={name: 0.0 if name in signals else weight for name, weight in FUSION.paraphrased.items()},
    )


def only(*signals: str) -> Fusion:
    """The fusion of these signals alone."""
    return without(*(name for name in SIGNALS if name not in signals))


@cache
def reranker() -> Reranker | None:
    """The one that ships."""
    return open_reranker(load_settings().model_copy(update={"reranker": RERANKER.name}))


VARIANTS: Mapping[str, Callable[[Searcher], Searcher]] = {
    "whole": lambda whole: whole,
    "words alone (BM25)": lambda whole: replace(whole, fusion=only("lexical"), glossary=Glossary(())),
    "vectors of passages alone": lambda whole: replace(whole, fusion=only("dense")),
    "vectors of passages alone, questions as they are": lambda whole: replace(
        _uncentred(whole), fusion=only("dense")
    ),
    "without the mean of questions": lambda whole: _uncentred(whole),
    "without sentences": lambda whole: replace(whole, fusion=without("sentence")),
    "without sections": lambda whole: replace(whole, fusion=without("section")),
    "without titles": lambda whole: replace(whole, fusion=without("title")),
    "without words that follow each other": lambda whole: replace(whole, fusion=without("pairs")),
    "without the glossary": lambda whole: replace(whole, glossary=Glossary(())),
    "always as in the documents' words": lambda whole: replace(
        whole, fusion=replace(FUSION, paraphrased=FUSION.in_its_words)
    ),
    "always as a paraphrase": lambda whole: replace(
        whole, fusion=replace(FUSION, in_its_words=FUSION.paraphrased)
    ),
    "with the reranker": lambda whole: replace(whole, reranker=reranker()),
}


def _uncentred(whole: Searcher) -> Searcher:
    return replace(whole, question_means=np.zeros_like(whole.question_means))


def measure(searcher: Searcher, queries: list[Query]) -> dict[str, dict[str, dict[str, float]]]:
    """Figures of each variant by group of questions."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, variant in VARIANTS.items():
        results = retrieve(variant(searcher), queries)
        groups = dict.fromkeys(one.query.group for one in results)
        found[name] = {
            group: _shown(figures([one for one in results if one.query.group == group])) for group in groups
        }
    return found


def _shown(row: Mapping[str, float]) -> dict[str, float]:
    return {name: row[name] for name in ("queries", *SHOWN)}


def main() -> None:
    """Measures, prints and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--squad", type=Path, nargs="*", default=[], help="files in the format of SQuAD")
    parser.add_argument("--citizens", type=Path, help="folder of the documents of citizen_queries.jsonl")
    parser.add_argument("--plans", type=Path, help="folder of the documents of --cases")
    parser.add_argument("--cases", type=Path, help="questions about --plans, a case file")
    parser.add_argument(
        "--limit", type=int, default=500, help="questions of a data set at most, every n-th one"
    )
    parser.add_argument(
        "--libraries", type=Path, help="folder that keeps the libraries, one for each data set"
    )
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sets = [(path.name.split(".")[0], squad(path), None) for path in given.squad]
    if given.citizens:
        sets.append(("citizens", citizens(), given.citizens))
    if given.plans:
        cases = tuple(replace(query, group="all") for query in plan_cases(given.cases).queries)
        sets.append(("plans", Dataset(queries=cases), given.plans))
    report: dict[str, Any] = {
        **provenance("make ablation"),
        "sets": {},
    }
    for name, data, folder in sets:
        queries = every_nth(data.queries, 0 if folder else given.limit)
        kept = given.libraries / name if given.libraries else None
        with library_of(data, folder, kept) as library, library.reading() as searcher:
            known = {record.source for record in library.catalog.records()}
            report["sets"][name] = measure(searcher, answerable(queries, known))
        for group in report["sets"][name]["whole"]:
            print(name, group)
            print(table({variant: rows[group] for variant, rows in report["sets"][name].items()}), flush=True)
    given.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
