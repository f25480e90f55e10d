"""Signing in at an identity provider that really signs, over real HTTP: who comes in, as what, and who does not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from library_made import client_of, made_app, made_library, made_settings
from oidc_made import CLIENT, SECRET, OidcProvider, oidc_provider
from people_made import add, browser

from assistant.account_store import AccountError
from assistant.accounts import AT_THIS_MACHINE
from assistant.audit import Action, Filter
from assistant.people import People
from corpus.settings import Settings
from index.library import Library


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with pytest.MonkeyPatch.context() as environment, oidc_provider() as made:
        environment.setenv("NO_PROXY", "127.0.0.1")
        yield made


@pytest.fixture(scope="module")
def settings(provider: OidcProvider, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_settings(
        tmp_path_factory.mktemp("library"), oidc_issuer=provider.issuer, oidc_client_id=CLIENT,
        oidc_client_secret=SECRET, oidc_role_claim="groups.names", oidc_roles="chiefs=admin, writers=editor",
        hosts="plan.example.jp",
    )  # fmt: skip


@pytest.fixture(scope="module")
def library(settings: Settings) -> Iterator[Library]:
    with made_library(settings.data_dir.parent, settings) as made:
        yield made


@pytest.fixture(scope="module")
def people(library: Library) -> People:
    return People(library.catalog)


@pytest.fixture(scope="module")
def app(library: Library, settings: Settings) -> FastAPI:
    return made_app(library, settings)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return browser(app)


def sign_in(client: TestClient, provider: OidcProvider, **claims: Any) -> httpx.Response:
    """Goes to the provider, which signs somebody in, and comes back; gives the last answer."""
    provider.claims = claims
    there = client.get("/sign-in/oidc?next=/account").headers["location"]
    assert there.startswith(f"{provider.issuer}/authorize?")
    back = urlsplit(httpx.get(there, trust_env=False).headers["location"])
    return client.get(f"{back.path}?{back.query}")


def groups(*names: str) -> dict[str, Any]:
    return {"groups": {"names": list(names)}}


def test_the_first_time_makes_an_account_whose_role_follows_the_claim(
    client: TestClient, provider: OidcProvider, people: People
) -> None:
    assert client.get("/chat").headers["location"] == "/sign-in?next=%2Fchat"
    assert "市のアカウントでサインイン" in client.get("/sign-in").text
    back = sign_in(client, provider, sub="1", preferred_username="山田 太郎", **groups("writers", "others"))
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    assert client.cookies.get("keikaku-journey") is None
    account = people.accounts.named("山田.太郎")
    assert (account.role, account.local) == ("editor", False)
    assert "市のアカウント" in client.get("/account").text
    sign_in(client, provider, sub="1", preferred_username="山田 花子", **groups())
    assert people.accounts.get(account.id).role == "staff"
    assert people.accounts.get(account.id).name == "山田.太郎"


def test_somebody_of_the_same_name_is_somebody_else(
    client: TestClient, provider: OidcProvider, people: People
) -> None:
    local = add(people, "suzuki", "admin")
    sign_in(client, provider, sub="2", email="SUZUKI", **groups("chiefs", "writers"))
    sign_in(client, provider, sub="3", name="suzuki")
    roles = {one.name: one.role for one in people.accounts.all() if one.name.startswith("suzuki")}
    assert roles == {"suzuki": "admin", "suzuki-2": "admin", "suzuki-3": "staff"}
    assert people.accounts.get(local.id).local
    with pytest.raises(AccountError):
        people.accounts.add(AT_THIS_MACHINE, "again", "staff", None, subject=f"{provider.issuer} 2")


def test_the_last_admin_stays_whatever_the_claim_says(
    client: TestClient, provider: OidcProvider, people: People
) -> None:
    sign_in(client, provider, sub="9", name="chief", **groups("chiefs"))
    chief = people.accounts.named("chief")
    for one in people.accounts.all():
        if one.id != chief.id:
            people.accounts.set_role(AT_THIS_MACHINE, one.id, "staff")
    assert sign_in(client, provider, sub="9", **groups()).status_code == 303
    assert people.accounts.get(chief.id).role == "admin"


def test_a_shut_account_stays_out(client: TestClient, provider: OidcProvider, people: People) -> None:
    sign_in(client, provider, sub="4", name="gone")
    people.accounts.set_disabled(AT_THIS_MACHINE, people.accounts.named("gone").id, True)
    assert client.get("/account").status_code == 303
    refused = sign_in(client, provider, sub="4", name="gone")
    assert (refused.status_code, "停止されています" in refused.text) == (400, True)
    [added] = people.audit.entries(Filter("gone", Action.ACCOUNT_ADDED), 9)
    assert added.person == "認証基盤"


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1_000_000_000}, {"nonce": "another"}, {"sub": None},
     {"azp": "another", "aud": [CLIENT, "another"]}, {"key": RSAKey.generate_key(2048, {"kid": "one"})}],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_a_token_that_does_not_hold_lets_nobody_in(
    client: TestClient, provider: OidcProvider, people: People, wrong: dict[str, Any]
) -> None:
    before = people.accounts.all()
    provider.wrong = wrong
    refused = sign_in(client, provider, sub="5", name="mallory")
    provider.wrong = {}
    assert (refused.status_code, "does not hold" in refused.text) == (400, True)
    assert client.cookies.get("keikaku") is None
    assert people.accounts.all() == before


def test_only_who_set_out_here_comes_back(client: TestClient, provider: OidcProvider, app: FastAPI) -> None:
    there = client.get("/sign-in/oidc").headers["location"]
    back = urlsplit(httpx.get(there, trust_env=False).headers["location"])
    other = client_of(app)
    assert other.get(f"{back.path}?{back.query}").status_code == 400  # another browser, without the cookie
    assert client.get(f"{back.path}?code=x&state=wrong").status_code == 400
    assert client.get(f"{back.path}?{back.query}").status_code == 400  # the cookie is gone
    client.get("/sign-in/oidc")
    client.cookies.set("keikaku-journey", "bm9uc2Vuc2U=")
    assert client.get(f"{back.path}?{back.query}").status_code == 400


def test_a_refusal_and_a_new_key_of_the_provider(client: TestClient, provider: OidcProvider) -> None:
    there = client.get("/sign-in/oidc").headers["location"]
    state = httpx.URL(there).params["state"]
    refused = client.get(f"/sign-in/callback?error=access_denied&state={state}")
    assert (refused.status_code, "access_denied" in refused.text) == (400, True)
    provider.change_key()
    assert sign_in(client, provider, sub="6", name="later").status_code == 303


def test_behind_a_proxy_the_way_back_is_https_under_the_city_s_name(app: FastAPI) -> None:
    proxy = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Host": "plan.example.jp"}
    there = browser(app, **proxy).get("/sign-in/oidc").headers["location"]
    assert httpx.URL(there).params["redirect_uri"] == "https://plan.example.jp/sign-in/callback"


def test_a_provider_that_is_gone_is_told(library: Library, settings: Settings) -> None:
    gone = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    response = browser(made_app(library, gone)).get("/sign-in/oidc")
    assert (response.status_code, "cannot be reached" in response.text) == (502, True)
