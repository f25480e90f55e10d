"""Who reaches what once people sign in: by cookie, by key, through a proxy, under which name, from whose pages."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from library_made import LOCAL, client_of, made_app, made_library, made_settings
from people_made import PASSWORD, add, browser

from assistant.accounts import AT_THIS_MACHINE, Role
from assistant.people import People
from corpus.document import document_id
from index.library import Library
from ui.sign_in import device_of, safe_way

HOST = "plan.example.jp"
PROXY = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Host": HOST}
STAFF_DOCUMENT = f"/documents/{document_id('inner.md')}"
ASK = {"question": "窓口デジタル化事業の2024年度の予算は？"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def people(library: Library) -> People:
    made = People(library.catalog)
    for name, role in (("admin", "admin"), ("staff", "staff"), ("editor", "editor")):
        add(made, name, role)  # type: ignore[arg-type]
    return made


@pytest.fixture(scope="module")
def app(library: Library, people: People, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return made_app(library, made_settings(tmp_path_factory.mktemp("app"), hosts=f"{HOST},other.example.jp"))


def test_from_the_first_account_on_people_must_sign_in(tmp_path: Path) -> None:
    settings = made_settings(tmp_path)
    with made_library(tmp_path, settings) as library:
        client = browser(made_app(library, settings))
        assert client.get("/api/documents").status_code == 200
        assert "keikaku user add" in client.get("/sign-in").text
        account = add(People(library.catalog), "staff")
        assert client.get("/api/documents").status_code == 401
        assert client.get("/chat").headers["location"] == "/sign-in?next=%2Fchat"
        People(library.catalog).accounts.remove(AT_THIS_MACHINE, account.id)
        assert client.get("/api/documents").status_code == 401  # not open again while it runs


@pytest.mark.parametrize("proxy", [{}, PROXY], ids=["direct", "proxy"])
@pytest.mark.parametrize(
    ("path", "nobody"),
    [("/", 303), ("/chat", 303), ("/account", 303), ("/api/documents", 401), ("/api/search?q=x", 401),
     ("/v1/models", 401), ("/chat/gradio_api/info", 401), ("/api/openapi.json", 401), ("/internal/library", 401),
     ("/nowhere", 303), ("/widget", 200), ("/healthz", 200), ("/sign-in", 200), ("/static/base.css", 200),
     (STAFF_DOCUMENT, 404)],
)  # fmt: skip
def test_nobody_reaches_what_is_for_the_staff(
    app: FastAPI, proxy: dict[str, str], path: str, nobody: int
) -> None:
    response = browser(app, **proxy).get(path)
    assert response.status_code == nobody
    if nobody == 401:
        assert (response.headers["www-authenticate"], response.headers["content-type"]) == (
            "Bearer",
            "application/problem+json",
        )


def test_whoever_signs_in_reaches_it_and_leaves(app: FastAPI) -> None:
    client = browser(app, "staff")
    assert client.cookies.get("keikaku")
    assert client.get("/api/documents").status_code == 200
    assert client.get("/chat/").status_code == 200
    assert client.get(STAFF_DOCUMENT).status_code == 200
    assert client.post("/api/ask", json=ASK).json()["status"] == "answered"
    kept = client.cookies.get("keikaku")
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert client.cookies.get("keikaku") is None
    client.cookies.set("keikaku", kept or "")
    assert client.get("/api/documents").status_code == 401


def test_through_a_proxy_with_https_the_cookie_is_secure(app: FastAPI) -> None:
    client = TestClient(app, base_url=f"https://{HOST}", headers=PROXY, follow_redirects=False)
    response = client.post("/sign-in", data={"name": "staff", "password": PASSWORD, "next": "/account"})
    assert response.headers["location"] == "/account"
    session = next(
        one for one in response.headers.get_list("set-cookie") if one.startswith("__Host-keikaku=")
    )
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(session.split("; "))
    assert "Domain" not in session
    assert client.get("/api/documents").status_code == 200
    token = client.cookies["__Host-keikaku"]
    injected = TestClient(app, base_url=f"https://{HOST}", headers=PROXY, cookies={"keikaku": token})
    assert injected.get("/api/documents").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": LOCAL}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://unlike"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": f"https://{HOST}"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": f"https://{HOST}.evil.example"}, 403),
    ],
)
def test_other_sites_pages_change_nothing_with_one_s_cookie(
    app: FastAPI, headers: dict[str, str], status: int
) -> None:
    client = browser(app, "staff")
    assert client.post("/api/ask", json=ASK, headers=headers).status_code == status
    assert client.get("/api/documents", headers=headers).status_code == 200
    refused = browser(app).post("/sign-in", data={"name": "staff", "password": PASSWORD}, headers=headers)
    assert refused.status_code == (303 if status == 200 else 403)  # nor do they sign anybody in


@pytest.mark.parametrize(
    ("host", "status"),
    [(HOST, 200), ("PLAN.example.jp:8443", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 403),
     (f"{HOST}.evil.example", 403), ("192.0.2.1", 403), ("", 403)],
)  # fmt: skip
def test_names_other_than_those_set_are_refused(app: FastAPI, host: str, status: int) -> None:
    client = browser(app, "staff")
    assert client.get("/api/documents", headers={"Host": host}).status_code == status
    assert browser(app).get("/static/base.css", headers={"Host": host}).status_code == status


def test_programs_send_a_key(app: FastAPI, people: People) -> None:
    _, secret = people.keys.add(AT_THIS_MACHINE, "program", "staff")
    key = {"Authorization": f"Bearer {secret}"}
    for headers in (key, {**key, **PROXY}, {**key, "Origin": "https://elsewhere.example"}):
        client = browser(app, **headers)
        assert client.get("/v1/models").status_code == 200
        assert client.post("/api/ask", json=ASK).status_code == 200
        assert client.get("/chat").status_code == 303  # pages are for people
    assert browser(app, Authorization=f"Bearer {secret}x").get("/v1/models").status_code == 401
    signed_in = browser(app, "staff")
    assert signed_in.get("/v1/models", headers={"Authorization": "Bearer none"}).status_code == 401
    people.keys.revoke(AT_THIS_MACHINE, "program")
    assert browser(app, **key).get("/v1/models").status_code == 401


def test_commands_of_this_machine_keep_working(app: FastAPI) -> None:
    token = {"X-Keikaku-Token": "token"}
    verified = client_of(app, **token).post("/internal/library", json={"command": "verify"})
    assert '"kind": "done"' in verified.text
    assert client_of(app, **token).post("/api/ask", json=ASK).status_code == 200
    for headers in ({**token, **PROXY}, {"X-Keikaku-Token": "wrong"}, {**token, "Host": "evil.example"}):
        refused = client_of(app, **headers).post("/internal/library", json={"command": "verify"})
        assert refused.status_code in (401, 403)


def test_model_tools_are_asked_under_the_names_set(app: FastAPI, people: People) -> None:
    _, secret = people.keys.add(AT_THIS_MACHINE, "tools", "staff")
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepts = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {secret}"}
    with client_of(app) as client:
        assert client.post("/mcp", json=body, headers={**accepts, **PROXY}).status_code == 200
        assert client.post("/mcp", json=body, headers=PROXY).status_code == 401


def test_too_many_failures_are_told(app: FastAPI, people: People) -> None:
    add(people, "unlucky")
    client = browser(app)
    refused = [client.post("/sign-in", data={"name": "unlucky", "password": "x"}) for _ in range(6)]
    assert [one.status_code for one in refused] == [401] * 4 + [429] * 2
    assert 25 <= int(refused[-1].headers["retry-after"]) <= 30
    assert 'role="alert"' in refused[-1].text
    assert 'value="unlucky"' in refused[-1].text
    assert client.post("/sign-in").status_code in (401, 429)


def test_a_password_of_somebody_else_s_choice_is_changed_first(app: FastAPI, people: People) -> None:
    people.accounts.add(AT_THIS_MACHINE, "new", "staff", PASSWORD, must_change=True)
    client = browser(app, "new")
    assert client.get("/chat").headers["location"] == "/account"
    assert client.get("/api/documents").status_code == 403
    assert "管理者が決めた" in client.get("/account").text

    def change(new: str, again: str) -> int:
        form = {"current": PASSWORD, "new": new, "again": again}
        return client.post("/account/password", data=form).status_code

    assert change("another password", "another passwort") == 422
    assert change("short", "short") == 422
    assert change("another password", "another password") == 303
    assert client.get("/chat/").status_code == 200


def test_one_signs_out_elsewhere(app: FastAPI, people: People) -> None:
    add(people, "twice")
    here, there = browser(app, "twice"), browser(app, "twice")
    assert "ほかの端末からサインアウト" in here.get("/account").text
    assert here.post("/account/sign-out-elsewhere").status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)


@pytest.mark.parametrize("way", ["/people", "/chat?x=1&y=%E4%BA%88", "/documents/x?start=1#cite", "/account"])
def test_one_comes_back_to_the_page_asked_for(app: FastAPI, way: str) -> None:
    form = {"name": "admin", "password": PASSWORD, "next": way}
    assert browser(app).post("/sign-in", data=form).headers["location"] == way


@given(st.one_of(st.text(max_size=30), st.text(alphabet="/\\:.@evil?#%\t\n ", max_size=12)))
def test_the_way_back_leads_to_no_other_site(asked: str) -> None:
    target = urlsplit(urljoin("https://plan.example.jp/sign-in", safe_way(asked).replace("\\", "/")))
    assert (target.scheme, target.netloc) == ("https", HOST)


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "", "/sign-out", "/sign-in?next=/x",
     "/\t/evil.example", "/x\r\nSet-Cookie: a=b", "/" + "x" * 3000],
)  # fmt: skip
def test_other_ways_back_lead_to_the_chat(asked: str) -> None:
    assert safe_way(asked) == "/chat"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge / Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1", "Safari / iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox / Linux"),
        ("curl/8", "不明な端末"),
    ],
)
def test_devices_have_names(agent: str, device: str) -> None:
    assert device_of(agent) == device


@pytest.mark.parametrize("role", ["staff", "editor"])
def test_views_are_those_of_the_role(app: FastAPI, role: Role) -> None:
    page = browser(app, role).get("/account").text
    assert 'href="/people"' not in page
    assert 'href="/library"' in page
    assert 'action="/sign-out"' in page
