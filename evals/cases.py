"""Evaluation cases, one JSON object a line: a question, its right answer, where the documents say it."""

import hashlib
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.answer import Question, Status, Turn

Said = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text that can be looked for: not blank."""

_MEMBER = re.compile(
    r"<\w+\.\w+: ('[^']*')>"
)  # <Status.REFUSED: 'refused'>, as pydantic lists what it expects
_SHOWN = 80  # characters of a wrong value that an error message repeats


class EvalError(ValueError):
    """Something that an evaluation was given cannot be used; the message says what, for people."""


class CaseError(EvalError):
    """A case file that cannot be used; the message has one line for each fault."""


class Kind(StrEnum):
    """What a case tries; a closed list."""

    FACT = "fact"
    BUDGET = "budget"
    SCHEDULE = "schedule"
    LIST = "list"
    TABLE = "table"
    ORGANISATION = "organisation"
    DEFINITION = "definition"
    COMPARE = "compare"
    COMPUTE = "compute"
    FOLLOWUP = "followup"
    PARAPHRASE = "paraphrase"
    FOREIGN = "foreign"
    NEAR_MISS = "near_miss"
    UNANSWERABLE = "unanswerable"
    OUT_OF_SCOPE = "out_of_scope"
    INJECTION = "injection"
    PII = "pii"


class Strict(BaseModel):
    """Unknown keys are errors, so that a misspelt one is not silently left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identified(Strict):
    """One line of a JSONL file, under an id that no other line has."""

    id: Said


_Line = TypeVar("_Line", bound=Identified)


class Evidence(Strict):
    """Words that hold the answer: `doc` is a Document's source (or the end of it after a /)."""

    doc: Said
    quote: Said


class Expect(Strict):
    """What a right answer is.

    `facts` are groups: of each group one alternative must be said. No string of `absent` may be said.
    """

    status: Literal[Status.ANSWERED, Status.PARTIAL, Status.NO_EVIDENCE, Status.REFUSED]
    facts: tuple[Annotated[tuple[Said, ...], Field(min_length=1)], ...] = ()
    absent: tuple[Said, ...] = ()


class Case(Identified):
    """One question with its expectation.

    `draft`: proposed by a program, not reviewed by a person yet; `note`: for people. Neither changes what is asked.
    """

    kind: Kind
    question: Said
    history: tuple[Turn, ...] = ()
    expect: Expect
    evidence: tuple[Evidence, ...] = ()
    draft: bool = False
    note: str = ""

    def asked(self) -> Question:
        """The question as the assistant takes it."""
        return Question(question=self.question, history=self.history)

    def digest(self) -> str:
        """Changes when anything in the case changes; runs are compared only where it is the same."""
        return hashlib.sha256(self.model_dump_json(exclude={"draft", "note"}).encode()).hexdigest()[:16]


def read_cases(path: Path) -> list[Case]:
    """Every case of a JSONL file, in order; blank lines are skipped.

    Raises:
        CaseError: names the file and, for every wrong line, its number, what was expected and what came.
        OSError: the file cannot be read.
    """
    return read_jsonl(path, Case, "ケースがありません / expected at least one case, got none")


def read_jsonl(path: Path, kind: type[_Line], none: str) -> list[_Line]:
    """Every line of a JSONL file as one of a kind that has an id of its own; `none` says that there is no line.

    Raises:
        CaseError, OSError: as `read_cases`.
    """
    found, faults = _parsed(path, kind)
    if faults:
        raise CaseError("\n".join(faults))
    if not found:
        raise CaseError(f"{path}: {none}")
    return [one for _, one in found]


def numbered_cases(path: Path) -> tuple[list[tuple[int, Case]], list[str]]:
    """The cases that can be read, each with the number of its line, and a fault for every other line.

    Raises:
        CaseError, OSError: the file cannot be read at all.
    """
    return _parsed(path, Case)


def _parsed(path: Path, kind: type[_Line]) -> tuple[list[tuple[int, _Line]], list[str]]:
    found: list[tuple[int, _Line]] = []
    lines_of: dict[str, int] = {}
    faults: list[str] = []
    for number, line in _lines(path):
        try:
            one = kind.model_validate_json(line)
        except ValidationError as error:
            # the parser sees one line only, and its "line 1" would mislead
            said = [fault.replace(" at line 1 column ", " at column ") for fault in faults_of(error)]
            faults += [f"{path}: {number}行目 / line {number}: {fault}" for fault in said]
            continue
        first = lines_of.setdefault(one.id, number)
        if first != number:
            faults.append(
                f"{path}: {number}行目 / line {number}: id: 他と違う id が必要です / "
                f"expected an id of its own, got {one.id!r}, already on line {first}"
            )
        found.append((number, one))
    return found, faults


def _lines(path: Path) -> list[tuple[int, str]]:
    """Numbered lines that are not blank; split at newlines only: JSON strings may hold U+2028 or U+0085."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: UTF-8 ではありません / expected UTF-8, got {error}") from error
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def faults_of(error: ValidationError) -> list[str]:
    """One line for each fault: where, what was expected, what came (cut short)."""
    faults = []
    for problem in error.errors(include_url=False):
        where = ".".join(str(part) for part in problem["loc"]) or "JSON"
        wanted = _MEMBER.sub(r"\1", problem["msg"])
        came = repr(problem["input"])
        shown = came if len(came) <= _SHOWN else came[: _SHOWN - 1] + "…"
        faults.append(f"{where}: {wanted}, got {shown}")
    return faults
