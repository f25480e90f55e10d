"""Our marks against those of the separate scorer beside the checkout, on the same cases and answers."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from evals_made import OTHER, PLAN, PROOF, Shelf, expecting, made_answer, made_case, no_evidence, quoting
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Status
from evals.cases import Case, Kind
from evals.metrics import MARKS
from evals.reply import Texts
from evals.report import table
from evals.score import score_one
from evals.summary import NAMES, summarise

TOOLS = Path(__file__).resolve().parents[2] / "shared" / "tools"
pytestmark = pytest.mark.skipif(not TOOLS.exists(), reason="the scorer lies beside the checkout")

ODD = "第２次計画は⻑期にわたり、予算は 12億3,400万円、平成29年から 令和3〜7年度。BCPと青い齒車。"
SHELF = {"plan.txt": PLAN, "other.txt": OTHER, "odd.txt": ODD}
COMPARED = (
    "status",
    "expected",
    "passed",
    "characters",
    "too_long",
    "citations",
    "fabricated",
    "wrong_number",
)


@pytest.fixture(scope="module")
def outside() -> Iterator[ModuleType]:
    """The scorer as a module, without leaving bytecode there."""
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(TOOLS))
    try:
        yield importlib.import_module("score_cases")
    finally:
        sys.path.remove(str(TOOLS))
        sys.dont_write_bytecode = wrote


@pytest.fixture(scope="module")
def files(outside: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The scorer's documents: the shelf as files."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in SHELF.items():
        (folder / name).write_text(text, "utf-8")
    return outside.Documents(folder)


def both(
    outside: ModuleType, files: Any, case: Case, answer: Answer
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Our row and the scorer's, as far as both have it."""
    ours = score_one(case, answer, 0.1, Texts(Shelf(**SHELF))).model_dump(mode="json")
    theirs = outside.judge(case.model_dump(mode="json"), answer.model_dump(mode="json"), files)
    names = (*COMPARED, *MARKS)
    missing = {"missing": len(ours["missing"])}, {"missing": len(theirs["missing"])}
    return {n: ours[n] for n in names} | missing[0], {n: theirs[n] for n in names} | missing[1]


TEXTS = [
    "約7.2億円です。[1]",
    "２７．５億円です。",
    "720 百万円と 27.5億円。",
    "12億3，400万円［1］。",
    "2億円",
    "17.2億円",
    "第 2 3 次",
    "令和3〜7年度",
    "令和3 - 7 年度です",
    "R3からR7まで",
    "BCP",
    "bcp",
    "長期 の青い歯車",
    "小泉浩之",
    "2024",
    "2024年度",
    "41.4億円",
    "3,400万円",
    "1.2.3億円",
    "",
    "。",
]
GROUPS = st.lists(st.sampled_from([text for text in TEXTS if text]), min_size=1, max_size=3)


@st.composite
def evidence(draw: st.DrawFn) -> dict[str, str]:
    source = draw(st.sampled_from(sorted(SHELF)))
    return {"doc": source, "quote": draw(part_of(SHELF[source]).filter(str.strip))}


@st.composite
def part_of(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text) - 1))
    return text[start : start + draw(st.integers(1, len(text)))]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    status = draw(st.sampled_from(["answered", "answered", "answered", "partial", "no_evidence", "refused"]))
    return made_case(
        kind=draw(st.sampled_from(Kind)),
        question=draw(st.sampled_from(["予算は？", "2024年度の41.4億円は？", "小泉さんは？"])),
        expect=expecting(
            status,
            draw(st.lists(GROUPS, max_size=3)),
            draw(st.lists(st.sampled_from(TEXTS[:17]), max_size=2)),
        ),
        evidence=draw(st.lists(evidence(), max_size=2)),
    )


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    """A quote of a document at its place, or one made up."""
    source = draw(st.sampled_from(sorted(SHELF)))
    if draw(st.integers(0, 5)) == 0:
        return quoting(
            draw(st.sampled_from(["作り話である。", "", "予算規模は約9億円だ"])), source, SHELF[source]
        )
    return quoting(
        draw(part_of(SHELF[source])), draw(st.sampled_from([source] * 5 + ["missing.txt"])), SHELF[source]
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    text = "".join(draw(st.lists(st.sampled_from([*TEXTS, " ", "、", "あ" * 690]), max_size=5)))
    status = draw(st.sampled_from([Status.ANSWERED, Status.ANSWERED, *Status]))
    return made_answer(text, draw(st.lists(citations(), max_size=3)), status)


@settings(max_examples=400, deadline=None)
@given(case=cases(), answer=answers())
def test_every_mark_agrees(outside: ModuleType, files: Any, case: Case, answer: Answer) -> None:
    ours, theirs = both(outside, files, case, answer)
    assert ours == theirs


BUDGET = made_case()
HISTORY = made_case(
    id="c2", kind="followup", history=[{"role": "user", "content": "①の予算は？"}], question="いつ？"
)
REFUSAL = made_case(
    id="c3", kind="unanswerable", expect=expecting("no_evidence", absent=["27.5億"]), evidence=[]
)
SCOPE = made_case(id="c4", kind="out_of_scope", expect=expecting("no_evidence"), evidence=[])
ODD_YEARS = made_case(
    id="c5",
    kind="schedule",
    expect=expecting(facts=[["令和3-7年度", "R3-R7"], ["12億3400万円"]]),
    evidence=[{"doc": "odd.txt", "quote": "平成29年から令和3～7年度"}],
)
PAIRS = [
    (BUDGET, made_answer()),
    (BUDGET, made_answer("27.5億円です。", [quoting(OTHER, "other.txt", OTHER)])),
    (BUDGET, made_answer("720百万円。", [quoting("作り話")])),
    (ODD_YEARS, made_answer("不明。", [quoting("なお、" + ODD, "odd.txt", ODD)])),
    (BUDGET, made_answer("7.2億円" + "。" * 700)),
    (BUDGET, made_answer(status="partial")),
    (BUDGET, no_evidence()),
    (BUDGET, made_answer("", [], "error")),
    (HISTORY, made_answer("2024年度に7.2億円。", [quoting("2024年度")])),
    (REFUSAL, no_evidence()),
    (REFUSAL, no_evidence("27.5億円なら別の施策です。")),
    (REFUSAL, made_answer()),
    (SCOPE, made_answer("お答えできません。", [], "refused")),
    (ODD_YEARS, made_answer("令和３〜７年度、12億3,400万円。", [quoting(ODD, "odd.txt", ODD)])),
    (ODD_YEARS, made_answer("令和3～7年度、12億円。", [quoting("⻑期にわたり", "odd.txt", ODD)])),
    (
        ODD_YEARS,
        made_answer("9億円です。", [quoting("令和3〜7年度", "odd.txt", ODD), quoting(PROOF, number=2)]),
    ),
]


@pytest.mark.parametrize(("case", "answer"), PAIRS)
def test_hand_made_answers_agree(outside: ModuleType, files: Any, case: Case, answer: Answer) -> None:
    ours, theirs = both(outside, files, case, answer)
    assert ours == theirs


def test_the_table_agrees_line_by_line(outside: ModuleType, files: Any) -> None:
    rows = [
        score_one(case, answer, float(number), Texts(Shelf(**SHELF)))
        for number, (case, answer) in enumerate(PAIRS)
    ]
    judged = [
        outside.judge(case.model_dump(mode="json"), answer.model_dump(mode="json"), files)
        for case, answer in PAIRS
    ]
    ours, theirs = summarise(rows), outside.summarise(judged, [float(number) for number in range(len(PAIRS))])
    height = len(theirs["kinds"]) + 2
    assert table(ours).splitlines()[:height] == outside.table(theirs).splitlines()[:height]
    rest = {name: value for name, value in theirs.items() if name not in ("kinds", "unchecked", "n", *NAMES)}
    assert {name: ours.model_dump(mode="json")[name] for name in rest} == rest
