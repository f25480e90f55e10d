"""Measuring search: data sets, the rank of what is right, and figures by hand."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evals_made import made_case
from index_made import PLANS, WordEmbedder, settings_at

from corpus.read import read_bytes
from evals.cases import CaseError, Evidence
from evals.retrieval import CITIZENS, Found, Query, by_group, citizens, figures, plan_cases, retrieve, squad
from index.entries import entries_of
from index.library import Library
from index.progress import silent

ASKED: dict[str, Any] = {"question": "いつ？", "answers": [{"text": "春"}, {"text": "春の日"}]}
ARTICLE: dict[str, Any] = {
    "title": "桜",
    "paragraphs": [
        {"context": "桜 [SEP] 春に咲く。", "qas": [ASKED, {"question": "何が？", "answers": []}]},
        {"context": "実もなる。", "qas": []},
    ],
}
OTHER: dict[str, Any] = {"title": "梅", "paragraphs": [{"context": "冬に咲く。", "qas": [ASKED]}]}
ASKING = {"id": "c1", "split": "dev", "style": "plain", "question": "いつ？"}
CITIZEN = ASKING | {"documents": ["計画.md"], "holds": ["令和3年度"]}


def squad_file(folder: Path, content: object, name: str = "made.json") -> Path:
    path = folder / name
    data = json.dumps(content, ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def lines_file(folder: Path, *lines: object) -> Path:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("name", ["made.json", "made.json.gz"])
def test_each_paragraph_is_a_text_below_its_title(tmp_path: Path, name: str) -> None:
    found = squad(squad_file(tmp_path, {"version": "1", "data": [ARTICLE, OTHER]}, name))
    assert found.texts == {
        "p00000.txt": "桜\n春に咲く。",
        "p00001.txt": "桜\n実もなる。",
        "p00002.txt": "梅\n冬に咲く。",
    }
    assert found.queries == (
        Query("いつ？", ("p00000.txt",), ("春",)),
        Query("何が？", ("p00000.txt",)),  # without an answer
        Query("いつ？", ("p00002.txt",), ("春",)),
    )


@pytest.mark.parametrize(
    "content",
    [
        [],
        "text",
        {"data": None},
        {"data": ["桜"]},
        {"data": [{"title": "桜", "paragraphs": [{"context": "咲く"}]}]},
        {"data": [{"title": "桜", "paragraphs": [{"context": "咲く", "qas": [{"question": "？"}]}]}]},
    ],
)
def test_another_format_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(CaseError, match=r"made\.json.*SQuAD"):
        squad(squad_file(tmp_path, content))


ARCHIVE = gzip.compress(json.dumps({"data": [ARTICLE, OTHER]}).encode())


@pytest.mark.parametrize(
    "data", [ARCHIVE[:-20], ARCHIVE[:10] + b"\xff" * 9, b'{"data": []}'], ids=["cut", "damaged", "plain"]
)
def test_a_broken_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "made.json.gz"
    path.write_bytes(data)
    with pytest.raises(CaseError, match=r"made\.json\.gz"):
        squad(path)


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"none\.json"):
        squad(tmp_path / "none.json")
    (tmp_path / "cp932.json").write_bytes('{"data": "桜"}'.encode("cp932"))
    with pytest.raises(CaseError, match=r"cp932\.json"):
        squad(tmp_path / "cp932.json")


def test_every_line_of_the_citizens_questions_is_read() -> None:
    found = citizens()
    lines = [json.loads(line) for line in CITIZENS.read_text("utf-8").splitlines()]
    assert [query.question for query in found.queries] == [line["question"] for line in lines]
    assert len({query.question for query in found.queries}) == len(lines) >= 100
    assert len(by_group([Found(query, None, None, 0) for query in found.queries])) == 6
    assert not any(document.startswith("/") for query in found.queries for document in query.documents)
    assert found.texts == {}


def test_a_citizens_question_with_its_group(tmp_path: Path) -> None:
    found = citizens(lines_file(tmp_path, CITIZEN, CITIZEN | {"id": "c2", "split": "held", "holds": []}))
    assert found.queries == (
        Query("いつ？", ("計画.md",), ("令和3年度",), group="dev plain"),
        Query("いつ？", ("計画.md",), group="held plain"),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"split": "test"}, "split"),
        ({"style": "staff"}, "style"),
        ({"documents": []}, "documents"),
        ({"holds": [""]}, "holds"),
        ({"id": "c1"}, "id"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(CaseError, match=f"line 2: {said}"):
        citizens(lines_file(tmp_path, CITIZEN, CITIZEN | {"id": "c2"} | changes))


def test_answerable_cases_are_asked_standalone(tmp_path: Path) -> None:
    talked = [
        {"role": "user", "content": "見守り事業の予算は？"},
        {"role": "assistant", "content": "7億円。"},
    ]
    given = [
        made_case(),
        made_case(id="c2", kind="unanswerable", expect={"status": "no_evidence"}, evidence=[]),
        made_case(id="c3", evidence=[]),
        made_case(id="c4", kind="followup", question="それはいつまでですか", history=talked),
    ]
    path = lines_file(tmp_path, *(case.model_dump(mode="json") for case in given))
    first, second = plan_cases(path).queries
    assert first == Query(given[0].question, ("plan.txt",), evidence=given[0].evidence, group="budget")
    assert "見守り事業" in second.question
    assert "いつまで" in second.question
    assert (second.documents, second.group) == (("plan.txt",), "followup")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = Library(settings_at(tmp_path_factory.mktemp("library")), WordEmbedder())
    made.open(create=True)
    files = [read_bytes(name, text.encode()) for name, text in PLANS.items()]
    made.catalog.put(entries_of(files, "public", made.embedder, made.catalog, silent))
    made.repair()
    yield made
    made.close()


def evidence(quote: str, doc: str = "防災.txt") -> tuple[Evidence, ...]:
    return (Evidence(doc=doc, quote=quote),)


@pytest.mark.parametrize(
    ("query", "document", "passage"),
    [
        (Query("備蓄倉庫", ("防災.txt",), ("避難所", "備蓄倉庫")), 0, 0),
        (Query("備蓄倉庫", ("防災.txt",), ("避難所", "無い言葉")), 0, None),
        (Query("備蓄倉庫", ("防災.txt",)), 0, None),
        (Query("備蓄倉庫", ("無い.txt",), ("備蓄倉庫",)), None, None),
        (Query("備蓄倉庫", ("無い.txt", "防災.txt"), ("備蓄倉庫",)), 0, 0),
        (Query("備蓄倉庫", ("防災.txt",), evidence=evidence("備蓄の更新は毎年度11月に行う。")), 0, 0),
        (Query("備蓄倉庫", ("防災.txt",), evidence=evidence("備蓄の更新は毎年度12月に行う。")), 0, None),
        (Query("備蓄倉庫", ("防災.txt",), evidence=evidence("備蓄倉庫を設置する", "計画.md")), 0, None),
        (
            Query("720百万円", ("福祉.html",), ("７２０百万円",)),
            0,
            0,
        ),  # the end of a path, full-width figures
    ],
)
def test_ranks_of_what_is_right(
    library: Library, query: Query, document: int | None, passage: int | None
) -> None:
    with library.reading() as searcher:
        (found,) = retrieve(searcher, [query])
    assert (found.query, found.document, found.passage) == (query, document, passage)
    assert found.milliseconds > 0


def test_documents_count_once_and_passages_each(library: Library) -> None:
    query = Query("高齢者の見守り 年度 予算", ("計画.md",), ("7.2億円",))
    with library.reading() as searcher:
        hits = searcher.search(query.question, 30)
        (found,) = retrieve(searcher, [query])
    order = list(dict.fromkeys(hit.source for hit in hits))
    assert found.document == order.index("計画.md") == 1
    assert found.passage == next(at for at, hit in enumerate(hits) if "7.2億円" in hit.passage.text) > 1


def result(
    document: int | None,
    passage: int | None,
    milliseconds: float = 10.0,
    group: str = "a",
    holds: bool = True,
) -> Found:
    return Found(Query("？", ("d",), ("語",) if holds else (), group=group), document, passage, milliseconds)


def test_figures_by_hand() -> None:
    found = [
        result(0, 0, 10),
        result(1, 4, 20),
        result(4, 1, 30),
        result(12, None, 40),
        result(None, None, 50, holds=False),
    ]
    assert figures(found) == {
        "queries": 5,
        "hit@1": 0.2,
        "R@3": 0.4,
        "R@5": 0.6,
        "R@10": 0.6,
        "MRR@10": round((1 + 1 / 2 + 1 / 5) / 5, 4),
        "answer_in_first": 0.25,  # of the four whose words are known
        "answer_in_3": 0.5,
        "p50_ms": 30.0,
        "p95_ms": 48.0,
    }


@pytest.mark.parametrize(("name", "cut"), [("hit@1", 1), ("R@3", 3), ("R@5", 5), ("R@10", 10)])
def test_what_comes_just_behind_a_cut_is_not_in_it(name: str, cut: int) -> None:
    assert figures([result(cut - 1, None)])[name] == 1
    assert figures([result(cut, None)])[name] == 0


def test_no_questions_are_no_error() -> None:
    assert set(figures([]).values()) == {0}
    assert by_group([]) == {}


def test_each_group_has_figures_of_its_own() -> None:
    found = [result(0, 0, group="b"), result(None, None, group="a"), result(1, 1, group="b")]
    groups = by_group(found)
    assert list(groups) == ["a", "b"]
    assert groups == {"a": figures(found[1:2]), "b": figures([found[0], found[2]])}
