"""Runs the test suite: `python -m tests.run`. Tests of what is not installed, Chromium or PostgreSQL, are left out."""

import os
import shutil
import sys
from pathlib import Path

import pytest

MISSING = (
    "{0} がないため、その試験は行いません。行うには: sudo apt install {1}\n"
    "no {0}: its tests are left out; to run them: sudo apt install {1}"
)
NEEDED = {  # marker: what its tests need, Debian's packages, whether it is there
    "browser": ("Chromium", "chromium fonts-noto-cjk", shutil.which("chromium") is not None),
    "postgres": ("PostgreSQL", "postgresql", Path("/usr/lib/postgresql").is_dir()),
}


# Two files at a time: most of a test's time goes into processes that it starts. Not those of few tests last:
# they are the longest.
BESIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main() -> int:
    """Gives pytest's exit status; where CI is set, what is missing is a failure."""
    missing = [marker for marker, (_, _, is_there) in NEEDED.items() if not is_there]
    for marker in missing:
        print(MISSING.format(*NEEDED[marker][:2]), file=sys.stderr)
    if missing and os.environ.get("CI"):
        return 1
    left_out = ["-m", " and ".join(f"not {marker}" for marker in missing)] if missing else []
    return pytest.main([*BESIDE, *left_out, *sys.argv[1:]])


if __name__ == "__main__":
    raise SystemExit(main())
