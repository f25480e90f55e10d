"""Who may reach what: a reverse proxy passes citizens on, and all else is for people at this machine.

There is no sign-in yet. A request with a forwarding header comes from citizens and reaches public paths only;
one without comes from this machine and must name it in its Host header (against DNS rebinding), and in its
Origin header where it changes anything (against other sites' pages). So a proxy must set X-Forwarded-For.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts import AT_THIS_MACHINE
from assistant.problems import problem
from corpus.load import MAX_BYTES

PUBLIC = re.compile(  # to read; only what is under /api/public/ can be posted to
    r"/widget(?:\.js|/demo)?|/api/public/.*|/documents/[^/]+|/api/documents/[^/]+/file|/static/.*|/"
    r"favicon\.ico|/healthz|/readyz"
)
FORWARDED = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "x-client-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "via",
)
READING = ("GET", "HEAD", "OPTIONS")
BODY_LIMIT = 1_000_000  # bytes; no question or list of paths comes near
UPLOAD_LIMIT = MAX_BYTES + BODY_LIMIT
UPLOADS = re.compile(r"/api/documents(?:/[^/]+/file)?|/library(?:/[^/]+/replace)?")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
# The chat's framework needs inline script and style; nothing may come from or go to another host.
CHAT_PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Boundary:
    """ASGI middleware: refuses what may not be reached and long bodies; adds security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, guarded = Request(scope), _with_headers(scope["path"], send)
        refused = refusal(request)
        if is_staff(request):
            request.state.person = AT_THIS_MACHINE
        if refused:
            await refused(scope, receive, guarded)
        else:
            await self._app(scope, _limited(receive, body_limit(request.url.path)), guarded)


def refusal(request: Request) -> Response | None:
    """The problem to answer with, or None where the request may go on."""
    if not is_staff(request):
        if not is_public(request):
            return problem(403, "このページは庁内専用です / this page is for staff")
    elif not is_loopback(_host(request.headers.get("host", ""))):
        return problem(403, "この名前では接続できません / unexpected Host header")
    elif request.method not in READING and not _same_machine(request.headers.get("origin")):
        return problem(403, "ほかのサイトからは操作できません / unexpected Origin header")
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdecimal() or int(length) > body_limit(request.url.path):
        return problem(413)
    return None


def is_staff(request: Request) -> bool:
    """Whether a request comes straight from this machine; what a proxy passes on comes from citizens."""
    return not any(name in request.headers for name in FORWARDED)


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


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host(header: str) -> str:
    """The name or address in a Host header, without the port."""
    return header[1:].partition("]")[0] if header.startswith("[") else header.partition(":")[0].lower()


def _same_machine(origin: str | None) -> bool:
    return origin is None or is_loopback(_host(urlsplit(origin).netloc))


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


def _with_headers(path: str, send: Send) -> Send:
    policy = CHAT_PAGE if path.startswith("/chat") else NO_PAGE

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**HEADERS, "Content-Security-Policy": policy}.items():
                headers.setdefault(name, value)
            if path.startswith(("/api/", "/v1/", "/mcp")):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
