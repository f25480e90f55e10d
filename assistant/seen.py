"""Noting when somebody was last seen, beside the request: it waits for no long write and fails by none."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)


class Seen:
    """Writes one note at a time; one that comes meanwhile is left out, since the next request brings another."""

    def __init__(self) -> None:
        self._busy = threading.Lock()

    def note(self, write: Callable[[], None]) -> None:
        """Writes in a thread of its own."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._write, args=[write], name="seen", daemon=True).start()

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OperationalError as error:  # the database is gone or taken for too long
            log.warning("last seen not noted: %s", error)
        finally:
            self._busy.release()
