"""A command hands its work to the server that owns the library: loopback only, with the token of the lock file."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from assistant.news import LINES, Tell, lines, telling
from index.library import Added, Library
from index.owner import Owner
from index.progress import Progress

if TYPE_CHECKING:  # imported where they are used: a command that owns the library needs neither
    import httpx
    from fastapi import APIRouter

PATH = "/internal/library"
TOKEN_HEADER = "X-Keikaku-Token"  # noqa: S105 (the name of a header)
READ_S, ASK_S = 60, 120


class Work(BaseModel):
    """One command for the owner; paths are absolute paths on this machine."""

    command: Literal["add", "remove", "supersede", "rebuild", "verify"]
    paths: list[str] = []
    visibility: Literal["public", "staff"] = "staff"
    sync: bool = False
    document_id: str = ""
    older: str = ""


class HandoverError(RuntimeError):
    """The server that owns the library refused the work or could not do it."""


def handover_router(library: Library, owner: Owner) -> "APIRouter":
    """The owner's side: does the work and streams a JSON line for each piece of news."""
    from fastapi import APIRouter, Header, HTTPException
    from fastapi.responses import StreamingResponse

    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    def work(work: Work, x_keikaku_token: str = Header("")) -> StreamingResponse:
        if not hmac.compare_digest(x_keikaku_token.encode(), owner.token.encode()):
            raise HTTPException(403, "合言葉が違います / wrong token")
        return StreamingResponse(lines(partial(_do, library, work)), media_type=LINES)

    return router


def _do(library: Library, work: Work, tell: Tell) -> None:
    progress = telling(tell)
    if work.command == "add":
        paths = [Path(path) for path in work.paths]
        for added in library.add(paths, work.visibility, progress, work.sync):
            tell({"kind": "added", **asdict(added)})
    elif work.command == "remove":
        library.remove(work.document_id)
    elif work.command == "supersede":
        library.supersede(work.document_id, work.older)
    elif work.command == "rebuild":
        library.rebuild(progress)
    else:
        tell({"kind": "verified", "passages": library.verify()})


class RemoteLibrary:
    """The command's side: the same changes as `Library`, done by the server; and its questions and searches."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def add(
        self,
        paths: list[Path],
        visibility: Literal["public", "staff"],
        progress: Progress,
        sync: bool = False,
    ) -> Iterator[Added]:
        """Adds files and folders; with `sync` removes what is not among them.

        Raises:
            HandoverError: the server refused, failed or stopped.
        """
        absolute = [str(path.absolute()) for path in paths]
        work = Work(command="add", paths=absolute, visibility=visibility, sync=sync)
        for line in self._send(work, progress):
            if line["kind"] == "added":
                yield Added(**{name: value for name, value in line.items() if name != "kind"})

    def change(
        self,
        command: Literal["remove", "supersede", "rebuild", "verify"],
        progress: Progress,
        document_id: str = "",
        older: str = "",
    ) -> int:
        """Removes, supersedes, rebuilds or verifies; gives the number of passages verified.

        Raises:
            HandoverError: the server refused, failed or stopped.
            KeyError: there is no such document.
        """
        work = Work(command=command, document_id=document_id, older=older)
        lines = list(self._send(work, progress))
        return next((line["passages"] for line in lines if line["kind"] == "verified"), 0)

    def get(self, path: str, **parameters: Any) -> Any:
        """JSON of a GET at the server."""
        with self._client(READ_S) as client:
            return _checked(client.get(path, params=parameters))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """JSON of a POST at the server."""
        with self._client(ASK_S) as client:
            return _checked(client.post(path, json=body))

    def _client(self, seconds: float | None) -> "httpx.Client":
        import httpx

        headers = {TOKEN_HEADER: self._owner.token}
        return httpx.Client(base_url=self._owner.url, headers=headers, timeout=seconds, trust_env=False)

    def _send(self, work: Work, progress: Progress) -> Iterator[dict[str, Any]]:
        """Every line of news up to the last."""
        import httpx

        try:
            with (
                self._client(None) as client,
                client.stream("POST", PATH, json=work.model_dump()) as response,
            ):
                if response.is_error:
                    response.read()
                    _checked(response)
                yield from _news(map(json.loads, response.iter_lines()), progress)
        except httpx.TransportError as error:
            raise HandoverError(
                "サーバーとの接続が切れました。`keikaku list` で確かめてください"
                f" / the server went away: look with `keikaku list` ({error})"
            ) from error


def _news(lines: Iterator[dict[str, Any]], progress: Progress) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line["kind"] == "done":
            return
        if line["kind"] == "missing":
            raise KeyError(line["id"])
        if line["kind"] == "error":
            raise HandoverError(line["message"])
        if line["kind"] == "progress":
            progress(line["stage"], line["done"], line["total"], line["note"])
        yield line
    raise HandoverError(
        "サーバーでの作業が途中で止まりました。サーバーの出力を見てください"
        " / the work broke off: see what the server printed"
    )


def _checked(response: "httpx.Response") -> Any:
    if response.is_error:
        raise HandoverError(f"{response.status_code}: {response.text[:300]}")
    return response.json()
