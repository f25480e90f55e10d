"""A real PostgreSQL server, and a database of its own for each library that a test makes."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote

from chroma_made import free_port

SERVER = (
    "TEST_DATABASE_URL"  # where the environment names one, libraries of the tests are there, else in SQLite
)
# Nothing here has to survive a power cut.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"


def url_of(data: Path) -> str:
    """Address of the catalog of a data folder: a schema of its own on the server, or a file."""
    server = os.environ.get(SERVER)
    return _schema(server, str(data.resolve())) if server else f"sqlite:///{data / 'catalog.sqlite3'}"


def database_url(data: Path) -> str | None:
    """The same as a setting: None where it is a file."""
    return url_of(data) if SERVER in os.environ else None


@cache
def _schema(server: str, folder: str) -> str:
    import psycopg

    name = f"t{hashlib.sha256(folder.encode()).hexdigest()[:20]}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
    return f"{server}?options={quote(f'-csearch_path={name}')}"


@contextmanager
def postgres() -> Iterator[str]:
    """Debian's server over an empty folder, until the end; gives its address."""
    folder, port = Path(tempfile.mkdtemp(prefix="postgres-")), free_port()
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {QUICK}"
    try:
        if os.geteuid() == 0:  # which the server refuses to run as
            shutil.chown(folder, "postgres")
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-A",
            "trust",
            "-U",
            "tester",
            "-E",
            "UTF8",
            "--no-sync",
        )
        _run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _run(*command: str | Path) -> None:
    user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
    subprocess.run(command, cwd="/", user=user, check=True, stdout=subprocess.DEVNULL)
