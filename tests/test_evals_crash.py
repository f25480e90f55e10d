"""The crash benchmark: it sees what is missing, and kills a real command in a real library."""

from pathlib import Path

import pytest

from corpus.settings import Settings
from evals import crash
from evals.crash import Crashes, Expected
from index.library import Library

pytestmark = pytest.mark.model


def test_what_is_missing_changed_or_left_is_said(tmp_path: Path) -> None:
    crashes = Crashes(tmp_path)
    assert crashes.wrong(Expected({"a.txt": "計画"})) == ["a.txt is not listed as it should be"]
    (tmp_path / "documents").mkdir()
    path = crashes.write("b.txt")
    library = Library(Settings(data_dir=tmp_path / "data"))
    library.open(create=True)
    assert [one.status for one in library.add([path], "staff")] == ["added"]
    library.close()
    title = path.read_text("utf-8").partition("\n")[0]
    assert crashes.wrong(Expected({"b.txt": title})) == []
    assert crashes.wrong(Expected({"b.txt": "別の計画"})) == ["b.txt is not listed as it should be"]
    assert crashes.wrong(Expected({}, {"b.txt"})) == ["b.txt is still there"]


def test_a_round_kills_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "KINDS", ("switch",))
    monkeypatch.setattr(crash, "AT_FIRST", 2)
    crashes = Crashes(tmp_path)
    crashes.prepare()
    crashes.round(0)
    assert (dict(crashes.killed), crashes.lost, len(crashes.titles)) == ({"switch": 1}, [], 2)
