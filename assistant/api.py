"""The HTTP interface: ask (JSON and server-sent events), search, the documents, health."""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from fastapi.sse import format_sse_event

from assistant.answer import Answer, Question
from assistant.chain import Assistant
from assistant.downloads import CSV, csv_file, named
from assistant.event_stream import event_stream
from assistant.problems import documented, no_document, problem
from assistant.public_answer import PublicAnswer
from assistant.public_door import PublicDoor
from assistant.stated import stated, table
from corpus.catalog import Record
from corpus.settings import Settings
from index.library import Library
from index.search import Hit

MAX_HITS, MAX_FACTS = 100, 100_000
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An Answer; with `stream` events: `sources`, `delta`, last `answer` or `error`",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
Visible = Callable[[str, Request], bool]


def api_router(
    staff: Assistant,
    citizens: Assistant,
    library: Library,
    settings: Settings,
    visible: Visible = lambda _, __: True,
) -> APIRouter:
    """Routes under /api, and /healthz and /readyz; `visible(visibility, request)` decides on files."""
    router = APIRouter()
    _ask_routes(router, staff, citizens, PublicDoor(settings))
    _search_route(router, library)
    _facts_route(router, library)
    _document_routes(router, library)
    _file_route(router, library, visible)
    _health_routes(router, library)
    return router


def _ask_routes(router: APIRouter, staff: Assistant, citizens: Assistant, door: PublicDoor) -> None:
    problems = documented(403, 413, 422, 500, 503)

    @router.post("/api/ask", response_model=Answer, responses={**EVENTS, **problems}, tags=["ask"])
    def ask(question: Question) -> Answer | StreamingResponse:
        """A cited answer; with `stream` server-sent events, the last of them the complete `answer`."""
        return _streamed(staff, question, None) if question.stream else staff.ask(question)

    @router.post(
        "/api/public/ask",
        response_model=PublicAnswer,
        response_model_exclude_unset=True,
        dependencies=[Depends(door)],
        tags=["ask"],
        responses={**EVENTS, **problems, **documented(428, 429)},
    )
    def ask_public(question: Question) -> Answer | StreamingResponse:
        """The same over public documents only; limited in rate and length, nothing stored."""
        return (
            _streamed(citizens, question, "public") if question.stream else citizens.ask(question, "public")
        )


def _streamed(assistant: Assistant, question: Question, visibility: str | None) -> StreamingResponse:
    events = (_event(event.name, event.data) for event in assistant.stream(question, visibility))
    return event_stream(events, partial(_event, "error"))


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


def _search_route(router: APIRouter, library: Library) -> None:
    @router.get("/api/search", responses=documented(403, 422, 500, 503), tags=["search"])
    def search(
        q: Annotated[str, Query(min_length=1, max_length=1000)],
        k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
    ) -> dict[str, Any]:
        """The best passages for a question, with scores and the reasons for them."""
        with library.reading() as searcher:
            return {"hits": [hit_json(hit) for hit in searcher.search(q, k)]}


def _facts_route(router: APIRouter, library: Library) -> None:
    problems = documented(403, 422, 500)

    @router.get("/api/facts", responses={200: {"content": {"text/csv": {}}}, **problems}, tags=["facts"])
    def facts(
        kind: Annotated[str | None, Query(max_length=50)] = None,
        year: Annotated[int | None, Query(ge=1868, le=2200)] = None,
        q: Annotated[str, Query(max_length=1000)] = "",
        format: Annotated[Literal["json", "csv"], Query()] = "json",
        limit: Annotated[int, Query(ge=1, le=MAX_FACTS)] = 1000,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        """Budgets and schedules of a kind (予算, 決算, 期間, …), fiscal year and words, with their citations."""
        found = list(stated(library.catalog, kind, year, q))
        shown = found[offset : offset + limit]
        if format == "csv":
            return StreamingResponse(csv_file(table(shown)), media_type=CSV, headers=named("facts.csv"))
        return JSONResponse({"total": len(found), "facts": [one.json() for one in shown]})


def _known(library: Library, document_id: str) -> Record:
    record = library.catalog.record(document_id)
    if record is None:
        raise no_document(document_id)
    return record


def _document_routes(router: APIRouter, library: Library) -> None:
    catalog, missing = library.catalog, documented(403, 404, 422, 500)

    @router.get("/api/documents", responses=documented(403, 500), tags=["documents"])
    def documents() -> dict[str, Any]:
        """All documents of the library."""
        return {"documents": [record_json(record) for record in catalog.records()]}

    @router.get("/api/documents/{document_id}", responses=missing, tags=["documents"])
    def document(document_id: str) -> dict[str, Any]:
        """One document with its section paths."""
        record = _known(library, document_id)
        sections = [
            {"path": one.path, "start": one.start, "end": one.end} for one in catalog.sections(document_id)
        ]
        return {**record_json(record), "superseded_by": record.superseded_by, "sections": sections}

    @router.get(
        "/api/documents/{document_id}/text",
        response_class=PlainTextResponse,
        responses=missing,
        tags=["documents"],
    )
    def text(document_id: str) -> str:
        """The canonical text, into which all offsets point."""
        _known(library, document_id)
        return catalog.text(document_id) or ""


def _file_route(router: APIRouter, library: Library, visible: Visible) -> None:
    @router.get(
        "/api/documents/{document_id}/file",
        response_class=Response,
        tags=["documents"],
        responses={200: {"content": {"application/octet-stream": {}}}, **documented(404, 422, 500)},
    )
    def file(document_id: str, request: Request) -> Response:
        """The file as it was added; only PDF is shown in the browser, all else is downloaded."""
        record = _known(library, document_id)
        if not visible(record.visibility, request):
            raise no_document(document_id)
        name = record.source.rsplit("/", 1)[-1]
        headers = named(name, shown=record.media_type == "application/pdf")
        data = library.catalog.original(document_id) or b""
        return Response(data, media_type=record.media_type, headers=headers)


def _health_routes(router: APIRouter, library: Library) -> None:
    @router.get("/healthz", tags=["health"])
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/readyz", responses=documented(503), tags=["health"])
    def ready() -> JSONResponse:
        """The indexes are open and show what the catalog holds."""
        return JSONResponse({"status": "ready"}) if library.is_ready() else problem(503)


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as `GET /api/search` gives it."""
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "source": hit.source,
        "title": hit.title,
        "section": passage.section,
        "page": passage.page,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": round(hit.score, 4),
        "reasons": dict(hit.reasons),
    }


def record_json(record: Record) -> dict[str, Any]:
    """A document as listings give it."""
    return {
        "id": record.id,
        "source": record.source,
        "title": record.title,
        "version": record.version,
        "visibility": record.visibility,
        "pages": record.pages,
        "passages": record.passages,
        "facts": record.facts,
        "added_at": record.added_at.isoformat(),
    }
