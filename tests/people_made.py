"""People for the tests: a clock that is set by hand, accounts, browsers that are signed in."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from library_made import client_of
from postgres_made import url_of

from assistant.account_store import Account
from assistant.accounts import AT_THIS_MACHINE, Role
from assistant.people import People, Visitor
from corpus.catalog import Catalog

PASSWORD = "correct horse battery"
VISITOR = Visitor("192.0.2.7", "Firefox / Linux")


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **by: float) -> None:
        self.at += timedelta(**by)


def new_catalog(folder: Path) -> Catalog:
    """Tables without documents."""
    catalog = Catalog(url_of(folder / "data"))
    catalog.prepare()
    return catalog


def soon(fulfilled: Callable[[], object]) -> bool:
    """Whether something that happens beside comes true."""
    until = time.monotonic() + 30
    while not fulfilled() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(fulfilled())


def add(people: People, name: str, role: Role = "staff", password: str = PASSWORD) -> Account:
    """An account with a password."""
    return people.accounts.add(AT_THIS_MACHINE, name, role, password)


def browser(app: FastAPI, name: str = "", password: str = PASSWORD, **headers: str) -> TestClient:
    """A browser at this machine that follows no redirect; signed in where a name is given."""
    client = client_of(app, **headers)
    client.follow_redirects = False
    if name:
        response = client.post("/sign-in", data={"name": name, "password": password})
        assert response.status_code == 303, response.text
    return client
