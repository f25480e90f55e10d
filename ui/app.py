"""The whole application: HTTP interface (our own, OpenAI's, MCP), viewer, widget and chat over one open library."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse

from assistant import problems
from assistant.accounts import May
from assistant.api import api_router
from assistant.editing import Editing
from assistant.feedback_api import feedback_router
from assistant.handover import handover_router
from assistant.library_api import library_router
from assistant.limits import PublicLimits
from assistant.mcp_server import mcp_router
from assistant.openai_api import openai_router
from assistant.people import People
from assistant.public_assistant import PublicAssistant
from assistant.public_suggestions import Suggestions, suggestions_router
from assistant.recorder import CountedAssistant, Recorder
from assistant.suggest import Suggester
from corpus.settings import Settings
from index.library import Library
from index.owner import Owner
from ui import problem_pages
from ui.account import account_router
from ui.audit_pages import audit_router
from ui.boundary import Boundary, may_see
from ui.desk_pages import needs, person_of
from ui.evaluations import evaluations_router
from ui.figures import figures_router
from ui.gate import Gate
from ui.history import history_router
from ui.insight import insight_router
from ui.library_pages import library_pages
from ui.observed import Observed, metrics_router
from ui.oidc_pages import oidc_router
from ui.pages import EXAMPLES
from ui.people_pages import people_router
from ui.sign_in import sign_in_router
from ui.viewer import DocumentRecord, viewer_router
from ui.widget import widget_router

if TYPE_CHECKING:  # Gradio takes seconds to load
    from ui.chat import ChatParts


class Application(FastAPI):
    """FastAPI whose description knows the problem documents that `problems.documented` refers to."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        schema = super().openapi()
        schema["components"]["schemas"].setdefault("Problem", problems.Problem.model_json_schema())
        unreadable = {str(status): one for status, one in problems.documented(400).items()}
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            if "requestBody" in operation:  # which may be no JSON and no form at all
                operation["responses"] = {**unreadable, **operation["responses"]}
        return schema


class CatalogTexts:
    """The catalog as the viewer reads it."""

    def __init__(self, library: Library) -> None:
        self._catalog = library.catalog

    def document(self, document_id: str) -> DocumentRecord | None:
        """A document with its text and sections, or None."""
        record = self._catalog.record(document_id)
        if record is None:
            return None
        return DocumentRecord(
            record.id, record.source, record.title, record.media_type, self._catalog.text(document_id) or "",
            tuple(self._catalog.page_starts(document_id)), record.visibility,
            tuple(self._catalog.sections(document_id)),
        )  # fmt: skip


def create_app(settings: Settings, library: Library, owner: Owner) -> FastAPI:
    """Puts the application together; the library stays open and its lock held as long as it runs.

    Raises:
        SettingsError: a setting holds what cannot be used.
    """
    from ui.chat import mount_chat

    app = Application(
        title="計画ナビ / Keikaku Navi", version=metadata.version("keikaku-navi"),
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    recorder = Recorder(library.catalog, settings.log_questions)
    assistant = CountedAssistant(library, settings, recorder)
    citizens = PublicAssistant(library, settings, recorder)
    people = People(library.catalog)
    editing = Editing(library, people.audit)
    problems.install(app)
    problem_pages.install(app)
    app.add_middleware(Boundary, gate=Gate(settings, library.catalog, people, owner))
    app.add_middleware(Observed)  # added last, it is around the boundary
    app.include_router(metrics_router(library))
    app.include_router(api_router(assistant, citizens, library, settings, may_see))
    app.include_router(library_router(editing, needs(May.EDIT)))
    app.include_router(feedback_router(recorder, person_of, PublicLimits(settings)))
    suggestions = Suggestions(library, settings, recorder, EXAMPLES, lambda: citizens.is_busy)
    app.include_router(suggestions_router(suggestions, settings))
    app.include_router(openai_router(assistant))
    app.include_router(mcp_router(assistant, library, owner.url, settings.host_names))
    app.include_router(handover_router(library, owner))
    for router in _pages(settings, library, recorder, editing, people):
        app.include_router(router)
    app.add_api_route("/", lambda: RedirectResponse("/chat"), include_in_schema=False)
    mount_chat(app, _chat_parts(library, settings, assistant, recorder))
    return app


def _pages(
    settings: Settings, library: Library, recorder: Recorder, editing: Editing, people: People
) -> Iterator[APIRouter]:
    """Everything that people look at, but the chat."""
    yield viewer_router(CatalogTexts(library), lambda record, request: may_see(record.visibility, request))
    yield widget_router(settings)
    yield library_pages(library.catalog, editing)
    yield figures_router(library)
    yield history_router(recorder.conversations)
    yield insight_router(recorder.usage)
    yield evaluations_router(settings)
    yield sign_in_router(settings, people)
    yield oidc_router(settings, people)
    yield account_router(people)
    yield audit_router(people.audit)  # before /people/{id}
    yield people_router(people)


def _chat_parts(
    library: Library, settings: Settings, assistant: CountedAssistant, recorder: Recorder
) -> "ChatParts":
    from ui.chat import ChatParts

    catalog = library.catalog

    @lru_cache(maxsize=1)
    def years_at(_revision: int) -> list[int]:
        return sorted({year for fact in catalog.facts() for year in fact.fiscal_years}, reverse=True)

    return ChatParts(
        assistant,
        recorder,
        Suggester(library, settings).after,
        lambda: [(one.id, one.title) for one in catalog.records()],
        lambda: years_at(catalog.revision()),
        settings,
    )
