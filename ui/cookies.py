"""The cookies of people who sign in: that a browser is signed in, that it is known, that it is at the provider."""

from fastapi import Request, Response

from assistant.people import Tokens
from assistant.sessions import KNOWN_FOR, LASTS

SESSION, BROWSER, JOURNEY = "keikaku", "keikaku-browser", "keikaku-journey"


def is_secure(request: Request) -> bool:
    """Whether the browser speaks https, with us or with the proxy before us. Who lies spoils their own cookie only."""
    forwarded = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return request.url.scheme == "https" or forwarded == "https"


def session_of(request: Request) -> str:
    """The token of a browser that may be signed in, or nothing."""
    return cookie_of(SESSION, request)


def browser_of(request: Request) -> str:
    """The token of a browser that may be known, or nothing."""
    return cookie_of(BROWSER, request)


def cookie_of(name: str, request: Request) -> str:
    """What a cookie of ours holds, or nothing."""
    return request.cookies.get(_named(name, request), "")


def keep(response: Response, request: Request, tokens: Tokens) -> None:
    """Gives the browser what it keeps."""
    set_cookie(response, request, SESSION, tokens.session, int(LASTS.total_seconds()))
    set_cookie(response, request, BROWSER, tokens.browser, int(KNOWN_FOR.total_seconds()))


def forget(response: Response, request: Request, name: str = SESSION) -> None:
    """Takes a cookie back."""
    set_cookie(response, request, name, "", 0)


def set_cookie(response: Response, request: Request, name: str, value: str, seconds: int) -> None:
    """No script reads it, no other site sends it along with a form, no other host sets it (`__Host-`, RFC 6265bis)."""
    response.set_cookie(
        _named(name, request), value, max_age=seconds, path="/", secure=is_secure(request), httponly=True,
        samesite="lax",
    )  # fmt: skip


def _named(name: str, request: Request) -> str:
    return f"__Host-{name}" if is_secure(request) else name
