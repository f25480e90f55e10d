"""Where a command does its work: in this process where the library is free, else through the server that owns it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from corpus.settings import Settings
from index.cluster import ClusterError
from index.library import Added, Library
from index.owner import Owned, OwnerLock
from index.progress import Progress

if TYPE_CHECKING:  # imported where they are used: most commands need few of them
    from assistant.answer import Answer, Question
    from assistant.chain import Assistant
    from assistant.handover import RemoteLibrary

Visibility = Literal["public", "staff"]
SERVED = (
    "サーバーが動いている間、--ray は使えません。止めてから実行するか、"
    "台帳がPostgreSQLなら別の KEIKAKU_DATA_DIR で実行してください"
    " / not while a server owns the library: stop it, or with PostgreSQL name another KEIKAKU_DATA_DIR"
)


class Desk(Protocol):
    """What the commands ask of a library, wherever it is open."""

    def add(
        self, paths: list[Path], visibility: Visibility, sync: bool = False, ray: str | None = None
    ) -> Iterator[Added]: ...

    def remove(self, document_id: str) -> None: ...

    def supersede(self, newer_id: str, older: str) -> None: ...

    def rebuild(self) -> None: ...

    def verify(self) -> int: ...

    def ask(self, question: "Question") -> "Answer": ...

    def search(self, query: str, limit: int) -> list[dict[str, Any]]: ...


class LocalDesk:
    """The library in this process."""

    def __init__(self, library: Library, settings: Settings, progress: Progress) -> None:
        self._library, self._settings, self._progress = library, settings, progress

    def add(
        self, paths: list[Path], visibility: Visibility, sync: bool = False, ray: str | None = None
    ) -> Iterator[Added]:
        return self._library.add(paths, visibility, self._progress, sync, ray)

    def remove(self, document_id: str) -> None:
        self._library.remove(document_id)

    def supersede(self, newer_id: str, older: str) -> None:
        self._library.supersede(newer_id, older)

    def rebuild(self) -> None:
        self._library.rebuild(self._progress)

    def verify(self) -> int:
        return self._library.verify()

    def ask(self, question: "Question") -> "Answer":
        return self._assistant.ask(question)

    def search(self, query: str, limit: int) -> list[dict[str, Any]]:
        from assistant.api import hit_json

        with self._library.reading() as searcher:
            return [hit_json(hit) for hit in searcher.search(query, limit)]

    @cached_property
    def _assistant(self) -> "Assistant":
        from assistant.chain import Assistant

        return Assistant(self._library, self._settings)


class ServerDesk:
    """The library in a running server."""

    def __init__(self, remote: "RemoteLibrary", progress: Progress) -> None:
        self._remote, self._progress = remote, progress

    def add(
        self, paths: list[Path], visibility: Visibility, sync: bool = False, ray: str | None = None
    ) -> Iterator[Added]:
        if ray:
            raise ClusterError(SERVED)
        return self._remote.add(paths, visibility, self._progress, sync)

    def remove(self, document_id: str) -> None:
        self._remote.change("remove", self._progress, document_id)

    def supersede(self, newer_id: str, older: str) -> None:
        self._remote.change("supersede", self._progress, newer_id, older)

    def rebuild(self) -> None:
        self._remote.change("rebuild", self._progress)

    def verify(self) -> int:
        return self._remote.change("verify", self._progress)

    def ask(self, question: "Question") -> "Answer":
        from assistant.answer import Answer

        return Answer.model_validate(self._remote.post("/api/ask", question.model_dump(mode="json")))

    def search(self, query: str, limit: int) -> list[dict[str, Any]]:
        hits: list[dict[str, Any]] = self._remote.get("/api/search", q=query, k=limit)["hits"]
        return hits


@contextmanager
def open_desk(
    settings: Settings, progress: Progress, create: bool = False, repair: bool = True, check: bool = True
) -> Iterator[Desk]:
    """A desk at the library; `create` makes an empty one, `check=False` leaves a wrong one to be rebuilt.

    Raises:
        Owned: another command is at work.
        CatalogError: there is no library, or something else made it.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(OwnerLock(settings.data_dir))
        except Owned as owned:
            if owned.owner is None:
                raise
            from assistant.handover import RemoteLibrary

            yield ServerDesk(RemoteLibrary(owned.owner), progress)
            return
        library = Library(settings, progress=progress)
        stack.callback(library.close)
        if check:
            library.open(create)
            if repair:
                library.repair()
        yield LocalDesk(library, settings, progress)
