"""Changes of the library over HTTP: upload, replace, publish, supersede, remove."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from assistant.accounts import Person
from assistant.editing import Editing, UploadError, Visibility
from assistant.news import LINES, Tell, lines, telling
from assistant.problems import documented, no_document
from corpus.catalog import CatalogError

MAX_FILES = 100


class Change(BaseModel):
    """What `PATCH /api/documents/{id}` changes; what is None stays."""

    model_config = ConfigDict(extra="forbid")

    visibility: Visibility | None = None
    supersedes: str | None = None


def library_router(editing: Editing, editor: Callable[[Request], Person]) -> APIRouter:
    """Routes for people who may edit: `editor` gives the person or refuses."""
    router = APIRouter(prefix="/api/documents", tags=["documents"])
    problems = documented(403, 404, 413, 422, 500, 503)
    Editor = Annotated[Person, Depends(editor)]  # noqa: N806 (a type)

    @router.post("", responses={200: {"content": {LINES: {}}}, **problems})
    def upload(
        request: Request,
        files: Annotated[list[UploadFile], File(max_length=MAX_FILES)],
        person: Editor,
        visibility: Annotated[Visibility, Form()] = "staff",
    ) -> Response:
        """Adds files, one of a known name in its place; with `Accept: application/x-ndjson` tells how far it is."""
        with said():
            folder = editing.receive([(file.filename, file.file) for file in files])
        if LINES not in request.headers.get("accept", ""):
            return JSONResponse(
                {"documents": [asdict(one) for one in editing.add(person, folder, visibility)]}
            )

        def add(tell: Tell) -> None:
            for added in editing.add(person, folder, visibility, telling(tell)):
                tell({"kind": "added", **asdict(added)})

        return StreamingResponse(lines(add), media_type=LINES)

    @router.put("/{document_id}/file", responses=problems)
    def replace(document_id: str, file: Annotated[UploadFile, File()], person: Editor) -> dict[str, Any]:
        """Puts another file in the place of a document's: id, name and visibility stay."""
        with said():
            return {"documents": [asdict(editing.replace(person, document_id, file.file))]}

    @router.patch("/{document_id}", status_code=204, responses=problems)
    def change(document_id: str, wanted: Change, person: Editor) -> None:
        """Publishes or withdraws a document, or notes that it takes the place of another."""
        with said():
            if wanted.visibility:
                editing.set_visibility(person, document_id, wanted.visibility)
            if wanted.supersedes:
                editing.supersede(person, document_id, wanted.supersedes)

    @router.delete("/{document_id}", status_code=204, responses=problems)
    def remove(document_id: str, person: Editor) -> None:
        """Removes a document everywhere, its file included."""
        with said():
            editing.remove(person, document_id)

    return router


@contextmanager
def said() -> Iterator[None]:
    """Errors of editing as those of HTTP."""
    try:
        yield
    except KeyError as missing:
        raise no_document(missing.args[0]) from missing
    except (UploadError, CatalogError) as error:
        raise HTTPException(422, str(error)) from error
