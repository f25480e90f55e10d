"""Two runs: which cases turned."""

import math
from pathlib import Path

import pytest
from evals_made import Shelf, made_answer, made_case, no_evidence, scored

from assistant.answer import Answer
from evals.bootstrap import interval
from evals.compare import compare, comparison_text, pair
from evals.run import RunError, generate, score
from evals.score import Score


def row(name: str, right: bool, **changed: str) -> Score:
    return scored(made_case(id=name, **changed), made_answer() if right else no_evidence())


def test_turned_cases_both_ways() -> None:
    before = [row("a", True), row("b", False), row("c", True), row("d", False)]
    after = [row("d", False), row("c", True), row("b", True), row("a", False)]
    result = pair(before, after)
    assert [(turn.after.id, turn.better) for turn in result.turned] == [("b", True), ("a", False)]
    assert len(result.paired) == 4


@pytest.mark.parametrize(
    ("before", "after", "regressed"),
    [
        ([True, True], [True, False], True),
        ([True, False], [False, True], False),
        ([False, False], [True, False], False),
        ([True, True], [True, True], False),
    ],
)
def test_a_regression_is_fewer_passed(before: list[bool], after: list[bool], regressed: bool) -> None:
    names = "ab"
    result = pair(
        [row(name, right) for name, right in zip(names, before, strict=True)],
        [row(name, right) for name, right in zip(names, after, strict=True)],
    )
    assert result.regressed is regressed


def test_only_the_same_cases_are_compared() -> None:
    before = [row("a", True), row("gone", True), row("edited", True)]
    after = [row("a", True), row("new", False), row("edited", False, question="書き直した問い")]
    result = pair(before, after)
    assert (result.only_before, result.only_after, result.edited) == (("gone",), ("new",), ("edited",))
    assert result.turned == []
    assert not result.regressed


def test_the_text_counts_by_kind_and_tells_why() -> None:
    before = [row("a", True), row("b", False, kind="fact"), row("gone", True)]
    after = [row("a", False), row("b", True, kind="fact")]
    lines = comparison_text(pair(before, after)).splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["kind", "n", "before", "after", "better", "worse", "change,", "95", "%"],
        ["budget", "1", "1", "0", "0", "1", "-1.000", "…", "-1.000"],
        ["fact", "1", "0", "1", "1", "0", "+1.000", "…", "+1.000"],
        ["ALL", "2", "1", "1", "1", "1", "-1.000", "…", "+1.000"],
    ]
    assert lines[4:6] == [
        "悪化 / worse: a [budget] 2024年度の予算は？",
        "    状態 / status: expected answered, got no_evidence",
    ]
    assert "改善 / better: b [fact] 2024年度の予算は？" in lines
    assert lines[-1] == "前だけ / only before: gone"


def test_the_interval_is_that_of_paired_draws_and_the_same_each_time() -> None:
    before = [True] * 80 + [False] * 20
    after = [True] * 70 + [False] * 10 + [True] * 2 + [False] * 18  # 10 lost, 2 won
    low, high = interval(before, after)
    assert (low, high) == interval(before, after)
    spread = 1.96 * math.sqrt((0.12 - 0.08**2) / 100)  # normal approximation
    assert (low, high) == (pytest.approx(-0.08 - spread, abs=0.011), pytest.approx(-0.08 + spread, abs=0.011))
    assert interval([True] * 5, [True] * 5) == (0.0, 0.0)


def test_an_interval_needs_pairs() -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        interval([], [])
    with pytest.raises(ValueError, match="longer"):
        interval([True], [True, False])


def test_scores_can_be_compared_without_their_run(tmp_path: Path) -> None:
    good, bad = made_run(tmp_path / "good", made_answer()), made_run(tmp_path / "bad", no_evidence())
    assert compare(good / "scores.jsonl", bad).regressed


def made_run(out: Path, answer: Answer) -> Path:
    generate(lambda _: answer, [made_case()], out, {})
    score(out, Shelf())
    return out


def test_runs_are_read_from_their_folders(tmp_path: Path) -> None:
    good, bad = made_run(tmp_path / "good", made_answer()), made_run(tmp_path / "bad", no_evidence())
    assert compare(good, bad).regressed
    assert not compare(bad, good).regressed
    with pytest.raises(RunError, match="expected a run's folder"):
        compare(good, tmp_path / "nothing")
