"""The citizens' window: `/widget.js` (loader), `/widget` (the frame), `/q` (the same as a page), `/widget/demo`."""

import json
import re
from functools import cache, partial

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from corpus.settings import Settings, SettingsError
from ui import languages
from ui.pages import STATIC, page, security_policy

# A host-source with scheme (CSP Level 3, 2.3.1): anything else could add directives to the header.
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
LOADER_WORDS = "/* WORDS */ {}"
CACHED = {"Cache-Control": "max-age=300"}


def widget_router(settings: Settings) -> APIRouter:
    """The widget's routes and /static.

    Raises:
        SettingsError: an entry of KEIKAKU_WIDGET_ORIGINS is not an origin.
    """
    router = APIRouter(include_in_schema=False)
    embedders = ("'self'", *_checked(settings.origins))

    @router.get("/widget.js")
    def loader() -> Response:
        headers = {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
            **CACHED,
        }
        return Response(loader_script(), media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get("/widget", response_class=HTMLResponse)
    def frame(lang: str = "ja") -> HTMLResponse:
        return _frame(settings, lang, embedders, full=False)

    @router.get("/q", response_class=HTMLResponse)
    def full_page(lang: str = "ja") -> HTMLResponse:
        return _frame(settings, lang, ("'none'",), full=True)

    @router.get("/widget/words/{language}.json")
    def words(language: str) -> JSONResponse:
        if language not in languages.LANGUAGES:
            raise HTTPException(404)
        said = {"words": languages.words(language), "pieces": languages.shown(language)}
        return JSONResponse(said, headers=CACHED)

    @router.get("/widget/demo", response_class=HTMLResponse)
    def demo() -> HTMLResponse:
        return page("demo.html", security_policy(script=True, frame_src="'self'"))

    @router.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    router.mount("/static", StaticFiles(directory=STATIC), name="static")
    return router


@cache
def loader_script() -> str:
    """The loader with the words of all languages in it."""
    script = (STATIC / "widget.js").read_text("utf-8")
    said = json.dumps(languages.in_loader(), ensure_ascii=False, separators=(",", ":"))
    return script.replace(LOADER_WORDS, said)


def _frame(settings: Settings, lang: str, embedders: tuple[str, ...], *, full: bool) -> HTMLResponse:
    language = languages.known(lang)
    policy = security_policy(
        script=True, frame_ancestors=embedders, connect_src="'self'", worker_src="'self'"
    )
    return page(
        "frame.html",
        policy,
        language=language,
        languages={one: languages.words(one)["language_name"] for one in languages.LANGUAGES},
        say=partial(languages.markup, language),
        plain=languages.words(language),
        full=full,
        paused=settings.public_paused,
        max_chars=settings.public_question_max_chars,
        contact=settings.contact,
    )


def _checked(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"KEIKAKU_WIDGET_ORIGINS={origin!r}: https://www.example.jp のような生成元を書いてください / "
                "expected an origin such as https://www.example.jp"
            )
    return origins
