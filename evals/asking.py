"""Where answers to cases come from outside the commands: a library of one's own, or a running server over HTTP."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpx

from assistant.answer import Answer, Question
from corpus.settings import load_settings
from evals.cases import Case
from evals.reply import Texts
from evals.run import Library as Documents

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the seconds that it took."""

    answer: Answer
    seconds: float


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks, and knows the texts that answers quote."""

    answer: Callable[[Question], Answer]
    texts: Texts

    def ask(self, case: Case) -> Asked:
        """The answer to one case."""
        begun = time.perf_counter()
        answer = self.answer(case.asked())
        return Asked(answer, time.perf_counter() - begun)


@contextmanager
def asking(data_dir: Path | None = None, url: str | None = None) -> Iterator[Asking]:
    """At a server where there is a URL (with the key of the settings), else at the library in a folder or in theirs.

    Raises:
        CatalogError, Owned: there is no library, or another process is at work on it.
        httpx.HTTPError: the server cannot be asked.
    """
    if url:
        with httpx.Client(base_url=url, timeout=TIMEOUT_S, headers=_key()) as client:
            server = Server(client)
            yield Asking(server.ask, Texts(server))
        return
    from assistant.chain import Assistant
    from index.library import Library
    from index.owner import OwnerLock

    settings = load_settings()
    settings = settings.model_copy(update={"data_dir": data_dir}) if data_dir else settings
    with OwnerLock(settings.data_dir):
        library = Library(settings)
        try:
            library.open()
            library.repair()
            yield Asking(Assistant(library, settings).ask, Texts(Documents(library.catalog)))
        finally:
            library.close()


def _key() -> dict[str, str]:
    """What a server that people sign in to asks of a program."""
    key = load_settings().server_key.get_secret_value()
    return {"Authorization": f"Bearer {key}"} if key else {}


class Server:
    """A running server: `POST /api/ask`, and the texts of its documents."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(self, question: Question) -> Answer:
        """The answer of the server."""
        sent = question.model_dump(mode="json", exclude_defaults=True)
        response = self._client.post("/api/ask", json=sent).raise_for_status()
        return Answer.model_validate_json(response.content)

    def text_of(self, source: str) -> str | None:
        """Canonical text of the Document with this source; None where there is none."""
        document_id = self._ids.get(source)
        if document_id is None:
            return None
        return self._client.get(f"/api/documents/{document_id}/text").raise_for_status().text

    @cached_property
    def _ids(self) -> dict[str, str]:
        listed = self._client.get("/api/documents").raise_for_status().json()["documents"]
        return {one["source"]: one["id"] for one in listed}
