"""Ids, logs, metrics and traces: of every request and stage, and of nobody's words."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from library_made import client_of, made_app, made_library, made_settings
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from people_made import add, browser

from assistant.accounts import AT_THIS_MACHINE
from assistant.logs import configure
from assistant.people import People
from corpus import telemetry
from corpus.settings import Settings
from index.library import Library

QUESTION = "窓口デジタル化事業の2024年度の予算はいくらですか。電話は090-1234-5678です"
PLAIN = "窓口デジタル化事業の2024年度の予算はいくらですか"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_settings(tmp_path_factory.mktemp("observed"), log="json", log_questions=True)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Library]:
    with made_library(tmp_path_factory.mktemp("documents"), settings) as made:
        yield made


@pytest.fixture(scope="module")
def app(library: Library, settings: Settings) -> FastAPI:
    return made_app(library, settings)


@pytest.fixture
def written(settings: Settings) -> Iterator[io.StringIO]:
    """What the process logs as JSON."""
    root, own = logging.getLogger(), logging.getLogger("keikaku")
    before = (root.handlers[:], root.level, own.level)
    configure(settings)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    own.setLevel(before[2])


def test_every_line_has_the_id_of_its_request(app: FastAPI, written: io.StringIO) -> None:
    client = client_of(app)
    response = client.post(
        "/api/ask", json={"question": QUESTION}, headers={"X-Request-ID": "from-the-proxy"}
    )
    assert response.headers["X-Request-ID"] == "from-the-proxy"
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {line["event"] for line in lines} == {"answered", "request"}
    assert {line["request_id"] for line in lines} == {"from-the-proxy"}
    [request] = [line for line in lines if line["event"] == "request"]
    assert (request["method"], request["route"], request["status"]) == ("POST", "/api/ask", 200)
    assert (request["level"], request["logger"]) == ("info", "keikaku.requests")
    assert "090-1234-5678" not in written.getvalue()
    [answer] = [line for line in lines if line["event"] == "answered"]
    assert answer["question"].startswith("窓口デジタル化事業")
    other = client.get("/healthz", headers={"X-Request-ID": "two\twords; or worse"})
    assert len(other.headers["X-Request-ID"]) == 32


def test_words_are_logged_only_if_told(library: Library, settings: Settings, written: io.StringIO) -> None:
    quiet = made_app(library, settings.model_copy(update={"log_questions": False}))
    client_of(quiet).post("/api/ask", json={"question": PLAIN})
    client_of(quiet).get("/api/search", params={"q": PLAIN})
    assert "answered" in written.getvalue()
    assert "窓口" not in written.getvalue()


def test_metrics_count_stages_requests_and_answers(app: FastAPI) -> None:
    client = client_of(app)
    client.post("/api/ask", json={"question": PLAIN})
    client.get("/no/such/page")
    said = client.get("/metrics")
    assert said.headers["content-type"].startswith("text/plain")
    for line in (
        'keikaku_stage_seconds_count{stage="search"}',
        'keikaku_stage_seconds_count{stage="embed"}',
        'keikaku_stage_seconds_count{stage="extract"}',
        'keikaku_stage_seconds_count{stage="ingest"}',
        'keikaku_stage_seconds_count{stage="queue"}',
        'keikaku_requests_total{method="POST",route="/api/ask",status="200"}',
        'keikaku_requests_total{method="GET",route="other",status="404"}',
        'keikaku_answers_total{audience="staff",status="answered"}',
        'keikaku_library_size{of="documents"} 2.0',
        "keikaku_ready 1.0",
    ):
        assert line in said.text
    assert client_of(app, **{"X-Forwarded-For": "192.0.2.1"}).get("/metrics").status_code == 403


def test_spans_hold_stages_and_nobodys_words(app: FastAPI) -> None:
    exporter = InMemorySpanExporter()
    telemetry.trace_by(SimpleSpanProcessor(exporter))
    try:
        client_of(app).post("/api/ask", json={"question": QUESTION})
        client_of(app).post("/api/ask", json={"question": PLAIN})
        with pytest.raises(ValueError, match="090"), telemetry.stage("search"):
            raise ValueError("090-1234-5678")
    finally:
        telemetry.trace_by(None)
    spans = exporter.get_finished_spans()
    by_name = {span.name: span for span in spans}
    assert {"request", "search", "embed", "extract"} <= set(by_name)
    assert by_name["embed"].context.trace_id in {
        one.context.trace_id for one in spans if one.name == "request"
    }
    told = " ".join(span.to_json() for span in spans)
    assert "090-1234" not in told
    assert "窓口" not in told


def test_with_accounts_metrics_take_a_key(tmp_path: Path) -> None:
    settings = made_settings(tmp_path)
    with made_library(tmp_path, settings) as library:
        people = People(library.catalog)
        add(people, "tanaka", "admin")
        app = made_app(library, settings)
        assert browser(app).get("/metrics").status_code == 401
        _, secret = people.keys.add(AT_THIS_MACHINE, "prometheus", "staff")
        assert browser(app, Authorization=f"Bearer {secret}").get("/metrics").status_code == 200
