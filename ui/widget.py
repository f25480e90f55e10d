"""The citizens' widget: `/widget.js` (loader), `/widget` (the frame), `/widget/demo`; static files."""

import re

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles

from corpus.settings import Settings, SettingsError
from ui.pages import EXAMPLES, STATIC, page, security_policy

# A host-source with scheme (CSP Level 3, 2.3.1): anything else could add directives to the header.
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
LANGUAGES = ("ja",)
EXAMPLES_SHOWN = 4


def widget_router(settings: Settings) -> APIRouter:
    """The widget's routes and /static.

    Raises:
        SettingsError: an entry of KEIKAKU_WIDGET_ORIGINS is not an origin.
    """
    router = APIRouter(include_in_schema=False)
    embedders = ("'self'", *_checked(settings.origins))

    @router.get("/widget.js")
    def loader() -> FileResponse:
        headers = {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=300",
        }
        return FileResponse(STATIC / "widget.js", media_type="text/javascript", headers=headers)

    @router.get("/widget", response_class=HTMLResponse)
    def frame(lang: str = "ja") -> HTMLResponse:
        policy = security_policy(script=True, frame_ancestors=embedders, connect_src="'self'")
        return page(
            "frame.html",
            policy,
            language=lang if lang in LANGUAGES else "ja",
            max_chars=settings.public_question_max_chars,
            contact=settings.contact,
            examples=EXAMPLES[:EXAMPLES_SHOWN],
        )

    @router.get("/widget/demo", response_class=HTMLResponse)
    def demo() -> HTMLResponse:
        return page("demo.html", security_policy(script=True, frame_src="'self'"))

    @router.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    router.mount("/static", StaticFiles(directory=STATIC), name="static")
    return router


def _checked(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"KEIKAKU_WIDGET_ORIGINS={origin!r}: https://www.example.jp のような生成元を書いてください / "
                "expected an origin such as https://www.example.jp"
            )
    return origins
