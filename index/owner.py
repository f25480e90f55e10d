"""Who owns the library: a lock file that one process holds, with the address at which a server takes work."""

import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

LOCK = "owner.lock"


class Owned(RuntimeError):  # noqa: N818 (a state, not a fault)
    """Another process owns the library; `owner` is the server that takes work, if it is one."""

    def __init__(self, owner: "Owner | None") -> None:
        super().__init__(
            "ほかのプロセスがライブラリを使っています。終わるのを待ってください"
            " / another process is using the library: wait until it ends"
        )
        self.owner = owner


@dataclass(frozen=True, slots=True)
class Owner:
    """A server that holds the library: process id, loopback address, and the token that its user may read."""

    pid: int
    url: str
    token: str


class OwnerLock:
    """Held while the process changes or serves the library; the kernel frees it if the process dies."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / LOCK
        self._file: TextIO | None = None

    def __enter__(self) -> "OwnerLock":
        """Takes the lock.

        Raises:
            Owned: another process holds it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)  # whoever made it: a token will stand in it
        file = os.fdopen(descriptor, "r+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise Owned(read_owner(self._path.parent)) from error
        self._file = file
        self._write("")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._write("")
            self._file.close()
            self._file = None

    def publish(self, url: str) -> Owner:
        """Notes the address at which this process takes work, with a fresh token."""
        owner = Owner(os.getpid(), url, secrets.token_urlsafe(32))
        self._write(json.dumps(asdict(owner)))
        return owner

    def _write(self, text: str) -> None:
        if self._file is None:
            raise RuntimeError("the lock is not held")
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()


def read_owner(data_dir: Path) -> Owner | None:
    """The server that noted its address in the lock file, or None."""
    try:
        return Owner(**json.loads((data_dir / LOCK).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
