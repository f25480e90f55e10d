"""`GET /api/public/suggestions`: questions to begin or go on with, each answered by the public documents."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from assistant.answer import Answer
from assistant.language import base_language
from assistant.problems import documented
from assistant.public_door import Opening
from assistant.recorder import Recorder
from assistant.suggest import Suggester
from corpus.settings import Settings
from index.library import Library

LANGUAGE = r"^[a-z]{2}(?:-simple)?$"
REMEMBERED = 500

Busy = Callable[[], bool]


class Suggestions:
    """Remembers what was suggested as long as the documents stay as they are."""

    def __init__(
        self, library: Library, settings: Settings, recorder: Recorder, examples: Sequence[str], busy: Busy
    ) -> None:
        self._library, self._recorder, self._examples, self._busy = library, recorder, examples, busy
        self._suggester = Suggester(library, settings.for_citizens, "public")
        self._known: OrderedDict[tuple[int, str, str], list[str]] = OrderedDict()
        self._turn = Lock()

    def of(self, after: str, language: str) -> list[str]:
        """Questions after an answer, by its id; without one, or where it is not known, to begin with."""
        answer = self._recorder.answered_citizen(after) if after else None
        if after and answer is None:
            return []
        key = (self._library.catalog.revision(), language, answer.text if answer else "")
        if key in self._known:
            return self._known[key]
        # Each suggestion is a question asked: one visitor's at a time and in quiet times; the others do without.
        if self._busy() or not self._turn.acquire(blocking=False):
            return []
        try:
            self._known[key] = self._found(answer, language)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[key]
        finally:
            self._turn.release()

    def _found(self, answer: Answer | None, language: str) -> list[str]:
        if answer:
            return self._suggester.after(answer, [answer.standalone_question], language)
        return self._suggester.first(self._examples if base_language(language) == "ja" else (), language)


def suggestions_router(suggestions: Suggestions, settings: Settings) -> APIRouter:
    """The route; paused with the window."""
    router = APIRouter(tags=["ask"])

    @router.get(
        "/api/public/suggestions",
        dependencies=[Depends(Opening(settings))],
        responses=documented(422, 500, 503),
    )
    def suggested(
        after: Annotated[str, Query(max_length=64)] = "",
        language: Annotated[str, Query(pattern=LANGUAGE)] = "ja",
    ) -> dict[str, Any]:
        """Questions that the public documents answer: to begin with, or after the answer of this id."""
        return {"questions": suggestions.of(after, language)}

    return router
