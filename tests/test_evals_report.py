"""The table and the list of failed cases."""

from evals_made import expecting, made_answer, made_case, no_evidence, quoting, scored

from evals.report import failures, reasons, table
from evals.summary import summarise

UNKNOWN = {"id": "u1", "kind": "unanswerable", "expect": expecting("no_evidence"), "evidence": []}


def test_one_line_a_kind_one_for_all_then_the_figures() -> None:
    rows = [
        scored(seconds=0.5),
        scored(answer=made_answer("不明。"), seconds=0.5),
        scored(made_case(**UNKNOWN), no_evidence()),
    ]
    lines = table(summarise(rows)).splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["kind", "n", "passed", "status_ok", "facts_ok", "absent_ok", "verbatim_ok", "citation_ok"],
        ["budget", "2", "0.50", "1.00", "0.50", "1.00", "1.00", "1.00"],
        ["unanswerable", "1", "1.00", "1.00", "-", "1.00", "-", "-"],
        ["ALL", "3", "0.67", "1.00", "0.50", "1.00", "1.00", "1.00"],
    ]
    assert len({len(line) for line in lines[:4]}) == 1
    assert "wrong_number: 0.0" in lines
    assert "refusal_precision: 1.0" in lines
    assert 'seconds: {"mean": 0.3666666666666667, "p50": 0.5, "p95": 0.5}' in lines


def test_what_could_not_be_measured_is_not_zero() -> None:
    assert "refusal_recall: null" in table(summarise([scored()])).splitlines()


def test_nothing_to_say_where_all_passed() -> None:
    assert failures([scored()]) == ""


def test_failed_cases_with_question_and_reasons() -> None:
    failed = scored(answer=made_answer("27.5億円です。", [quoting("嘘")]))
    assert failures([scored(made_case(id="ok")), failed]).splitlines() == [
        "不合格 / failed: 1",
        "c1 [budget] 2024年度の予算は？",
        "    述べていない / not said: 7.2億円 | 720百万円",
        "    述べてはならない / must not be said: 27.5億",
        "    原文にない引用 / quotes not in the text: 1 of 1",
        "    根拠を引用していない / evidence not cited: 1 citations",
        "    別の金額を述べた / another amount said",
    ]


def test_reasons_of_status_error_and_length() -> None:
    answer = no_evidence().model_copy(update={"reason": "below_gate"})
    assert (
        reasons(scored(answer=answer))[0] == "状態 / status: expected answered, got no_evidence (below_gate)"
    )
    raised = scored().model_copy(update={"error": "OSError: x", "passed": False})
    assert reasons(raised) == ["例外 / raised: OSError: x"]
    assert reasons(scored(answer=made_answer("7.2億円" + "。" * 700))) == ["長すぎる / too long: 705 > 700"]


def test_a_passed_case_has_no_reason() -> None:
    assert reasons(scored()) == []
