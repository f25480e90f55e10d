"""Scoring lifted facts: hand-made documents whose facts are known, and labels that agree or do not."""

import json
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.cases import CaseError
from evals.facts import MAX_ANCHOR, Marks, Place, Scores, evaluate, read_labels, scores_text

LABELS = Path(evals.__file__).parent / "data" / "facts.jsonl"
PLAN = """# みほん市計画

## 窓口改革事業

令和6年度の予算額は7,160千円である。令和5年度の決算額は3,000千円である。

## 庁舎整備事業

人口は68,200人である。
"""
BUDGET = {
    "subject": ["窓口改革"],
    "kind": ["予算"],
    "amount_yen": 7_160_000,
    "fiscal_years": [2024],
}


def place(anchor: str = "7,160", **changed: Any) -> Place:
    fields = {
        "id": "f1",
        "split": "dev",
        "source": "plan.md",
        "page": None,
        "anchor": anchor,
        "facts": [BUDGET],
    }
    return Place.model_validate_json(json.dumps(fields | changed))


def labelled(**changed: Any) -> Place:
    return place(facts=[BUDGET | changed])


def scored(folder: Path, *places: Place) -> Scores:
    (folder / "plan.md").write_text(PLAN, "utf-8")
    return evaluate(places, [folder])


def marked(folder: Path, one: Place) -> Marks:
    return scored(folder, one).marks[0]


def test_a_fact_that_is_as_labelled_counts_for_both(tmp_path: Path) -> None:
    share = scored(tmp_path, place()).share()
    assert (share.precision, share.recall, share.matched) == (1.0, 1.0, 1)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"fiscal_years": [2023]}, "years"),
        ({"fiscal_years": []}, "years"),
        ({"kind": ["決算"]}, "kind"),
        ({"subject": ["道路"]}, "subject"),
        ({"kind": ["決算"], "fiscal_years": [2023]}, "years+kind"),
    ],
)
def test_what_is_wrong_is_named_on_both_sides(tmp_path: Path, changed: dict[str, Any], why: str) -> None:
    marks = marked(tmp_path, labelled(**changed))
    assert (marks.extracted, marks.matched) == (1, 0)
    assert [reason for _, reason in marks.missed] == [reason for _, reason in marks.false] == [why]


def test_another_amount_is_one_missing_and_one_extra(tmp_path: Path) -> None:
    marks = marked(tmp_path, labelled(amount_yen=7_160))
    assert [why for _, why in marks.missed] == ["なし / missing"]
    assert [why for _, why in marks.false] == ["余分 / extra"]


def test_a_fact_that_nobody_labelled_costs_precision(tmp_path: Path) -> None:
    share = scored(tmp_path, place(facts=[])).share()
    assert (share.labelled, share.extracted, share.precision, share.recall) == (0, 1, 0.0, None)


def test_a_fact_that_was_not_lifted_costs_recall(tmp_path: Path) -> None:
    share = scored(tmp_path, place(facts=[BUDGET, BUDGET | {"kind": ["期間"], "amount_yen": None}])).share()
    assert (share.precision, share.recall) == (1.0, 0.5)


def test_one_fact_answers_one_label_only(tmp_path: Path) -> None:
    marks = marked(tmp_path, place(facts=[BUDGET, BUDGET]))
    assert (marks.matched, len(marks.missed)) == (1, 1)


def test_only_the_sentence_of_the_anchor_counts(tmp_path: Path) -> None:
    settled = BUDGET | {"kind": ["決算"], "amount_yen": 3_000_000, "fiscal_years": [2023]}
    marks = marked(tmp_path, place("3,000 千円", facts=[settled]))
    assert (marks.extracted, marks.matched) == (1, 1)


def test_any_alternative_will_do_and_the_section_is_part_of_the_subject(tmp_path: Path) -> None:
    marks = marked(tmp_path, labelled(subject=["無関係", "みほん市 計画"], kind=["要求", "予算"]))
    assert marks.matched == 1


def test_a_place_without_facts_where_none_was_lifted(tmp_path: Path) -> None:
    share = scored(tmp_path, place("68,200人", facts=[])).share()
    assert (share.places, share.precision, share.recall) == (1, None, None)


@pytest.mark.parametrize(("anchor", "count"), [("どこにもない", 0), ("令和", 2)])
def test_an_anchor_that_selects_no_single_sentence(tmp_path: Path, anchor: str, count: int) -> None:
    scores = scored(tmp_path, place(anchor))
    assert f"{count}か所" in scores.marks[0].error
    assert scores.share().recall == 0.0
    assert "f1 plan.md" in scores_text(scores)


def test_an_anchor_is_looked_for_on_its_page(tmp_path: Path) -> None:
    (tmp_path / "pages.txt").write_text("予算額は5千円である。\n\f予算額は5千円である。\n", "utf-8")
    whole, second = place("5千円", source="pages.txt"), place("5千円", source="pages.txt", page=2, id="f2")
    scores = evaluate([whole, second], [tmp_path])
    assert [bool(marks.error) for marks in scores.marks] == [True, False]


def test_a_file_that_is_not_there_is_counted_apart(tmp_path: Path) -> None:
    scores = scored(tmp_path, place(), place(id="f2", source="elsewhere.md"))
    assert [one.id for one in scores.not_eligible] == ["f2"]
    assert scores.share().labelled == 1


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    scores = evaluate([place(source="empty.md")], [tmp_path])
    assert "cannot be read" in scores.marks[0].error
    assert scores.share().recall == 0.0


def test_the_first_folder_that_has_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    scored(tmp_path / "b", place())
    assert evaluate([place()], [tmp_path / "a", tmp_path / "b"]).share().matched == 1


def test_groups_by_split_and_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "plan.md").write_text(PLAN, "utf-8")
    held = place(id="f2", split="held", source="sub/plan.md", facts=[BUDGET | {"fiscal_years": [1999]}])
    scores = scored(tmp_path, place(), held)
    assert {name: share.recall for name, share in scores.by_split().items()} == {"dev": 1.0, "held": 0.0}
    assert {name: share.recall for name, share in scores.by_folder().items()} == {".": 1.0, "sub": 0.0}


def test_the_table_names_what_was_missed_and_what_was_false(tmp_path: Path) -> None:
    text = scores_text(scored(tmp_path, labelled(kind=["決算"])))
    assert "漏れ / missed (kind): 窓口改革 決算 7160000 [2024]" in text
    assert "誤り / false (kind)" in text
    assert text.splitlines()[1].split()[-2:] == ["0.000", "0.000"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"split": "test"}, "split"),
        ({"anchor": "あ" * (MAX_ANCHOR + 1)}, "anchor"),
        ({"page": 0}, "page"),
        ({"facts": [BUDGET | {"subject": []}]}, "facts.0.subject"),
        ({"remark": "x"}, "remark"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = tmp_path / "labels.jsonl"
    good = place().model_dump(mode="json")
    path.write_text("\n".join(json.dumps(line) for line in (good, good | {"id": "f2"} | changed)), "utf-8")
    with pytest.raises(CaseError, match=f"line 2: {said}"):
        read_labels(path)


def test_an_id_twice_an_empty_file_and_another_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join([place().model_dump_json()] * 2), "utf-8")
    with pytest.raises(CaseError, match="already on line 1"):
        read_labels(path)
    path.write_text("\n", "utf-8")
    with pytest.raises(CaseError, match="at least one"):
        read_labels(path)
    path.write_bytes("計画".encode("cp932"))
    with pytest.raises(CaseError, match="UTF-8"):
        read_labels(path)


def test_the_committed_labels_are_as_they_should_be() -> None:
    places = read_labels(LABELS)
    assert sum(len(one.facts) for one in places) >= 80
    assert sum(not one.facts for one in places) >= 20
    assert len({(one.source, one.page, one.anchor) for one in places}) == len(places)
    assert {one.split for one in places} == {"dev", "held"}
