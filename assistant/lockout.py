"""Delays after failed sign-ins, growing with their number, by account, by address and by known browser.

An attempt counts before it is judged, so that many at once gain nothing. While a delay lasts nothing is counted, and no
delay is longer than `LONGEST`. A browser from which the account has signed in before counts for itself alone (OWASP's
device cookies), so that whoever guesses elsewhere does not keep people out.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.audit import Clock, now
from corpus.catalog import Catalog
from corpus.schema import FailureRow

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)  # after so long without a failure
DOUBLINGS = 10  # more would be longer than LONGEST anyway


@dataclass(frozen=True, slots=True)
class Counter:
    """What attempts are counted by; the first `free` cost nothing. A success clears it where it is of one person."""

    kind: str
    name: str
    free: int = 5
    cleared: bool = True

    @property
    def key(self) -> str:
        """A digest: people type passwords where names belong."""
        return hashlib.sha256(f"{self.kind}\0{self.name}".encode()).hexdigest()


class Lockout:
    """Counts attempts in the catalog's database."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self._catalog, self._clock = catalog, clock

    def attempt(self, counters: Sequence[Counter]) -> timedelta:
        """Counts an attempt; where one must wait first it does not count, and the wait is given."""
        try:
            return self._attempt(counters)
        except IntegrityError:  # two first failures at once: now there is a row to count in
            return self._attempt(counters)

    def _attempt(self, counters: Sequence[Counter]) -> timedelta:
        with self._catalog.writing() as session:
            rows = {one.key: _row(session, one.key) for one in counters}
            wait = max(self._wait(one, rows[one.key]) for one in counters)
            if wait > timedelta(0):
                return wait
            for key, row in rows.items():
                if row is None:
                    session.add(FailureRow(key=key, count=1, last_at=self._clock()))
                else:
                    row.count = 1 if self._is_old(row) else row.count + 1
                    row.last_at = self._clock()
            return timedelta(0)

    def wait(self, counters: Sequence[Counter]) -> timedelta:
        """How long the next attempt has to wait."""
        with self._catalog.session() as session:
            return max(self._wait(one, session.get(FailureRow, one.key)) for one in counters)

    def succeeded(self, counters: Sequence[Counter]) -> None:
        """Takes the last attempt back; those before it too, but where several people share the counter."""
        with self._catalog.writing() as session:
            for one in counters:
                row = _row(session, one.key)
                if row is None:
                    continue
                row.count -= 1
                if one.cleared or row.count < 1:
                    session.delete(row)
            session.execute(delete(FailureRow).where(FailureRow.last_at < self._clock() - FORGOTTEN))

    def _wait(self, counter: Counter, row: FailureRow | None) -> timedelta:
        if row is None or row.count < counter.free or self._is_old(row):
            return timedelta(0)
        delay: timedelta = min(FIRST * 2 ** min(row.count - counter.free, DOUBLINGS), LONGEST)
        return row.last_at + delay - self._clock()

    def _is_old(self, row: FailureRow) -> bool:
        return row.last_at < self._clock() - FORGOTTEN


def by_account(name: str) -> Counter:
    """Attempts at one account, known or not."""
    return Counter("account", name)


def by_address(network: str) -> Counter:
    """Attempts from one address, which may be a whole town hall's."""
    return Counter("address", network, free=20, cleared=False)


def by_browser(token_digest: str) -> Counter:
    """Attempts from a browser that the account knows."""
    return Counter("browser", token_digest)


def _row(session: Session, key: str) -> FailureRow | None:
    return session.get(FailureRow, key, with_for_update=True)
