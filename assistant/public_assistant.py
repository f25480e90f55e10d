"""Answers for citizens: in the reader's language, in easy words where they are chosen, repeated ones out of memory."""

import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from assistant.answer import Answer, Question, Status
from assistant.chain import Event
from assistant.language import SIMPLE, fitting
from assistant.public_answer import PublicAnswer, easy
from assistant.recorder import CountedAssistant, Recorder
from corpus.normalise import normalise
from corpus.settings import Settings
from index.library import Library

BUSY = 2  # questions under way
KEPT = {Status.ANSWERED, Status.PARTIAL, Status.NO_EVIDENCE}


class Asked(NamedTuple):
    """What must be the same for an answer to be given again; `revision` is the state of the documents."""

    revision: int
    question: str
    language: str | None
    document_ids: tuple[str, ...]
    fiscal_years: tuple[int, ...]


class PublicAssistant(CountedAssistant):
    """Answers over public documents, each counted; the latest are kept in memory until the documents change."""

    def __init__(self, library: Library, settings: Settings, recorder: Recorder) -> None:
        super().__init__(library, settings.for_citizens, recorder)
        self._shelf, self._most = library, settings.public_cache
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()
        self._lock = Lock()
        self._under_way = 0

    @property
    def is_busy(self) -> bool:
        """Whether so many questions are being answered that nothing else should be begun."""
        return self._under_way > BUSY

    def ask(self, question: Question, visibility: str | None = None) -> PublicAnswer:
        """The complete answer."""
        *_, last = self.stream(question, visibility)
        return PublicAnswer.model_validate(last.data)

    def stream(self, question: Question, visibility: str | None = None) -> Iterator[Event]:
        """The answer as it comes; the last event has `easy` where the reader chose easy words."""
        with self._counting():
            yield from self._read_by(question, visibility)

    def _read_by(self, question: Question, visibility: str | None) -> Iterator[Event]:
        reader = question.language or ""
        understood = question.model_copy(update={"language": fitting(question.question, reader)})
        for event in super().stream(understood, visibility):
            if event.name == "answer" and event.data["language"] == SIMPLE:
                added = easy(Answer.model_validate(event.data)).model_dump(mode="json")
                yield Event("answer", {**event.data, "easy": added})
            else:
                yield event

    @contextmanager
    def _counting(self) -> Iterator[None]:
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _steps(self, question: Question, visibility: str | None) -> Iterator[Event | Answer]:
        key = self._key(question)
        known = self._known(key) if key else None
        if known:
            cited = [one.model_dump(mode="json") for one in known.citations]
            if cited:
                yield Event("sources", {"citations": cited})
                yield Event("delta", {"text": known.text})
            yield known.model_copy(update={"id": uuid.uuid4().hex, "timings_ms": {}})
            return
        for event in super()._steps(question, visibility):
            if isinstance(event, Answer) and key:
                self._keep(key, event)
            yield event

    def _key(self, question: Question) -> Asked | None:
        """What an answer is kept under: nothing within a conversation, nor while the documents change."""
        if question.history or not self._most or not self._shelf.is_clean():
            return None
        return Asked(
            self._shelf.catalog.revision(),
            normalise(question.question).strip(),
            question.language,
            question.document_ids,
            question.fiscal_years,
        )

    def _known(self, key: Asked) -> Answer | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _keep(self, key: Asked, answer: Answer) -> None:
        """Keeps an answer made while the documents stayed as they were; answers of earlier states go."""
        if answer.status not in KEPT or not self._shelf.is_clean():
            return
        if self._shelf.catalog.revision() != key.revision:
            return
        with self._lock:
            if any(one.revision != key.revision for one in self._answers):
                self._answers.clear()
            self._answers[key] = answer
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
