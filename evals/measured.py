"""What the benchmarks share: the command they start, what their figures were measured of, and where those go."""

import json
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.run_config import git_commit

KEIKAKU = str(Path(sys.executable).with_name("keikaku"))


def environment(data_dir: Path) -> dict[str, str]:
    """This process's, for a `keikaku` of its own over a data folder."""
    return {**os.environ, "KEIKAKU_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


def provenance(command: str) -> dict[str, Any]:
    """Date, commit and machine of what the command measures."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": git_commit(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "command": command,
    }


def cpu_ticks() -> tuple[int, int]:
    """Ticks of all processors since the machine started, and those of them that its host gave to other machines."""
    figures = [int(one) for one in Path("/proc/stat").read_text("utf-8").split("\n", 1)[0].split()[1:9]]
    return sum(figures), figures[7]


def stolen_share(before: tuple[int, int]) -> float:
    """Share in [0, 1] of the processors that the host took since: latencies of a robbed machine say little."""
    total, stolen = (now - was for now, was in zip(cpu_ticks(), before, strict=True))
    return round(stolen / max(total, 1), 3)


def memory_mb(process: int) -> int:
    """Memory that a process holds now."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def publish(report: Mapping[str, Any], out: Path) -> None:
    """Writes a report as JSON, and prints it."""
    text = json.dumps(report, ensure_ascii=False, indent=1)
    out.write_text(text + "\n", "utf-8")
    print(text)
