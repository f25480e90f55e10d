"""Every error is a problem document, and none says what went wrong inside."""

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel

from assistant.problems import TITLES, Problem, install, problem
from index.generation_error import GenerationError

SECRET = "password=hunter2"


class Body(BaseModel):
    number: int


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    install(app)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    @app.get("/closed")
    def closed() -> None:
        raise GenerationError("索引がありません / no index")

    @app.get("/teapot")
    def teapot() -> None:
        raise HTTPException(418, "急須です", {"X-Pot": "yes"})

    @app.post("/number")
    def number(body: Body) -> int:
        return body.number

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/broken", 500),
        ("GET", "/closed", 503),
        ("GET", "/teapot", 418),
        ("GET", "/nowhere", 404),
        ("DELETE", "/broken", 405),
        ("POST", "/number", 422),
    ],
)
def test_errors_are_problem_documents(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    said = Problem.model_validate(response.json())
    assert said.status == status
    assert " / " in said.title
    assert said.detail


def test_an_unexpected_error_tells_nothing(client: TestClient) -> None:
    said = client.get("/broken").text
    assert SECRET not in said
    assert "RuntimeError" not in said
    assert "Traceback" not in said


def test_headers_of_the_error_are_kept(client: TestClient) -> None:
    assert client.get("/teapot").headers["x-pot"] == "yes"
    assert client.delete("/broken").headers["allow"] == "GET"
    assert client.get("/closed").headers["retry-after"]


def test_what_is_wrong_with_the_input_is_named_but_not_repeated(client: TestClient) -> None:
    said = client.post("/number", json={"number": SECRET}).json()["detail"]
    assert "body.number" in said
    assert SECRET not in said


def test_titles_are_in_both_languages() -> None:
    for status, (japanese, english) in TITLES.items():
        assert not japanese.isascii()
        assert english.isascii()
        assert problem(status).status_code == status
