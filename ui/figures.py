"""`GET /figures`: budgets as bars, schedules on an axis of years, plans as a tree; each with table, CSV and PNG."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from assistant.accounts import May, Person
from assistant.downloads import CSV, csv_file, named
from assistant.problems import no_document
from index.library import Library
from ui import figure_charts, vega
from ui.desk_pages import desk_page, needs
from ui.figure_events import years_label
from ui.figure_marks import TITLE, WIDTH, fitted
from ui.figure_query import ALL, Filters, filters
from ui.figure_tables import page_of, rows_of, table
from ui.figure_view import UnknownDocumentError, View, Views

Chart = Literal["budgets", "schedules", "plans"]
HEADINGS: dict[Chart, str] = {"budgets": "金額", "schedules": "日程", "plans": "計画の位置づけと構成"}
Wanted = Annotated[Filters, Depends(filters)]
Reader = Annotated[Person, Depends(needs(May.READ))]
Page = Annotated[int, Query(ge=1, le=10_000)]


def figures_router(library: Library) -> APIRouter:
    """The page and its downloads, for everybody who may read."""
    router, views = APIRouter(), Views(library)

    @router.get("/figures", response_class=HTMLResponse, include_in_schema=False)
    def page(
        request: Request, _: Reader, wanted: Wanted, budgets: Page = 1, schedules: Page = 1, plans: Page = 1
    ) -> HTMLResponse:
        view = _view(views, wanted)
        pages = {"budgets": budgets, "schedules": schedules, "plans": plans}
        charts = [_section(view, chart, pages[chart]) for chart in HEADINGS]
        return desk_page(
            "figures.html", request, "図表", view=view, charts=charts, all=ALL, years_label=years_label
        )

    @router.get("/figures/{chart}.csv", include_in_schema=False)
    def figures(chart: Chart, _: Reader, wanted: Wanted) -> Response:
        rows = table(rows_of(chart, _view(views, wanted)))
        return StreamingResponse(csv_file(rows), media_type=CSV, headers=named(f"{chart}.csv"))

    @router.get("/figures/{chart}.png", include_in_schema=False)
    def image(chart: Chart, _: Reader, wanted: Wanted) -> Response:
        view = _view(views, wanted)
        specification = _drawing(view, chart, _title(view, chart))
        if specification is None:
            raise HTTPException(404, "この条件で描けるものはありません / nothing to draw")
        return Response(vega.png(specification), media_type="image/png", headers=named(f"{chart}.png"))

    return router


def _view(views: Views, wanted: Filters) -> View:
    try:
        return views.view(wanted)
    except UnknownDocumentError as unknown:
        raise no_document(wanted.document) from unknown


def _section(view: View, chart: Chart, page: int) -> dict[str, Any]:
    """What the template shows of one chart."""
    specification, rows = _drawing(view, chart), rows_of(chart, view)
    shown = page_of(rows, page)
    return {
        "id": chart, "heading": HEADINGS[chart], "pages": shown, "opened": page > 1,
        "total": len(rows), "drawn": len(_drawn(view, chart)),
        "svg": vega.svg(specification, HEADINGS[chart]) if specification else None,
    }  # fmt: skip


def _drawn(view: View, chart: Chart) -> Sequence[object]:
    drawn: dict[Chart, Sequence[object]] = {
        "budgets": view.drawn_figures, "schedules": view.drawn_events, "plans": view.drawn_nodes,
    }  # fmt: skip
    return drawn[chart]


def _drawing(view: View, chart: Chart, title: str = "") -> dict[str, Any] | None:
    draw: dict[Chart, Callable[..., dict[str, Any]]] = {
        "budgets": figure_charts.budgets, "schedules": figure_charts.schedules, "plans": figure_charts.plans,
    }  # fmt: skip
    drawn = _drawn(view, chart)
    return draw[chart](drawn, title=title) if drawn else None


def _title(view: View, chart: Chart) -> str:
    """Above an image, which leaves its page: what it shows, and of which document."""
    record = view.tree_of if chart == "plans" else view.record
    kind = view.group if chart == "budgets" else HEADINGS[chart]
    return fitted(f"{kind}：{record.title if record else 'すべての文書'}", WIDTH, TITLE)
