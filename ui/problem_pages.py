"""Problems as pages, for people who came with a browser; programs get the problem document."""

import json
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from ui.pages import page, security_policy

PROGRAMS = ("/api/", "/v1/", "/mcp", "/internal/")

Handler = Callable[[Request, Exception], JSONResponse]


def install(app: FastAPI) -> None:
    """Shows a page in place of each problem document that `assistant.problems` gives; call it after that."""
    for kind, handler in list(app.exception_handlers.items()):
        if handler.__module__ == "assistant.problems":
            app.add_exception_handler(kind, _shown(handler))  # type: ignore[arg-type]


def _shown(handler: Handler) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        document = handler(request, error)
        if not wants_page(request):
            return document
        said = json.loads(bytes(document.body))
        title, detail = (said[name].split(" / ")[0] for name in ("title", "detail"))
        shown = page(
            "problem.html", security_policy(), document.status_code,
            heading=title, detail=detail if detail != title else "", record=None,
        )  # fmt: skip
        for name, value in document.headers.items():
            shown.headers.setdefault(name, value)
        return shown

    return answer


def wants_page(request: Request) -> bool:
    """Whether a browser asks for something to look at."""
    html = "text/html" in request.headers.get("accept", "")
    return html and not request.url.path.startswith(PROGRAMS)
