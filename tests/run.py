"""Runs the test suite: `python -m tests.run`. Browser tests need Debian's Chromium; else they are left out."""

import os
import shutil
import sys

import pytest

MISSING = (
    "Chromium がないため、ブラウザの試験は行いません。行うには: sudo apt install chromium fonts-noto-cjk\n"
    "no Chromium: the browser tests are left out; to run them: sudo apt install chromium fonts-noto-cjk"
)


# Two files at a time: most of a test's time goes into processes that it starts. Not those of few tests last:
# they are the longest.
BESIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main() -> int:
    """Gives pytest's exit status; where CI is set, a missing browser is a failure."""
    if shutil.which("chromium"):
        return pytest.main([*BESIDE, *sys.argv[1:]])
    print(MISSING, file=sys.stderr)
    return 1 if os.environ.get("CI") else pytest.main([*BESIDE, "-m", "not browser", *sys.argv[1:]])


if __name__ == "__main__":
    raise SystemExit(main())
