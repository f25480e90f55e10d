"""`keikaku eval run`, `score`, `report`, `judge`, `compare` as an evaluator uses them."""

import json
from pathlib import Path

import pytest
from cli_made import keikaku_here
from evals_made import expecting, made_case
from index_made import write_plans

CASES = [
    made_case(
        id="declined",
        kind="out_of_scope",
        question="月まで何キロ？",
        expect=expecting("no_evidence"),
        evidence=[],
    ),
    made_case(
        id="wrong", question="避難所の備蓄倉庫は？", evidence=[{"doc": "防災.txt", "quote": "備蓄倉庫"}]
    ),
]
FILES = {"config.json", "outputs.jsonl", "scores.jsonl", "summary.json", "table.txt", "report.html"}


def written(path: Path, *cases: object) -> Path:
    path.write_text("\n".join(case.model_dump_json() for case in cases), "utf-8")  # type: ignore[attr-defined]
    return path


@pytest.fixture
def data(tmp_path: Path, tiny_folder: Path) -> Path:
    """A library of the made plans with the tiny model, and two cases, of which the second fails."""
    written(tmp_path / "cases.jsonl", *CASES)
    plans, use = write_plans(tmp_path / "plans"), {"KEIKAKU_EMBEDDER": str(tiny_folder)}
    assert keikaku_here(tmp_path / "data", "add", str(plans), **use).returncode == 0
    return tmp_path / "data"


def test_a_run_is_a_folder_that_can_be_scored_reported_and_compared(data: Path, tiny_folder: Path) -> None:
    use, at = {"KEIKAKU_EMBEDDER": str(tiny_folder)}, data.parent
    cases, run = at / "cases.jsonl", at / "run"
    gate = at / "gate.json"
    gate.write_text('{"min": {"passed": 1}}')

    done = keikaku_here(data, "eval", "run", "--cases", str(cases), "--out", str(run), **use)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in run.iterdir()} == FILES
    identity = json.loads((run / "config.json").read_text("utf-8"))["identity"]
    assert identity["generation"].startswith("g-") and identity["revision"] >= 1
    gated = keikaku_here(data, "eval", "report", str(run), "--gate", str(gate), **use)
    assert gated.returncode == 1 and "passed: 0.5" in gated.stderr and "wrong" in gated.stderr
    assert "基準を下回りました" in (run / "report.html").read_text("utf-8")

    gate.write_text('{"min": {"pased": 1}}')
    early = keikaku_here(
        data, "eval", "run", "--cases", str(cases), "--out", str(at / "none"), "--gate", str(gate), **use
    )
    assert early.returncode == 1 and "min.pased" in early.stderr and not (at / "none").exists()

    eased = CASES[1].model_copy(
        update={"expect": made_case(expect=expecting("answered", [["倉庫", "ません"]])).expect}
    )
    again = written(at / "eased.jsonl", CASES[0], eased)
    scored = keikaku_here(data, "eval", "score", str(run), "--cases", str(again), **use)
    assert scored.returncode == 0 and (run / "cases.jsonl").exists(), scored.stderr
    asks_else = written(at / "else.jsonl", CASES[1].model_copy(update={"question": "別の問い"}))
    refused = keikaku_here(data, "eval", "score", str(run), "--cases", str(asks_else), **use)
    assert refused.returncode == 1 and "run them again: wrong" in refused.stderr


def test_a_run_worse_than_the_baseline_fails_with_the_cases_that_turned(
    data: Path, tiny_folder: Path
) -> None:
    use, at = {"KEIKAKU_EMBEDDER": str(tiny_folder)}, data.parent
    asked = ["eval", "run", "--cases", str(at / "cases.jsonl"), "--out"]
    assert keikaku_here(data, *asked, str(at / "first"), **use).returncode == 0
    baseline = at / "baseline.jsonl"
    baseline.write_text(
        (at / "first" / "scores.jsonl").read_text("utf-8").replace('"passed":false', '"passed":true')
    )
    worse = keikaku_here(data, *asked, str(at / "second"), "--baseline", str(baseline), **use)
    assert worse.returncode == 1
    assert "worse than before" in worse.stderr and "悪化 / worse: wrong" in worse.stderr
    gate = at / "lost.json"
    gate.write_text('{"min": {"n": 1}, "lost": 1}')
    lost = keikaku_here(
        data, "eval", "score", str(at / "second"), "--gate", str(gate), "--baseline", str(baseline), **use
    )
    assert lost.returncode == 0, lost.stderr
    compared = keikaku_here(data, "eval", "compare", str(baseline), str(at / "second"), **use)
    assert compared.returncode == 1 and "95 %" in compared.stdout
    same = keikaku_here(data, "eval", "compare", str(at / "first"), str(at / "second"), **use)
    assert same.returncode == 0


def test_no_judge_is_told_in_one_line(data: Path, tiny_folder: Path) -> None:
    use, run = {"KEIKAKU_EMBEDDER": str(tiny_folder)}, data.parent / "run"
    keikaku_here(data, "eval", "run", "--cases", str(data.parent / "cases.jsonl"), "--out", str(run), **use)
    told = keikaku_here(data, "eval", "judge", str(run), **use)
    assert told.returncode == 1 and "KEIKAKU_JUDGE_BASE_URL" in told.stderr
    assert "Traceback" not in told.stderr
