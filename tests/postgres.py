"""Runs tests with their catalogs on a PostgreSQL server: `python -m tests.postgres [FILES and options of pytest]`.

The server is Debian's (`apt install postgresql`), started for this run. Without arguments the tests that speak most to
the catalog run; those that look into SQLite's own files are left out.
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from postgres_made import SERVER, postgres  # noqa: E402 (found beside this file)

FILES = [
    "test_corpus_catalog.py",
    "test_corpus_migrate.py",
    "test_assistant_people.py",
    "test_assistant_conversations.py",
    "test_assistant_usage.py",
]


def main() -> int:
    """Gives pytest's exit status."""
    chosen = sys.argv[1:]
    if all(one.startswith("-") for one in chosen):
        chosen += [str(HERE / name) for name in FILES]
    with postgres() as url:
        os.environ[SERVER] = url
        return pytest.main(["-n", "2", "-m", "not sqlite", *chosen])


if __name__ == "__main__":
    raise SystemExit(main())
