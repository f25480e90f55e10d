"""Notes what was asked and answered, so that it can be counted, kept and voted on; an answer never waits for it."""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from assistant.accounts import Person
from assistant.answer import Answer, Question
from assistant.chain import Assistant, Event, Library
from assistant.conversations import Conversations
from assistant.privacy import mask
from assistant.usage import Audience, Usage, Vote
from corpus import telemetry
from corpus.catalog import Catalog
from corpus.settings import Settings

log = logging.getLogger("keikaku.answers")
RECENT = 1000  # answers that can be voted on without being kept in a conversation


class Given(NamedTuple):
    audience: Audience
    question: str
    answer: Answer


class Recorder:
    """Counts every answer and remembers the latest; votes are only taken on answers that were given."""

    def __init__(self, catalog: Catalog, with_words: bool = False) -> None:
        self._with_words = with_words  # in the log
        self.usage, self.conversations = Usage(catalog), Conversations(catalog)
        self._recent: OrderedDict[str, Given] = OrderedDict()
        self._lock = Lock()

    def gave(self, audience: Audience, question: str, answer: Answer) -> None:
        """Counts an answer; a database that cannot be written is only logged."""
        telemetry.answered(audience, answer.status.value)
        said = {"status": answer.status.value, "reason": answer.reason, "ms": answer.timings_ms.get("total")}
        log.info("answered", extra={**said, "audience": audience, **self._words(question)})
        with self._lock:
            self._recent[answer.id] = Given(audience, question, answer)
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        try:
            self.usage.count(audience, question, answer)
        except DBAPIError as error:
            log.warning("a question was not counted: %s", error.orig)

    def _words(self, question: str) -> dict[str, str]:
        return {"question": mask(question)} if self._with_words else {}

    def keep(self, person: Person, conversation_id: str | None, question: str, answer: Answer) -> str | None:
        """Adds to a person's history; gives the conversation, or the same id where it cannot be written."""
        try:
            return self.conversations.keep(person, conversation_id, question, answer)
        except KeyError:  # deleted in another window meanwhile
            return self.keep(person, None, question, answer)
        except DBAPIError as error:
            log.warning("an exchange was not kept: %s", error.orig)
            return conversation_id

    def vote(self, person: Person, answer_id: str, vote: Vote, comment: str) -> bool:
        """Keeps what a person thinks of an answer; False where no such answer is known."""
        recent = self._recent.get(answer_id)
        if recent and recent.audience == "staff":
            self.usage.vote(person, recent.question, recent.answer, vote, comment)
            return True
        kept = self.conversations.answered(person, answer_id)
        if kept:
            self.usage.vote(person, kept.question, kept.answer, vote, comment)
        return kept is not None

    def vote_of_citizen(self, answer_id: str, vote: Vote, reason: str | None = None) -> bool:
        """Counts a citizen's vote; False where no such answer is known."""
        recent = self._recent.get(answer_id)
        if recent is None or recent.audience != "public":
            return False
        self.usage.count_vote(answer_id, vote, reason)
        return True

    def answered_citizen(self, answer_id: str) -> Answer | None:
        """One of the latest answers that citizens were given."""
        recent = self._recent.get(answer_id)
        return recent.answer if recent and recent.audience == "public" else None


class CountedAssistant(Assistant):
    """Answers that are counted."""

    def __init__(self, library: Library, settings: Settings, recorder: Recorder) -> None:
        super().__init__(library, settings)
        self._recorder = recorder

    def stream(self, question: Question, visibility: str | None = None) -> Iterator[Event]:
        """The answer as it comes; it is counted before its last event goes out."""
        audience: Audience = "public" if visibility == "public" else "staff"
        for event in super().stream(question, visibility):
            if event.name == "answer":
                self._recorder.gave(audience, question.question, Answer.model_validate(event.data))
            yield event
