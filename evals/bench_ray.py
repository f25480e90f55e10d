"""Ingest by a Ray cluster: `python -m evals.bench_ray --documents DIR --out FILE` (make bench-ray).

The same documents are added to new libraries with the same two processors: by `keikaku add`; by `--ray` on two
nodes of one processor each; and so again with a reader killed (SIGKILL) while it works. The rate leaves out what the
same command takes for one document of a line: imports, starting readers, loading the model. Times are wall clock.
"""

import argparse
import os
import re
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corpus.catalog import Catalog
from corpus.settings import Settings
from evals.measured import KEIKAKU, environment, provenance, publish
from evals.ray_nodes import readers, two_nodes

CORES = 2
ADDED = re.compile(r"/ added: .* \((\d+)\)")


def added(
    documents: Path, data_dir: Path, variables: Mapping[str, str], *options: str, kill: bool = False
) -> dict[str, Any]:
    """Passages and seconds of one command; with `kill` a reader is killed at the first result."""
    command = [KEIKAKU, "add", *options, str(documents)]
    begun, counts, cpu, killed = time.perf_counter(), [], _cpu_of_commands(), 0
    environ = {**variables, **environment(data_dir)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or []:
            counts += [int(count) for count in ADDED.findall(line)]
            if kill and not killed:
                killed = readers()[0]
                os.kill(killed, signal.SIGKILL)
    return {
        "documents": len(counts),
        "passages": sum(counts),
        "seconds": round(time.perf_counter() - begun, 1),
        "processor_seconds_of_the_command": round(_cpu_of_commands() - cpu, 1),
        **({"readers_killed": 1} if kill else {}),
    }


def compared(
    documents: Path, folder: Path, variables: Mapping[str, str], *options: str, kill: bool = False
) -> dict[str, Any]:
    """The figures, with the rate beyond the start."""
    line = folder.with_name("line.md")
    line.write_text("# 計画\n\n予算は7億円です。\n", "utf-8")
    start = added(line, folder.with_name(f"{folder.name}-start"), variables, *options)
    whole = added(documents, folder, variables, *options, kill=kill)
    rate = whole["passages"] / (whole["seconds"] - start["seconds"])
    writer = whole["processor_seconds_of_the_command"] - start["processor_seconds_of_the_command"]
    return {
        **whole,
        "seconds_of_one_line": start["seconds"],
        "passages_per_second_and_core": round(rate / CORES, 2),
        "processor_seconds_of_the_command_beyond_its_start": round(writer, 1),
    }


def _cpu_of_commands() -> float:
    """Of those that have ended: what `--ray` leaves to the one writer. Nodes and readers are still there."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def vectors(data_dir: Path) -> dict[str, Any]:
    """Each passage's vector."""
    catalog = Catalog(Settings(data_dir=data_dir).catalog_url)
    found = {one.id: one.vector for document in catalog.indexed() for one in document.passages}
    catalog.close()
    return found


def least_cosine(one: Path, other: Path) -> float:
    """Of the vectors that two libraries have of the same passage; 0 where one lacks a passage."""
    first, second = vectors(one), vectors(other)
    if set(first) != set(second):
        return 0.0
    return float(min(np.dot(first[key], second[key]) for key in first))


def main() -> None:
    """Measures, prints and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        alone, cluster, maimed = (Path(folder, name) for name in ("alone", "cluster", "maimed"))
        figures = {"add": compared(given.documents, alone, os.environ)}
        with two_nodes() as (address, token):
            on_ray = ["--ray", address]
            figures["add_ray"] = compared(given.documents, cluster, token, *on_ray)
            killed = compared(given.documents, maimed, token, *on_ray, kill=True)
            figures["add_ray_with_a_reader_killed"] = killed
        name = "passages_per_second_and_core"
        report = {
            **provenance("make bench-ray"),
            "documents": given.documents.name,
            "nodes": f"2, of 1 core each, on one machine; {CORES} cores in all",
            **figures,
            "rate_per_core_of_ray_to_that_of_one_machine": round(
                figures["add_ray"][name] / figures["add"][name], 2
            ),
            "least_cosine_of_vectors": round(least_cosine(alone, cluster), 4),
            "least_cosine_of_vectors_with_a_reader_killed": round(least_cosine(alone, maimed), 4),
        }
    publish(report, given.out)


if __name__ == "__main__":
    main()
