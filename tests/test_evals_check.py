"""Case files held against a library, drafts out of it, and drafts out of feedback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_made import keikaku_here
from evals_made import OTHER, PLAN, expecting, made_case
from index_made import add_all, open_library, write_plans

from assistant.privacy import find_personal_data
from corpus.catalog import Catalog
from evals.cases import CaseError, Kind, read_cases
from evals.check import Shelf, check_file, shelf_of
from evals.draft import drafts, write_drafts
from evals.feedback import cases_of, read_votes
from evals.matching import comparable

SHELF = Shelf(
    {"計画/plan.txt": comparable(PLAN), "other.txt": comparable(OTHER)},
    {"計画/plan.txt": frozenset({1_234_000}), "other.txt": frozenset()},
)


def written(folder: Path, *rows: dict[str, Any] | str) -> Path:
    path = folder / "cases.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), "utf-8")
    return path


def row(**changed: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = made_case(**changed).model_dump(mode="json")
    return dumped


def faults(folder: Path, *rows: dict[str, Any] | str) -> list[str]:
    path = written(folder, *rows)
    return [line.removeprefix(f"{path}: ") for line in check_file(path, SHELF)[1]]


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    assert check_file(written(tmp_path, row(), row(id="c2", question="別の問い")), SHELF) == (2, [])


def test_a_cell_of_a_quoted_row_says_its_figure(tmp_path: Path) -> None:
    shelf = Shelf({"plan.txt": comparable("区画数\t区画\t769\t791")}, {"plan.txt": frozenset()})
    case = row(
        expect=expecting(facts=[["791"]]), evidence=[{"doc": "plan.txt", "quote": "区画数\t区画\t769\t791"}]
    )
    assert check_file(written(tmp_path, case), shelf) == (1, [])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"evidence": [{"doc": "none.txt", "quote": "予算"}]}, "no such document: 'none.txt'"),
        (
            {"evidence": [{"doc": "other.txt", "quote": "2024年度"}], "expect": expecting(facts=[["小泉"]])},
            "not found in other.txt",
        ),
        (
            {"expect": expecting(facts=[["9億円", "九億円"]])},
            "expect.facts.0: 根拠の文書に述べられていません",
        ),
        ({"expect": expecting(facts=[["小泉"]])}, "said nowhere in the documents of the evidence: 小泉"),
        (
            {"expect": expecting(facts=[["7.2億円"]], absent=["2億円", "7.2億"])},
            "'7.2億' is part of the fact",
        ),
        ({"expect": expecting(facts=[])}, "answered needs at least one fact"),
        ({"evidence": []}, "answered needs evidence"),
        (
            {"expect": expecting("no_evidence", [["7.2億円"]])},
            "nothing is said where the status is no_evidence",
        ),
        ({"draft": True}, "not reviewed by a person yet"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    (fault,) = faults(tmp_path, row(id="ok", question="何？"), "", row(**changed))
    assert fault.startswith("3行目 / line 3: ") and said in fault


@pytest.mark.parametrize(
    "facts",
    [[["720百万円"]], [["令和6年度の７２０，０００千円"]], [["123万4千円"]], [["R3からR7"]]],
)
def test_facts_count_by_their_value_too(tmp_path: Path, facts: list[list[str]]) -> None:
    assert faults(tmp_path, row(expect=expecting(facts=facts))) == []


def test_what_is_worked_out_need_not_be_printed(tmp_path: Path) -> None:
    assert faults(tmp_path, row(kind="compute", expect=expecting(facts=[["20.3億円"]]))) == []


def test_the_same_question_twice_and_every_line_that_cannot_be_read(tmp_path: Path) -> None:
    found = faults(tmp_path, row(), "{", row(id="c2", question="２０２４年度の予算は？ "), row(id="c1"))
    assert [fault.split(":")[0] for fault in found] == [
        "2行目 / line 2",
        "4行目 / line 4",
        "3行目 / line 3",
        "4行目 / line 4",
    ]
    assert "the same question as on line 1" in found[2]


def test_the_history_is_part_of_the_question(tmp_path: Path) -> None:
    talked = [{"role": "user", "content": "①は？"}]
    assert faults(tmp_path, row(), row(id="c2", history=talked)) == []


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    folder = tmp_path_factory.mktemp("library")
    library = open_library(folder)
    add_all(library, write_plans(folder / "plans"))
    yield library.catalog
    library.close()


def test_drafts_of_facts_rows_and_headings_wait_for_a_person(catalog: Catalog, tmp_path: Path) -> None:
    found = drafts(catalog, 10)
    assert all(case.draft for case in found)
    assert len({case.question for case in found}) == len(found)
    by_kind = {case.kind: case for case in found}
    assert {Kind.BUDGET, Kind.SCHEDULE, Kind.FACT} <= set(by_kind)
    out = tmp_path / "drafts.jsonl"
    write_drafts(found, out)
    assert read_cases(out) == found
    told = check_file(out, shelf_of(catalog))[1]
    assert sum("not reviewed" in line for line in told) == len(found)
    rest = [line for line in told if "not reviewed" not in line]
    assert all("answered needs at least one fact" in line for line in rest)  # those of headings
    with pytest.raises(CaseError, match="すでにあります"):
        write_drafts(found, out)


def test_a_row_is_asked_by_its_first_cell_and_the_header_of_its_last(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    table = "# 表\n\n| 組織 | 役割 |\n| --- | --- |\n| 幹事会 | 案をまとめる |\n"
    add_all(library, write_plans(tmp_path / "plans", {"t.md": table}))
    (case,) = [case for case in drafts(library.catalog, 10) if case.kind is Kind.TABLE]
    library.close()
    assert (case.question, case.expect.facts) == ("「幹事会」の役割は何ですか。", (("案をまとめる",),))


def test_the_limit_holds_for_each_sort_of_each_document(catalog: Catalog) -> None:
    assert len(drafts(catalog, 1)) < len(drafts(catalog, 10))
    assert len(drafts(catalog, 1)) <= 3 * len(catalog.records())


VOTES = [
    {
        "question": "予算は？",
        "answer": "9億円です。",
        "vote": "down",
        "comment": "違います。電話 090-1234-5678",
    },
    {"question": "予算は？ ", "answer": {"text": "9億円です。", "status": "answered"}, "vote": 1, "id": "x"},
    {"question": "taro@example.jp の申請は？", "vote": "down"},
]


def feedback(folder: Path, *lines: object) -> Path:
    path = folder / "feedback.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return path


def test_feedback_becomes_drafts_without_personal_data(tmp_path: Path) -> None:
    first, second = cases_of(read_votes(feedback(tmp_path, *VOTES)))
    assert (first.question, first.draft, first.kind) == ("予算は？", True, Kind.FACT)
    notes = [json.loads(line) for line in first.note.split("\n")]
    assert [note["vote"] for note in notes] == ["down", 1]
    assert notes[0]["comment"] == "違います。電話 ［個人情報］" and notes[1]["answer"] == "9億円です。"
    assert (second.question, second.kind) == ("［個人情報］ の申請は？", Kind.PII)
    assert not any(find_personal_data(case.model_dump_json()) for case in (first, second))


def test_a_wrong_line_of_feedback_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"line 2: question"):
        read_votes(feedback(tmp_path, VOTES[0], {"answer": "x"}))


def test_drafts_and_notes_change_no_digest() -> None:
    assert made_case(draft=True, note="見直す").digest() == made_case().digest()


def test_the_commands(tmp_path: Path, tiny_folder: Path) -> None:
    data, plans = tmp_path / "data", write_plans(tmp_path / "plans")
    assert keikaku_here(data, "add", str(plans), KEIKAKU_EMBEDDER=str(tiny_folder)).returncode == 0
    out = tmp_path / "drafts.jsonl"
    assert keikaku_here(data, "eval", "draft", "--out", str(out)).returncode == 0
    checked = keikaku_here(data, "eval", "check", "--cases", str(out))
    assert checked.returncode == 1 and "line 1: draft" in checked.stderr
    path = feedback(tmp_path, *VOTES)
    masked = tmp_path / "feedback_drafts.jsonl"
    assert (
        keikaku_here(data, "eval", "from-feedback", "--feedback", str(path), "--out", str(masked)).returncode
        == 0
    )
    assert len(read_cases(masked)) == 2
    again = keikaku_here(data, "eval", "from-feedback", "--feedback", str(path), "--out", str(masked))
    assert again.returncode == 1 and "Traceback" not in again.stderr
    none = keikaku_here(tmp_path / "none", "eval", "check", "--cases", str(out))
    assert none.returncode == 1 and "keikaku add" in none.stderr
