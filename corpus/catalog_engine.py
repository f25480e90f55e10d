"""Connections to the catalog's database, and what SQLite needs to be told."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WRITES = "keikaku_writes"  # execution option of a transaction that will write
TURN_MS = (
    60_000  # how long one waits for a turn: a document of thousands of pages is written in one transaction
)


def open_engine(url: str) -> Engine:
    """The engine of a catalog; opening connects to nothing."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _begin)
    return engine


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
