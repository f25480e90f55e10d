"""The runs of a folder, as a trend and for lists of the latest."""

from dataclasses import dataclass
from pathlib import Path

from evals.run import CONFIG, RunError, read_config, read_summary
from evals.summary import Summary


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run as lists show it; `date` is ISO 8601 in UTC, `commit` None outside a git checkout."""

    folder: Path
    date: str
    cases: str
    commit: str | None
    summary: Summary


def latest(folder: Path, limit: int = 20) -> list[RunInfo]:
    """The runs of a folder, newest first, without what cannot be read: a run under way, another version's."""
    found = [info for path in _folders(folder) if (info := _info(path))]
    return sorted(found, key=lambda info: (info.date, info.folder.name), reverse=True)[:limit]


def _folders(folder: Path) -> list[Path]:
    return [path.parent for path in folder.glob(f"*/{CONFIG}")] if folder.is_dir() else []


def _info(folder: Path) -> RunInfo | None:
    try:
        config = read_config(folder)
        summary = read_summary(folder)
    except RunError:
        return None
    cases = config.get("cases", {})
    return RunInfo(
        folder, str(config.get("date", "")), str(cases.get("file", "")), config.get("commit"), summary
    )
