"""Every request gets an id, a line in the log, and its place in the metrics and traces."""

import logging
import re
import time
import uuid

import structlog
from fastapi import APIRouter, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.problems import REQUEST_ID
from corpus import telemetry
from index.library import Library

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
UNKNOWN = "other"  # a path that no route has: such paths are as many as there are visitors who guess

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = logging.getLogger("keikaku.requests")


class Observed:
    """ASGI middleware around all else. What stands behind `?` and in bodies is not looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        scope[REQUEST_ID] = request_id  # the answer to an unexpected error is made outside
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id), telemetry.span("request"):
            try:
                await self._app(scope, receive, sending)
            finally:
                seconds = time.perf_counter() - began
                _note(scope, status, seconds)


def _note(scope: Scope, status: int, seconds: float) -> None:
    method, route = scope["method"], getattr(scope.get("route"), "path", UNKNOWN)
    telemetry.requested(method if method in METHODS else UNKNOWN, route, status, seconds)
    seen = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
    log.info("request", extra=seen)


def metrics_router(library: Library) -> APIRouter:
    """`GET /metrics`; like all that is not for citizens it is behind the boundary."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        catalog = library.catalog
        size = (len(catalog.records()), catalog.size())
        return Response(telemetry.exposition(*size, library.is_ready()), media_type=telemetry.TYPE)

    return router
