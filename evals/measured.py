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


def publish(report: Mapping[str, Any], out: Path) -> None:
    """Writes a report as JSON, and prints it."""
    text = json.dumps(report, ensure_ascii=False, indent=1)
    out.write_text(text + "\n", "utf-8")
    print(text)
