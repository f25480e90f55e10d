"""What the reranker is worth to answers, and what it takes: `make bench-reranker`.

Each set of cases is asked twice over one library, without and with it, nothing else running.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from evals.measured import KEIKAKU, environment, provenance, publish
from evals.retrieval import Dataset
from evals.retrieval_library import library_of
from evals.run import read_summary
from index.known import RERANKER


def measure(documents: Path, cases: Path, library: Path) -> dict[str, Any]:
    """Figures without and with the reranker; the documents are added to the library first."""
    with library_of(Dataset(), documents, library), tempfile.TemporaryDirectory() as scratch:
        return {
            name: _answered(cases, library, reranker, Path(scratch) / name)
            for name, reranker in (("without", ""), ("with", RERANKER.name))
        }


def _answered(cases: Path, library: Path, reranker: str, out: Path) -> dict[str, Any]:
    subprocess.run(
        [KEIKAKU, "eval", "run", "--cases", str(cases), "--out", str(out)],
        env=environment(library) | {"KEIKAKU_RERANKER": reranker},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    summary = read_summary(out)
    return {
        "cases": summary.n,
        "passed": summary.passed,
        "wrong_number": summary.wrong_number,
        "p50_ms": round(1000 * summary.seconds.p50, 1),
        "p95_ms": round(1000 * summary.seconds.p95, 1),
    }


def main() -> None:
    """Measures, writes and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set",
        nargs=4,
        action="append",
        required=True,
        metavar=("NAME", "DOCUMENTS", "LIBRARY", "CASES"),
        help="cases asked of the documents of a folder, in a library that is kept",
    )
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sets = {
        name: measure(Path(documents), Path(cases), Path(library))
        for name, documents, library, cases in given.set
    }
    publish({**provenance("make bench-reranker"), "sets": sets}, given.out)


if __name__ == "__main__":
    main()
