"""What happens when disk, database or clock let the library down: a named error, nothing half done, and on it goes."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from index_made import add_all, open_library, write_plans
from library_made import client_of, made_app, made_library, made_settings
from people_made import PASSWORD, VISITOR, HandClock, add, new_catalog

from assistant.people import People
from corpus import catalog_engine

FULL = """
import resource, signal, sys
from pathlib import Path
from corpus.catalog import CatalogError
from index_made import add_all, open_library
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
library = open_library(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    print([one.status for one in add_all(library, Path(sys.argv[3]))])
except (CatalogError, OSError) as error:
    print(type(error).__name__, error)
"""


@pytest.mark.sqlite  # a server's disk is not ours to fill
def test_a_full_disk_stops_a_document_and_loses_nothing(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, write_plans(tmp_path / "docs"))
    before = library.catalog.size()
    library.close()
    long = {
        "大.md": "# 大きな計画\n\n" + "".join(f"施設{number}を建て替える。\n\n" for number in range(2000))
    }
    paths = os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1])))
    limit = (tmp_path / "data" / "catalog.sqlite3").stat().st_size + 100_000
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(limit), str(write_plans(tmp_path / "long", long))],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stdout.startswith("CatalogError"), said
    assert "nothing has changed" in said.stdout
    again = open_library(tmp_path)
    assert again.verify() == before
    assert [one.status for one in add_all(again, tmp_path / "long")] == ["added"]
    again.close()


@pytest.mark.sqlite
def test_a_locked_catalog_is_a_problem_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_engine, "TURN_MS", 50)
    settings = made_settings(tmp_path)
    with made_library(tmp_path, settings) as library:
        client = client_of(made_app(library, settings))
        record = library.catalog.records()[0].id
        with sqlite3.connect(settings.data_dir / "catalog.sqlite3") as other:
            other.execute("BEGIN IMMEDIATE")
            asked = client.post(
                "/api/ask", json={"question": "窓口デジタル化事業の2024年度の予算はいくらですか"}
            )
            assert asked.status_code == 200  # answers do not wait for what is noted of them
            assert asked.json()["status"] == "answered"
            refused = client.delete(f"/api/documents/{record}")
            assert refused.status_code == 422
            assert "nothing has changed" in refused.json()["detail"]
            vote = client.post("/api/feedback", json={"answer_id": asked.json()["id"], "vote": "up"})
            assert (vote.status_code, vote.headers["Retry-After"]) == (503, "5")
            other.rollback()
        assert client.delete(f"/api/documents/{record}").status_code == 204


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_jumps_locks_nobody_out_for_long(tmp_path: Path, jump: timedelta) -> None:
    clock = HandClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    people = People(new_catalog(tmp_path), clock)
    add(people, "tanaka", "admin")
    _, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    clock.at += jump
    account = people.sessions.find(tokens.session)
    assert account is None or jump < timedelta(0)  # forward: signed out, back: still signed in
    assert people.sign_in("tanaka", PASSWORD, VISITOR)[0].name == "tanaka"
