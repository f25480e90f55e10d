"""People and programs that work with a library, and the door at which they sign in."""

import math
from dataclasses import dataclass
from datetime import timedelta

from assistant import passwords
from assistant.account_store import Account, Accounts, folded
from assistant.audit import Action, Audit, Clock, now
from assistant.keys import Keys
from assistant.limits import network
from assistant.lockout import Counter, Lockout, by_account, by_address, by_browser
from assistant.sessions import Sessions, digest
from corpus.catalog import Catalog
from corpus.settings import Settings


class SignInError(ValueError):
    """A sign-in that failed; the message tells people no more than they may know. `wait` in seconds, or 0."""

    def __init__(self, message: str, wait: int = 0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody signs in from: an address, what the browser says it is, the token by which it is known."""

    address: str
    device: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a browser gets to keep: that it is signed in, and that it is known."""

    session: str
    browser: str


class People:
    """Everything about people, over one catalog. Making it does no work."""

    def __init__(self, catalog: Catalog, clock: Clock = now) -> None:
        self.accounts = Accounts(catalog, clock)
        self.sessions = Sessions(catalog, clock)
        self.keys = Keys(catalog, clock)
        self.audit = Audit(catalog, clock)
        self._lockout = Lockout(catalog, clock)

    def sign_in(self, name: str, password: str, visitor: Visitor) -> tuple[Account, Tokens]:
        """Checks a password and signs the browser in.

        Raises:
            SignInError: name or password are wrong, the account is shut, or it has to wait.
        """
        account, kept = self.accounts.with_password(name)
        counters = self._counters(account, name, visitor)
        if (wait := self._lockout.attempt(counters)) > timedelta(0):
            raise _must_wait(wait)
        if not passwords.matches(kept, password) or account is None or account.disabled:
            raise self._failed(account, counters, visitor)
        self._lockout.succeeded(counters)
        if kept and passwords.is_outdated(kept):
            self.accounts.renew_hash(account.id, kept, passwords.hashed(password))
        return account, self.let_in(account, visitor)

    def let_in(self, account: Account, visitor: Visitor) -> Tokens:
        """Signs a browser in for somebody who has shown who they are."""
        browser = visitor.browser
        if not self.sessions.knows_browser(account.id, browser):
            browser = self.sessions.remember_browser(account.id)
        token = self.sessions.start(account.id, visitor.device)
        self.audit.note(account.person, Action.SIGNED_IN, account.name, address=network(visitor.address))
        return Tokens(token, browser)

    def sign_out(self, account: Account, token: str) -> None:
        """Signs this browser out."""
        self.sessions.end(token)
        self.audit.note(account.person, Action.SIGNED_OUT, account.name)

    def sign_out_elsewhere(self, account: Account, token: str) -> None:
        """Signs all other browsers of an account out."""
        count = self.sessions.end_others(account.id, token)
        self.audit.note(account.person, Action.SIGNED_OUT, account.name, elsewhere=count)

    def change_password(self, account: Account, current: str, new: str, visitor: Visitor) -> Tokens:
        """Gives somebody another password of their own; this browser stays signed in, all others are not.

        Raises:
            SignInError: the present password is wrong, or too many were tried.
            PasswordError: the new one may not be used.
        """
        kept = self.accounts.with_password(account.name)[1]
        counters = [by_browser(f"password {account.id}")]
        if (wait := self._lockout.attempt(counters)) > timedelta(0):
            raise _must_wait(wait)
        if not passwords.matches(kept, current):
            raise SignInError("いまのパスワードが違います / the present password is wrong")
        self._lockout.succeeded(counters)
        self.accounts.set_password(account.person, account.id, new)
        return Tokens(
            self.sessions.start(account.id, visitor.device), self.sessions.remember_browser(account.id)
        )

    def _counters(self, account: Account | None, name: str, visitor: Visitor) -> list[Counter]:
        if account and self.sessions.knows_browser(account.id, visitor.browser):
            return [by_browser(digest(visitor.browser))]
        return [by_account(folded(name)), by_address(network(visitor.address))]

    def _failed(self, account: Account | None, counters: list[Counter], visitor: Visitor) -> SignInError:
        """Notes the failure; a name that nobody has is not noted, since it may be somebody's password."""
        target, detail = account.name if account else "", {"address": network(visitor.address)}
        self.audit.note(None, Action.SIGN_IN_FAILED, target, **detail)
        wait = self._lockout.wait(counters)
        if wait <= timedelta(0):
            return SignInError("利用者名かパスワードが違います / wrong name or password")
        self.audit.note(None, Action.LOCKED_OUT, target, **detail, seconds=math.ceil(wait.total_seconds()))
        return _must_wait(wait)


def sign_in_is_set(settings: Settings, catalog: Catalog) -> bool:
    """Whether people must sign in: there is an account or an identity provider. Looking makes nothing."""
    return bool(settings.oidc_issuer) or (catalog.has_tables("accounts") and Accounts(catalog).any())


def _must_wait(wait: timedelta) -> SignInError:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return SignInError(
        f"失敗が続いたため、{seconds}秒たってからもう一度お試しください"
        f" / too many failures: try again in {seconds} seconds",
        seconds,
    )
