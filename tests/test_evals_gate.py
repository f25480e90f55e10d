"""The gate turns red on each figure that falls, and says which cases are behind it."""

import json
from pathlib import Path
from typing import Any

import pytest
from evals_made import PROOF, expecting, made_answer, made_case, no_evidence, quoting, scored

import evals
from evals.gate import Gate, GateError, check, read_gate
from evals.score import Score
from evals.summary import summarise

UNKNOWN = {"kind": "unanswerable", "expect": expecting("no_evidence"), "evidence": []}
STRICT: dict[str, Any] = {
    "min": {
        "n": 4,
        "passed": 1,
        "status_ok": 1,
        "facts_ok": 1,
        "absent_ok": 1,
        "verbatim_ok": 1,
        "citation_ok": 1,
        "amounts_ok": 1,
        "years_ok": None,
        "citation_precision": None,
        "citation_recall": None,
        "judged": None,
        "refusal_precision": 1,
        "refusal_recall": 1,
    },
    "max": {
        "wrong_number": 0,
        "fabricated": 0,
        "errors": 0,
        "too_long": 0,
        "mean_characters": 300,
        "p50_seconds": 0.2,
        "p95_seconds": 0.2,
    },
    "kinds": {"budget": {"passed": 1, "citation_ok": 1}},
}


def good(**unlike: Score) -> list[Score]:
    """Four rows without fault, some of them replaced."""
    rows = {
        "a": scored(made_case(id="a")),
        "b": scored(made_case(id="b", kind="fact")),
        "u": scored(made_case(id="u", **UNKNOWN), no_evidence()),
        "v": scored(made_case(id="v", **UNKNOWN), no_evidence()),
    }
    return list((rows | unlike).values())


def fallen(rows: list[Score], gate: dict[str, Any] = STRICT) -> dict[str, str]:
    """Figure name to the rest of its line."""
    lines = check(summarise(rows), Gate.model_validate(gate), rows)
    return dict(line.split(": ", 1) for line in lines)


def test_a_run_without_fault_passes() -> None:
    assert fallen(good()) == {}


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        (
            scored(made_case(id="a"), made_answer("不明です。")),
            {"passed", "facts_ok", "amounts_ok", "budget.passed"},
        ),
        (
            scored(made_case(id="a"), made_answer("27.5億円です。")),
            {"passed", "facts_ok", "absent_ok", "amounts_ok", "wrong_number", "budget.passed"},
        ),
        (
            scored(made_case(id="a"), made_answer(citations=[quoting("市は窓口を減らす")])),
            {"passed", "citation_ok", "budget.passed", "budget.citation_ok"},
        ),
        (
            scored(made_case(id="a"), made_answer(citations=[quoting("嘘"), quoting("7.2億円")])),
            {"passed", "verbatim_ok", "fabricated", "budget.passed"},
        ),
        (
            scored(made_case(id="a"), made_answer("7.2億円" + "。" * 700)),
            {"passed", "facts_ok", "too_long", "budget.passed"},
        ),
        (
            scored(made_case(id="a"), made_answer("7.2億円", status="error")),
            {"passed", "status_ok", "errors", "budget.passed"},
        ),
        (
            scored(
                made_case(id="a"),
                no_evidence("7.2億円").model_copy(update={"citations": (quoting("7.2億円"),)}),
            ),
            {"passed", "status_ok", "refusal_precision", "budget.passed"},
        ),
    ],
)
def test_each_fault_turns_the_gate_red_and_is_named(row: Score, figures: set[str]) -> None:
    lines = fallen(good(a=row))
    assert set(lines) == figures
    assert all(line.endswith(": a") for line in lines.values())


def test_a_surplus_citation_can_be_gated() -> None:
    surplus = made_answer(citations=[quoting(PROOF), quoting("市は窓口を減らす", number=2)])
    lines = fallen(good(a=scored(made_case(id="a"), surplus)), {"min": {"citation_precision": 0.9}})
    assert lines == {"citation_precision": "0.75, 基準 / expected >= 0.9: a"}


def test_an_answer_where_none_should_be() -> None:
    lines = fallen(good(u=scored(made_case(id="u", **UNKNOWN), made_answer())))
    assert set(lines) == {"passed", "status_ok", "refusal_recall"}
    assert lines["refusal_recall"] == "0.5, 基準 / expected >= 1: u"


def test_slow_and_wordy_answers() -> None:
    rows = good(a=scored(made_case(id="a"), seconds=9.0))
    assert fallen(rows) == {"p95_seconds": "9, 基準 / expected <= 0.2"}
    rows = good(
        a=scored(made_case(id="a"), seconds=9.0),
        b=scored(made_case(id="b"), seconds=9.0),
        u=scored(made_case(id="u", **UNKNOWN), no_evidence("無" * 1300), seconds=9.0),
    )
    assert set(fallen(rows)) == {"p50_seconds", "p95_seconds", "mean_characters", "too_long"}


def test_dropping_cases_does_not_help() -> None:
    assert fallen(good()[:3], {"min": {"n": 4}}) == {"n": "3, 基準 / expected >= 4"}


def test_what_cannot_be_measured_does_not_hold() -> None:
    rows = good()[:2]
    lines = fallen(rows, {"min": {"refusal_recall": 0.1}, "kinds": {"table": {"passed": 0.1}}})
    assert lines == {
        "refusal_recall": "測れません / nothing eligible, 基準 / expected >= 0.1",
        "table.passed": "測れません / nothing eligible, 基準 / expected >= 0.1",
    }


def test_what_a_gate_leaves_out_is_not_asked_for() -> None:
    rows = good(a=scored(made_case(id="a"), made_answer("27.5億円です。")))
    assert fallen(rows, {"max": {"errors": 0}}) == {}


def test_a_figure_at_its_threshold_holds() -> None:
    rows = good(a=scored(made_case(id="a"), made_answer("27.5億円です。")))
    assert fallen(rows, {"min": {"passed": 0.75, "facts_ok": 0.5}, "max": {"wrong_number": 0.5}}) == {}


def test_of_many_cases_the_first_are_named() -> None:
    rows = [scored(made_case(id=f"c{number}"), made_answer("不明。")) for number in range(13)]
    assert fallen(rows, {"min": {"facts_ok": 1}})["facts_ok"].endswith("c8, c9 (+3)")


def test_without_rows_the_figures_alone_are_named() -> None:
    summary = summarise(good(a=scored(made_case(id="a"), made_answer("不明です。"))))
    (line,) = check(summary, Gate.model_validate({"min": {"facts_ok": 0.8}}))
    assert line == "facts_ok: 0.5, 基準 / expected >= 0.8"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"min": {"pased": 0.5}}', "min.pased"),
        ('{"minimum": {}}', "minimum"),
        ('{"min": {"passed": 65}}', "min.passed"),
        ('{"max": {"wrong_number": -1}}', "max.wrong_number"),
        ('{"kinds": {"budgets": {"passed": 1}}}', "kinds.budgets"),
        ('{"kinds": {"budget": {"refusal_recall": 1}}}', "kinds.budget.refusal_recall"),
        ("{", "JSON"),
        ("{}", "expected at least one threshold"),
        ('{"min": {}}', "expected at least one threshold"),
    ],
)
def test_a_gate_file_that_is_wrong_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text)
    with pytest.raises(GateError) as raised:
        read_gate(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_every_threshold_name_is_a_figure() -> None:
    summary = summarise(good())
    names = {*summary.model_dump(), "p50_seconds", "p95_seconds"}
    assert {*STRICT["min"], *STRICT["max"]} <= names
    assert set(STRICT["min"]) == set(type(Gate().min).model_fields)
    assert set(STRICT["max"]) == set(type(Gate().max).model_fields)


def test_the_committed_gate_can_be_read_and_asks_for_no_invented_quote() -> None:
    path = Path(evals.__file__).with_name("gate.json")
    gate = read_gate(path)
    assert gate.max.fabricated == 0
    assert gate.min.passed is not None
    assert json.loads(path.read_text("utf-8")) == gate.model_dump(exclude_unset=True)
