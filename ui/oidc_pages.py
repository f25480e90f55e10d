"""`/sign-in/oidc` and `/sign-in/callback`: to the identity provider and back."""

import base64
import json
from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from assistant.account_store import AccountError
from assistant.oidc import Journey, OidcError, Provider, arrive
from assistant.people import People
from corpus.settings import Settings
from ui.cookies import JOURNEY, cookie_of, forget, is_secure, keep, set_cookie
from ui.sign_in import entrance_page, safe_way, visitor_of

JOURNEY_S = 600  # seconds to sign in at the provider
NO_JOURNEY = "サインインに時間がかかりすぎました。もう一度お試しください / this took too long: try again"
CALLBACK = "/sign-in/callback"


def oidc_router(settings: Settings, people: People) -> APIRouter:
    """Both pages; without a provider there are none."""
    router = APIRouter(include_in_schema=False)
    if not settings.oidc_issuer:
        return router
    provider = Provider(settings)

    @router.get("/sign-in/oidc")
    def leave(request: Request, next: str = "") -> Response:
        try:
            url, journey = provider.start(_callback(request), safe_way(next))
        except OidcError as error:
            return entrance_page(settings, people, next, fault=str(error), status=502)
        response = RedirectResponse(url, 303)
        set_cookie(response, request, JOURNEY, _packed(journey), JOURNEY_S)
        return response

    @router.get(CALLBACK)
    def come_back(request: Request) -> Response:
        journey = _unpacked(cookie_of(JOURNEY, request))
        if journey is None:
            return entrance_page(settings, people, "", fault=NO_JOURNEY, status=400)
        try:
            identity = provider.finish(request.query_params, journey, _callback(request))
            account = arrive(people.accounts, identity)
        except (AccountError, OidcError) as error:
            refused = entrance_page(settings, people, journey.way, fault=str(error), status=400)
            forget(refused, request, JOURNEY)
            return refused
        response = RedirectResponse(safe_way(journey.way), 303)
        forget(response, request, JOURNEY)
        keep(response, request, people.let_in(account, visitor_of(request)))
        return response

    return router


def _callback(request: Request) -> str:
    """The address at which this server is known to the provider; the boundary has checked its name."""
    return f"{'https' if is_secure(request) else 'http'}://{request.headers['host']}{CALLBACK}"


def _packed(journey: Journey) -> str:
    return base64.urlsafe_b64encode(json.dumps(asdict(journey)).encode()).decode()


def _unpacked(cookie: str) -> Journey | None:
    """What the browser kept; None where it did not set out here, or long ago."""
    try:
        journey = Journey(**json.loads(base64.urlsafe_b64decode(cookie)))
    except (ValueError, TypeError):
        return None
    whole = all(isinstance(one, str) and one for one in asdict(journey).values())
    return journey if whole else None
