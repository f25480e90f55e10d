"""Who asks, and whether people must sign in.

Where there is neither an account nor an identity provider, whoever asks straight from this machine is the staff, and
what a reverse proxy passes on comes from citizens. Else people have a session cookie, programs a key.
"""

import hmac
import threading
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from assistant.account_store import Account
from assistant.accounts import AT_THIS_MACHINE
from assistant.handover import TOKEN_HEADER
from assistant.people import People, sign_in_is_set
from assistant.problems import problem
from corpus.catalog import Catalog
from corpus.settings import Settings
from index.owner import Owner
from ui.cookies import session_of
from ui.hosts import host_of, is_loopback

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
PROGRAMS = ("/api/", "/v1/", "/mcp", "/metrics")  # where a key is taken
SCRIPTS = ("/chat/", "/internal/")  # asked by scripts and commands, not opened by people
CHANGING_PASSWORD = ("/account", "/sign-out", "/static")
READING = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Asks the catalog's database who somebody is."""

    def __init__(self, settings: Settings, catalog: Catalog, people: People, owner: Owner) -> None:
        self._settings, self._catalog, self._people, self._owner = settings, catalog, people, owner
        self._set = threading.Event()
        own = host_of(urlsplit(owner.url).netloc)
        self.hosts = frozenset({own, *settings.host_names})

    def sign_in_is_set(self) -> bool:
        """Whether people must sign in; once they must, they must until the server ends."""
        if not self._set.is_set() and sign_in_is_set(self._settings, self._catalog):
            self._set.set()
        return self._set.is_set()

    def knows_host(self, request: Request) -> bool:
        """Whether people who sign in may come under this name."""
        host = host_of(request.headers.get("host", ""))
        return is_loopback(host) or host in self.hosts

    def nobody(self, request: Request) -> None:
        """Notes that it does not matter who asks."""
        request.state.person = request.state.account = None

    def take_machine_for_staff(self, request: Request) -> None:
        """Notes who asks where there is no sign-in."""
        self.nobody(request)
        if not is_forwarded(request):
            request.state.person = AT_THIS_MACHINE

    def identify(self, request: Request) -> None:
        """Notes who asks: `person`, and their `account` where it is not a key or a command that asks."""
        self.nobody(request)
        if self._is_handover(request):
            request.state.person = AT_THIS_MACHINE
        elif secret := key_in(request):
            request.state.person = self._people.keys.find(secret)
        elif token := session_of(request):
            request.state.account = account = self._people.sessions.find(token)
            request.state.person = account and account.person

    def _is_handover(self, request: Request) -> bool:
        """Whether a command of this machine asks, with the token of the lock file."""
        token = request.headers.get(TOKEN_HEADER, "").encode()
        return (
            not is_forwarded(request)
            and self.knows_host(request)
            and hmac.compare_digest(token, self._owner.token.encode())
        )


def is_forwarded(request: Request) -> bool:
    """Whether a reverse proxy passes the request on."""
    return any(name in request.headers for name in FORWARDED)


def key_in(request: Request) -> str:
    """The key that a program sends, or nothing."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    takes_keys = request.url.path.startswith(PROGRAMS)
    return secret.strip() if takes_keys and kind.lower() == "bearer" else ""


def to_sign_in(request: Request) -> Response:
    """Where somebody goes whom nobody knows: people to the page, programs get a problem."""
    path = request.url.path
    if path.startswith((*PROGRAMS, *SCRIPTS)):
        return problem(
            401,
            "サインインするか、鍵を付けてください / sign in, or send a key: Authorization: Bearer …",
            {"WWW-Authenticate": "Bearer"},
        )
    if request.method not in READING:
        return RedirectResponse("/sign-in", 303)
    asked = f"{path}?{request.url.query}" if request.url.query else path
    return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", 303)


def must_change_password(request: Request) -> Response | None:
    """Where somebody goes first whose password somebody else chose."""
    account: Account | None = request.state.account
    path = request.url.path
    if account is None or not account.must_change or path.startswith(CHANGING_PASSWORD):
        return None
    if path.startswith((*PROGRAMS, *SCRIPTS)):
        return problem(403, "先にパスワードを変えてください / change your password first: /account")
    return RedirectResponse("/account", 303)
