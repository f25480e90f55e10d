"""From use to cases: questions that people voted on become drafts, with personal data masked."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import Status
from assistant.privacy import MASK, mask
from assistant.usage import Usage, exported
from corpus.catalog import Catalog
from evals.cases import Case, CaseError, Expect, Kind, Said, faults_of
from evals.matching import comparable

_SHOWN = 500  # characters of an answer that a note repeats


class Voted(BaseModel):
    """One exported line; other keys are left out. `answer` is its text, or the Answer as the interface gave it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: Said
    answer: str | dict[str, Any] = ""
    vote: str | int | None = None
    comment: str | None = None

    @property
    def said(self) -> str:
        """The text of the answer."""
        return self.answer if isinstance(self.answer, str) else str(self.answer.get("text", ""))


def read_votes(path: Path) -> list[Voted]:
    """Every line of an export.

    Raises:
        CaseError: names every line that is wrong.
        OSError: the file cannot be read.
    """
    return votes_in(path.read_text("utf-8-sig"), str(path))


def kept_votes(catalog: Catalog) -> list[Voted]:
    """The votes that staff gave, as the library keeps them."""
    return votes_in(exported(Usage(catalog).votes()), catalog.url)


def votes_in(lines: str, name: str) -> list[Voted]:
    """Votes from lines of JSON; `name` is where they come from.

    Raises:
        CaseError: names every line that is wrong.
    """
    found: list[Voted] = []
    faults: list[str] = []
    for number, line in enumerate(lines.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Voted.model_validate_json(line))
        except ValidationError as error:
            faults += [f"{name}: {number}行目 / line {number}: {fault}" for fault in faults_of(error)]
    if faults:
        raise CaseError("\n".join(faults))
    return found


def cases_of(votes: Iterable[Voted]) -> list[Case]:
    """A draft for each question, its votes together in the note; a person writes what is right.

    Names of persons are not found by rules: whoever edits the drafts looks for them.
    """
    notes: dict[str, list[str]] = {}
    questions: dict[str, str] = {}
    for one in votes:
        question = mask(one.question.strip())
        key = comparable(question)
        questions.setdefault(key, question)
        notes.setdefault(key, []).append(_note(one))
    return [
        Case(
            id=f"feedback-{number:04}",
            kind=Kind.PII if MASK in question else Kind.FACT,
            question=question,
            expect=Expect(status=Status.REFUSED if MASK in question else Status.ANSWERED),
            draft=True,
            note="\n".join(notes[key]),
        )
        for number, (key, question) in enumerate(questions.items(), start=1)
    ]


def _note(one: Voted) -> str:
    said = {"vote": one.vote, "comment": mask(one.comment or ""), "answer": mask(one.said)[:_SHOWN]}
    return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)
