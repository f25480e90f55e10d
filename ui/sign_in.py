"""Signing in and out: `/sign-in` and `/sign-out`."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.account_store import Account
from assistant.people import People, SignInError, Visitor
from corpus.settings import Settings
from ui.cookies import browser_of, forget, keep, session_of
from ui.pages import page, security_policy

HOME = "/chat"
WAY = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")  # a browser reads // and /\ as another site
LONGEST_WAY = 2000  # characters of an address to go back to
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def sign_in_router(settings: Settings, people: People) -> APIRouter:
    """The pages at which people come in and leave."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in", response_class=HTMLResponse)
    def entrance(request: Request, next: str = "") -> Response:
        if request.state.person is not None and request.state.account is not None:
            return RedirectResponse(safe_way(next), 303)
        return entrance_page(settings, people, next)

    @router.post("/sign-in", response_class=HTMLResponse)
    def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            _, tokens = people.sign_in(name, password, visitor_of(request))
        except SignInError as error:
            status, headers = (429, {"Retry-After": str(error.wait)}) if error.wait else (401, {})
            refused = entrance_page(settings, people, next, name, str(error), status)
            refused.headers.update(headers)
            return refused
        response = RedirectResponse(safe_way(next), 303)
        keep(response, request, tokens)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        account: Account | None = request.state.account
        if account is not None:
            people.sign_out(account, session_of(request))
        response = RedirectResponse("/sign-in", 303)
        forget(response, request)
        return response

    return router


def entrance_page(
    settings: Settings, people: People, way: str, name: str = "", fault: str = "", status: int = 200
) -> HTMLResponse:
    """The form, and the way to the identity provider where there is one."""
    return page(
        "sign_in.html",
        security_policy(form_action="'self'"),
        status,
        way=safe_way(way),
        name=name,
        fault=fault,
        provider=bool(settings.oidc_issuer),
        local=people.accounts.any_local(),
    )


def visitor_of(request: Request) -> Visitor:
    """Where somebody signs in from."""
    address = request.client.host if request.client else ""
    return Visitor(address, device_of(request.headers.get("user-agent", "")), browser_of(request))


def safe_way(asked: str) -> str:
    """The page to go on to: one of ours, whatever was asked for."""
    parts = urlsplit(asked) if WAY.fullmatch(asked) else None
    if parts is None or parts.scheme or parts.netloc or len(asked) > LONGEST_WAY:
        return HOME
    return HOME if parts.path.startswith(("/sign-in", "/sign-out")) else asked


def device_of(agent: str) -> str:
    """A browser in words by which people tell their devices apart."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " / ".join(filter(None, (browser, system))) or "不明な端末"
