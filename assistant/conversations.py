"""The conversations of each person, kept in the catalog's database until they delete them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from assistant.accounts import Person
from assistant.answer import Answer
from assistant.privacy import mask
from corpus.catalog import Catalog
from corpus.schema import ConversationRow, ExchangeRow

TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it is kept, with its answer and when it was asked."""

    question: str
    answer: Answer
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """One entry of a person's history."""

    id: str
    title: str
    updated_at: datetime
    exchanges: int


class Conversations:
    """Keeps, finds and deletes conversations; a person only ever reaches their own."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def keep(self, person: Person, conversation_id: str | None, question: str, answer: Answer) -> str:
        """Adds an exchange, personal data in the question masked; gives the conversation's id, new for None.

        Raises:
            KeyError: the person has no such conversation.
            sqlalchemy.exc.DBAPIError: the database cannot be written.
        """
        asked, now = mask(question), datetime.now(UTC)
        with self._catalog.writing() as session:
            if conversation_id is None:
                conversation_id = uuid.uuid4().hex
                session.add(
                    ConversationRow(
                        id=conversation_id, person_id=person.id, title=asked[:TITLE_CHARS], updated_at=now
                    )
                )
            else:
                _own(session, person, conversation_id).updated_at = now
            session.flush()
            session.add(
                ExchangeRow(
                    conversation_id=conversation_id,
                    answer_id=answer.id,
                    question=asked,
                    answer=answer.model_dump(mode="json"),
                    asked_at=now,
                )
            )
        return conversation_id

    def of(self, person: Person, words: str = "", limit: int = 100, offset: int = 0) -> list[Conversation]:
        """A person's conversations, latest first; those that hold all words in a question or an answer."""
        count = select(func.count()).where(ExchangeRow.conversation_id == ConversationRow.id)
        query = (
            select(ConversationRow, count.scalar_subquery())
            .where(ConversationRow.person_id == person.id, *map(_holds, words.split()))
            .order_by(ConversationRow.updated_at.desc(), ConversationRow.id)
            .limit(limit)
            .offset(offset)
        )
        with self._catalog.session() as session:
            return [
                Conversation(row.id, row.title, row.updated_at, exchanges)
                for row, exchanges in session.execute(query)
            ]

    def exchanges(self, person: Person, conversation_id: str) -> list[Exchange]:
        """A conversation's questions and answers in order.

        Raises:
            KeyError: the person has no such conversation.
        """
        with self._catalog.session() as session:
            _own(session, person, conversation_id)
            query = select(ExchangeRow).where(ExchangeRow.conversation_id == conversation_id)
            return [_exchange(row) for row in session.scalars(query.order_by(ExchangeRow.number))]

    def answered(self, person: Person, answer_id: str) -> Exchange | None:
        """The exchange of an answer that a person got; None where it is not kept."""
        query = (
            select(ExchangeRow)
            .join(ConversationRow, ConversationRow.id == ExchangeRow.conversation_id)
            .where(ExchangeRow.answer_id == answer_id, ConversationRow.person_id == person.id)
        )
        with self._catalog.session() as session:
            row = session.scalars(query).first()
            return _exchange(row) if row else None

    def delete(self, person: Person, conversation_id: str) -> None:
        """Deletes a conversation for good.

        Raises:
            KeyError: the person has no such conversation.
        """
        with self._catalog.writing() as session:
            session.delete(_own(session, person, conversation_id))

    def delete_all(self, person: Person) -> int:
        """Deletes a person's whole history; gives how many conversations it had."""
        with self._catalog.writing() as session:
            ids = list(
                session.scalars(select(ConversationRow.id).where(ConversationRow.person_id == person.id))
            )
            session.execute(delete(ConversationRow).where(ConversationRow.person_id == person.id))
            return len(ids)


def _own(session: Session, person: Person, conversation_id: str) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id)
    if row is None or row.person_id != person.id:
        raise KeyError(conversation_id)
    return row


def _exchange(row: ExchangeRow) -> Exchange:
    return Exchange(row.question, Answer.model_validate(row.answer), row.asked_at)


def _holds(word: str) -> ColumnElement[bool]:
    said = or_(
        ExchangeRow.question.icontains(word, autoescape=True),
        ExchangeRow.answer["text"].as_string().icontains(word, autoescape=True),
    )
    return exists().where(ExchangeRow.conversation_id == ConversationRow.id, said)
