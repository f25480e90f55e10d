"""Follows a catalog that other processes change, until the end."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from corpus.catalog import CatalogError
from index.generation_error import GenerationError
from index.library import Library

log = logging.getLogger(__name__)
LOOKS_EVERY_S = 1.0


@contextmanager
def following(library: Library) -> Iterator[None]:
    """Looks every second, in a thread of its own, what other processes have changed; nothing where none can."""
    if not library.catalog.is_shared:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_follow, args=[library, ended], name="following", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _follow(library: Library, ended: threading.Event) -> None:
    said = ""
    while not ended.wait(LOOKS_EVERY_S):
        try:
            library.follow()
            said = ""
        except (CatalogError, GenerationError, DBAPIError, OSError) as error:  # gone for a while, or for good
            if str(error) != said:
                log.warning("other processes' changes are not followed: %s", error)
            said = str(error)
