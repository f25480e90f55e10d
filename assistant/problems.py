"""Errors of the HTTP interface as RFC 9457 problem documents, in Japanese and English."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from assistant.safe_headers import HEADERS, NO_PAGE
from index.generation_error import GenerationError

REQUEST_ID = "keikaku.request_id"  # where the request's id stands in its scope
log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY_LATER = {"Retry-After": "5"}  # seconds
TITLES = {
    400: ("リクエストが正しくありません", "Bad request"),
    401: ("サインインが必要です", "Sign-in required"),
    403: ("許可されていません", "Forbidden"),
    404: ("見つかりません", "Not found"),
    405: ("このメソッドは使えません", "Method not allowed"),
    413: ("リクエストが大きすぎます", "Content too large"),
    415: ("この形式は受け取れません", "Unsupported media type"),
    422: ("入力が正しくありません", "Unprocessable input"),
    428: ("計算の証明が必要です", "Proof of work needed"),
    429: (
        "質問が多すぎます。しばらく待ってからもう一度お試しください",
        "Too many requests: please wait a while",
    ),
    500: ("サーバーで問題が起きました", "Internal error"),
    503: ("準備ができていません", "Not ready"),
}


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    status: int
    title: str
    detail: str


def problem_body(status: int, detail: str = "") -> dict[str, Any]:
    """The members of a problem document, with the status' title in both languages."""
    japanese, english = TITLES.get(status, ("エラー", "Error"))
    title = f"{japanese} / {english}"
    return Problem(type="about:blank", status=status, title=title, detail=detail or title).model_dump()


def problem(
    status: int,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """A response with a problem document, which may have further members."""
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **(headers or {})}
    body = {**problem_body(status, detail), **(members or {})}
    return JSONResponse(body, status, safe, media_type=MEDIA_TYPE)


def no_document(document_id: str) -> HTTPException:
    """The error of a request for a document that is not there."""
    return HTTPException(404, f"文書がありません / no such document: {document_id}")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems, for its OpenAPI description.

    Where somebody may be refused (403), somebody who has not signed in is (401).
    """
    wanted = {401, *statuses} if 403 in statuses else statuses
    return {
        status: {
            "description": " / ".join(TITLES[status]),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(wanted)
    }


def install(app: FastAPI) -> None:
    """Lets every error of the application answer with a problem document."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(GenerationError, _not_ready)
    app.add_exception_handler(OperationalError, _no_catalog)
    app.add_exception_handler(Exception, _unexpected)


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (the handler is registered for this type)
    said = str(error.detail) if error.status_code not in (404, 405) or _is_own(error) else ""
    return problem(error.status_code, said, dict(error.headers or {}), getattr(error, "members", None))


def _is_own(error: HTTPException) -> bool:
    """Whether the detail is ours and not the framework's English phrase."""
    return not str(error.detail).isascii()


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return problem(422, said)


def _not_ready(_request: Request, error: Exception) -> JSONResponse:
    return problem(503, str(error), RETRY_LATER)


def _no_catalog(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OperationalError)  # noqa: S101
    log.warning("the catalog does not answer: %s", error.orig)
    return problem(503, "台帳が応答しません / the catalog does not answer", RETRY_LATER)


def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    """Says nothing of what went wrong inside; the server's log has it."""
    request_id = request.scope.get(REQUEST_ID, "")
    return problem(500, headers={**HEADERS, "Content-Security-Policy": NO_PAGE, "X-Request-ID": request_id})
