import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import CaseError
from evals.headings import evaluate, read_labels, scores_text

BODY = "本計画は、人口減少が進む中でも持続可能な行政運営の体制を築くことを目的として定めるものである。"
PLAN = f"# みほん計画\n\n## 第1章 目的\n\n(1) 背景\n\n{BODY}\n\n## 第2章 施策\n\n（1）窓口\n\n{BODY}\n\n・職員研修\n"
COMMITTED = Path(__file__).parents[1] / "evals" / "data" / "headings.jsonl"


def label(number: int, **said: Any) -> dict[str, Any]:
    return {"id": f"h{number}", "split": "dev", "source": "plan.md", "page": None, **said}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.md").write_text(PLAN, "utf-8")
    (tmp_path / "pages.txt").write_text(f"第1章 目的\n{BODY}\n\f第2章 期間\n{BODY}\n", "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    return tmp_path


def outcomes(folder: Path, *labels: dict[str, Any]) -> list[str]:
    return [one.outcome for one in evaluate(read_labels(written(folder, *labels)), [folder]).judged]


def written(folder: Path, *labels: dict[str, Any]) -> Path:
    file = folder / "labels.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in labels) + "\n\n", "utf-8")
    return file


def test_paths_with_and_without_the_title_in_any_width(folder: Path) -> None:
    labels = [
        label(1, path=["第１章　目的", "（１）背景"]),
        label(2, path=["みほん計画", "第2章 施策", "(1) 窓口"]),
        label(3, path=["第2章 施策", "(1) 背景"]),
        label(4, path=["(1) 背景"]),
        label(5, path=["第3章 期間"]),
    ]
    assert outcomes(folder, *labels) == ["right", "right", "other path", "other path", "not found"]


def test_lines_that_are_no_headings_by_their_beginning(folder: Path) -> None:
    labels = [label(1, not_heading="・職員研修"), label(2, not_heading="第2章 施")]
    assert outcomes(folder, *labels) == ["no heading", "taken"]


def test_a_heading_counts_on_its_own_page_only(folder: Path) -> None:
    first, second = (label(n, source="pages.txt", page=n, path=["第2章 期間"]) for n in (1, 2))
    assert outcomes(folder, first, second) == ["not found", "right"]


def test_files_that_are_not_there_or_cannot_be_read_count_apart(folder: Path) -> None:
    labels = [label(n, source=name, path=["第1章 目的"]) for n, name in ((1, "no.md"), (2, "empty.txt"))]
    scores = evaluate(read_labels(written(folder, *labels, label(3, path=["第1章 目的"]))), [folder])
    assert [one.outcome for one in scores.judged] == ["no file", "no file", "right"]
    assert scores.share("right") == 1.0


def test_the_text_names_shares_and_every_fault(folder: Path) -> None:
    labels = [
        label(1, path=["第1章 目的"]),
        label(2, path=["(1) 背景"]),
        label(3, split="held", not_heading="第2章"),
        label(4, split="held", source="no.md", path=["第1章"]),
    ]
    text = scores_text(evaluate(read_labels(written(folder, *labels)), [folder]))
    dev, held, *faults = text.split("\n")
    assert dev.startswith("dev: 見出し / headings 2 · 正しい道筋 / right path 50.0%")
    assert "見出しとした / taken 1 · ファイルなし / no file 1" in held
    assert faults[:2] == ["h2 other path: plan.md: (1) 背景", "    みほん計画 › 第1章 目的 › (1) 背景"]
    assert not any(fault.startswith("h4") for fault in faults)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"path": ["a"], "not_heading": "b"},
        {"path": ["a"], "page": 0},
        {"path": ["a"], "pages": 1},
        {"path": [" "]},
    ],
)
def test_wrong_labels_are_named_by_line(folder: Path, said: dict[str, Any]) -> None:
    with pytest.raises(CaseError, match="2行目"):
        read_labels(written(folder, label(1, path=["第1章"]), label(2, **said)))


def test_no_labels_are_an_error(folder: Path) -> None:
    with pytest.raises(CaseError, match="ラベルがありません"):
        read_labels(written(folder))


def test_the_committed_labels() -> None:
    labels = read_labels(COMMITTED)
    assert len({one.id for one in labels}) == len(labels)
    assert sum(bool(one.path) for one in labels) >= 90
    assert sum(bool(one.not_heading) for one in labels) >= 15
    splits = {(one.source, one.split) for one in labels}
    assert len(splits) == len({source for source, _ in splits})
