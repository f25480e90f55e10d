"""Reading case files: what is wrong is named by file and line."""

import json
from collections import Counter
from pathlib import Path

import pytest
from evals_made import made_case

import evals
from corpus.load import load
from evals.cases import CaseError, Kind, read_cases
from evals.gate import read_gate

SHARED_CASES = Path(__file__).resolve().parents[2] / "shared" / "evals" / "plan_cases.jsonl"


def line(**changed: object) -> str:
    return json.dumps(made_case().model_dump(mode="json") | changed, ensure_ascii=False)


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "cases.jsonl"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    return str(raised.value)


def test_reads_cases_in_order_and_skips_blank_lines(tmp_path: Path) -> None:
    path = written(tmp_path, line(id="b"), "", line(id="a", kind="fact"), "  ")
    assert [(case.id, case.kind) for case in read_cases(path)] == [("b", Kind.BUDGET), ("a", Kind.FACT)]


def test_history_and_evidence_may_be_left_out(tmp_path: Path) -> None:
    short = {"id": "x", "kind": "pii", "question": "住所は？", "expect": {"status": "refused"}}
    path = written(tmp_path, json.dumps(short))
    (case,) = read_cases(path)
    assert (case.history, case.evidence, case.expect.facts) == ((), (), ())


def test_history_goes_with_the_question(tmp_path: Path) -> None:
    path = written(tmp_path, line(history=[{"role": "user", "content": "①は？"}], question="いくら？"))
    (case,) = read_cases(path)
    assert [turn.content for turn in case.asked().history] == ["①は？"]
    assert case.asked().question == "いくら？"


def test_byte_order_mark_and_unusual_line_separators_inside_strings(tmp_path: Path) -> None:
    path = written(tmp_path, line(question="一行目\u2028二行目\u0085"), line(id="c2"), encoding="utf-8-sig")
    assert [case.question[:3] for case in read_cases(path)] == ["一行目", "202"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (line(kind="bugdet"), ["kind", "'budget'", "'bugdet'"]),
        (line(expect={"status": "error"}), ["expect.status", "'answered'", "'error'"]),
        (line(expect={"status": "answered", "facts": ["7.2億円"]}), ["expect.facts.0", "'7.2億円'"]),
        (line(expect={"status": "answered", "facts": [[]]}), ["expect.facts.0", "at least 1"]),
        (line(expect={"status": "answered", "facts": [[" "]]}), ["expect.facts.0.0", "' '"]),
        (line(question="　"), ["question"]),
        (line(histroy=[]), ["histroy", "not permitted"]),
        (line(history=[{"role": "system", "content": "x"}]), ["history.0.role", "'system'"]),
        (line(evidence=[{"doc": "plan.txt"}]), ["evidence.0.quote", "required"]),
        ('{"id": "x"', ["JSON"]),
        ("[]", ["JSON"]),
    ],
)
def test_a_wrong_line_is_named_with_what_came(tmp_path: Path, wrong: str, said: list[str]) -> None:
    message = refusal(written(tmp_path, line(), wrong))
    assert "cases.jsonl: 2行目 / line 2: " in message
    assert "line 1" not in message
    for part in said:
        assert part in message


def test_every_wrong_line_is_reported_at_once(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, "{", line(), line(id="c3", kind="?")))
    assert [part in message for part in ("line 1:", "line 2:", "line 3:")] == [True, False, True]


def test_long_values_are_cut_in_messages(tmp_path: Path) -> None:
    assert len(refusal(written(tmp_path, line(kind="長" * 5000)))) < 1000


def test_an_id_used_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, line(), line(id="c2"), line()))
    assert "line 3: id" in message
    assert "'c1', already on line 1" in message


def test_a_file_without_cases_is_refused(tmp_path: Path) -> None:
    assert "got none" in refusal(written(tmp_path, "", " "))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    assert "expected UTF-8" in refusal(written(tmp_path, line(), encoding="cp932"))


def test_a_misspelt_status_is_told_with_the_ones_there_are(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "kind": "fact", "question": "q", "expect": {"status": "answred"}}\n')
    with pytest.raises(CaseError, match=r"'answered', 'partial', 'no_evidence' or 'refused', got 'answred'"):
        read_cases(path)


def test_the_digest_changes_with_anything_in_a_case() -> None:
    digests = {made_case().digest(), made_case(question="別の問い").digest(), made_case(evidence=[]).digest()}
    assert len(digests) == 3
    assert made_case().digest() == made_case().digest()


@pytest.mark.skipif(not SHARED_CASES.exists(), reason="the development cases lie beside the checkout")
def test_the_development_cases_are_read() -> None:
    cases = read_cases(SHARED_CASES)
    assert len(cases) == 90
    assert sum(bool(case.history) for case in cases) == 8


def test_the_sample_cases_are_many_of_every_kind_and_the_gates_count_them() -> None:
    folder = Path(evals.__file__).parent
    cases = {
        gate: read_cases(folder / "data" / f"{name}.jsonl")
        for gate, name in (("gate", "sample_cases"), ("gate_wider", "sample_cases_wider"))
    }
    for gate, some in cases.items():
        assert read_gate(folder / f"{gate}.json").min.n in range(60, len(some) + 1)
    every = [case for some in cases.values() for case in some]
    assert len({case.id for case in every}) == len(every) >= 200
    kinds = Counter(case.kind for case in every)
    assert set(kinds) == set(Kind) and min(kinds.values()) >= 10


def test_half_of_the_cases_over_real_documents_is_held_out() -> None:
    cases = read_cases(Path(evals.__file__).parent / "data" / "real_cases.jsonl")
    halves = Counter(case.id.split("-")[1] for case in cases)
    assert len(cases) >= 60 and halves["d"] == halves["h"] == (len(cases) - halves["e"]) / 2
    for kind in Kind:
        of_kind = Counter(case.id.split("-")[1] for case in cases if case.kind is kind)
        assert abs(of_kind["d"] - of_kind["h"]) <= 1, kind
    assert all(len(proof.quote) <= 60 for case in cases for proof in case.evidence)


def test_the_fresh_cases_are_of_their_parts() -> None:
    cases = read_cases(Path(evals.__file__).parent / "data" / "real_cases_fresh.jsonl")
    assert Counter(case.id.split("-")[1] for case in cases) == {
        "fd": 36,
        "fh": 36,
        "fg": 38,
        "fi": 36,
        "fj": 38,
        "fk": 30,
        "fl": 30,
    }
    assert all(len(proof.quote) <= 60 for case in cases for proof in case.evidence)


@pytest.mark.skipif(not SHARED_CASES.exists(), reason="the real documents lie beside the checkout")
def test_the_evidence_of_the_real_cases_stands_in_the_documents() -> None:
    documents = SHARED_CASES.parents[1] / "realdocs"
    cases = read_cases(Path(evals.__file__).parent / "data" / "real_cases.jsonl")
    proofs = [proof for case in cases for proof in case.evidence if not proof.doc.endswith((".pdf", ".xlsx"))]
    texts = {doc: load(doc, (documents / doc).read_bytes()).text for doc in {proof.doc for proof in proofs}}
    assert not [proof for proof in proofs if proof.quote not in texts[proof.doc]]
