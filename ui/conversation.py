"""A conversation as it grows: from the assistant's events to the messages that the chat shows."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from assistant.answer import TURN_MAX_CHARS, Answer, Citation, Question, Turn
from index.generation import GenerationError
from ui.render import answer_html, draft_html, problem_html, question_html, waiting_html

REMEMBERED = 4  # exchanges that a follow-up can refer to


class Event(Protocol):
    """One event of a streamed answer: `sources`, `delta`, `answer` or `error`, with its JSON-ready data."""

    @property
    def name(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...


class Streams(Protocol):
    """The part of the assistant that the chat needs."""

    def stream(self, question: Question) -> Iterator[Event]:
        """Events of one answer; the last is `answer` or `error`."""


class Exchange(NamedTuple):
    """A question, the HTML shown for its answer, and the answer's text once it is complete."""

    question: str
    html: str
    text: str = ""


def turns(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The latest complete exchanges as history for the next question."""
    complete = [one for one in conversation if one.text][-REMEMBERED:]
    return tuple(
        turn
        for one in complete
        for turn in (
            Turn(role="user", content=one.question[:TURN_MAX_CHARS]),
            Turn(role="assistant", content=one.text[:TURN_MAX_CHARS]),
        )
    )


def messages(conversation: Sequence[Exchange]) -> list[dict[str, str]]:
    """What the chat component shows, in its own message format."""
    return [
        message
        for one in conversation
        for message in (
            {"role": "user", "content": question_html(one.question)},
            {"role": "assistant", "content": one.html},
        )
    ]


def replies(assistant: Streams, asked: str, history: tuple[Turn, ...], contact: str) -> Iterator[Exchange]:
    """The exchange as it is shown, from the first moment to the complete answer."""
    yield Exchange(asked, waiting_html())
    try:
        yield from _written(assistant, Question(question=asked, history=history, stream=True), contact)
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
            yield Exchange(asked, answer_html(answer, contact, asked), answer.text)
        elif event.name == "error":
            yield Exchange(asked, problem_html(str(event.data.get("detail", ""))))
