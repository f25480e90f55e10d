"""Deletes what is counted of citizens once it is older than the settings allow."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from assistant.usage import Usage

log = logging.getLogger(__name__)
EVERY_S = 6 * 3600


def forget_old(usage: Usage, days: int) -> int:
    """Deletes citizens' counts and votes of days that lie further back; gives how many."""
    return usage.forget(datetime.now(UTC).date() - timedelta(days=days))


def keep_forgetting(usage: Usage, days: int, ended: threading.Event) -> None:
    """Deletes now and every few hours, until `ended` is set."""
    while True:
        try:
            forget_old(usage, days)
        except DBAPIError as error:
            log.warning("old counts were not deleted, the next try is in six hours: %s", error.orig)
        if ended.wait(EVERY_S):
            return
