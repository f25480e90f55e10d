"""A conversation as it grows: from the assistant's events to the messages that the chat shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, NamedTuple, Protocol

from assistant.answer import TURN_MAX_CHARS, Answer, Citation, Question, Turn
from index.generation_error import GenerationError
from ui.render import answer_html, draft_html, problem_html, question_html, stopped_html, waiting_html

REMEMBERED = 10  # exchanges that a follow-up can refer to


class Sent(Protocol):
    """One event of a streamed answer: `sources`, `delta`, `answer` or `error`, with its JSON-ready data."""

    @property
    def name(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...


class Streams(Protocol):
    """The part of the assistant that the chat needs."""

    def stream(self, question: Question) -> Iterator[Sent]:
        """Events of one answer; the last is `answer` or `error`."""


class Exchange(NamedTuple):
    """A question, the HTML shown for its answer, and the answer once it is complete."""

    question: str
    html: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation on a page; `id` once it is kept, `halt` while an answer is under way."""

    id: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    halt: Event | None = None

    def grown(self, latest: Exchange, halt: Event) -> "Talk":
        """With one exchange more, which `halt` ends."""
        return Talk(self.id, [*self.exchanges, latest], halt)

    def stopped(self) -> "Talk":
        """With the answer under way, if there is one, ended and marked as broken off."""
        if not self.exchanges or self.exchanges[-1].answer:
            return self
        if self.halt:
            self.halt.set()
        *before, last = self.exchanges
        return Talk(self.id, [*before, Exchange(last.question, stopped_html())])


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The latest complete exchanges as history for the next question."""
    complete = [(one.question, one.answer) for one in exchanges if one.answer][-REMEMBERED:]
    return tuple(
        turn
        for question, answer in complete
        for turn in (
            Turn(role="user", content=question[:TURN_MAX_CHARS]),
            Turn(role="assistant", content=answer.text[:TURN_MAX_CHARS]),
        )
    )


def messages(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """What the chat component shows, in its own message format."""
    return [
        message
        for one in exchanges
        for message in (
            {"role": "user", "content": question_html(one.question)},
            {"role": "assistant", "content": one.html},
        )
    ]


def replies(assistant: Streams, question: Question, contact: str) -> Iterator[Exchange]:
    """The exchange as it is shown, from the first moment to the complete answer."""
    asked = question.question
    yield Exchange(asked, waiting_html())
    try:
        yield from _written(assistant, question, contact)
    except GenerationError as error:
        yield Exchange(asked, problem_html(str(error)))


def _written(assistant: Streams, question: Question, contact: str) -> Iterator[Exchange]:
    asked = question.question
    citations: list[Citation] = []
    text = ""
    for event in assistant.stream(question):
        if event.name == "sources":
            citations = [Citation.model_validate(one) for one in event.data["citations"]]
        elif event.name == "delta":
            text += event.data["text"]
            yield Exchange(asked, draft_html(text, citations))
        elif event.name == "answer":
            answer = Answer.model_validate(event.data)
            yield Exchange(asked, answer_html(answer, contact, asked), answer)
        elif event.name == "error":
            yield Exchange(asked, problem_html(str(event.data.get("detail", ""))))
