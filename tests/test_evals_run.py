"""Asking, saving, scoring: what a run leaves behind, and that scores can be recomputed from it."""

import hashlib
import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from evals_made import PLAN, Shelf, made_answer, made_case, no_evidence
from index_made import add_all, open_library, settings_at, write_plans
from pydantic import SecretStr

from assistant.answer import Answer, Question
from corpus.catalog import Catalog, Entry, Identity
from corpus.document import Document, document_id
from corpus.settings import Settings
from evals import run
from evals import run_config as configs
from evals.cases import Case
from evals.run import (
    Library,
    Output,
    RunError,
    default_folder,
    generate,
    read_scores,
    score,
)

RIGHT = made_case(id="right")
WRONG = made_case(id="wrong", question="二つ目の予算は？")
RAISES = made_case(id="raises", question="落ちる問い", kind="fact")
FILES = ("scores.jsonl", "summary.json", "table.txt")


def ask(question: Question) -> Answer:
    if question.question == RAISES.question:
        raise OSError("索引が閉じています")
    return made_answer() if question.question == RIGHT.question else no_evidence()


def made_run(out: Path, *cases: Case) -> Path:
    generate(ask, cases or (RIGHT, RAISES, WRONG), out, {"identity": {"model": "人形"}})
    return out


def outputs(out: Path) -> list[Output]:
    return run.read_rows(out / run.OUTPUTS, Output)


def test_a_case_that_raises_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    rows = outputs(made_run(tmp_path / "new" / "run"))
    assert [(row.case.id, row.answer.status) for row in rows] == [
        ("right", "answered"),
        ("raises", "error"),
        ("wrong", "no_evidence"),
    ]
    assert [row.error for row in rows] == [None, "OSError: 索引が閉じています", None]


def test_the_config_is_saved_before_the_first_question(tmp_path: Path) -> None:
    def nosy(question: Question) -> Answer:
        assert json.loads((tmp_path / run.CONFIG).read_text("utf-8")) == {"identity": "前"}
        return made_answer()

    generate(nosy, [RIGHT], tmp_path, {"identity": "前"})
    assert len(outputs(tmp_path)) == 1


def test_answers_are_saved_as_they_come_even_if_the_program_fails(tmp_path: Path) -> None:
    def faulty(question: Question) -> Answer:
        if question.question == WRONG.question:
            raise TypeError("a fault of the program")
        return made_answer()

    with pytest.raises(TypeError):
        generate(faulty, [RIGHT, WRONG], tmp_path, {})
    assert [row.case.id for row in outputs(tmp_path)] == ["right"]


def test_an_answer_is_on_disk_before_the_next_question(tmp_path: Path) -> None:
    saved: list[int] = []

    def counting(question: Question) -> Answer:
        saved.append(len((tmp_path / run.OUTPUTS).read_bytes().splitlines()))
        return made_answer()

    generate(counting, [RIGHT, WRONG], tmp_path, {})
    assert saved == [0, 1]


def test_other_errors_of_an_assistant_can_be_named(tmp_path: Path) -> None:
    def closed(question: Question) -> Answer:
        raise ZeroDivisionError

    generate(closed, [RIGHT], tmp_path, {}, failing=(ZeroDivisionError,))
    assert [row.answer.status for row in outputs(tmp_path)] == ["error"]


def test_each_answer_is_reported_as_it_comes(tmp_path: Path) -> None:
    seen: list[str] = []
    generate(ask, [RIGHT, WRONG], tmp_path, {}, lambda output: seen.append(output.case.id))
    assert seen == ["right", "wrong"]


def test_a_folder_that_holds_a_run_is_left_alone(tmp_path: Path) -> None:
    before = (made_run(tmp_path) / run.OUTPUTS).read_bytes()
    with pytest.raises(RunError, match=r"expected a new folder, found outputs\.jsonl"):
        made_run(tmp_path, RIGHT)
    assert (tmp_path / run.OUTPUTS).read_bytes() == before


def test_history_reaches_the_assistant(tmp_path: Path) -> None:
    case = made_case(
        history=[{"role": "user", "content": "①は？"}, {"role": "assistant", "content": "窓口です。"}]
    )
    asked: list[Question] = []

    def listening(question: Question) -> Answer:
        asked.append(question)
        return made_answer()

    generate(listening, [case], tmp_path, {})
    assert [(turn.role, turn.content) for turn in asked[0].history] == [
        ("user", "①は？"),
        ("assistant", "窓口です。"),
    ]


def test_scores_and_summary(tmp_path: Path) -> None:
    summary = score(made_run(tmp_path), Shelf())
    assert (summary.n, summary.errors) == (3, 1)
    assert summary.passed == pytest.approx(1 / 3)
    assert {kind: shares.n for kind, shares in summary.kinds.items()} == {"budget": 2, "fact": 1}
    rows = read_scores(tmp_path)
    assert [(row.id, row.passed) for row in rows] == [("right", True), ("raises", False), ("wrong", False)]
    assert rows[1].error == "OSError: 索引が閉じています"
    assert json.loads((tmp_path / run.SUMMARY).read_text("utf-8"))["passed"] == summary.passed
    assert (tmp_path / run.TABLE).read_text("utf-8").splitlines()[0].split()[:2] == ["kind", "n"]


def test_scores_are_recomputed_from_the_saved_answers_alone(tmp_path: Path) -> None:
    first = score(made_run(tmp_path), Shelf())
    kept = {name: (tmp_path / name).read_bytes() for name in FILES}
    for name in FILES:
        (tmp_path / name).unlink()
    assert score(tmp_path, Shelf()) == first
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == kept


def test_scores_follow_the_documents(tmp_path: Path) -> None:
    made_run(tmp_path, RIGHT)
    assert score(tmp_path, Shelf()).fabricated == 0
    assert score(tmp_path, Shelf(**{"plan.txt": "　" + PLAN})).fabricated == 1
    assert score(tmp_path, Shelf(**{"plan.txt": ""})).verbatim_ok == 0


def test_scores_follow_edited_expectations(tmp_path: Path) -> None:
    made_run(tmp_path)
    edited = made_case(id="right", expect={"status": "answered", "facts": [["9億円"]]})
    summary = score(tmp_path, Shelf(), [edited])
    assert (summary.n, summary.facts_ok) == (1, 0.0)
    assert read_scores(tmp_path)[0].case_digest == edited.digest()


def test_an_answer_to_another_question_is_not_scored(tmp_path: Path) -> None:
    made_run(tmp_path)
    with pytest.raises(RunError, match="ask something else by now, run them again: right"):
        score(tmp_path, Shelf(), [made_case(id="right", question="別の問い")])
    with pytest.raises(RunError, match="expected answers to these cases"):
        score(tmp_path, Shelf(), [made_case(id="new")])


def test_a_judges_verdicts_are_scores_of_their_cases(tmp_path: Path) -> None:
    summary = score(made_run(tmp_path), Shelf(), judged={"right": True, "wrong": False})
    assert (summary.judged, summary.not_eligible["judged"], summary.failed["judged"]) == (0.5, 1, 1)
    assert [row.judged for row in read_scores(tmp_path)] == [True, None, False]


def test_the_identity_names_models_generation_revision_and_documents(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    add_all(library, write_plans(tmp_path / "plans"))
    first = configs.identity_of(settings_at(tmp_path))
    assert first["documents"]["count"] == 3 and first["revision"] == library.catalog.revision()
    assert (tmp_path / "data" / "generations" / str(first["generation"])).is_dir()
    library.remove(library.catalog.records()[0].id)
    second = configs.identity_of(settings_at(tmp_path))
    library.close()
    assert second["documents"] != first["documents"] and second["revision"] != first["revision"]


def test_unusual_line_separators_in_answers_do_not_break_lines(tmp_path: Path) -> None:
    generate(lambda _: made_answer("一\u2028二\u0085三\r四"), [RIGHT, WRONG], tmp_path, {})
    assert [row.answer.text for row in outputs(tmp_path)] == ["一\u2028二\u0085三\r四"] * 2


def test_a_folder_without_answers_and_a_broken_line_are_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"outputs\.jsonl.*expected a run's folder"):
        score(tmp_path, Shelf())
    with (made_run(tmp_path) / run.OUTPUTS).open("a") as file:
        file.write("{}\n")
    with pytest.raises(RunError, match="line 4: expected Output"):
        score(tmp_path, Shelf())
    (tmp_path / run.OUTPUTS).write_text("")
    with pytest.raises(RunError, match="got none"):
        score(tmp_path, Shelf())


def test_config_tells_what_made_the_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(RIGHT.model_dump_json(), "utf-8")
    config = configs.run_config(file.name, file.read_bytes(), 1, Settings(), {"generation": "g1"})
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert config["cases"] == {"file": "mine.jsonl", "sha256": digest, "count": 1}
    assert config["identity"] == {"generation": "g1"}
    assert datetime.fromisoformat(str(config["date"])).tzinfo is not None
    assert json.loads(json.dumps(config)) == config


def test_no_secret_is_saved() -> None:
    settings = Settings(
        llm_api_key=SecretStr("sesame"),
        llm_base_url="http://me:sesame@llm.test:8080/v1?key=sesame",
        llm_model="model",
    )
    shown = configs.open_settings(settings)
    assert "sesame" not in json.dumps(shown)
    assert "llm_api_key" not in shown
    assert shown["llm_base_url"] == "http://llm.test:8080"
    assert shown["threads"] == settings.threads


def test_the_commit_is_the_checkouts_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configs, "__file__", str(tmp_path / "run.py"))
    assert configs.git_commit() is None
    for command in (
        ["init", "-q"],
        ["-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "x", "--allow-empty"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert configs.git_commit() == head.stdout.strip()


def test_the_default_folder_sorts_by_time() -> None:
    folder = default_folder(Path("var/evals"), "plan_cases", datetime(2025, 4, 1, 9, 5, 7))
    assert folder == Path("var/evals/20250401T090507-plan_cases")


def test_a_library_gives_the_text_of_a_source(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    catalog.create(Identity("doll", "doll", "doll"))
    source = "計画/さいたま.txt"
    document = Document(PLAN, "計画", "text/plain", ((0, len(PLAN)),))
    entry = Entry(
        document_id(source), source, "計画", "v", "public", document, b"", (), (), (), "d", (), (), (), ()
    )
    catalog.put([entry])
    library = Library(catalog)
    assert (library.text_of(source), library.text_of("計画/無い.txt")) == (PLAN, None)
    catalog.close()
