"""Creates and upgrades the catalog's tables with Alembic; looking at them never writes."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from corpus.catalog_engine import is_server, lock_tables

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "alembic_version"
OTHER_ORDER = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
"""


def upgrade(engine: Engine) -> None:
    """Brings the tables to the newest schema, all or nothing; creates them in an empty database."""
    from alembic import command

    with engine.begin() as connection:
        lock_tables(connection)
        command.upgrade(_config(connection), "head")
        _compare_by_code_point(connection)


def _compare_by_code_point(connection: Connection) -> None:
    """Text is ordered as in SQLite, whatever language the server was set up in: answers are the same on both."""
    if not is_server(connection):
        return
    for table, column in connection.execute(text(OTHER_ORDER)).all():
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"'))


def schema_revision(engine: Engine) -> str | None:
    """The schema revision in the database; None where there is no catalog."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        revision = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 (a constant)
        return None if revision is None else str(revision)


def newest_revision() -> str:
    """The schema revision that this code writes."""
    return known_revisions()[-1]


def known_revisions() -> list[str]:
    """All schema revisions that this code can upgrade, oldest first: the names of the files that make them.

    Without Alembic, whose import takes longer than the rest of opening a catalog. A test compares the two.
    """
    files = (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def _config(connection: Connection | None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
