"""Figures of one system on one task, and the table of all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from evals.metric_run import percentile
from evals.rival_data import Question
from evals.rival_protocol import Report

CUT, RECALLED = 10, 5
MIB = 1024**2
COLUMNS = {
    "文書/秒 docs/s": ("ingest", "documents_per_second"),
    "埋め込み embed/s": ("embed", "texts_per_second"),
    "p50 ms": ("query", "p50_ms"),
    "p95 ms": ("query", "p95_ms"),
    "取込 ingest MB": ("ingest", "peak_memory_mb"),
    "+MB": ("ingest", "workers_memory_mb"),
    "検索 query MB": ("query", "peak_memory_mb"),
    "disk MB": ("ingest", "disk_mb"),
    "hit@1": ("quality", "hit@1"),
    f"R@{RECALLED}": ("quality", f"R@{RECALLED}"),
    f"MRR@{CUT}": ("quality", f"MRR@{CUT}"),
}


def quality_figures(found: Sequence[Sequence[str]], questions: Sequence[Question]) -> dict[str, float]:
    """hit@1, R@5 (share of the right documents) and MRR@10, over documents: the first passage of each counts.

    Args:
        found: sources of the passages found for each question, best first.
        questions: as asked, at least one, each with at least one right source.
    """
    pairs = [
        (list(dict.fromkeys(sources))[:CUT], right)
        for sources, (_, right) in zip(found, questions, strict=True)
    ]
    recalled = [len(right.intersection(sources[:RECALLED])) / len(right) for sources, right in pairs]
    figures = {
        "hit@1": fmean(not right.isdisjoint(sources[:1]) for sources, right in pairs),
        f"R@{RECALLED}": fmean(recalled),
        f"MRR@{CUT}": fmean(reciprocal_rank(sources, right) for sources, right in pairs),
    }
    return {"questions": len(pairs), **{name: round(value, 4) for name, value in figures.items()}}


def reciprocal_rank(sources: Sequence[str], right: frozenset[str]) -> float:
    """1 divided by the rank of the first right source; 0 where there is none."""
    return next((1 / rank for rank, source in enumerate(sources, 1) if source in right), 0.0)


def ingest_figures(report: Report, workers_mb: float, documents: int, store: Path) -> dict[str, float]:
    """Time without loading the model; memory of the process and of those it started, each at its peak."""
    kept = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    return {
        "seconds": round(report.seconds, 2),
        "documents": documents,
        "documents_per_second": round(documents / report.seconds, 1),
        "passages": report.pieces,
        "ready_seconds": round(report.ready_seconds, 2),
        "peak_memory_mb": round(report.peak_memory_mb),
        "workers_memory_mb": round(workers_mb),
        "disk_mb": round(kept / MIB, 1),
    }


def query_figures(report: Report) -> dict[str, float]:
    """Time from a question to its sources; memory of a process that did nothing but open and ask."""
    return {
        "p50_ms": round(percentile(report.milliseconds, 50), 1),
        "p95_ms": round(percentile(report.milliseconds, 95), 1),
        "ready_seconds": round(report.ready_seconds, 2),
        "peak_memory_mb": round(report.peak_memory_mb),
    }


def embed_figures(report: Report) -> dict[str, float]:
    """Speed of the model as the system runs it."""
    return {"texts": report.pieces, "texts_per_second": round(report.pieces / report.seconds, 1)}


def table(tasks: Mapping[str, Mapping[str, Any]], embed: Mapping[str, Any]) -> str:
    """Markdown, one line for each task and system."""
    lines = [["task", "system", *COLUMNS], ["---"] * (len(COLUMNS) + 2)]
    for task, systems in tasks.items():
        for system, figures in systems.items():
            known = {**figures, "embed": embed[system]}
            lines.append([task, system, *(str(known[part][name]) for part, name in COLUMNS.values())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
