"""`/insight`: what the service is asked, how it answers, and what the documents lack."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from assistant.accounts import May
from assistant.answer import Status
from assistant.downloads import named
from assistant.usage import Day, Usage, exported
from ui.desk_pages import desk_page, needs

PERIODS = {7: "7日", 30: "30日", 90: "90日", 365: "1年"}
STATUSES = {
    Status.ANSWERED: "答えた",
    Status.PARTIAL: "一部だけ答えた",
    Status.NO_EVIDENCE: "資料に書かれていない",
    Status.REFUSED: "答えられない質問",
    Status.ERROR: "失敗",
}
REASONS = {
    "wrong": "間違っている",
    "not_asked": "聞いたことと違う",
    "hard": "分かりにくい",
    "incomplete": "足りない",
}
GOVERNS = (Depends(needs(May.GOVERN)),)
WIDTH, HEIGHT = 720, 110  # of the chart, in its own units


def insight_router(usage: Usage) -> APIRouter:
    """The page, and votes as lines that `keikaku eval from-feedback` reads."""
    router = APIRouter(include_in_schema=False, dependencies=list(GOVERNS))

    @router.get("/insight", response_class=HTMLResponse)
    def insight(request: Request, days: Annotated[int, Query(ge=1, le=366)] = 30) -> HTMLResponse:
        """The last days: questions, how they ended, latency, gaps, votes."""
        last = datetime.now(UTC).date()
        first = last - timedelta(days=days - 1)
        use = usage.of(first, last)
        return desk_page(
            "insight.html", request, "利用状況",
            use=use, first=first, last=last, days=days, periods=PERIODS, statuses=STATUSES, reasons=REASONS,
            bars=_bars(use.days), size=(WIDTH, HEIGHT), highest=_highest(use.days),
            votes=[one for one in usage.votes(first, last) if one.vote == "down" and one.question][:50],
        )  # fmt: skip

    @router.get("/insight/feedback.jsonl")
    def feedback(first: date = date.min, last: date = date.max) -> Response:
        """Votes of staff with question and answer, personal data masked."""
        lines = exported(usage.votes(first, last))
        return Response(lines, media_type="application/x-ndjson", headers=named("feedback.jsonl"))

    return router


def _highest(days: list[Day]) -> int:
    return max((sum(day.by_audience.values()) for day in days), default=0)


def _bars(days: list[Day]) -> list[dict[str, object]]:
    """A bar a day, of two parts: staff below, citizens above; places and sizes in the chart's units."""
    highest = max(_highest(days), 1)
    step = WIDTH / max(len(days), 1)
    bars: list[dict[str, object]] = []
    for number, day in enumerate(days):
        staff, public = (day.by_audience.get(name, 0) / highest * HEIGHT for name in ("staff", "public"))
        bars.append(
            {
                "day": day,
                "x": round(number * step + step * 0.1, 2),
                "width": round(step * 0.8, 2),
                "staff": (round(HEIGHT - staff, 2), round(staff, 2)),
                "public": (round(HEIGHT - staff - public, 2), round(public, 2)),
            }
        )
    return bars
