"""The pages of evaluation runs over HTTP."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from runs_made import BUDGET, made_run, made_runs, pages
from selectolax.lexbor import LexborHTMLParser

from corpus.settings import Settings


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_runs(tmp_path_factory.mktemp("runs"))


def shown(client: TestClient, path: str) -> LexborHTMLParser:
    reply = client.get(path)
    assert reply.status_code == 200
    assert "unsafe-inline" not in reply.headers["content-security-policy"]
    return LexborHTMLParser(reply.text)


def rows(page: LexborHTMLParser) -> list[list[str]]:
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in page.css(".runs tbody tr")]


def test_runs_are_listed_newest_first_with_their_figures(runs: Path) -> None:
    page = shown(TestClient(pages(runs)), "/evaluations")
    found = rows(page)
    assert [(row[7], row[1]) for row in found] == [
        ("plan_cases", "100%"),
        ("他の集まり", "100%"),
        ("plan_cases", "50%"),
        ("plan_cases", "100%"),
    ]
    assert found[2][1:5] == ["50%", "0%", "0%", "50% / 100%"]
    # the drawing, and what is compared if nothing else is chosen, are of one set
    assert len(page.css("svg .dot.first")) == 3
    assert page.css_first("#before option[selected]").attributes["value"] == "run-2"


def test_one_set_alone(runs: Path) -> None:
    client = TestClient(pages(runs))
    links = [link.attributes["href"] for link in shown(client, "/evaluations").css(".sets a")]
    assert [len(rows(shown(client, link))) for link in links] == [4, 3, 1]


def test_two_runs_are_compared_case_by_case(runs: Path) -> None:
    client = TestClient(pages(runs))
    worse = shown(client, "/evaluations/compare?before=run-1&after=run-2")
    (case,) = worse.css(".case")
    assert case.css_first("h3").text() == BUDGET and "悪化" in case.text()
    assert "expected answered, got no_evidence" in case.text()
    assert "改善 0件、悪化 1件" in worse.css_first(".notice.warn").text()
    assert rows(worse) == [
        ["予算", "1", "1", "0", "—", "1"],
        ["記載なし", "1", "1", "1", "—", "—"],
        ["全体", "2", "2", "1", "—", "1"],
    ]
    assert "改善" in shown(client, "/evaluations/compare?before=run-2&after=run-3").css_first(".case").text()


def test_a_report_runs_in_a_box_of_its_own(runs: Path) -> None:
    reply = TestClient(pages(runs)).get("/evaluations/run-1/report")
    assert reply.status_code == 200 and "<title>評価報告 2/2" in reply.text
    directives = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    assert directives["sandbox"] == "allow-scripts" and directives["default-src"] == "'none'"
    assert not re.search(r"'self'|https?:|\*", reply.headers["content-security-policy"])


@pytest.mark.parametrize(
    "path",
    [
        "none/report",
        "..%2Frun-1/report",
        "%2Fetc/report",
        "compare?before=run-1",
        "compare?before=..&after=run-1",
    ],
)
def test_what_is_no_run_is_not_found(runs: Path, path: str) -> None:
    assert TestClient(pages(runs)).get(f"/evaluations/{path}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 403), ("editor", 403), ("evaluator", 200), ("admin", 200)]
)
def test_only_evaluators_see_runs(runs: Path, role: str, status: int) -> None:
    client = TestClient(pages(runs, role))  # type: ignore[arg-type]
    for path in ("", "/run-1/report", "/compare?before=run-1&after=run-2"):
        assert client.get(f"/evaluations{path}").status_code == status


def test_without_runs_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    page = shown(TestClient(pages(tmp_path / "none")), "/evaluations")
    assert "keikaku eval run" in page.css_first("main").text() and not page.css("table, form, svg")
    made_run(tmp_path / "none" / "first", "2026-04-01T00:00:00+00:00")
    alone = shown(TestClient(pages(tmp_path / "none")), "/evaluations")
    assert len(rows(alone)) == 1 and not alone.css("form, svg")


def test_runs_lie_in_the_data_folder_unless_another_is_set() -> None:
    assert Settings(data_dir=Path("some")).runs == Path("some/evals")
    assert Settings(runs_dir=Path("runs")).runs == Path("runs")
