"""Progress and error lines on the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from index.progress import Progress as Report

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(message: str) -> None:
    """One line on standard error."""
    errors.print(message, markup=False, style="red" if sys.stderr.isatty() else None)


@contextmanager
def progress_bars() -> Iterator[Report]:
    """A progress bar a stage on standard error; on no terminal a line at every tenth of a stage."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int, note: str = "") -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or 1, note=note)
        self._bars.update(self._tasks[stage], completed=done, total=total or max(done, 1), note=note)


class _Lines:
    def __init__(self) -> None:
        self._tenths: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int, note: str = "") -> None:
        tenth = 10 * done // total if total else 0
        if self._tenths.get(stage) != tenth:
            self._tenths[stage] = tenth
            errors.print(" ".join(filter(None, [f"{stage}: {done}/{total or '?'}", note])), markup=False)
