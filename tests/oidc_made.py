"""A small OpenID Connect provider with real keys, on loopback: it signs in whoever is named, without asking."""

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header, HTTPException
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from server_made import served

CLIENT, SECRET = "keikaku", "client-secret"


class OidcProvider:
    """Who signs in next (`claims`), what is wrong with the next token (`wrong`), and what was asked."""

    def __init__(self) -> None:
        self.issuer = ""
        self.claims: dict[str, Any] = {}
        self.wrong: dict[str, Any] = {}
        self.keys = [RSAKey.generate_key(2048, {"kid": "one"})]
        self.key = self.keys[0]
        self.asked: dict[str, dict[str, str]] = {}

    def change_key(self) -> None:
        """Signs with another key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})
        self.keys.append(self.key)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return dict(KeySet(self.keys).as_dict(private=False))

        @app.get("/authorize")
        def authorize(
            client_id: str, redirect_uri: str, state: str, nonce: str, scope: str, code_challenge: str,
            response_type: str, code_challenge_method: str,
        ) -> RedirectResponse:  # fmt: skip
            assert (client_id, response_type, code_challenge_method) == (CLIENT, "code", "S256")
            assert "openid" in scope.split()
            code = secrets.token_urlsafe(16)
            self.asked[code] = {"uri": redirect_uri, "nonce": nonce, "challenge": code_challenge}
            return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}", 302)

        @app.post("/token")
        def token(
            code: Annotated[str, Form()],
            redirect_uri: Annotated[str, Form()],
            code_verifier: Annotated[str, Form()],
            authorization: Annotated[str, Header()],
        ) -> dict[str, Any]:
            asked = self.asked.pop(code, None)
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            if not asked or (asked["uri"], asked["challenge"]) != (redirect_uri, challenge):
                raise HTTPException(400)
            if authorization != f"Basic {basic}":
                raise HTTPException(401)
            return {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}

        return app

    def _signed(self, nonce: str) -> str:
        at = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce}
        wrong = {name: value for name, value in self.wrong.items() if name != "key"}
        key = self.wrong.get("key", self.key)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, {**usual, **self.claims, **wrong}, key)


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """A provider that is served."""
    provider = OidcProvider()
    with served(provider.app()) as url:
        provider.issuer = url
        yield provider
