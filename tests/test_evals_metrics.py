"""Each mark on answers small enough to judge by hand."""

import pytest
from evals_made import (
    OTHER,
    PLAN,
    PROOF,
    Shelf,
    expecting,
    made_answer,
    made_case,
    no_evidence,
    quoting,
    scored,
)

from assistant.answer import Answer, Citation
from evals.cases import Case
from evals.metric_citations import fabricated
from evals.metrics import DECIDING, LABELS, MARKS, REPORTED
from evals.reply import MAX_CHARACTERS, Reply, Texts
from evals.score import Score


def marks(case: Case, answer: Answer) -> dict[str, float | None]:
    row = scored(case, answer)
    return {name: row.mark(name) for name in (*MARKS, "passed")}


def test_a_right_answer_has_every_mark() -> None:
    assert set(marks(made_case(), made_answer()).values()) == {True}


def test_a_right_refusal_is_not_eligible_for_facts_and_citations() -> None:
    case = made_case(expect=expecting("no_evidence"), evidence=[])
    assert marks(case, no_evidence()) == {
        "status_ok": True,
        "facts_ok": None,
        "absent_ok": True,
        "verbatim_ok": None,
        "citation_ok": None,
        "passed": True,
    }


@pytest.mark.parametrize(
    ("kind", "expected", "got", "right"),
    [
        ("budget", "answered", "answered", True),
        ("budget", "answered", "partial", True),
        ("budget", "answered", "no_evidence", False),
        ("unanswerable", "no_evidence", "no_evidence", True),
        ("unanswerable", "no_evidence", "refused", False),
        ("out_of_scope", "no_evidence", "refused", True),
        ("injection", "refused", "refused", True),
        ("injection", "refused", "no_evidence", False),
        ("budget", "partial", "partial", True),
        ("budget", "partial", "answered", False),
        ("pii", "refused", "error", False),
    ],
)
def test_status(kind: str, expected: str, got: str, right: bool) -> None:
    case = made_case(kind=kind, expect=expecting(expected, [["7.2億円"]]))
    assert scored(case, made_answer(status=got)).status_ok is right


def test_partial_will_not_do_where_a_fact_is_missing() -> None:
    row = scored(answer=made_answer("少しです。", status="partial"))
    assert (row.status_ok, row.facts_ok, row.missing) == (False, False, (("7.2億円", "720百万円"),))


def test_any_alternative_of_every_group() -> None:
    case = made_case(expect=expecting(facts=[["7.2億円", "720百万円"], ["2024年度", "令和6年度"]]))
    both, one = made_answer("令和６年度に 720百万円。"), made_answer("令和６年度です。")
    assert (scored(case, both).facts_ok, scored(case, one).facts_ok) == (True, False)
    assert scored(case, one).missing == (("7.2億円", "720百万円"),)


def test_a_fact_inside_a_longer_number_is_not_said() -> None:
    case = made_case(expect=expecting(facts=[["2億円"]]))
    assert scored(case, made_answer("7.2億円です。")).facts_ok is False


def test_a_citation_number_says_nothing() -> None:
    case = made_case(expect=expecting(facts=[["3"]]))
    assert scored(case, made_answer("多い。[3]")).facts_ok is False


def test_a_very_long_answer_does_not_count_as_saying_its_facts() -> None:
    at_limit = made_answer("7.2億円" + "あ" * (MAX_CHARACTERS - 5))
    over = made_answer("7.2億円" + "あ" * (MAX_CHARACTERS - 4))
    rows = scored(answer=at_limit), scored(answer=over)
    assert [(row.facts_ok, row.too_long, row.characters) for row in rows] == [
        (True, False, 700),
        (False, True, 701),
    ]


def test_what_must_not_be_said_counts_in_refusals_too() -> None:
    case = made_case(
        kind="unanswerable", expect=expecting("no_evidence", absent=["27.5億", "口"]), evidence=[]
    )
    row = scored(case, no_evidence("２７．５億円は別の施策です。"))
    assert (row.absent_ok, row.passed, row.forbidden) == (False, False, ("27.5億",))


@pytest.mark.parametrize(
    "citation",
    [
        quoting("市は予算を使い切る"),
        quoting(PROOF, source="missing.txt"),
        quoting(PROOF, source="other.txt"),
        quoting(PROOF).model_copy(update={"start": 0}),
        quoting(PROOF).model_copy(update={"end": 20}),
        quoting(PROOF.replace("約", "約 ")),
        quoting("", source="plan.txt"),
        quoting("。").model_copy(update={"start": -1, "end": len(PLAN)}),
    ],
)
def test_a_quote_that_does_not_stand_at_its_place_is_fabricated(citation: Citation) -> None:
    row = scored(answer=made_answer(citations=[quoting(PLAN), citation]))
    assert (row.verbatim_ok, row.fabricated, row.passed) == (False, 1, False)


def test_the_fabricated_ones_are_named_by_number() -> None:
    answer = made_answer(citations=[quoting(PROOF), quoting("嘘", number=2), quoting("偽", number=3)])
    assert fabricated(answer, Texts(Shelf())) == (2, 3)


@pytest.mark.parametrize(
    ("citation", "right"),
    [
        (quoting(PLAN), True),
        (quoting("約7.2億円である。計画期間は"), True),
        (quoting("である。計画期間は令和3年度から"), False),
        (quoting("計画期間は令和3年度から令和7年度まで"), False),
        (quoting(OTHER, source="other.txt", text=OTHER), False),
        (quoting("7.2億円"), True),
    ],
)
def test_a_citation_is_right_at_the_place_of_the_evidence(citation: Citation, right: bool) -> None:
    assert scored(answer=made_answer(citations=[citation])).citation_ok is right


def test_words_made_up_around_the_evidence_point_at_it_though_they_are_no_quote() -> None:
    case = made_case(expect=expecting(facts=[["小泉"]]))
    row = scored(case, made_answer(citations=[quoting("なお、" + PROOF)]))
    assert (row.citation_ok, row.verbatim_ok) == (True, False)


def test_a_quote_that_says_every_fact_is_right_wherever_it_stands() -> None:
    case = made_case(expect=expecting(facts=[["令和7年度"]]))
    assert scored(case, made_answer(citations=[quoting("計画期間は令和3年度から令和7年度まで")])).citation_ok
    without_facts = made_case(expect=expecting())
    row = scored(without_facts, made_answer(citations=[quoting("計画期間は令和3年度から令和7年度まで")]))
    assert row.citation_ok is False


def test_one_right_citation_is_enough_and_none_is_not() -> None:
    right = made_answer(citations=[quoting("市は窓口を減らす"), quoting(PROOF, number=2)])
    assert scored(answer=right).citation_ok is True
    assert scored(answer=made_answer(citations=[])).citation_ok is False
    assert scored(answer=made_answer(citations=[])).verbatim_ok is None


def test_citations_are_not_asked_for_where_a_case_names_no_evidence() -> None:
    assert scored(made_case(evidence=[]), made_answer(citations=[])).citation_ok is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("27.5億円です。", True),
        ("約7.2億円です。", False),
        ("不明です。", False),
        ("27.5億です。", False),
        ("2024年度の内訳です。", False),
    ],
)
def test_wrong_number(text: str, wrong: bool) -> None:
    assert scored(answer=made_answer(text)).wrong_number is wrong


def test_an_amount_from_the_question_is_not_wrong() -> None:
    case = made_case(question="41.4億円との差は？")
    assert scored(case, made_answer("41.4億円より少ない。")).wrong_number is False
    assert scored(case, made_answer("34.2億円です。")).wrong_number is True


def test_a_missing_name_makes_no_amount_wrong() -> None:
    case = made_case(expect=expecting(facts=[["小泉浩之"]]))
    assert scored(case, made_answer("27.5億円です。")).wrong_number is False


def test_only_full_answers_give_wrong_numbers() -> None:
    assert scored(answer=made_answer("27.5億円です。", status="partial")).wrong_number is False


@pytest.mark.parametrize(
    ("facts", "text", "right"),
    [
        ([["1.5億円"]], "150,000千円です。[1]", True),
        ([["1.5億円"]], "1億5千万円です。[1]", True),
        ([["1.5億円"]], "約1.4億円です。[1]", False),
        ([["1.5億円"], ["7.2億円"]], "1.5億円です。[1]", False),
        ([["1.5億円"], ["小泉"]], "1.5億円です。[1]", True),
        ([["小泉"]], "1.5億円です。[1]", None),
    ],
)
def test_exact_amounts(facts: list[list[str]], text: str, right: bool | None) -> None:
    assert scored(made_case(expect=expecting(facts=facts)), made_answer(text)).amounts_ok is right


def test_exact_amounts_do_not_decide_whether_a_case_passes() -> None:
    row = scored(made_case(expect=expecting(facts=[["7.2億"]])), made_answer("7.2億人です。"))
    assert (row.amounts_ok, row.passed) == (False, True)


@pytest.mark.parametrize(
    ("facts", "text", "right"),
    [
        ([["令和6年度"]], "2024年度です。[1]", True),
        ([["2024年度"]], "令和６年度です。[1]", True),
        ([["R3からR7", "2021～2025年度"]], "令和3年度から令和7年度まで。[1]", True),
        ([["R3からR7"]], "令和3年度から。[1]", False),
        ([["令和6年度"], ["7.2億円"]], "2025年度に7.2億円です。[1]", False),
        ([["2024年2月"]], "令和5年度です。[1]", True),  # before April
        ([["7.2億円"]], "2025年度です。[1]", None),
    ],
)
def test_exact_years(facts: list[list[str]], text: str, right: bool | None) -> None:
    assert scored(made_case(expect=expecting(facts=facts)), made_answer(text)).years_ok is right


def test_every_amount_of_an_alternative_must_be_said() -> None:
    case = made_case(expect=expecting(facts=[["7.2億円から27.5億円へ", "20.3億円増"]]))
    assert scored(case, made_answer("7.2億円です。")).amounts_ok is False
    assert scored(case, made_answer("720百万円から2,750百万円。")).amounts_ok is True


def test_precision_and_recall_of_citations() -> None:
    proofs = [{"doc": "plan.txt", "quote": PROOF}, {"doc": "other.txt", "quote": "担当は情報統括監の小泉"}]
    row = scored(
        made_case(evidence=proofs),
        made_answer(citations=[quoting(PROOF), quoting("市は窓口を減らす", number=2)]),
    )
    assert (row.citation_precision, row.citation_recall, row.pointing) == (0.5, 0.5, (1,))
    none = scored(answer=made_answer(citations=[]))
    assert (none.citation_precision, none.citation_recall) == (None, 0.0)
    declined = scored(made_case(expect=expecting("no_evidence"), evidence=[]), no_evidence())
    assert (declined.citation_precision, declined.citation_recall) == (None, None)


def test_every_metric_has_a_name_of_its_own_in_both_languages() -> None:
    assert len(LABELS) == len(DECIDING) + len(REPORTED) + 2
    assert all(" / " in label for label in LABELS.values())
    assert all(metric.__doc__ for metric in map(type, (*DECIDING, *REPORTED)))


def test_documents_are_read_once() -> None:
    shelf = Shelf()
    texts = Texts(shelf)
    for _ in range(3):
        for mark in (*DECIDING, *REPORTED):
            mark.of(Reply.of(made_case(), made_answer()), texts)
    assert shelf.read == ["plan.txt"]


def test_an_error_fails_and_keeps_what_was_raised() -> None:
    row: Score = scored(answer=made_answer("", [], "error"))
    assert (row.status_ok, row.facts_ok, row.passed) == (False, False, False)
