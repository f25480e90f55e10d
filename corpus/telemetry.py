"""What every stage takes: metrics for Prometheus, and spans for OpenTelemetry where an endpoint is set.

Names of stages and numbers only: no question, document or name of a person is ever part of either.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

Stage = Literal["search", "embed", "extract", "llm", "verify", "queue", "ingest"]
TYPE = CONTENT_TYPE_LATEST
SERVICE = "keikaku-navi"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_STAGES = Histogram("keikaku_stage_seconds", "Seconds of a stage", ["stage"], buckets=_SECONDS)
_FAILED = Counter("keikaku_stage_failures", "Stages that ended with an error", ["stage"])
_REQUESTS = Histogram(
    "keikaku_request_seconds", "Seconds of a request", ["method", "route"], buckets=_SECONDS
)
_STATUSES = Counter("keikaku_requests", "Requests by status", ["method", "route", "status"])
_ANSWERS = Counter("keikaku_answers", "Answers by who asked and how it ended", ["audience", "status"])
_SIZE = Gauge("keikaku_library_size", "What the library holds", ["of"])
_READY = Gauge("keikaku_ready", "1 where the indexes show what the catalog holds")

_tracer: Any = None


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Measures a stage; also a decorator."""
    began = time.perf_counter()
    with span(name), _FAILED.labels(name).count_exceptions():
        yield
    _STAGES.labels(name).observe(time.perf_counter() - began)


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator[None]:
    """A span within that of the caller, where traces are sent at all."""
    with ExitStack() as stack:
        if _tracer is not None:
            # What an exception says may quote what somebody typed: its type is told, no more.
            options = {"attributes": attributes, "record_exception": False, "set_status_on_exception": False}
            stack.enter_context(_tracer.start_as_current_span(name, **options))
        yield


def requested(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a request that was answered; `route` is the pattern, not what was asked for."""
    _REQUESTS.labels(method, route).observe(seconds)
    _STATUSES.labels(method, route, status).inc()


def answered(audience: str, status: str) -> None:
    """Counts an answer."""
    _ANSWERS.labels(audience, status).inc()


def exposition(documents: int, passages: int, is_ready: bool) -> bytes:
    """All metrics as Prometheus reads them."""
    _SIZE.labels("documents").set(documents)
    _SIZE.labels("passages").set(passages)
    _READY.set(is_ready)
    return generate_latest()


def send_traces_to(endpoint: str) -> None:
    """Sends spans to an OTLP collector (gRPC) from now on; https:// means TLS."""
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    trace_by(BatchSpanProcessor(OTLPSpanExporter(endpoint, insecure=endpoint.startswith("http://"))))


def trace_by(processor: Any) -> None:
    """Hands spans to a processor from now on; None ends it."""
    global _tracer
    if processor is None:
        _tracer = None
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer(SERVICE)
