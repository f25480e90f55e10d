"""Answers as server-sent events: what goes wrong once the response has begun becomes the last of them."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastapi.responses import StreamingResponse

from assistant.problems import problem_body
from index.generation_error import GenerationError

log = logging.getLogger(__name__)
NO_STORE = {"Cache-Control": "no-store"}


def event_stream(events: Iterable[bytes], broken_off: Callable[[dict[str, Any]], bytes]) -> StreamingResponse:
    """A response of the events; `broken_off` words a problem document as the event that ends them too early."""
    headers = {**NO_STORE, "X-Accel-Buffering": "no"}
    return StreamingResponse(_told(events, broken_off), media_type="text/event-stream", headers=headers)


def _told(events: Iterable[bytes], broken_off: Callable[[dict[str, Any]], bytes]) -> Iterator[bytes]:
    try:
        yield from events
    except GenerationError as error:
        yield broken_off(problem_body(503, str(error)))
    except Exception:
        # The outermost place: the status is sent already, so the client can only be told here.
        log.exception("an answer broke off")
        yield broken_off(problem_body(500))
