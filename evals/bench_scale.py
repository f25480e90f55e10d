"""Search at scale: `python -m evals.bench_scale --library DIR --noise DIR --plans DIR --cases FILE --out FILE`.

A library of many other documents (`--noise`, added once and kept in `--library`) is joined by the plans, one after
the other: how long one document takes to add, how long a search, the start, how much memory and disk, and whether
the plans' passages are still found. `--noise` may be left out once the library is there.
"""

import argparse
import resource
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from corpus.settings import Settings
from evals.bench import forgetful, start_of_server, timed
from evals.measured import provenance, publish
from evals.retrieval import Query, figures, plan_cases, retrieve
from index.library import Library

QUALITY = ("R@3", "answer_in_first", "answer_in_3", "MRR@10")


def opened(data_dir: Path) -> Library:
    """A library in a folder, made where there is none."""
    settings = Settings(data_dir=data_dir)
    library = Library(settings, forgetful(settings))
    library.open(create=True)
    library.repair()
    library.embedder.embed_query("準備")
    return library


def fill(library: Library, noise: Path | None) -> dict[str, float]:
    """Adds what is not there yet; gives passages and passages a second."""
    if noise is None:
        return {}
    begun = time.perf_counter()
    added = sum(one.passages for one in library.add([noise], "public") if one.status == "added")
    return {"added": added, "passages_per_second": round(added / (time.perf_counter() - begun), 1)}


def seconds_to_add(library: Library, plans: Path) -> list[float]:
    """Of each plan, added alone; it was not there before."""
    for record in library.catalog.records():
        if (plans / record.source).is_file():
            library.remove(record.id)
    took = []
    for path in sorted(plans.iterdir()):
        begun = time.perf_counter()
        list(library.add([path], "public"))
        took.append(round(time.perf_counter() - begun, 2))
    return took


def quality(library: Library, queries: tuple[Query, ...]) -> dict[str, float]:
    """How well the plans' passages are found."""
    with library.reading() as searcher:
        row = figures(retrieve(searcher, queries))
    return {name: row[name] for name in QUALITY}


def speed(library: Library, queries: tuple[Query, ...]) -> dict[str, float]:
    """Milliseconds of a search."""
    with library.reading() as searcher:
        return timed([partial(searcher.search, one.question) for one in queries])


def disk_mb(folder: Path) -> int:
    """Size of all files."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024 / 1024)


def main() -> None:
    """Measures, prints and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("library", "plans", "cases", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--noise", type=Path)
    given = parser.parse_args()
    queries = plan_cases(given.cases).queries
    with tempfile.TemporaryDirectory() as alone:
        library = opened(Path(alone))
        list(library.add([given.plans], "public"))
        without_noise = quality(library, queries)
        library.close()
    begun = time.perf_counter()
    library = opened(given.library)
    opening = round(time.perf_counter() - begun, 2)
    report: dict[str, Any] = {
        **provenance("make bench-scale"),
        "ingest": fill(library, given.noise),
        "seconds_to_add_one_document": seconds_to_add(library, given.plans),
        "passages": library.catalog.size(),
        "documents": len(library.catalog.records()),
        "search": speed(library, queries),
        "quality_alone": without_noise,
        "quality_with_noise": quality(library, queries),
        "opening_seconds": opening,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    library.close()
    report["start"] = start_of_server(given.library)
    report["disk_mb"] = disk_mb(given.library)
    publish(report, given.out)


if __name__ == "__main__":
    main()
