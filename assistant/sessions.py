"""Who is signed in where: a random token in the browser, its SHA-256 in the catalog's database."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from assistant.account_store import Account, account_of
from assistant.audit import Clock, now
from assistant.seen import Seen
from corpus.catalog import Catalog
from corpus.schema import AccountRow, KnownBrowserRow, SignInRow

LASTS = timedelta(hours=12)  # a working day; NIST SP 800-63B-4 allows longer
IDLE = timedelta(hours=4)
NOTED_EVERY = timedelta(minutes=1)  # when somebody was seen last
KNOWN_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that is signed in; `own` is the one that asks."""

    device: str
    created_at: datetime
    seen_at: datetime
    own: bool


class Sessions:
    """Begins, finds and ends them, and knows browsers again."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self._catalog, self._clock, self._seen = catalog, clock, Seen()

    def start(self, account_id: str, device: str) -> str:
        """Signs a browser in; gives its token, which is kept nowhere else."""
        token, at = secrets.token_urlsafe(32), self._clock()
        with self._catalog.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.expires_at <= at))
            session.add(
                SignInRow(
                    token_digest=digest(token), account_id=account_id, device=device, created_at=at,
                    seen_at=at, expires_at=at + LASTS,
                )
            )  # fmt: skip
            session.execute(update(AccountRow).where(AccountRow.id == account_id).values(seen_at=at))
        return token

    def find(self, token: str) -> Account | None:
        """Whose token it is, where it is still good; notes once a minute that they were seen."""
        at = self._clock()
        query = (
            select(SignInRow, AccountRow)
            .join(AccountRow, AccountRow.id == SignInRow.account_id)
            .where(
                SignInRow.token_digest == digest(token),
                SignInRow.expires_at > at,
                SignInRow.seen_at > at - IDLE,
                AccountRow.disabled.is_(False),
            )
        )
        with self._catalog.session() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            seen_at, account = found[0].seen_at, account_of(found[1])
        if seen_at <= at - NOTED_EVERY:
            self._seen.note(lambda: self._note_seen(digest(token), account.id, at))
        return account

    def _note_seen(self, token_digest: str, account_id: str, at: datetime) -> None:
        seen = {"seen_at": at}
        with self._catalog.writing() as session:
            session.execute(update(SignInRow).where(SignInRow.token_digest == token_digest).values(seen))
            session.execute(update(AccountRow).where(AccountRow.id == account_id).values(seen))

    def end(self, token: str) -> None:
        """Signs the browser out."""
        with self._catalog.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.token_digest == digest(token)))

    def end_others(self, account_id: str, token: str) -> int:
        """Signs all other browsers of the account out; gives how many."""
        others = self.of(account_id, token)
        with self._catalog.writing() as session:
            session.execute(
                delete(SignInRow).where(
                    SignInRow.account_id == account_id, SignInRow.token_digest != digest(token)
                )
            )
        return sum(not one.own for one in others)

    def of(self, account_id: str, token: str) -> list[SignedIn]:
        """Where the account is signed in, the latest first; `token` is of the browser that asks."""
        query = (
            select(SignInRow)
            .where(SignInRow.account_id == account_id, SignInRow.expires_at > self._clock())
            .order_by(SignInRow.seen_at.desc())
        )
        with self._catalog.session() as session:
            return [
                SignedIn(row.device, row.created_at, row.seen_at, row.token_digest == digest(token))
                for row in session.scalars(query)
            ]

    def remember_browser(self, account_id: str) -> str:
        """Makes a browser known to an account; gives the token for it to keep."""
        token, at = secrets.token_urlsafe(32), self._clock()
        with self._catalog.writing() as session:
            session.execute(delete(KnownBrowserRow).where(KnownBrowserRow.seen_at < at - KNOWN_FOR))
            session.add(KnownBrowserRow(token_digest=digest(token), account_id=account_id, seen_at=at))
        return token

    def knows_browser(self, account_id: str, token: str) -> bool:
        """Whether the account has signed in from this browser."""
        with self._catalog.session() as session:
            row = session.get(KnownBrowserRow, digest(token))
            return row is not None and row.account_id == account_id


def digest(token: str) -> str:
    """What is kept of a random token: SHA-256, in hexadecimal. (A password would need argon2.)"""
    return hashlib.sha256(token.encode()).hexdigest()
