"""Connections to the catalog's database, and what SQLite and PostgreSQL each need to be told.

Writers take turns. In SQLite a transaction that will write waits at its beginning. In PostgreSQL small writes wait for
each other at one advisory lock, changes of the library at another, so that no sign-in waits for a long document.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

WRITES = "keikaku_writes"  # execution option of a transaction that will write
TURN_MS = 60_000  # how long one waits for a turn
# First half of the keys of PostgreSQL's advisory locks; the second tells schemas of one database apart.
SMALL_WRITES, LIBRARY, TABLES = 0x6B6E01, 0x6B6E02, 0x6B6E03
CONNECTIONS, MORE_CONNECTIONS = 10, 30  # as many as the threads that answer requests
CONNECT_S = 10


def open_engine(url: str) -> Engine:
    """The engine of a catalog; opening connects to nothing."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_size=CONNECTIONS, max_overflow=MORE_CONNECTIONS,
            connect_args={"connect_timeout": CONNECT_S},
        )  # fmt: skip
    engine = create_engine(url)
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _begin)
    return engine


def is_server(bind: Engine | Connection) -> bool:
    """Whether several machines may share the database."""
    return bind.dialect.name != "sqlite"


@contextmanager
def writing(engine: Engine, beside: bool = False) -> Iterator[Session]:
    """A transaction that may read and write, one after the other; `beside`: of the library, which has its own turn."""
    with Session(engine.execution_options(**{WRITES: True})) as session, session.begin():
        if is_server(engine) and not beside:
            session.execute(*_lock("pg_advisory_xact_lock", SMALL_WRITES))
        yield session


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """The only one, of all processes, that changes the library; PostgreSQL takes the turn back from who dies."""
    if not is_server(engine):  # one process owns a library in a file
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(*_lock("pg_advisory_lock", LIBRARY))
        try:
            yield
        finally:
            connection.execute(*_lock("pg_advisory_unlock", LIBRARY))


def lock_tables(connection: Connection) -> None:
    """Two programs that start together do not both make the tables; held until the transaction ends."""
    if is_server(connection):
        connection.execute(*_lock("pg_advisory_xact_lock", TABLES))


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection whose questions are all answered as of one moment, whatever is written meanwhile."""
    options = {"isolation_level": "REPEATABLE READ"} if is_server(engine) else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _lock(function: str, key: int) -> tuple[Any, dict[str, int]]:
    return text(f"SELECT {function}(:key, hashtext(current_schema()))"), {"key": key}


def _sqlite_settings(connection: Any, _record: Any) -> None:
    """What is committed survives a power cut; transactions are ours, so that they hold DDL too."""
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "synchronous=FULL", f"busy_timeout={TURN_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A transaction that will write waits for its turn at its beginning: after a first read SQLite refuses it."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_write_ahead_log(engine: Engine) -> None:
    """Readers do not wait for the writer. The file remembers it."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
