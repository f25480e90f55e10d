"""`/history`: a person's own conversations: found, opened again, passed on as a file, deleted."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts import May, Person
from assistant.conversations import Conversations, Exchange
from assistant.downloads import named
from assistant.exports import docx, markdown
from ui.desk_pages import desk_page, needs

PAGE_SIZE = 30
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Reader = Annotated[Person, Depends(needs(May.READ))]


def history_router(conversations: Conversations) -> APIRouter:
    """The page, the two kinds of file, and deleting."""
    router = APIRouter(include_in_schema=False)
    _pages(router, conversations)
    _files(router, conversations)
    _deletions(router, conversations)
    return router


def _pages(router: APIRouter, conversations: Conversations) -> None:
    @router.get("/history", response_class=HTMLResponse)
    def history(
        request: Request,
        person: Reader,
        q: Annotated[str, Query(max_length=200)] = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        done: str = "",
    ) -> HTMLResponse:
        """Conversations, latest first; with `q` those that hold all its words."""
        found = conversations.of(person, q, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
        return desk_page(
            "history.html", request, "会話の記録",
            found=found[:PAGE_SIZE], more=len(found) > PAGE_SIZE, q=q, page=page,
            notice="会話を削除しました。" if done else None,
        )  # fmt: skip

    @router.get("/history/delete-all", response_class=HTMLResponse, dependencies=[Depends(needs(May.READ))])
    def confirm(request: Request) -> HTMLResponse:
        """Asks before the whole history is deleted."""
        return desk_page("history_delete.html", request, "会話の記録の削除")


def _files(router: APIRouter, conversations: Conversations) -> None:
    @router.get("/history/{conversation_id}.md")
    def as_markdown(request: Request, conversation_id: str, person: Reader) -> Response:
        """The conversation in Markdown."""
        title, exchanges = _own(conversations, person, conversation_id)
        text = markdown(title, exchanges, str(request.base_url).rstrip("/"))
        return Response(text, media_type="text/markdown; charset=utf-8", headers=named(f"{title}.md"))

    @router.get("/history/{conversation_id}.docx")
    def as_docx(request: Request, conversation_id: str, person: Reader) -> Response:
        """The conversation as a Word document."""
        title, exchanges = _own(conversations, person, conversation_id)
        data = docx(title, exchanges, str(request.base_url).rstrip("/"))
        return Response(data, media_type=DOCX, headers=named(f"{title}.docx"))


def _deletions(router: APIRouter, conversations: Conversations) -> None:
    @router.post("/history/{conversation_id}/delete")
    def delete(conversation_id: str, person: Reader) -> RedirectResponse:
        """Deletes one conversation."""
        try:
            conversations.delete(person, conversation_id)
        except KeyError as missing:
            raise _missing() from missing
        return RedirectResponse("/history?done=1", 303)

    @router.post("/history/delete-all")
    def delete_all(person: Reader) -> RedirectResponse:
        """Deletes the person's whole history."""
        conversations.delete_all(person)
        return RedirectResponse("/history?done=1", 303)


def _own(conversations: Conversations, person: Person, conversation_id: str) -> tuple[str, list[Exchange]]:
    try:
        exchanges = conversations.exchanges(person, conversation_id)
    except KeyError as missing:
        raise _missing() from missing
    return (exchanges[0].question if exchanges else "会話"), exchanges


def _missing() -> HTTPException:
    return HTTPException(404, "この会話はありません / no such conversation")
