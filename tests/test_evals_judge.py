"""The judge: votes, majority, agreement with people, over a real HTTP server."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from evals_made import Shelf, made_answer, made_case, no_evidence
from pydantic import SecretStr

from corpus.settings import Settings, SettingsError, load_settings
from evals.judge import (
    RUBRIC,
    Judge,
    JudgeError,
    Judgement,
    Labelled,
    Vote,
    agreement,
    asked_of,
    majority,
    read_labelled,
    save,
    verdicts,
    vote_in,
)
from evals.run import generate, read_outputs, score

RIGHT, WRONG = Vote(verdict="right"), Vote(verdict="wrong")


@dataclass
class Endpoint:
    """Says what `texts` has for the answer that it is shown; keeps every request."""

    texts: Sequence[str] = ('{"verdict": "right", "reason": "合う"}',)
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            state.keys.append(self.headers["Authorization"])
            state.paths.append(self.path)
            text = state.texts[(len(state.bodies) - 1) % len(state.texts)]
            body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keeps the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()


def judge_at(endpoint: Endpoint) -> Judge:
    return Judge(
        Settings(judge_base_url=endpoint.url, judge_model="pinned-1", judge_api_key=SecretStr("sesame"))
    )


def test_three_votes_of_the_pinned_model_with_the_rubric(endpoint: Endpoint) -> None:
    endpoint.texts = (
        '{"verdict": "right"}',
        '{"verdict": "wrong"}',
        'はい。\n{"verdict": "right", "reason": "x"}',
    )
    (found,) = judge_at(endpoint).judge([("c1", "見せるもの")])
    assert (found.id, found.right) == ("c1", True)
    assert [vote.verdict for vote in found.votes if vote] == ["right", "wrong", "right"]
    assert endpoint.paths == ["/v1/chat/completions"] * 3
    assert {body["model"] for body in endpoint.bodies} == {"pinned-1"}
    assert [body["seed"] for body in endpoint.bodies] == [0, 1, 2]
    messages = endpoint.bodies[0]["messages"]
    assert [one["content"] for one in messages] == [RUBRIC.read_text("utf-8"), "見せるもの"]
    assert set(endpoint.keys) == {"Bearer sesame"}


@pytest.mark.parametrize(
    ("votes", "right"),
    [
        ([RIGHT, RIGHT, WRONG], True),
        ([WRONG, None, WRONG], False),
        ([RIGHT, None, WRONG], None),
        ([RIGHT, None, None], None),
        ([None, None, None], None),
    ],
)
def test_majority(votes: list[Vote | None], right: bool | None) -> None:
    assert majority(votes) is right


@pytest.mark.parametrize("text", ["", "right", '{"verdict": "maybe"}', '{"verdict": ', "[1]"])
def test_what_is_no_vote(text: str) -> None:
    assert vote_in(text) is None


@pytest.mark.parametrize(("status", "raw"), [(500, "x"), (401, "x")])
def test_a_server_that_refuses_is_an_error(endpoint: Endpoint, status: int, raw: str) -> None:
    endpoint.status = status
    with pytest.raises(JudgeError, match=str(status)):
        judge_at(endpoint).judge([("c1", raw)])


def test_no_judge_is_set() -> None:
    with pytest.raises(JudgeError, match="KEIKAKU_JUDGE_BASE_URL"):
        Judge(Settings()).judge([("c1", "x")])


def test_url_and_model_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIKAKU_JUDGE_MODEL", "m")
    with pytest.raises(SettingsError, match="set both or neither"):
        load_settings()


def judgements(*rights: bool | None) -> list[Judgement]:
    return [Judgement(id=str(at), right=right, votes=()) for at, right in enumerate(rights)]


def labelled(*rights: bool) -> list[Labelled]:
    return [
        Labelled(id=str(at), question="問", facts=(("答",),), evidence=(), answer="答", right=right)
        for at, right in enumerate(rights)
    ]


def test_agreement_by_hand() -> None:
    found = agreement(judgements(True, True, False, False, None), labelled(True, False, False, False, True))
    assert (found.n, found.undecided, found.agreed) == (5, 1, 0.75)
    assert found.kappa == pytest.approx((0.75 - 0.5) / (1 - 0.5))
    assert agreement(judgements(None), labelled(True)).agreed is None
    assert agreement(judgements(True), labelled(True)).kappa is None


def test_the_labelled_answers_hold_both_verdicts() -> None:
    rights = [one.right for one in read_labelled()]
    assert len(rights) >= 20 and 0.3 < sum(rights) / len(rights) < 0.7


def test_only_answers_to_be_answered_are_judged_and_become_scores(tmp_path: Path, endpoint: Endpoint) -> None:
    cases = [made_case(id="a"), made_case(id="n", expect={"status": "no_evidence"}, evidence=[])]
    generate(lambda one: made_answer() if one == cases[0].asked() else no_evidence(), cases[:1], tmp_path, {})
    generate(lambda _: no_evidence(), cases[1:], tmp_path / "other", {})
    asked = asked_of([*read_outputs(tmp_path), *read_outputs(tmp_path / "other")])
    assert [name for name, _ in asked] == ["a"]
    shown = json.loads(asked[0][1])
    assert (shown["answer"], shown["right_answer_says"]) == ("7.2億円です。[1]", [["7.2億円", "720百万円"]])
    assert verdicts(tmp_path) == {}
    save(tmp_path, judge_at(endpoint).judge(asked), {"model": "pinned-1"}, agreement([], []))
    assert verdicts(tmp_path) == {"a": True}
    assert score(tmp_path, Shelf(), judged=verdicts(tmp_path)).judged == 1.0
    assert json.loads((tmp_path / "judge.json").read_text("utf-8"))["model"] == "pinned-1"
