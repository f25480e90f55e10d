"""Two runs, case by case: what turned."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bootstrap import interval
from evals.cases import Kind
from evals.report import reasons
from evals.run import read_scores
from evals.score import Score


@dataclass(frozen=True, slots=True)
class Turned:
    """A case that passes in one run and not in the other."""

    before: Score
    after: Score

    @property
    def better(self) -> bool:
        """Whether it passes now."""
        return self.after.passed


@dataclass(frozen=True, slots=True)
class Change:
    """How many of some paired cases pass before and after; `interval`: 95 % of the change in their share."""

    n: int
    before: int
    after: int
    better: int
    worse: int
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs paired by case. Cases that only one run has, or that were edited in between, are not compared."""

    paired: tuple[tuple[Score, Score], ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    edited: tuple[str, ...]

    @property
    def turned(self) -> list[Turned]:
        """Cases whose verdict changed, in the order of the later run."""
        return [Turned(before, after) for before, after in self.paired if before.passed != after.passed]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of the paired cases, in order."""
        return sorted({after.kind for _, after in self.paired})

    def change(self, kind: Kind | None = None) -> Change:
        """What became of the cases of one kind, or of all."""
        pairs = [both for both in self.paired if kind in (None, both[1].kind)]
        before, after = [one.passed for one, _ in pairs], [one.passed for _, one in pairs]
        turned = Counter(zip(before, after, strict=True))
        low_high = interval(before, after) if pairs else (0.0, 0.0)
        return Change(len(pairs), sum(before), sum(after), turned[False, True], turned[True, False], low_high)

    @property
    def lost(self) -> int:
        """How many fewer of the paired cases pass than before; negative where more do."""
        return sum(before.passed - after.passed for before, after in self.paired)

    @property
    def regressed(self) -> bool:
        """Whether fewer of the paired cases pass than before."""
        return self.lost > 0


def compare(run_a: Path, run_b: Path) -> Comparison:
    """Pairs the scores of two runs, folders or scores.jsonl by themselves, the earlier first.

    Raises:
        RunError: a folder has no scores, or they cannot be read.
    """
    return pair(read_scores(run_a), read_scores(run_b))


def pair(before: Sequence[Score], after: Sequence[Score]) -> Comparison:
    """Pairs scores by case."""
    earlier = {score.id: score for score in before}
    later = {score.id: score for score in after}
    both = [(earlier[name], score) for name, score in later.items() if name in earlier]
    return Comparison(
        paired=tuple((a, b) for a, b in both if a.case_digest == b.case_digest),
        only_before=tuple(name for name in earlier if name not in later),
        only_after=tuple(name for name in later if name not in earlier),
        edited=tuple(b.id for a, b in both if a.case_digest != b.case_digest),
    )


def comparison_text(result: Comparison) -> str:
    """A table by kind, then every case that turned and why, then what could not be compared."""
    lines = [f"{'kind':14}{'n':>5}{'before':>9}{'after':>9}{'better':>9}{'worse':>9}{'change, 95 %':>20}"]
    lines += [_line(kind, result.change(kind)) for kind in result.kinds]
    lines.append(_line("ALL", result.change()))
    for turn in result.turned:
        word = "改善 / better" if turn.better else "悪化 / worse"
        why = reasons(turn.before if turn.better else turn.after)
        lines += [f"{word}: {turn.after.id} [{turn.after.kind}] {turn.after.question}"]
        lines += [f"    {reason}" for reason in why]
    skipped = {
        "前だけ / only before": result.only_before,
        "後だけ / only after": result.only_after,
        "ケースが変わった / case edited": result.edited,
    }
    return "\n".join([*lines, *(f"{name}: {', '.join(ids)}" for name, ids in skipped.items() if ids)])


def _line(name: str, change: Change) -> str:
    counts = (change.before, change.after, change.better, change.worse)
    figures = "".join(f"{count:>9}" for count in counts)
    low, high = change.interval
    return f"{name:14}{change.n:>5}{figures}{f'{low:+.3f} … {high:+.3f}':>20}"
