"""`GET /documents/{id}?start=&end=#cite`: the canonical text as a page, with the cited span highlighted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from corpus.document import Section
from ui.pages import page, security_policy
from ui.typeset import Block, Span, typeset

CONTENTS_DEPTH = 3


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the viewer needs of a document; offsets in `page_starts` and `sections` are into `text`."""

    id: str
    source: str
    title: str
    media_type: str
    text: str
    page_starts: tuple[int, ...]
    visibility: str
    sections: tuple[Section, ...]


class TextSource(Protocol):
    """Reads documents for display."""

    def document(self, document_id: str) -> DocumentRecord | None:
        """The document, or None where there is none of that id."""


def viewer_router(source: TextSource, visible: Callable[[DocumentRecord, Request], bool]) -> APIRouter:
    """The route of the page. A document that is not `visible` answers like one that does not exist."""
    router = APIRouter()

    @router.get("/documents/{document_id}", response_class=HTMLResponse, include_in_schema=False)
    def view(
        request: Request, document_id: str, start: str | None = None, end: str | None = None
    ) -> HTMLResponse:
        record = source.document(document_id)
        if record is None or not visible(record, request):
            return _problem(404, "文書が見つかりません", "この文書はないか、公開されていません。")
        if start is None and end is None:
            return _document(record, None)
        cited = _span(start, end, len(record.text))
        if cited is None:
            return _problem(422, "引用の場所がありません", "文書が新しくなったのかもしれません。", record)
        return _document(record, cited)

    return router


def _span(start: str | None, end: str | None, length: int) -> Span | None:
    """The span asked for, or None where it is not one of a text so long."""
    if not all(value and value.isascii() and value.isdecimal() and len(value) < 12 for value in (start, end)):
        return None
    span = int(start or 0), int(end or 0)
    return span if span[0] < span[1] <= length else None


def _document(record: DocumentRecord, cited: Span | None) -> HTMLResponse:
    blocks = typeset(record.text, record.sections, record.page_starts, cited)
    return page(
        "document.html",
        security_policy(),
        record=record,
        blocks=blocks,
        contents=_contents(blocks),
        cited=cited,
        path=_path_at(record, cited[0]) if cited else (),
        page_number=_page_at(record, cited[0]) if cited else None,
        file_url=_file_url(record, cited),
    )


def _problem(status: int, heading: str, detail: str, record: DocumentRecord | None = None) -> HTMLResponse:
    return page("problem.html", security_policy(), status, heading=heading, detail=detail, record=record)


def _contents(blocks: list[Block]) -> list[tuple[int, str, str]]:
    """(depth, heading, anchor) of the upper headings, for the table of contents."""
    return [
        (block.level - 1, "".join(piece.text for piece in block.pieces), block.anchor)
        for block in blocks
        if block.kind == "heading" and block.level - 1 <= CONTENTS_DEPTH
    ]


def _path_at(record: DocumentRecord, offset: int) -> tuple[str, ...]:
    return next((one.path for one in record.sections if one.start <= offset < one.end), ())


def _page_at(record: DocumentRecord, offset: int) -> int | None:
    """Page number, from 1, or None where the format has no pages."""
    return sum(start <= offset for start in record.page_starts) or None


def _file_url(record: DocumentRecord, cited: Span | None) -> str:
    """The original file; a PDF opens at the cited page (`#page=`, RFC 8118)."""
    number = _page_at(record, cited[0]) if cited else None
    at_page = f"#page={number}" if number and record.media_type == "application/pdf" else ""
    return f"/api/documents/{record.id}/file{at_page}"
