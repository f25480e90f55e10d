"""The Answer that every interface gives, as JSON-ready types."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

HISTORY_MAX_TURNS, TURN_MAX_CHARS = 20, 4000
FILTER_MAX = 100
SURROGATES = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair: JSON and command lines can hold them."""
    return SURROGATES.sub("\ufffd", text)


Text = Annotated[str, AfterValidator(readable)]
DocumentId = Annotated[str, StringConstraints(max_length=64)]
FiscalYear = Annotated[int, Field(ge=1868, le=2200, description="Western calendar; from 明治元年 on")]


class Status(StrEnum):
    """How a question ended; a closed list."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NO_EVIDENCE = "no_evidence"
    REFUSED = "refused"
    ERROR = "error"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(Frozen):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[Text, StringConstraints(max_length=TURN_MAX_CHARS)]


class Question(Frozen):
    """What `POST /api/ask` takes."""

    question: Text
    history: Annotated[tuple[Turn, ...], Field(max_length=HISTORY_MAX_TURNS)] = ()
    document_ids: Annotated[tuple[DocumentId, ...], Field(max_length=FILTER_MAX)] = ()
    fiscal_years: Annotated[tuple[FiscalYear, ...], Field(max_length=FILTER_MAX)] = ()
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(?:-simple)?$")] | None = None
    stream: bool = False


class Sentence(Frozen):
    """A sentence of the answer and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...] = ()


def citation_url(document_id: str, start: int, end: int) -> str:
    """Path of the page that shows a document with the span highlighted."""
    return f"/documents/{document_id}?start={start}&end={end}#cite"


class Source(Frozen):
    """Where words stand: `canonical_text[start:end] == quote` of the document; page from 1, if there are pages."""

    document_id: str
    source: str
    title: str
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    url: str


class Citation(Source):
    """A verbatim quote under the number that an answer gives it."""

    number: Annotated[int, Field(ge=1)]


class UsedFact(Frozen):
    """A budget or schedule fact that the answer rests on; `amount_yen` is in yen."""

    subject: str
    kind: str
    amount_yen: int | None
    fiscal_years: tuple[int, ...]
    citation: int


class Answer(Frozen):
    """Status, text with [n] marks, and everything needed to check it."""

    id: str
    status: Status
    reason: str | None
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    facts: tuple[UsedFact, ...]
    standalone_question: str
    language: str
    generator: str
    timings_ms: dict[str, float]
