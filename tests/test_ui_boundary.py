"""What citizens and other sites' pages reach, how long a body may be, which headers come back."""

import re
from collections.abc import Iterable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from library_made import client_of, made_app, made_library, made_settings
from starlette.routing import BaseRoute, Route

from assistant.safe_headers import HEADERS
from ui.boundary import BODY_LIMIT, PUBLIC
from ui.gate import FORWARDED
from ui.hosts import is_loopback

FILLED = re.compile(r"{[^}]*}")
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 (nothing is bound)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("library")
    settings = made_settings(folder)
    with made_library(folder, settings) as library:
        yield client_of(made_app(library, settings))


@pytest.mark.parametrize("header", FORWARDED)
@pytest.mark.parametrize(
    "path",
    ["/", "/chat", "/chat/", "/api/search?q=x", "/api/documents", "/api/documents/x", "/api/documents/x/text", "/docs",
     "/api/openapi.json", "/internal/library", "/chat/gradio_api/info", "/widgets", "/staticx", "//api/documents",
     "/static/../api/documents", "/api/public", "/v1/models", "/v1/chat/completions", "/mcp"],
)  # fmt: skip
def test_citizens_do_not_reach_the_staff_s_pages(client: TestClient, header: str, path: str) -> None:
    response = client.get(path, headers={header: "192.0.2.7"})
    assert response.status_code in (403, 404)
    if response.status_code == 403:
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/widget", "/widget.js", "/widget/demo", "/healthz", "/readyz", "/favicon.ico",
                                  "/static/frame/main.js", "/q", "/widget/words/en.json"])  # fmt: skip
def test_citizens_reach_the_widget_under_any_name(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"X-Forwarded-For": "192.0.2.7", "Host": "plan.example.jp"})
    assert response.status_code == 200


def test_a_citizen_asks_from_the_widget_s_frame(client: TestClient) -> None:
    headers = {"X-Forwarded-For": "192.0.2.7", "Host": "plan.example.jp", "Origin": "https://plan.example.jp"}
    assert client.post("/api/public/ask", json={"question": "予算は？"}, headers=headers).status_code == 200
    assert client.post("/api/ask", json={"question": "予算は？"}, headers=headers).status_code == 403


@given(st.text(alphabet="/abcdeiknoprstuw.%?#-", max_size=30))
def test_public_paths_are_a_short_list(tail: str) -> None:
    path = f"/api/{tail}"
    if PUBLIC.fullmatch(path):
        assert path.startswith(("/api/public/", "/api/documents/"))


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", "",
                                  "[::1", ANY_ADDRESS, "[::]:8000", "localhost:80@evil.example"])  # fmt: skip
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    response = client.get("/healthz", headers={"Host": host})
    loopback = host in (
        "[::1",
        "localhost:80@evil.example",
    )  # read as ::1 and localhost; a browser sends neither
    assert response.status_code == (200 if loopback else 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.0.0.2", "[::1]:8000"])
def test_names_of_this_machine_are_accepted(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "", "x"])
def test_other_sites_pages_change_nothing(client: TestClient, origin: str) -> None:
    assert client.post("/api/ask", json={"question": "x"}, headers={"Origin": origin}).status_code == 403
    assert client.get("/api/documents", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1:9000", "http://[::1]:8000"])
def test_this_machine_s_pages_may_ask(client: TestClient, origin: str) -> None:
    assert client.post("/api/ask", json={"question": "予算"}, headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize("path", ["/api/ask", "/api/public/ask", "/internal/library", "/nowhere"])
def test_long_bodies_are_refused_by_their_length(client: TestClient, path: str) -> None:
    response = client.post(
        path, content=b" " * (BODY_LIMIT + 1), headers={"content-type": "application/json"}
    )
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")


def test_long_bodies_are_refused_while_they_come(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    response = client.post("/api/ask", content=parts(), headers={"content-type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "+5"])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    headers = {"content-length": length, "content-type": "application/json"}
    assert client.post("/api/ask", content=b"{}", headers=headers).status_code == 413


def test_a_body_just_short_enough_is_read(client: TestClient) -> None:
    body = b'{"question": "x"}'.ljust(BODY_LIMIT)
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/api/documents",
        "/nowhere",
        "/chat",
        "/widget",
        "/static/frame/main.js",
        "/q",
        "/widget/words/en.json",
        "/documents/none",
    ],
)
def test_security_headers_everywhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors" in headers["content-security-policy"]
    assert "server" not in headers


def test_only_the_loader_is_for_other_sites(client: TestClient) -> None:
    assert client.get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/api/documents").headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/api/documents").headers["cache-control"] == "no-store"


def test_the_chat_may_talk_to_this_server_only(client: TestClient) -> None:
    policy = client.get("/chat").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        (ANY_ADDRESS, False),
        ("::", False),
        ("192.168.0.1", False),
        ("localhost.example", False),
        ("2130706433", False),
        ("", False),
    ],
)
def test_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """(method, path) of every route, those of routers inside too, with something in the place of parameters."""
    for route in routes:
        if isinstance(route, Route):
            yield from ((method, FILLED.sub("x", route.path)) for method in sorted(route.methods or ()))
        else:
            inner = getattr(route, "original_router", route)  # FastAPI keeps routers as they are
            yield from routes_of(getattr(inner, "routes", None) or ())


def described(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path) of every operation of the OpenAPI document."""
    for path, operations in app.openapi()["paths"].items():
        yield from ((method.upper(), FILLED.sub("x", path)) for method in operations)


def test_every_route_answers_with_security_headers(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    more = {("GET", "/chat/"), ("GET", "/static/base.css"), ("GET", "/none")}
    found = {*routes_of(app.routes), *described(app), *more}
    assert len(found) > 60
    for method, path in sorted(found):
        for headers in ({}, {"X-Forwarded-For": "192.0.2.7"}, {"Host": "evil.example"}):
            answer = client.request(method, path, headers=headers, follow_redirects=False)
            policy = answer.headers.get("Content-Security-Policy", "")
            assert {"default-src", "frame-ancestors"} <= set(re.split(r"[ ;]+", policy)), (method, path)
            assert set(map(str.lower, HEADERS)) <= set(answer.headers), (method, path)
            assert answer.headers["X-Request-ID"], (method, path)
            assert answer.status_code < 500 or path == "/mcp", (
                method,
                path,
            )  # which waits for the server's start


def test_over_https_browsers_are_told_to_stay_there(client: TestClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    safe = client.get("https://localhost/healthz")
    assert safe.headers["Strict-Transport-Security"] == "max-age=31536000"
