"""The report as one HTML file: what it shows, that it asks nobody, and that it can be used in a browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evals_made import OTHER, PROOF, Shelf, expecting, made_answer, made_case, no_evidence, quoting
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from assistant.answer import Answer, Question
from evals import charts
from evals.cases import Case
from evals.compare import pair
from evals.highlight import Piece, quoted, said
from evals.report_page import Run, page, percent, write_report
from evals.run import generate, read_config, read_scores, read_summary, score, scored_outputs
from evals.runs import latest

ATTACK = "<script>alert(1)</script>"
CASES = [
    made_case(id="good"),
    made_case(
        id="bad", kind="fact", question="二つ目の予算は？", history=[{"role": "user", "content": "①は？"}]
    ),
    made_case(
        id="none", kind="unanswerable", question="人口は？", expect=expecting("no_evidence"), evidence=[]
    ),
    made_case(id="attack", question=f"予算{ATTACK}は？"),
]
ANSWERS = {
    CASES[0].question: made_answer(),
    CASES[1].question: made_answer("27.5億円です。[1]", [quoting(OTHER, "other.txt", OTHER)]),
    CASES[2].question: no_evidence(),
    CASES[3].question: made_answer(f"7.2億円{ATTACK}です。[1]"),
}


def ask(question: Question) -> Answer:
    return ANSWERS[question.question]


def made_run(out: Path, cases: list[Case] = CASES, date: str = "2026-04-01T00:00:00+00:00") -> Path:
    generate(ask, cases, out, {"date": date, "cases": {"file": "mine.jsonl"}, "commit": "0123456789abcdef"})
    score(out, Shelf())
    return out


def run_of(folder: Path, **more: Any) -> Run:
    return Run(read_config(folder), scored_outputs(folder), read_scores(folder), read_summary(folder), **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs") / "a")


def test_every_case_with_question_answer_expectation_and_verdict(folder: Path) -> None:
    text = page(run_of(folder))
    for case in CASES:
        assert f'id="case-{case.id}"' in text
    assert "<title>評価報告 3/4" in text
    assert '<mark class="fact">7.2億円</mark>です。<span class="ref">[1]</span>' in text
    assert f"<mark>{PROOF}</mark>" in text
    assert "述べていない / not said: 7.2億円 | 720百万円" in text
    assert text.index('id="case-bad"') < text.index('id="case-good"')  # failed ones first


def test_texts_of_others_stay_texts(folder: Path) -> None:
    text = page(run_of(folder))
    assert ATTACK not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def test_the_page_asks_nobody(folder: Path) -> None:
    text = page(run_of(folder))
    assert not re.search(r"""(?:src|href)=["'](?!#)""", text)
    assert "url(" not in text and "@import" not in text and "http://" not in text and "https://" not in text
    assert "default-src 'none'" in text


def test_the_gate_and_what_turned_stand_at_the_top(folder: Path) -> None:
    scores = read_scores(folder)
    before = [one.model_copy(update={"passed": one.id != "none"}) for one in scores]
    text = page(
        run_of(folder, fallen=["passed: 0.75, 基準 / expected >= 0.9: bad"], against=pair(before, scores))
    )
    assert "基準を下回りました" in text and "expected &gt;= 0.9: bad" in text
    assert '<li class="worse"><span class="badge">悪化</span>\n      <a href="#case-bad">bad</a>' in text
    assert '<li class="better"><span class="badge">改善</span>\n      <a href="#case-none">none</a>' in text
    met = page(run_of(folder, fallen=[]))
    assert "すべての基準を満たしています" in met
    assert "基準" not in page(run_of(folder)).split("<main>")[0]


def test_not_eligible_and_failed_are_counted_apart(folder: Path) -> None:
    row = re.search(r"<tr><th scope=\"row\">事実 / facts</th>(.*?)</tr>", page(run_of(folder)))
    assert row and re.findall(r"<td[^>]*>(.*?)</td>", row[1]) == ["66.6%", "3", "1", "1"]


def test_edited_expectations_are_the_ones_shown(tmp_path: Path) -> None:
    made_run(tmp_path)
    edited = made_case(id="good", expect=expecting(facts=[["九億円"]]))
    score(tmp_path, Shelf(), [edited])
    text = page(run_of(tmp_path))
    assert "九億円" in text and 'id="case-bad"' not in text
    score(tmp_path, Shelf())
    assert "九億円" not in page(run_of(tmp_path))


def test_the_latest_runs_and_their_trend(tmp_path: Path) -> None:
    for day in range(1, 5):
        made_run(tmp_path / f"r{day}", date=f"2026-04-0{day}T00:00:00+00:00")
    (tmp_path / "under_way").mkdir()
    (tmp_path / "under_way" / "config.json").write_text("{}")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    found = latest(tmp_path, 3)
    assert [one.folder.name for one in found] == ["r4", "r3", "r2"]
    assert (found[0].cases, found[0].commit, found[0].summary.n) == ("mine.jsonl", "0123456789abcdef", 4)
    assert latest(tmp_path / "none") == []
    assert "trend over runs" in page(run_of(tmp_path / "r1", trend=found))
    assert "trend over runs" not in page(run_of(tmp_path / "r1", trend=found[:1]))


def test_percentages_are_never_rounded_up() -> None:
    assert [percent(value) for value in (1.0, 0.9999, 0.5, 0.0, None)] == ["100%", "99.9%", "50%", "0%", "—"]


@given(text=st.text("約７.2億円[1]２ 。、ｶﾞ", max_size=30), fact=st.text("7.2億円", min_size=1, max_size=4))
def test_pieces_joined_are_the_text(text: str, fact: str) -> None:
    assert "".join(piece.text for piece in said(text, [(fact,)])) == text
    assert "".join(piece.text for piece in quoted(text, [fact])) == text


def test_facts_are_highlighted_however_they_are_written() -> None:
    assert said("約７．２ 億円です。[1]", [("7.2億円",)]) == [
        Piece("約"),
        Piece("７．２ 億円", "fact"),
        Piece("です。"),
        Piece("[1]", "ref"),
    ]


def test_shared_words_of_quote_and_evidence() -> None:
    assert quoted("なお、予算規模は2024年度に約7.2億円である。", [PROOF]) == [
        Piece("なお、"),
        Piece(PROOF, "evidence"),
        Piece("。"),
    ]
    assert quoted("計画期間は5年", [PROOF]) == [Piece("計画期間は5年")]


def test_a_bar_is_as_long_as_the_share_that_passes() -> None:
    drawn = charts.bars("題", [charts.Bar("予算", 3, 4)])
    widths = [float(width) for width in re.findall(r'width="([\d.]+)"', drawn)]
    assert widths[1] == pytest.approx(0.75 * widths[0], abs=0.1)
    assert "予算 3/4" in drawn


def test_every_value_is_in_one_bin() -> None:
    values = [0.01, 0.02, 0.021, 0.5]
    drawn = charts.histogram("題", values, {"p50": 0.02, "p95": 0.5})
    heights = [float(height) for height in re.findall(r'class="brand".*?height="([\d.]+)"', drawn)]
    assert sum(round(height / min(heights)) for height in heights) == len(values)
    assert "p50 20 ms" in drawn


def test_labels_in_charts_are_escaped() -> None:
    assert ATTACK not in charts.bars(ATTACK, [charts.Bar(ATTACK, 1, 1)])
    assert isinstance(charts.lines("題", [charts.Line("線", "first", [(0, 0.5), (1, 1)])]), Markup)


sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def in_browser(test: Any) -> Any:
    """Marks a test that drives Chromium."""
    left_out = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
    return pytest.mark.browser(left_out(test))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(params=["desktop light", "phone dark"])
def opened(request: pytest.FixtureRequest, browser: Any, folder: Path) -> Iterator[Any]:
    """The page from the disk, without a network; at the end nothing else was asked for and no error shown."""
    size, scheme = request.param.split()
    width = {"desktop": 1280, "phone": 390}[size]
    context = browser.new_context(
        locale="ja-JP", viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    asked: list[str] = []
    told: list[str] = []
    shown = context.new_page()
    shown.on("request", lambda one: asked.append(one.url))
    shown.on("console", lambda one: told.append(one.text))
    shown.on("pageerror", lambda one: told.append(str(one)))
    trend = latest(folder.parent) * 2
    before = [one.model_copy(update={"passed": True}) for one in read_scores(folder)]
    against = pair(before, read_scores(folder))
    path = write_report(folder, run_of(folder, fallen=["passed"], against=against, trend=trend))
    shown.goto(path.as_uri())
    yield shown
    context.close()
    assert asked == [path.as_uri()]
    assert told == []


@in_browser
def test_no_violation_and_nothing_beyond_the_edge(opened: Any) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert axe.Axe().run(opened).response["violations"] == []
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@in_browser
def test_filter_and_search(opened: Any) -> None:
    def shown() -> list[str]:
        found: list[str] = opened.evaluate(
            "[...document.querySelectorAll('.case:not([hidden])')].map((one) => one.id)"
        )
        return found

    assert len(shown()) == 4
    opened.locator("[name=verdict]").select_option("worse")
    assert shown() == ["case-bad"]
    opened.locator("[name=verdict]").select_option("")
    opened.locator("[name=kind]").select_option("unanswerable")
    assert shown() == ["case-none"]
    opened.locator("[name=kind]").select_option("")
    opened.get_by_role("searchbox").fill("ＯＴＨＥＲ．txt 小泉")  # whatever the width and case
    assert shown() == ["case-bad"]
    assert opened.get_by_role("status").inner_text() == "1 / 4 件"
    opened.get_by_role("searchbox").fill("どこにもない語")
    assert shown() == [] and opened.get_by_text("条件に合うケースはありません").is_visible()
    opened.get_by_role("link", name="bad", exact=True).click()
    opened.wait_for_function("location.hash === '#case-bad'")
    assert len(shown()) == 4 and opened.locator("#case-bad").evaluate("(one) => one.open")


@in_browser
def test_every_case_is_printed(opened: Any) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.locator(".case .expected").evaluate_all(
        "(all) => all.every((one) => one.checkVisibility())"
    )
    assert not opened.locator(".filter").is_visible()
