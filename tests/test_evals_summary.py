"""Figures of a run, computed by hand."""

import pytest
from evals_made import expecting, made_answer, made_case, no_evidence, quoting, scored

from evals.metric_run import percentile
from evals.summary import summarise

UNKNOWN = {"kind": "unanswerable", "expect": expecting("no_evidence"), "evidence": []}


def test_shares_count_only_eligible_rows() -> None:
    rows = [scored(), scored(answer=made_answer("不明です。")), scored(made_case(**UNKNOWN), no_evidence())]
    summary = summarise(rows)
    assert summary.n == 3
    assert summary.passed == pytest.approx(2 / 3)
    assert (summary.facts_ok, summary.citation_ok, summary.status_ok) == (0.5, 1.0, 1.0)
    assert summary.not_eligible == {
        "status_ok": 0,
        "facts_ok": 1,
        "absent_ok": 0,
        "verbatim_ok": 1,
        "citation_ok": 1,
        "amounts_ok": 1,
        "years_ok": 3,
        "citation_precision": 1,
        "citation_recall": 1,
        "judged": 3,
    }
    assert {name for name, count in summary.failed.items() if count} == {"facts_ok", "amounts_ok"}


def test_shares_by_kind_in_order_of_name() -> None:
    rows = [scored(made_case(**UNKNOWN), made_answer()), scored(), scored(answer=no_evidence())]
    kinds = summarise(rows).kinds
    assert list(kinds) == ["budget", "unanswerable"]
    assert (kinds["budget"].n, kinds["budget"].passed) == (2, 0.5)  # type: ignore[index]
    assert (kinds["unanswerable"].facts_ok, kinds["unanswerable"].passed) == (None, 0.0)  # type: ignore[index]


def test_refusals() -> None:
    unknown = made_case(**UNKNOWN)
    rows = [
        scored(unknown, no_evidence()),
        scored(unknown, made_answer("", [], "refused")),
        scored(unknown, made_answer()),
        scored(made_case(), no_evidence()),
        scored(),
    ]
    summary = summarise(rows)
    assert summary.refusal_precision == pytest.approx(2 / 3)
    assert summary.refusal_recall == pytest.approx(2 / 3)


def test_no_refusal_to_count_is_not_zero() -> None:
    summary = summarise([scored()])
    assert (summary.refusal_precision, summary.refusal_recall) == (None, None)
    assert summarise([scored(made_case(**UNKNOWN), no_evidence())]).wrong_number is None


def test_counts() -> None:
    rows = [
        scored(answer=made_answer("27.5億円です。")),
        scored(answer=made_answer(citations=[quoting("嘘"), quoting("偽", number=2)])),
        scored(answer=made_answer("", [], "error")),
        scored(answer=made_answer("7.2億円" + "。" * 796)),
    ]
    summary = summarise(rows)
    assert (summary.wrong_number, summary.fabricated, summary.errors, summary.too_long) == (0.25, 2, 1, 1)
    lengths = [len("27.5億円です。"), len("7.2億円です。[1]"), 0, 801]
    assert summary.mean_characters == sum(lengths) / 4


def test_seconds_by_nearest_rank() -> None:
    summary = summarise([scored(seconds=float(number)) for number in range(1, 21)])
    assert (summary.seconds.mean, summary.seconds.p50, summary.seconds.p95) == (10.5, 10.0, 19.0)
    assert [percentile([3.0, 1.0, 2.0], percent) for percent in (0, 33, 34, 50, 100)] == [1, 1, 2, 2, 3]
