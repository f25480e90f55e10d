"""Accounts: who may sign in. Each change and its line in the audit record are one transaction."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant import passwords
from assistant.accounts import Person, Role
from assistant.audit import Action, Clock, now, record
from corpus.catalog import Catalog
from corpus.schema import AccountRow, KnownBrowserRow, SignInRow

NAME = re.compile(r"[\w.@+-]{1,64}")


class AccountError(ValueError):
    """Something that cannot be done with this account; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; `local` with a password here, else at the identity provider."""

    id: str
    name: str
    role: Role
    local: bool
    must_change: bool
    created_at: datetime
    seen_at: datetime | None
    disabled: bool

    @property
    def person(self) -> Person:
        """Who they are to the rest of the program."""
        return Person(self.id, self.name, self.role)


def folded(name: str) -> str:
    """A name as it is kept: 田中 and Tanaka are one account each, however they are typed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    """A new name as it is kept, of an account or of a key.

    Raises:
        AccountError: it is empty, too long or has other signs.
    """
    kept = folded(name)
    if not NAME.fullmatch(kept):
        raise AccountError(
            "名前は64文字までの文字、数字、. @ + - _ です / a name is up to 64 letters, digits and . @ + - _"
        )
    return kept


class Accounts:
    """Reads and changes accounts; `by` is who does it."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self._catalog, self._clock = catalog, clock

    def any(self) -> bool:
        """Whether there is one at all."""
        with self._catalog.session() as session:
            return session.scalar(select(AccountRow.id).limit(1)) is not None

    def any_local(self) -> bool:
        """Whether there is one with a password here."""
        with self._catalog.session() as session:
            local = select(AccountRow.id).where(AccountRow.password.is_not(None))
            return session.scalar(local.limit(1)) is not None

    def all(self) -> list[Account]:
        """All, by name."""
        with self._catalog.session() as session:
            return [account_of(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]

    def get(self, account_id: str) -> Account:
        """One by id.

        Raises:
            AccountError: there is none.
        """
        with self._catalog.session() as session:
            return account_of(_found(session.get(AccountRow, account_id), account_id))

    def named(self, name: str) -> Account:
        """One by name.

        Raises:
            AccountError: there is none.
        """
        account = self.with_password(name)[0]
        if account is None:
            raise _nobody(name)
        return account

    def with_password(self, name: str) -> tuple[Account | None, str | None]:
        """An account and the hash of its password, where there are such."""
        with self._catalog.session() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == folded(name)))
            return (account_of(row), row.password) if row else (None, None)

    def add(
        self, by: Person, name: str, role: Role, password: str | None,
        *, must_change: bool = False, subject: str | None = None,
    ) -> Account:  # fmt: skip
        """Adds one; without a password it signs in as `subject` at the identity provider.

        Raises:
            AccountError: the name is taken or cannot be one.
            PasswordError: the password may not be used.
        """
        kept = checked_name(name)
        if password is not None:
            passwords.check(password, kept)
        row = AccountRow(
            id=secrets.token_hex(8), name=kept, role=role, must_change=must_change, subject=subject,
            password=password and passwords.hashed(password), created_at=self._clock(), disabled=False,
        )  # fmt: skip
        try:
            with self._catalog.writing() as session:
                session.add(row)
                session.flush()
                added = account_of(row)
                record(session, self._clock(), by, Action.ACCOUNT_ADDED, kept, role=role)
        except IntegrityError as error:
            raise AccountError(f"その利用者はもう登録されています / there is one already: {kept}") from error
        return added

    def of_subject(self, subject: str) -> Account | None:
        """One by who the identity provider says it is."""
        with self._catalog.session() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.subject == subject))
            return account_of(row) if row else None

    def set_role(self, by: Person, account_id: str, role: Role, *, unless_last_admin: bool = False) -> None:
        """Gives another role; `unless_last_admin` leaves the last admin's as it is.

        Raises:
            AccountError: there is no such account, or it is the last admin's.
        """
        with self._changing(account_id) as (session, row):
            if row.role == role or (unless_last_admin and _is_last_admin(session, row)):
                return
            _refuse_last_admin(session, row)
            self._record(session, by, Action.ROLE_CHANGED, row, before=row.role, after=role)
            row.role = role

    def set_password(self, by: Person, account_id: str, password: str, *, must_change: bool = False) -> None:
        """Gives another password and signs all browsers out.

        Raises:
            AccountError: there is no such account.
            PasswordError: the password may not be used.
        """
        passwords.check(password, self.get(account_id).name)
        kept = passwords.hashed(password)
        with self._changing(account_id) as (session, row):
            row.password, row.must_change = kept, must_change
            _sign_out(session, account_id)
            session.execute(delete(KnownBrowserRow).where(KnownBrowserRow.account_id == account_id))
            self._record(session, by, Action.PASSWORD_CHANGED, row)

    def renew_hash(self, account_id: str, old: str, kept: str) -> None:
        """Replaces the hash by another of the same password, unless there is a new password meanwhile."""
        unchanged = (AccountRow.id == account_id) & (AccountRow.password == old)
        with self._catalog.writing() as session:
            session.execute(update(AccountRow).where(unchanged).values(password=kept))

    def set_disabled(self, by: Person, account_id: str, disabled: bool) -> None:
        """Shuts an account, which signs it out, or opens it again.

        Raises:
            AccountError: there is no such account, or it is the last admin's.
        """
        with self._changing(account_id) as (session, row):
            if row.disabled == disabled:
                return
            if disabled:
                _refuse_last_admin(session, row)
                _sign_out(session, account_id)
            row.disabled = disabled
            action = Action.ACCOUNT_DISABLED if disabled else Action.ACCOUNT_ENABLED
            self._record(session, by, action, row)

    def remove(self, by: Person, account_id: str) -> None:
        """Removes one.

        Raises:
            AccountError: there is no such account, or it is the last admin's.
        """
        with self._changing(account_id) as (session, row):
            _refuse_last_admin(session, row)
            self._record(session, by, Action.ACCOUNT_REMOVED, row, role=row.role)
            session.delete(row)

    @contextmanager
    def _changing(self, account_id: str) -> Iterator[tuple[Session, AccountRow]]:
        with self._catalog.writing() as session:
            yield session, _found(session.get(AccountRow, account_id, with_for_update=True), account_id)

    def _record(self, session: Session, by: Person, action: Action, row: AccountRow, **detail: Any) -> None:
        record(session, self._clock(), by, action, row.name, **detail)


def account_of(row: AccountRow) -> Account:
    """A row as the rest of the program sees it."""
    return Account(
        row.id, row.name, cast(Role, row.role), row.password is not None, row.must_change, row.created_at,
        row.seen_at, row.disabled,
    )  # fmt: skip


def _found(row: AccountRow | None, name: str) -> AccountRow:
    if row is None:
        raise _nobody(name)
    return row


def _nobody(name: str) -> AccountError:
    return AccountError(f"利用者がいません / there is no such account: {name}")


def _refuse_last_admin(session: Session, row: AccountRow) -> None:
    if _is_last_admin(session, row):
        raise AccountError(
            "最後の管理者は外せません。先にほかの人を管理者にしてください"
            " / the last admin stays: make somebody else an admin first"
        )


def _is_last_admin(session: Session, row: AccountRow) -> bool:
    """Somebody must be left who can let others in; two admins who leave at once wait for each other here."""
    query = select(AccountRow).where(AccountRow.role == "admin", AccountRow.disabled.is_(False))
    return [one.id for one in session.scalars(query.with_for_update())] == [row.id]


def _sign_out(session: Session, account_id: str) -> None:
    session.execute(delete(SignInRow).where(SignInRow.account_id == account_id))
