"""The comparison with other systems: what is measured, and what is asked and reported. The others are not run here."""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import rival_process
from evals.retrieval import squad
from evals.rival_data import Task, citizens, spread, task_of, to_embed
from evals.rival_figures import (
    embed_figures,
    ingest_figures,
    quality_figures,
    query_figures,
    table,
)
from evals.rival_process import Workers, descendants, environment, run_step
from evals.rival_protocol import WARMING, Report, Request, measure, peak_memory_mb, request_of, text_files
from evals.rival_weights import write_configuration
from evals.side_by_side import Candidate, compare
from index.quantised import EncoderSizes

REQUEST = Request("query", "documents", "store", "model", texts=("一", "二"))
SOURCES = st.lists(st.sampled_from("abcdefghijklmno"), max_size=30)


class Made:
    """Finds what the question is made of, and writes down what was called."""

    packages = ("pytest",)

    def __init__(self) -> None:
        self.called: list[str] = []

    def load(self) -> None:
        self.called.append("load")

    def ingest(self) -> int:
        self.called.append("ingest")
        return 7

    def open(self) -> None:
        self.called.append("open")

    def search(self, question: str) -> list[str]:
        self.called.append(f"search {question}")
        return list(question)

    def embed(self, texts: list[str]) -> None:
        self.called.append(f"embed {len(texts)}")

    def close(self) -> None:
        self.called.append("close")


def made_report(**fields: object) -> Report:
    return Report(**{"ready_seconds": 1.234, "peak_memory_mb": 100.6, "versions": {}, **fields})  # type: ignore[arg-type]


def test_quality_counts_documents_not_passages() -> None:
    found = [["a", "a", "a", "a", "a", "a", "b"], ["c", "a", "b"]]
    questions = [("?", frozenset("b")), ("?", frozenset("c"))]
    assert quality_figures(found, questions) == {"questions": 2, "hit@1": 0.5, "R@5": 1.0, "MRR@10": 0.75}


def test_quality_shares_recall_between_right_documents_and_looks_at_ten() -> None:
    found = [["x", "a"], [*"qrstuvwxyz", "a"]]
    questions = [("?", frozenset("ab")), ("?", frozenset("a"))]
    assert quality_figures(found, questions) == {"questions": 2, "hit@1": 0.0, "R@5": 0.25, "MRR@10": 0.25}


def test_quality_refuses_answers_to_other_questions() -> None:
    with pytest.raises(ValueError, match="zip"):
        quality_figures([["a"]], [])


@given(SOURCES, st.frozensets(st.sampled_from("abcdefghijklmno"), min_size=1, max_size=1))
def test_with_one_right_document_hit_is_below_rank_and_recall(
    found: list[str], right: frozenset[str]
) -> None:
    figures = quality_figures([found], [("?", right)])
    assert figures["hit@1"] <= figures["MRR@10"] <= 1
    assert figures["hit@1"] <= figures["R@5"] <= (right <= set(found))


def test_ingest_figures(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "index").write_bytes(b"0" * 1024 * 512)
    figures = ingest_figures(made_report(seconds=4.0, pieces=30), 12.6, 10, tmp_path)
    assert figures == {
        "seconds": 4.0,
        "documents": 10,
        "documents_per_second": 2.5,
        "passages": 30,
        "ready_seconds": 1.23,
        "peak_memory_mb": 101,
        "workers_memory_mb": 13,
        "disk_mb": 0.5,
    }


def test_query_figures() -> None:
    figures = query_figures(made_report(milliseconds=[float(number) for number in range(1, 101)]))
    assert figures == {"p50_ms": 50.0, "p95_ms": 95.0, "ready_seconds": 1.23, "peak_memory_mb": 101}


def test_table_has_a_line_for_each_task_and_system(tmp_path: Path) -> None:
    figures = {
        "ingest": ingest_figures(made_report(seconds=4.0, pieces=30), 0, 10, tmp_path),
        "query": query_figures(made_report(milliseconds=[8.0])),
        "quality": quality_figures([["a"]], [("?", frozenset("a"))]),
    }
    embed = {"ours": embed_figures(made_report(seconds=2.0, pieces=30))}
    lines = table({"one": {"ours": figures}, "two": {"ours": figures}}, embed).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2] == "| one | ours | 2.5 | 15.0 | 8.0 | 8.0 | 101 | 0 | 101 | 0.0 | 1.0 | 1.0 | 1.0 |"
    assert lines[3].startswith("| two | ours |")


def test_a_request_survives_its_way() -> None:
    assert request_of(json.dumps(asdict(REQUEST))) == REQUEST


@pytest.mark.parametrize(
    ("step", "called", "pieces", "found"),
    [
        ("ingest", ["load", "embed 1", "ingest", "close"], 7, []),
        ("embed", ["load", "embed 1", "embed 2", "close"], 2, []),
        (
            "query",
            ["load", "open", f"search {WARMING}", "search 一", "search 二", "close"],
            0,
            [["一"], ["二"]],
        ),
    ],
)
def test_each_step_calls_and_reports(
    step: str, called: list[str], pieces: int, found: list[list[str]]
) -> None:
    system = Made()
    report = measure(system, Request(step, "", "", "", texts=("一", "二")))
    assert system.called == called
    assert (report.pieces, report.found, len(report.milliseconds)) == (pieces, found, len(found))
    assert report.versions == {"pytest": pytest.__version__}
    assert report.peak_memory_mb > 1


def test_text_files_are_named_below_their_folder(tmp_path: Path) -> None:
    for name in ("b/2.md", "a.txt", "c.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert list(text_files(tmp_path)) == [(tmp_path / "a.txt", "a.txt"), (tmp_path / "b" / "2.md", "b/2.md")]


def in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> tuple[Report, float]:
    """Runs a module of that text as a system."""
    (tmp_path / "made_system.py").write_text(body, "utf-8")
    monkeypatch.setattr(rival_process, "ROOT", tmp_path)
    return run_step(Path(sys.executable), "made_system", REQUEST)


def test_a_report_is_the_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import json, sys\nrequest = json.load(sys.stdin)\nprint('a library says hello')\n"
        "print(json.dumps({'ready_seconds': 0, 'peak_memory_mb': 1, 'versions': {}, 'found': [request['texts']]}))"
    )
    report, workers_mb = in_a_process(tmp_path, monkeypatch, body)
    assert report == Report(0, 1, {}, found=[["一", "二"]])
    assert workers_mb == 0


def test_a_failure_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match=r"made_system query: exit 3: .*no such thing"):
        in_a_process(
            tmp_path, monkeypatch, "import sys\nprint('no such thing', file=sys.stderr)\nsys.exit(3)"
        )


def test_memory_of_workers_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rival_process, "SAMPLE_SECONDS", 0.01)
    monkeypatch.setattr(rival_process, "descendants", lambda _: [os.getpid(), 2**30])
    with Workers(os.getpid()) as workers:
        for _ in range(500):
            if workers.peak_mb:
                break
            time.sleep(0.01)
    assert 1 < workers.peak_mb <= peak_memory_mb()
    assert list(descendants(2**30)) == []


def test_settings_of_ours_and_telemetry_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_EMBEDDER", "another")
    monkeypatch.setenv("KEIKAKU_MODEL_DIR", "weights")
    found = environment(3)
    assert "KEIKAKU_EMBEDDER" not in found
    assert (found["KEIKAKU_MODEL_DIR"], found["OMP_NUM_THREADS"]) == ("weights", "3")
    assert (found["ANONYMIZED_TELEMETRY"], found["HAYSTACK_TELEMETRY_ENABLED"]) == ("False", "False")


def test_paragraphs_become_documents(tmp_path: Path) -> None:
    paragraphs = [
        {"context": text, "qas": [{"question": f"{text}?", "answers": []}]} for text in ("甲", "乙")
    ]
    file = tmp_path / "made.json"
    file.write_text(json.dumps({"data": [{"title": "題", "paragraphs": paragraphs}]}), "utf-8")
    task = task_of("made", squad(file))
    assert task.documents == {"p00000.txt": "題\n甲", "p00001.txt": "題\n乙"}
    assert task.questions == [("甲?", frozenset({"p00000.txt"})), ("乙?", frozenset({"p00001.txt"}))]


def test_citizens_questions_bring_the_folders_of_their_documents(tmp_path: Path) -> None:
    for name in ("city/1.md", "city/2.md", "city/3.pdf", "other/4.md"):
        path = tmp_path / "realdocs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    rows = [
        {"question": "一", "documents": ["city/1.md"]},
        {"question": "二", "documents": ["other/4.md", "city/3.pdf"]},
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    task = citizens(tmp_path, cases)
    assert task.documents == {"city/1.md": "city/1.md", "city/2.md": "city/2.md"}
    assert task.questions == [("一", frozenset({"city/1.md"}))]


def test_a_cut_task_asks_only_of_what_is_left(tmp_path: Path) -> None:
    documents = {f"d/{number}.md": "文" for number in range(4)}
    questions = [(f"{number}?", frozenset({f"d/{number}.md"})) for number in (0, 1, 3)]
    task = Task("made", documents, questions)
    assert task.cut(0, 0) == task
    assert task.cut(2, 1) == Task("made", dict.fromkeys(("d/0.md", "d/1.md"), "文"), questions[:1])
    task.write(tmp_path)
    assert [source for _, source in text_files(tmp_path)] == list(documents)


@given(st.lists(st.integers(), unique=True), st.integers(0, 20))
def test_spread_keeps_order_and_number(items: list[int], limit: int) -> None:
    kept = spread(items, limit)
    assert len(kept) == (min(limit, len(items)) if limit else len(items))
    assert kept == [item for item in items if item in kept]


def test_embedded_texts_have_one_length() -> None:
    task = Task("made", {"a": "短い", "b": "長" * 500}, [])
    assert to_embed([task]) == ("長" * 183,)


def test_the_weights_name_no_prompts(tmp_path: Path) -> None:
    sizes = EncoderSizes(384, 12, 12, 1536, 250037, 512, 2, 1e-12)
    write_configuration(sizes, tmp_path / "model")
    files = {path.name: json.loads(path.read_text("utf-8")) for path in (tmp_path / "model").glob("*.json")}
    assert "config_sentence_transformers.json" not in files
    assert [module["path"] for module in files["modules.json"]] == ["", "1_Pooling", "2_Normalize"]
    assert all((tmp_path / "model" / module["path"]).is_dir() for module in files["modules.json"])
    assert files["config.json"]["num_hidden_layers"] == 12


def test_compare_writes_after_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task("made", {"a.txt": "文" * 200}, [("?", frozenset({"a.txt"}))])
    out, written = tmp_path / "out.json", []

    def measured(self: Candidate, task: Task) -> dict[str, object]:
        written.append(json.loads(out.read_text("utf-8"))["tasks"] if out.exists() else None)
        return {"of": self.name, "documents": len(task.documents)}

    monkeypatch.setattr(Candidate, "on", measured)
    monkeypatch.setattr(Candidate, "embedding", lambda self, texts: {"texts": len(texts)})
    monkeypatch.setattr("evals.side_by_side.DOCUMENTS", tmp_path / "documents")
    compare([task], [Candidate("ours"), Candidate("haystack")], {"tasks": {}}, out)
    assert written == [None, {"made": {"ours": {"of": "ours", "documents": 1}}}]
    report = json.loads(out.read_text("utf-8"))
    assert report["embed"] == {"ours": {"texts": 1}, "haystack": {"texts": 1}}
    assert list(report["tasks"]["made"]) == ["ours", "haystack"]
    assert (tmp_path / "documents" / "a.txt").read_text("utf-8") == "文" * 200


def test_a_prompted_system_is_the_same_module(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("evals.side_by_side.run_step", lambda *given: asked.append(given))
    monkeypatch.setattr("evals.side_by_side.rivals_python", lambda _: Path("python"))
    monkeypatch.setattr("evals.side_by_side.torch_folder", lambda folder: folder)
    for name in ("langchain+prompts", "ours"):
        Candidate(name, depth=5).run("query", ["一"])
    (python, module, request), (own, own_module, own_request) = asked
    assert (python, module, request.prompts, request.depth) == (
        Path("python"),
        "evals.rival_langchain",
        True,
        5,
    )
    assert (own, own_module, own_request.prompts) == (Path(sys.executable), "evals.rival_ours", False)
    assert request.texts == own_request.texts == ("一",)
