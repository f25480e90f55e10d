"""Keys for programs that ask over HTTP: shown once, kept as SHA-256."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, or_, select, update

from assistant.account_store import AccountError, checked_name, folded
from assistant.accounts import Person, Role
from assistant.audit import Action, Clock, now, record
from assistant.seen import Seen
from assistant.sessions import digest
from corpus.catalog import Catalog
from corpus.schema import KeyRow

PREFIX = "kn_"
SHOWN = 8  # characters that a key is told by
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as listings show it."""

    id: str
    name: str
    role: Role
    beginning: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None  # may be still to come

    def in_force(self, at: datetime) -> bool:
        """Whether it opens anything at a time."""
        return self.revoked_at is None or self.revoked_at > at


class Keys:
    """Makes, finds and revokes them; `by` is who does it."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self._catalog, self._clock, self._seen = catalog, clock, Seen()

    def all(self) -> list[Key]:
        """All, those in force first."""
        query = select(KeyRow).order_by(KeyRow.revoked_at.is_not(None), KeyRow.name, KeyRow.created_at)
        with self._catalog.session() as session:
            return [_key(row) for row in session.scalars(query)]

    def is_in_force(self, key: Key) -> bool:
        """Whether it opens anything now."""
        return key.in_force(self._clock())

    def add(self, by: Person, name: str, role: Role) -> tuple[Key, str]:
        """Makes a key; gives it with its secret, which nobody can read again.

        Raises:
            AccountError: a key in force has that name, or it cannot be one.
        """
        kept, secret = checked_name(name), PREFIX + secrets.token_urlsafe(32)
        with self._catalog.writing() as session:
            if session.scalar(select(KeyRow.id).where(KeyRow.name == kept, KeyRow.revoked_at.is_(None))):
                raise AccountError(f"その名前の鍵がもうあります / there is a key of that name: {kept}")
            row = KeyRow(
                id=secrets.token_hex(4), name=kept, role=role, digest=digest(secret),
                beginning=secret[:SHOWN], created_at=self._clock(),
            )  # fmt: skip
            session.add(row)
            record(session, self._clock(), by, Action.KEY_ADDED, kept, role=role, id=row.id)
            return _key(row), secret

    def find(self, secret: str) -> Person | None:
        """Who asks with this key, where it is in force; notes once a minute that it was used."""
        with self._catalog.session() as session:
            query = select(KeyRow).where(KeyRow.digest == digest(secret), _in_force(self._clock()))
            row = session.scalar(query)
            if row is None:
                return None
            key = _key(row)
        at = self._clock()
        if key.used_at is None or key.used_at <= at - NOTED_EVERY:
            self._seen.note(lambda: self._note_used(key.id, at))
        return Person(f"key:{key.id}", key.name, key.role)

    def _note_used(self, key_id: str, at: datetime) -> None:
        with self._catalog.writing() as session:
            session.execute(update(KeyRow).where(KeyRow.id == key_id).values(used_at=at))

    def get(self, name_or_id: str) -> Key:
        """A key in force.

        Raises:
            AccountError: there is none.
        """
        wanted = or_(KeyRow.id == name_or_id, KeyRow.name == folded(name_or_id))
        with self._catalog.session() as session:
            latest = select(KeyRow).where(wanted, _in_force(self._clock())).order_by(KeyRow.created_at.desc())
            row = session.scalars(latest).first()
            if row is None:
                raise AccountError(f"有効な鍵がありません / there is no such key in force: {name_or_id}")
            return _key(row)

    def rotate(self, by: Person, name_or_id: str, old_for: timedelta) -> tuple[Key, str]:
        """Makes a key of the same name and role; the old one ends after a while, so that programs can change over.

        Raises:
            AccountError: there is no such key in force.
        """
        key, at = self.get(name_or_id), self._clock()
        with self._catalog.writing() as session:
            session.execute(update(KeyRow).where(KeyRow.id == key.id).values(revoked_at=at + old_for))
            record(session, at, by, Action.KEY_REVOKED, key.name, id=key.id, after_s=old_for.total_seconds())
        return self.add(by, key.name, key.role)

    def revoke(self, by: Person, name_or_id: str) -> Key:
        """Ends a key at once and for ever.

        Raises:
            AccountError: there is no such key in force.
        """
        key = self.get(name_or_id)
        with self._catalog.writing() as session:
            session.execute(update(KeyRow).where(KeyRow.id == key.id).values(revoked_at=self._clock()))
            record(session, self._clock(), by, Action.KEY_REVOKED, key.name, id=key.id)
        return key


def _in_force(at: datetime) -> ColumnElement[bool]:
    return or_(KeyRow.revoked_at.is_(None), KeyRow.revoked_at > at)


def _key(row: KeyRow) -> Key:
    return Key(
        row.id, row.name, cast(Role, row.role), row.beginning, row.created_at, row.used_at, row.revoked_at
    )
