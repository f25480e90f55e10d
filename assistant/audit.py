"""The audit record: who did what to what, when. It is only ever added to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assistant.accounts import Person
from corpus.catalog import Catalog
from corpus.schema import AuditRow

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

Clock = Callable[[], datetime]
AT_ONCE = 500  # rows read together


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Action(StrEnum):
    """Everything that is recorded."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED_OUT = "locked_out"
    SIGNED_OUT = "signed_out"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_REMOVED = "account_removed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of an action)
    KEY_ADDED = "key_added"
    KEY_REVOKED = "key_revoked"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_CHANGED = "document_changed"
    DOCUMENT_REMOVED = "document_removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record; `person` is the name at that time, empty where nobody was signed in."""

    at: datetime
    person: str
    action: str
    target: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are asked for: those of a person, of an action, from one moment until before another."""

    person: str = ""
    action: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def conditions(self) -> Iterator["ColumnElement[bool]"]:
        """What a line must fulfil."""
        if self.person:
            yield (AuditRow.person == self.person) | (AuditRow.target == self.person)
        if self.action:
            yield AuditRow.action == self.action
        if self.since:
            yield AuditRow.at >= self.since
        if self.before:
            yield AuditRow.at < self.before


class Audit:
    """Reads and writes the record."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self._catalog, self._clock = catalog, clock

    def note(self, person: Person | None, action: Action, target: str, **detail: Any) -> None:
        """Records what was done, in a transaction of its own; nothing secret may stand in `detail`."""
        with self._catalog.writing() as session:
            record(session, self._clock(), person, action, target, **detail)

    def entries(self, wanted: Filter, limit: int, offset: int = 0) -> list[Entry]:
        """The lines asked for, newest first."""
        query = _newest_first(wanted).limit(limit).offset(offset)
        with self._catalog.session() as session:
            return [_entry(row) for row in session.scalars(query)]

    def every(self, wanted: Filter) -> Iterator[Entry]:
        """The same without an end, a few at a time."""
        query = _newest_first(wanted).execution_options(yield_per=AT_ONCE)
        with self._catalog.session() as session:
            yield from map(_entry, session.scalars(query))

    def count(self, wanted: Filter) -> int:
        """How many lines are asked for."""
        query = select(func.count()).select_from(AuditRow).where(*wanted.conditions())
        with self._catalog.session() as session:
            return session.scalar(query) or 0


def record(
    session: Session, at: datetime, person: Person | None, action: Action, target: str, **detail: Any
) -> None:
    """Adds a line within a transaction: what is done and that it is recorded stand or fall together."""
    who = (person.id, person.name) if person else ("", "")
    session.add(
        AuditRow(at=at, person_id=who[0], person=who[1], action=action.value, target=target, detail=detail)
    )


def _newest_first(wanted: Filter) -> Select[AuditRow]:
    return select(AuditRow).where(*wanted.conditions()).order_by(AuditRow.at.desc(), AuditRow.id.desc())


def _entry(row: AuditRow) -> Entry:
    return Entry(row.at, row.person, row.action, row.target, row.detail)
