"""`pytest --keikaku-cases`: cases as tests, over a library and over a server."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_made import ROOT, environment, keikaku_here, serving
from evals_made import expecting, made_case
from index_made import write_plans
from people_made import PASSWORD
from postgres_made import url_of

from assistant.accounts import AT_THIS_MACHINE
from assistant.people import People
from corpus.catalog import Catalog

pytest_plugins = ["pytester"]
QUOTE = "窓口の手続の予算規模は約7.2億円である。"
GOOD = made_case(
    id="good",
    question="窓口の手続の予算規模はいくらですか",
    expect=expecting(facts=[["7.2億円"]]),
    evidence=[{"doc": "計画.md", "quote": QUOTE}],
)
WRONG = made_case(kind="fact", expect=expecting(facts=[["9億円"]]))
BAD = GOOD.model_copy(update={"id": "bad", "kind": WRONG.kind, "expect": WRONG.expect})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the made plans with the real model."""
    folder = tmp_path_factory.mktemp("plugin")
    assert keikaku_here(folder / "data", "add", str(write_plans(folder / "plans"))).returncode == 0
    return folder / "data"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, data: Path) -> Iterator[object]:
    """Runs pytest over the two cases in a folder that has no other test."""
    for name, value in environment(data, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONPATH=str(ROOT)).items():
        monkeypatch.setenv(name, value)
    lines = "\n".join(case.model_dump_json() for case in (GOOD, BAD))
    (pytester.path / "cases.jsonl").write_text(lines, "utf-8")
    yield lambda *more: pytester.runpytest_subprocess(
        "-p", "evals.pytest_plugin", "--keikaku-cases", "cases.jsonl", *more
    )


def test_the_entry_point_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"keikaku": "evals.pytest_plugin"}


def test_each_case_is_a_test_with_a_readable_failure(run) -> None:  # type: ignore[no-untyped-def]
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    text = result.stdout.str()
    assert result.ret == 1
    assert "質問 / question: 窓口の手続の予算規模はいくらですか" in text
    assert "✗ 述べていない / not said: 9億円" in text
    assert "計画.md: " in text and "Traceback" not in text


def test_a_server_can_be_asked_with_a_key_and_cases_chosen(  # type: ignore[no-untyped-def]
    run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = People(Catalog(url_of(data)))
    people.accounts.add(AT_THIS_MACHINE, "tanaka", "admin", PASSWORD)
    _, secret = people.keys.add(AT_THIS_MACHINE, "checks", "evaluator")
    monkeypatch.setenv("KEIKAKU_SERVER_KEY", secret)
    with serving(data) as (_, url):
        result = run("--keikaku-url", url, "-k", "budget")
    result.assert_outcomes(passed=1, deselected=1)
    assert result.ret == 0


def test_wrong_use_is_told_in_one_line(run, pytester: pytest.Pytester) -> None:  # type: ignore[no-untyped-def]
    assert "no such file" in run("--keikaku-cases", "none.jsonl").stderr.str()
    assert "not both" in run("--keikaku-url", "http://127.0.0.1:1", "--keikaku-data-dir", "x").stderr.str()
    (pytester.path / "cases.jsonl").write_text("{")
    told = run()
    assert told.ret == 4 and "line 1" in told.stderr.str()
