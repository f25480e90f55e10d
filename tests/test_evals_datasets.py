"""Public data sets in small, and the figures of ranked search by hand."""

import json
import math
from pathlib import Path

import pytest
from cli_made import keikaku_here
from index_made import write_plans

from evals.cases import CaseError, Kind
from evals.datasets import beir, cases_of, lawqa, niilc
from evals.metric_retrieval import ranked_figures
from evals.retrieval import Dataset, Found, Query

LAW = "## 図書館法\n### 第2条\nこの法律において図書館とは、資料を集めて公衆に見せる施設をいう。"
SAMPLES = [
    {"コンテキスト": LAW, "問題文": "図書館とは何か。", "output": "a"},
    {"コンテキスト": LAW, "問題文": "誰に見せる施設か。", "output": "b"},
]
NIILC = (
    '<questions><question id="n1"><text> 月まで何キロ？</text></question>'
    '<question id="n2"><text>富士山の高さは？</text></question></questions>'
)


def beir_folder(
    folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\ta/1\t2\nq1\tb\t1\nq1\tc\t0\n"
) -> Path:
    rows = [
        {"_id": "a/1", "title": "題", "text": "一"},
        {"_id": "b", "text": "二"},
        {"_id": "c", "text": "三"},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "問"}), "utf-8")
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(qrels, "utf-8")
    (folder / "qrels" / "dev.tsv").write_text("broken", "utf-8")
    return folder


def test_a_law_is_one_document_however_often_it_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "lawqa.json"
    path.write_text(json.dumps({"samples": SAMPLES}), "utf-8")
    found = lawqa(path)
    assert found.texts == {"law0000.txt": LAW}
    assert [query.documents for query in found.queries] == [("law0000.txt",)] * 2
    case = cases_of(found)[0]
    assert (case.expect.facts, case.evidence[0].quote) == ((), LAW)


def test_a_folder_in_beirs_form_with_its_grades(tmp_path: Path) -> None:
    found = beir(beir_folder(tmp_path))
    assert found.texts == {"d000000.txt": "題\n一", "d000001.txt": "二", "d000002.txt": "三"}
    assert found.queries == (Query("問", ("d000000.txt", "d000001.txt"), grades=(2, 1)),)


HEADER = "query-id\tcorpus-id\tscore\n"


@pytest.mark.parametrize("qrels", [f"{HEADER}q1\tnone\t1\n", "a\tb\n1\t2\n", f"{HEADER}q1\tb\tx\n"])
def test_a_broken_folder_is_refused(tmp_path: Path, qrels: str) -> None:
    with pytest.raises(CaseError, match="BEIR"):
        beir(beir_folder(tmp_path, qrels))


def test_what_is_in_no_plan_is_to_be_declined(tmp_path: Path) -> None:
    path = tmp_path / "niilc.xml"
    path.write_text(NIILC, "utf-8")
    cases = niilc(path)
    assert [(case.id, case.kind, case.expect.status) for case in cases] == [
        ("n1", Kind.OUT_OF_SCOPE, "no_evidence"),
        ("n2", Kind.OUT_OF_SCOPE, "no_evidence"),
    ]
    assert cases[0].question == "月まで何キロ？"


@pytest.mark.parametrize("read", [lawqa, niilc, beir])
def test_other_files_are_refused_by_name(tmp_path: Path, read) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "x").write_text("これは違う", "utf-8")
    with pytest.raises(CaseError, match="形式ではありません"):
        read(tmp_path / "x")


def test_the_sentence_of_the_answer_is_the_evidence() -> None:
    texts = {"p.txt": "桜\n春に咲く。秋に散る。"}
    (case,) = cases_of(Dataset(texts, (Query("いつ散る？", ("p.txt",), ("秋",)),)))
    assert case.expect.facts == (("秋",),)
    assert [proof.quote for proof in case.evidence] == ["秋に散る。"]


def ranking(right: tuple[str, ...], *sources: str, grades: tuple[int, ...] = ()) -> Found:
    return Found(Query("？", right, grades=grades), None, None, 1.0, sources)


def test_figures_of_ranked_search_by_hand() -> None:
    found = [
        ranking(("a",), "a", "b"),
        ranking(("a", "b"), "x", "市/b", "a", grades=(2, 1)),
        ranking(("a",), "x", "y"),
        ranking(("a",)),
    ]
    ideal, got = 2 + 1 / math.log2(3), 1 / math.log2(3) + 2 / math.log2(4)
    assert ranked_figures(found) == {
        "hit@1": 0.25,
        "recall@5": 0.5,
        "MRR": round((1 + 1 / 2) / 4, 4),
        "nDCG@10": round((1 + got / ideal) / 4, 4),
    }
    assert set(ranked_figures([]).values()) == {0.0}


def test_the_commands_answer_and_search(tmp_path: Path, tiny_folder: Path) -> None:
    use, data, folder = {"KEIKAKU_EMBEDDER": str(tiny_folder)}, tmp_path / "data", tmp_path / "set"
    folder.mkdir()
    searched = ["eval", "retrieval", "--dataset", "beir", "--path", str(beir_folder(folder))]
    found = keikaku_here(data, *searched, **use)
    assert found.returncode == 0 and "nDCG@10" in found.stdout, found.stderr

    assert keikaku_here(data, "add", str(write_plans(tmp_path / "plans")), **use).returncode == 0
    (tmp_path / "niilc.xml").write_text(NIILC, "utf-8")
    asked = ["--dataset", "niilc", "--path", str(tmp_path / "niilc.xml")]
    done = keikaku_here(data, "eval", "answers", *asked, "--out", str(tmp_path / "run"), **use)
    assert done.returncode == 0, done.stderr
    assert "out_of_scope" in done.stdout and (tmp_path / "run" / "report.html").exists()
    assert keikaku_here(data, "eval", "retrieval", *asked).returncode == 2  # it has no texts

    asking = [{"question": "いつ咲く？", "answers": [{"text": "春"}]}]
    squad = {"data": [{"title": "桜", "paragraphs": [{"context": "春に咲く。", "qas": asking}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(squad), "utf-8")
    asked = ["--dataset", "jsquad", "--path", str(tmp_path / "squad.json")]
    done = keikaku_here(data, "eval", "answers", *asked, "--out", str(tmp_path / "run2"), **use)
    assert done.returncode == 0, done.stderr
