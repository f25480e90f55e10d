"""Who may reach what: the pages of citizens are for all, all else is for people whom the gate knows.

Without sign-in a request with a forwarding header comes from citizens; one without comes from this machine and must
name it in its Host header (against DNS rebinding), and in its Origin header where it changes anything (against other
sites' pages). So a proxy must set X-Forwarded-For. With sign-in people may come through a proxy or from other machines,
under this machine's names and those of KEIKAKU_HOSTS, and what changes anything must come from our own pages.
"""

import re

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts import AT_THIS_MACHINE
from assistant.problems import problem
from assistant.safe_headers import HEADERS, NO_PAGE, ONE_YEAR
from corpus.load import MAX_BYTES
from ui.gate import READING, Gate, is_forwarded, key_in, must_change_password, to_sign_in
from ui.hosts import host_of, is_loopback, is_same_machine, is_same_origin

PUBLIC = re.compile(  # to read; only what is under /api/public/ can be posted to
    r"/widget(?:\.js|/demo|/words/.*)?|/q|/api/public/.*|/documents/[^/]+|/api/documents/[^/]+/file|/static/.*|/"
    r"favicon\.ico|/healthz|/readyz"
)
ANYBODY = re.compile(
    r"/widget(?:\.js|/demo|/words/.*)?|/q|/static/.*|/favicon\.ico|/healthz|/readyz"
)  # whoever they are
ENTRANCE = ("/sign-in", "/sign-in/oidc", "/sign-in/callback")
BODY_LIMIT = 1_000_000  # bytes; no question or list of paths comes near
UPLOAD_LIMIT = MAX_BYTES + BODY_LIMIT
UPLOADS = re.compile(r"/api/documents(?:/[^/]+/file)?|/library(?:/[^/]+/replace)?")
# The chat's framework needs inline script and style; nothing may come from or go to another host.
CHAT_PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Boundary:
    """ASGI middleware: refuses what may not be reached and long bodies; notes who asks; adds security headers."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, guarded = Request(scope), _with_headers(scope["path"], scope["scheme"], send)
        refused = await run_in_threadpool(refusal, request, self._gate)
        if refused:
            await refused(scope, receive, guarded)
        else:
            await self._app(scope, _limited(receive, body_limit(request.url.path)), guarded)


def refusal(request: Request, gate: Gate) -> Response | None:
    """The response that sends somebody away, or None where the request may go on."""
    if ANYBODY.fullmatch(request.url.path):
        gate.nobody(request)
        refused = None if is_forwarded(request) or gate.knows_host(request) else _wrong_host()
    elif gate.sign_in_is_set():
        gate.identify(request)
        refused = _with_sign_in(request, gate)
    else:
        gate.take_machine_for_staff(request)
        refused = _without_sign_in(request)
    return refused or _too_long(request)


def _without_sign_in(request: Request) -> Response | None:
    if is_forwarded(request):
        return (
            None if is_public(request) else problem(403, "このページは庁内専用です / this page is for staff")
        )
    if not is_loopback(host_of(request.headers.get("host", ""))):
        return _wrong_host()
    if request.method not in READING and not is_same_machine(request):
        return _wrong_origin()
    return None


def _with_sign_in(request: Request, gate: Gate) -> Response | None:
    public = is_public(request)
    of_citizen = public and is_forwarded(request)
    if not of_citizen and not gate.knows_host(request):
        return _wrong_host()
    if request.state.person == AT_THIS_MACHINE:
        return None
    by_page = request.method not in READING and not key_in(request)
    if by_page and not of_citizen and not is_same_origin(request, gate.hosts):
        return _wrong_origin()
    if request.state.person is None and not public and request.url.path not in ENTRANCE:
        return to_sign_in(request)
    return must_change_password(request)


def _wrong_host() -> Response:
    return problem(
        403, "この名前では接続できません（KEIKAKU_HOSTS）/ unexpected Host header: see KEIKAKU_HOSTS"
    )


def _wrong_origin() -> Response:
    return problem(403, "ほかのサイトからは操作できません / unexpected Origin header")


def _too_long(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    fits = length.isascii() and length.isdecimal() and int(length) <= body_limit(request.url.path)
    return None if fits else problem(413)


def is_staff(request: Request) -> bool:
    """Whether somebody who works here asks."""
    return request.state.person is not None


def is_public(request: Request) -> bool:
    """Whether a citizen may ask for this."""
    path = request.url.path
    reading = request.method in READING and PUBLIC.fullmatch(path) is not None
    return reading or path.startswith("/api/public/")


def may_see(visibility: str, request: Request) -> bool:
    """Whether a document of this visibility may be shown to whoever asks."""
    return visibility == "public" or is_staff(request)


def body_limit(path: str) -> int:
    """Bytes that a request to a path may bring."""
    return UPLOAD_LIMIT if UPLOADS.fullmatch(path) else BODY_LIMIT


def _limited(receive: Receive, most: int) -> Receive:
    """Counts what arrives: a body sent in chunks names no length."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(413)
        return message

    return counted


def _with_headers(path: str, scheme: str, send: Send) -> Send:
    policy = CHAT_PAGE if path.startswith("/chat") else NO_PAGE

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**HEADERS, "Content-Security-Policy": policy}.items():
                headers.setdefault(name, value)
            if scheme == "https":
                headers.setdefault("Strict-Transport-Security", ONE_YEAR)
            if path.startswith(("/api/", "/v1/", "/mcp")):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
