"""`/library`: the documents of the library, how each was read, and what editors do with them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.accounts import May, Person
from assistant.answer import citation_url
from assistant.editing import Editing, Visibility
from assistant.library_api import MAX_FILES, said
from assistant.problems import no_document
from corpus.catalog import Catalog, Record
from corpus.normalise import fold
from ui.desk_pages import desk_page, needs

PAGE_SIZE = 50
READ = (Depends(needs(May.READ)),)
Editor = Annotated[Person, Depends(needs(May.EDIT))]
Part = Literal["sections", "passages", "tables", "facts"]
DONE = {
    "visibility": "公開範囲を変えました。",
    "replace": "ファイルを入れ替えました。",
    "supersede": "新しい版として登録しました。古い文書より先に答えに使われます。",
    "remove": "文書を削除しました。",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A slice of what a document was read into: rows of one part, and how many there are."""

    part: Part
    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Pages that all rows take."""
        return max(1, -(-self.total // PAGE_SIZE))


def library_pages(catalog: Catalog, editing: Editing) -> APIRouter:
    """The pages; forms work without JavaScript, which only adds progress to the upload."""
    router = APIRouter(include_in_schema=False)
    _list(router, catalog)
    _upload(router, catalog, editing)
    _document(router, catalog)
    _changes(router, editing)
    return router


def _list(router: APIRouter, catalog: Catalog) -> None:
    @router.get("/library", response_class=HTMLResponse, dependencies=READ)
    def library(request: Request, q: str = "", visibility: str = "", done: str = "") -> HTMLResponse:
        """All documents, or those whose title or name holds the words."""
        return desk_page(
            "library.html", request, "文書",
            records=_found(catalog.records(), q, visibility), titles=_titles(catalog),
            q=q, visibility=visibility, notice=DONE.get(done), results=None,
        )  # fmt: skip


def _upload(router: APIRouter, catalog: Catalog, editing: Editing) -> None:
    @router.post("/library", response_class=HTMLResponse)
    def upload(
        request: Request,
        files: Annotated[list[UploadFile], File(max_length=MAX_FILES)],
        person: Editor,
        visibility: Annotated[Visibility, Form()] = "staff",
    ) -> HTMLResponse:
        """Adds the files and says of each what became of it."""
        with said():
            folder = editing.receive([(file.filename, file.file) for file in files])
        results = list(editing.add(person, folder, visibility))
        return desk_page(
            "library.html", request, "文書",
            records=catalog.records(), titles=_titles(catalog),
            q="", visibility="", notice=None, results=results,
        )  # fmt: skip


def _document(router: APIRouter, catalog: Catalog) -> None:
    @router.get("/library/{document_id}", response_class=HTMLResponse, dependencies=READ)
    def document(
        request: Request,
        document_id: str,
        part: Part = "sections",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        done: str = "",
    ) -> HTMLResponse:
        """What a document was read into, and what can be done with it."""
        record = _known(catalog, document_id)
        return _document_page(request, catalog, record, _shown(catalog, record, part, page), DONE.get(done))

    @router.get(
        "/library/{document_id}/remove",
        response_class=HTMLResponse,
        dependencies=[Depends(needs(May.EDIT))],
    )
    def confirm(request: Request, document_id: str) -> HTMLResponse:
        """Asks before a document is removed."""
        return desk_page("library_remove.html", request, "文書の削除", record=_known(catalog, document_id))


def _changes(router: APIRouter, editing: Editing) -> None:
    @router.post("/library/{document_id}/visibility")
    def visibility(
        document_id: str, visibility: Annotated[Visibility, Form()], person: Editor
    ) -> RedirectResponse:
        """Publishes or withdraws a document."""
        return _done(
            document_id, "visibility", lambda: editing.set_visibility(person, document_id, visibility)
        )

    @router.post("/library/{document_id}/replace")
    def replace(document_id: str, file: Annotated[UploadFile, File()], person: Editor) -> RedirectResponse:
        """Puts another file in its place."""
        return _done(document_id, "replace", lambda: editing.replace(person, document_id, file.file))

    @router.post("/library/{document_id}/supersede")
    def supersede(document_id: str, older: Annotated[str, Form()], person: Editor) -> RedirectResponse:
        """Notes that it takes the place of an older document."""
        return _done(document_id, "supersede", lambda: editing.supersede(person, document_id, older))

    @router.post("/library/{document_id}/remove")
    def remove(document_id: str, person: Editor) -> RedirectResponse:
        """Removes it, once confirmed."""
        _done(document_id, "remove", lambda: editing.remove(person, document_id))
        return RedirectResponse("/library?done=remove", 303)


def _done(document_id: str, what: str, do: Callable[[], object]) -> RedirectResponse:
    with said():
        do()
    return RedirectResponse(f"/library/{quote(document_id, safe='')}?done={what}", 303)


def _document_page(
    request: Request, catalog: Catalog, record: Record, shown: Shown, notice: str | None
) -> HTMLResponse:
    titles = _titles(catalog)
    return desk_page(
        "library_document.html", request, record.title,
        record=record, shown=shown, titles=titles, notice=notice,
        others=[one for one in catalog.records() if one.id != record.id],
    )  # fmt: skip


def _known(catalog: Catalog, document_id: str) -> Record:
    record = catalog.record(document_id)
    if record is None:
        raise no_document(document_id)
    return record


def _titles(catalog: Catalog) -> dict[str, str]:
    return {record.id: record.title for record in catalog.records()}


def _found(records: list[Record], words: str, visibility: str) -> list[Record]:
    wanted = [fold(word) for word in words.split()]
    return [
        record
        for record in records
        if visibility in ("", record.visibility)
        and all(word in fold(f"{record.title} {record.source}") for word in wanted)
    ]


def _shown(catalog: Catalog, record: Record, part: Part, page: int) -> Shown:
    rows = {"sections": _sections, "passages": _passages, "tables": _rows, "facts": _facts}[part](
        catalog, record
    )
    first = (page - 1) * PAGE_SIZE
    return Shown(part, rows[first : first + PAGE_SIZE], len(rows), page)


def _sections(catalog: Catalog, record: Record) -> list[dict[str, Any]]:
    counts = Counter(passage.section for passage in catalog.passages_in(record.id))
    return [
        {
            "depth": len(section.path),
            "heading": section.path[-1],
            "passages": counts[section.path],
            "url": citation_url(record.id, section.start, section.end),
        }
        for section in catalog.sections(record.id)
        if section.path
    ]


def _passages(catalog: Catalog, record: Record) -> list[dict[str, Any]]:
    return [
        {
            "section": passage.section,
            "page": passage.page,
            "text": passage.text,
            "context": passage.context,
            "row": passage.kind == "row",
            "url": citation_url(record.id, passage.start, passage.end),
        }
        for passage in catalog.passages_in(record.id)
    ]


def _rows(catalog: Catalog, record: Record) -> list[dict[str, Any]]:
    return [one for one in _passages(catalog, record) if one["row"]]


def _facts(catalog: Catalog, record: Record) -> list[dict[str, Any]]:
    return [
        {
            "subject": fact.subject,
            "kind": fact.kind,
            "amount_yen": fact.amount_yen,
            "fiscal_years": fact.fiscal_years,
            "url": citation_url(record.id, fact.start, fact.end),
        }
        for fact in sorted(catalog.facts([record.id]), key=lambda fact: fact.start)
    ]
