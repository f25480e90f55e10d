"""The whole application: HTTP interface (our own, OpenAI's, MCP), viewer, widget and chat over one open library."""

from importlib import metadata
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from assistant import problems
from assistant.api import api_router
from assistant.chain import Assistant
from assistant.handover import handover_router
from assistant.mcp_server import mcp_router
from assistant.openai_api import openai_router
from corpus.settings import Settings
from index.library import Library
from index.owner import Owner
from ui.boundary import Boundary, may_see
from ui.evaluations import evaluations_router
from ui.viewer import DocumentRecord, viewer_router
from ui.widget import widget_router


class Application(FastAPI):
    """FastAPI whose description knows the problem documents that `problems.documented` refers to."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        schema = super().openapi()
        schema["components"]["schemas"].setdefault("Problem", problems.Problem.model_json_schema())
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
    assistant = Assistant(library, settings)
    problems.install(app)
    app.add_middleware(Boundary)
    app.include_router(api_router(assistant, library, settings, may_see))
    app.include_router(openai_router(assistant))
    app.include_router(mcp_router(assistant, library, owner.url))
    app.include_router(handover_router(library, owner))
    app.include_router(
        viewer_router(CatalogTexts(library), lambda record, request: may_see(record.visibility, request))
    )
    app.include_router(widget_router(settings))
    app.include_router(evaluations_router(settings))
    app.add_api_route("/", lambda: RedirectResponse("/chat"), include_in_schema=False)
    mount_chat(app, assistant, settings, lambda: [(one.id, one.title) for one in library.catalog.records()])
    return app
