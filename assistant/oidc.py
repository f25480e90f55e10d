"""Signing in at the city's identity provider: OpenID Connect, code flow with PKCE, state and nonce (Authlib).

https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636, RFC 9700.
"""

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from assistant.account_store import Account, AccountError, Accounts, folded
from assistant.accounts import ALLOWED, Person, Role
from corpus.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

WAIT_S, KNOWN_S, LEEWAY_S = (
    10,
    3600,
    60,
)  # for an answer; what the provider says of itself; clocks that differ
SCOPE = "openid profile email"
# Signed with the provider's own key: "none" and the client secret (HS256) prove nothing about who signed.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
RANKS: tuple[Role, ...] = ("admin", "editor", "evaluator", "staff")
PROVIDER = Person("oidc", "認証基盤", "admin")  # who makes accounts of people who come from there


class OidcError(RuntimeError):
    """The provider cannot be reached, refuses, or says what does not hold."""


@dataclass(frozen=True, slots=True)
class Journey:
    """What the browser keeps between here and the provider, and back."""

    state: str
    nonce: str
    verifier: str
    way: str  # the page to go on to


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names: the issuer's subject for good, a name to show, the role where a claim gives it."""

    subject: str
    name: str
    role: Role | None


class Provider:
    """One identity provider; it is asked what it is when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def start(self, redirect_uri: str, way: str) -> tuple[str, Journey]:
        """The address at the provider to go to, and what to keep meanwhile.

        Raises:
            OidcError: the provider cannot be reached or is another than the one set.
        """
        journey = Journey(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), way
        )
        metadata = self._metadata()
        with self._client(metadata, redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=journey.state, nonce=journey.nonce,
                code_verifier=journey.verifier,
            )  # fmt: skip
        return url, journey

    def finish(self, answer: Mapping[str, str], journey: Journey, redirect_uri: str) -> Identity:
        """Who came back, by the query that the provider sent them back with.

        Raises:
            OidcError: the provider refused, or something does not hold.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise OidcError("サインインをやり直してください / state differs")
        if "code" not in answer:
            raise OidcError(f"認証基盤が断りました / refused by the provider: {answer.get('error', '')[:50]}")
        metadata = self._metadata()
        token = self._token(metadata, answer["code"], journey, redirect_uri)
        claims = self._claims(metadata, token, journey.nonce)
        return Identity(f"{claims['iss']} {claims['sub']}", _name(claims), self._role(claims))

    def _client(self, metadata: dict[str, Any], redirect_uri: str) -> "OAuth2Client":
        from authlib.integrations.httpx_client import OAuth2Client

        secret = self._settings.oidc_client_secret.get_secret_value()
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        posted = "client_secret_basic" not in methods and "client_secret_post" in methods
        method = ("client_secret_post" if posted else "client_secret_basic") if secret else "none"
        return OAuth2Client(
            self._settings.oidc_client_id, secret or None, token_endpoint_auth_method=method, scope=SCOPE,
            redirect_uri=redirect_uri, code_challenge_method="S256", timeout=WAIT_S,
        )  # fmt: skip

    def _token(
        self, metadata: dict[str, Any], code: str, journey: Journey, redirect_uri: str
    ) -> dict[str, Any]:
        import httpx
        from authlib.common.errors import AuthlibBaseError

        with self._client(metadata, redirect_uri) as client:
            try:
                return dict(
                    client.fetch_token(
                        metadata["token_endpoint"], grant_type="authorization_code", code=code,
                        code_verifier=journey.verifier,
                    )
                )  # fmt: skip
            except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
                raise OidcError(f"認証基盤が断りました / refused by the provider ({error})") from error

    def _claims(self, metadata: dict[str, Any], token: dict[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, once signature, issuer, audience, time and nonce hold."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet, KeySetSerialization

        client_id = self._settings.oidc_client_id
        options = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": client_id},
        }
        params = {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")}
        for fresh in (False, True):  # the provider may have changed its keys
            found = cast(KeySetSerialization, self._fetch(metadata["jwks_uri"], fresh))
            try:
                keys = KeySet.import_key_set(found)
                signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
                claims = CodeIDToken(signed.claims, signed.header, options, params)
                claims.validate(leeway=LEEWAY_S)
            except (JoseError, KeyError, ValueError) as error:
                if fresh:
                    raise OidcError(
                        f"認証基盤の答えが確かめられません / the ID token does not hold ({error})"
                    ) from error
            else:
                break
        return dict(claims)

    def _metadata(self) -> dict[str, Any]:
        issuer = cast(str, self._settings.oidc_issuer).rstrip("/")
        found = self._fetch(f"{issuer}/.well-known/openid-configuration")
        needed = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
        if not needed <= set(found) or str(found["issuer"]).rstrip("/") != issuer:
            raise OidcError(f"発行者が違います / not the issuer set: {found.get('issuer')}")
        return found

    def _fetch(self, url: str, fresh: bool = False) -> dict[str, Any]:
        """JSON of the provider, kept for an hour."""
        import httpx

        until, kept = self._kept.get(url, (0.0, {}))
        if kept and not fresh and time.monotonic() < until:
            return kept
        try:
            found = httpx.get(url, timeout=WAIT_S).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise OidcError(f"認証基盤につながりません / the provider cannot be reached ({error})") from error
        if not isinstance(found, dict):
            raise OidcError(f"認証基盤の答えが読めません / unexpected answer of the provider: {url}")
        self._kept[url] = (time.monotonic() + KNOWN_S, found)
        return found

    def _role(self, claims: dict[str, Any]) -> Role | None:
        """The highest role that the claim gives; none where no claim is set, staff where it gives none."""
        claim, meaning = self._settings.oidc_role_claim, self._settings.oidc_role_of
        if not claim:
            return None
        found = _claim(claims, claim)
        values = {str(one) for one in (found if isinstance(found, list) else [found])}
        roles = {meaning.get(value) for value in values} if meaning else values & set(ALLOWED)
        return next((rank for rank in RANKS if rank in roles), "staff")


def arrive(accounts: Accounts, identity: Identity) -> Account:
    """The account of somebody whom the provider names, made at the first time; its role follows the claim.

    Raises:
        AccountError: the account is shut.
    """
    account = accounts.of_subject(identity.subject) or _newcomer(accounts, identity)
    if account.disabled:
        raise AccountError("この利用者は停止されています / this account is disabled")
    if identity.role and identity.role != account.role:
        accounts.set_role(PROVIDER, account.id, identity.role, unless_last_admin=True)
    return accounts.get(account.id)


def _newcomer(accounts: Accounts, identity: Identity) -> Account:
    """A new account; somebody else may have the name already, here or at another provider."""
    name = re.sub(r"[^\w.@+-]+", ".", folded(identity.name))[:56].strip(".") or "user"
    taken = {one.name for one in accounts.all()}
    free = next(one for number in range(1, len(taken) + 2) if (one := _numbered(name, number)) not in taken)
    return accounts.add(PROVIDER, free, identity.role or "staff", None, subject=identity.subject)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _name(claims: dict[str, Any]) -> str:
    return str(claims.get("preferred_username") or claims.get("email") or claims.get("name") or claims["sub"])


def _claim(claims: dict[str, Any], name: str) -> Any:
    """A claim by its name, or by the way to it: realm_access.roles."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
