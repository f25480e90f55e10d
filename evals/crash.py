"""Crashes on purpose: `python -m evals.crash --rounds 50 --out FILE` (make crash).

In each round a `keikaku` command that adds, replaces, removes or rebuilds is killed with SIGKILL at a moment drawn by
chance; in every fifth while it switches to a new generation. Then a start-up (open, repair) must leave a library that
`verify` finds whole, in which all that was there or was reported done is listed and found by its title.
"""

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from corpus.settings import Settings
from evals.measured import KEIKAKU, environment, provenance, publish
from index.generation import POINTER, STATE
from index.generation_error import GenerationError
from index.library import Library

KINDS = ("add", "replace", "remove", "rebuild", "switch")
BATCH = 6  # documents that a round adds or replaces
AT_FIRST = 30  # documents
EARLIEST = 0.4  # of the time that a command takes undisturbed: before, it only loads its libraries
SWITCHING = 0.03  # seconds around the switch in which it is killed
FIRST_HITS = 3
DIGITS = "〇一二三四五六七八九"


@dataclass
class Expected:
    """What must be listed and found (source: title) and what must be gone; of anything else either will do."""

    held: dict[str, str]
    gone: set[str] = field(default_factory=set)


@dataclass
class Crashes:
    """A library in `home`, and what it held when it was last looked at (source: title, source: id)."""

    home: Path
    seed: int = 1
    chance: random.Random = field(init=False)
    titles: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    usual: dict[str, float] = field(default_factory=dict)  # seconds undisturbed
    written: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 (no secret)

    def prepare(self) -> None:
        """Fills the library and sees how long each command takes."""
        self.home.joinpath("documents").mkdir()
        new = [self.write(f"{number:04}.txt") for number in range(AT_FIRST)]
        self.run(["add", *map(str, new)])
        self.lost += [f"before: {wrong}" for wrong in self.wrong(Expected({}))]
        for kind in KINDS:
            arguments, _ = self.command(kind)
            begun = time.monotonic()
            self.run(arguments)
            self.usual[kind] = time.monotonic() - begun
            self.lost += [f"before: {wrong}" for wrong in self.wrong(Expected({}))]

    def round(self, number: int) -> None:
        """One command, killed; what is wrong afterwards is noted."""
        kind = KINDS[number % len(KINDS)]
        arguments, meant = self.command(kind)
        said = self.run(arguments, kind)
        expected = Expected({name: title for name, title in self.titles.items() if name not in meant})
        expected.held |= {name: title for name, title in meant.items() if title and name in said}
        expected.gone = {name for name, title in meant.items() if not title and self.ids[name] in said}
        self.lost += [f"round {number} ({kind}): {wrong}" for wrong in self.wrong(expected)]

    def command(self, kind: str) -> tuple[list[str], dict[str, str]]:
        """A command, and the titles that its documents have when it is done; none of what it removes."""
        known = sorted(self.titles)
        match kind:
            case "add" | "replace":
                fresh = [f"{self.written + number:04}.txt" for number in range(BATCH)]
                files = [
                    self.write(name)
                    for name in (fresh if kind == "add" else self.chance.sample(known, BATCH))
                ]
                meant = {path.name: path.read_text("utf-8").partition("\n")[0] for path in files}
                return ["add", *map(str, files)], meant
            case "remove":
                name = self.chance.choice(known)
                return ["remove", self.ids[name]], {name: ""}
            case _:
                return ["rebuild"], {}

    def write(self, name: str) -> Path:
        """A document under a title that no other ever had."""
        title = f"第{''.join(DIGITS[int(digit)] for digit in str(self.written))}地区施設建替え計画"
        self.written += 1
        lines = [
            f"令和{year}年度は{title}の工事に{self.written + year}億円を充てる。担当は施設整備課とする。"
            for year in range(3, 9)
        ]
        path = self.home / "documents" / name
        path.write_text("\n".join([title, "", *lines]), "utf-8")
        return path

    def run(self, arguments: Sequence[str], kill: str = "") -> str:
        """Runs a command to its end or kills it as `kill` says; gives the whole lines that it printed."""
        with subprocess.Popen(
            [KEIKAKU, *arguments],
            env=environment(self.home / "data"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process:
            if kill == "switch":
                self.wait_for_switch(process)
                time.sleep(self.chance.uniform(0, SWITCHING))
            elif kill:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(self.chance.uniform(EARLIEST, 1.0) * self.usual[kill])
            if kill and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                self.killed[kill] += 1
            return process.communicate()[0].rpartition("\n")[0]

    def wait_for_switch(self, process: subprocess.Popen[str]) -> None:
        """Until a second generation is complete, or the command has ended."""
        root = self.home / "data" / "generations"
        live = (root / POINTER).read_text("utf-8")
        while process.poll() is None and all(path.parent.name == live for path in root.glob(f"*/{STATE}")):
            time.sleep(0.001)

    def wrong(self, expected: Expected) -> list[str]:
        """What is wrong after a start-up, a line each; notes what the library holds."""
        library = Library(Settings(data_dir=self.home / "data"))
        library.open(create=True)
        try:
            library.repair()
            library.verify()
            records = library.catalog.records()
            self.titles = {record.source: record.title for record in records}
            self.ids = {record.source: record.id for record in records}
            missing = {name for name, title in expected.held.items() if self.titles.get(name) != title}
            unfound = {name for name, title in self.titles.items() if not _finds(library, title, name)}
        except GenerationError as error:
            return [f"verify: {error}"]
        finally:
            library.close()
        return [
            *(f"{name} is not listed as it should be" for name in sorted(missing)),
            *(f"{name} is not found" for name in sorted(unfound)),
            *(f"{name} is still there" for name in sorted(expected.gone & set(self.titles))),
        ]


def _finds(library: Library, title: str, name: str) -> bool:
    with library.reading() as searcher:
        return any(hit.source == name for hit in searcher.search(title, FIRST_HITS))


def main() -> None:
    """Runs the rounds, writes and prints what came of them; exit 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        crashes = Crashes(Path(home), given.seed)
        crashes.prepare()
        for number in range(given.rounds):
            crashes.round(number)
    report = {
        **provenance(f"make crash ROUNDS={given.rounds}"),
        "rounds": given.rounds,
        "killed": dict(crashes.killed),
        "documents_at_the_end": len(crashes.titles),
        "lost": crashes.lost,
    }
    publish(report, given.out)
    raise SystemExit(bool(crashes.lost))


if __name__ == "__main__":
    main()
