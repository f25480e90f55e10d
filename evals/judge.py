"""An optional judge: a language model, pinned by settings apart from the one that answers, votes on each answer.

It sees the question, what a right answer says, the evidence and the answer. How far it can be believed is measured
on answers that people labelled (Zheng et al.: Judging LLM-as-a-Judge, 2023: agreement with people comes first).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import httpx
from pydantic import ValidationError

from assistant.answer import Status
from corpus.settings import Settings
from evals.cases import EvalError, Identified, Said, Strict, read_jsonl
from evals.run import Output, read_rows

RUBRIC = Path(__file__).with_name("templates") / "judge_rubric.txt"
LABELLED = Path(__file__).with_name("data") / "labelled_answers.jsonl"
JUDGEMENTS, JUDGE = "judgements.jsonl", "judge.json"
VOTES = 3
TEMPERATURE = 0.3  # votes that are always the same would tell nothing; each has a seed of its own
TIMEOUT_S = 120.0
MAX_TOKENS = 300
_OBJECT = re.compile(r"\{.*?\}", re.S)


class JudgeError(EvalError):
    """The judge is not set, down, or refuses."""


class Vote(Strict):
    """What the model says of one answer."""

    verdict: Literal["right", "wrong"]
    reason: str = ""


class Judgement(Identified):
    """The votes on one answer; `right` is what most of all votes say, None where there is no such majority."""

    right: bool | None
    votes: tuple[Vote | None, ...]


class Labelled(Identified):
    """An answer that a person judged."""

    question: Said
    facts: tuple[tuple[Said, ...], ...]
    evidence: tuple[Said, ...]
    answer: Said
    right: bool


class Agreement(Strict):
    """The judge against people: `kappa` is Cohen's, None where chance alone would agree always."""

    n: int
    undecided: int
    agreed: float | None
    kappa: float | None


Asked = tuple[str, str]
"""(id, what the model is shown)."""


class Judge:
    """Asks one model of an OpenAI-compatible server; nothing is connected before the first answer."""

    def __init__(self, settings: Settings, rubric: Path = RUBRIC) -> None:
        self._settings, self._rubric = settings, rubric

    def identity(self) -> dict[str, object]:
        """What made the judgements."""
        digest = hashlib.sha256(self._rubric.read_bytes()).hexdigest()
        return {"model": self._settings.judge_model, "rubric_sha256": digest, "votes": VOTES}

    def judge(
        self, asked: Sequence[Asked], on_done: Callable[[int], None] = lambda _: None
    ) -> list[Judgement]:
        """The judgement of each answer, in order.

        Raises:
            JudgeError: no judge is set, or it cannot be asked.
        """
        if self._settings.judge_base_url is None:
            raise JudgeError(
                "KEIKAKU_JUDGE_BASE_URL と KEIKAKU_JUDGE_MODEL を設定してください / set them to name a judge"
            )
        rubric = self._rubric.read_text("utf-8")
        headers = {"Authorization": f"Bearer {self._settings.judge_api_key.get_secret_value()}"}
        found = []
        with httpx.Client(
            base_url=self._settings.judge_base_url, headers=headers, timeout=TIMEOUT_S
        ) as client:
            for done, (name, shown) in enumerate(asked, start=1):
                votes = tuple(self._vote(client, rubric, shown, seed) for seed in range(VOTES))
                found.append(Judgement(id=name, right=majority(votes), votes=votes))
                on_done(done)
        return found

    def _vote(self, client: httpx.Client, rubric: str, shown: str, seed: int) -> Vote | None:
        body = {
            "model": self._settings.judge_model,
            "temperature": TEMPERATURE,
            "seed": seed,
            "max_tokens": MAX_TOKENS,
            "messages": [{"role": "system", "content": rubric}, {"role": "user", "content": shown}],
        }
        try:
            response = client.post("chat/completions", json=body).raise_for_status()
            return vote_in(response.json()["choices"][0]["message"]["content"] or "")
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise JudgeError(f"判定モデルに尋ねられません / the judge cannot be asked: {error!r}") from error


def vote_in(text: str) -> Vote | None:
    """The vote in what a model wrote; None where there is none that can be read."""
    for found in _OBJECT.findall(text):
        try:
            return Vote.model_validate_json(found)
        except ValidationError:
            continue
    return None


def majority(votes: Sequence[Vote | None]) -> bool | None:
    """What more than half of all votes say, those that cannot be read included."""
    said = [vote.verdict for vote in votes if vote]
    return next((word == "right" for word in ("right", "wrong") if said.count(word) * 2 > len(votes)), None)


def shown_of(
    question: str, facts: Iterable[Sequence[str]], evidence: Iterable[str], answer: str, history: str = ""
) -> str:
    """What the model sees, as JSON, so that no text can pass for another part."""
    parts = {
        "conversation_so_far": history,
        "question": question,
        "right_answer_says": [list(group) for group in facts],
        "evidence": list(evidence),
        "answer": answer,
    }
    return json.dumps(parts, ensure_ascii=False, indent=1)


def asked_of(outputs: Iterable[Output]) -> list[Asked]:
    """The answers of a run that can be judged: to cases that are to be answered, and that were."""
    return [
        (
            one.case.id,
            shown_of(
                one.case.question,
                one.case.expect.facts,
                [proof.quote for proof in one.case.evidence],
                one.answer.text,
                "\n".join(f"{turn.role}: {turn.content}" for turn in one.case.history),
            ),
        )
        for one in outputs
        if one.case.expect.status is Status.ANSWERED and one.answer.status in ("answered", "partial")
    ]


def read_labelled(path: Path = LABELLED) -> list[Labelled]:
    """Answers that people judged.

    Raises:
        CaseError: a line is wrong.
    """
    return read_jsonl(path, Labelled, "回答がありません / expected at least one labelled answer, got none")


def agreement(judgements: Sequence[Judgement], labelled: Sequence[Labelled]) -> Agreement:
    """How often the judge says what people said; undecided answers are counted apart."""
    pairs = [
        (one.right, label.right)
        for one, label in zip(judgements, labelled, strict=True)
        if one.right is not None
    ]
    undecided = len(labelled) - len(pairs)
    if not pairs:
        return Agreement(n=len(labelled), undecided=undecided, agreed=None, kappa=None)
    agreed = sum(ours == theirs for ours, theirs in pairs) / len(pairs)
    ours, theirs = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
    chance = ours * theirs + (1 - ours) * (1 - theirs)
    kappa = (agreed - chance) / (1 - chance) if chance < 1 else None
    return Agreement(n=len(labelled), undecided=undecided, agreed=agreed, kappa=kappa)


def save(out: Path, judgements: Sequence[Judgement], identity: dict[str, object], found: Agreement) -> None:
    """Writes the votes and how far the judge can be believed into a run's folder."""
    rows = "".join(one.model_dump_json() + "\n" for one in judgements)
    (out / JUDGEMENTS).write_text(rows, "utf-8", newline="\n")
    told = {**identity, "agreement": found.model_dump()}
    (out / JUDGE).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def verdicts(out: Path) -> dict[str, bool]:
    """What the judge said of a run's answers, by case; empty where it was not asked.

    Raises:
        RunError: a line cannot be read.
    """
    if not (out / JUDGEMENTS).exists():
        return {}
    return {one.id: one.right for one in read_rows(out / JUDGEMENTS, Judgement) if one.right is not None}
