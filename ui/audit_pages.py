"""`/people/audit`: the audit record by person, action and days, as a page and as CSV."""

import json
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from assistant.accounts import May
from assistant.audit import Audit, Entry, Filter
from assistant.downloads import CSV, csv_file, named
from assistant.local_time import JAPAN, local_time
from ui.desk_pages import desk_page, needs
from ui.words import ACTIONS, DETAILS, ROLES

ROWS = 50  # on a page
COLUMNS = ("日時", "だれが", "何を", "対象", "詳しく")
LAST_PAGE = 100_000


class Wanted:
    """The filters in the query string; days that are none are left out. Both days count whole."""

    def __init__(self, person: str = "", action: str = "", since: str = "", until: str = "") -> None:
        self.person, self.action = person.strip()[:64], action if action in ACTIONS else ""
        self._first, self._last = _day(since), _day(until)

    @property
    def filter(self) -> Filter:
        """What the record is asked for."""
        before = _midnight(self._last + timedelta(days=1)) if self._last else None
        return Filter(self.person, self.action, _midnight(self._first) if self._first else None, before)

    @property
    def query(self) -> dict[str, str]:
        """The filters as they stand in links and fields."""
        return {
            "person": self.person,
            "action": self.action,
            "since": self._first.isoformat() if self._first else "",
            "until": self._last.isoformat() if self._last else "",
        }


Filters = Annotated[Wanted, Depends()]


def audit_router(audit: Audit) -> APIRouter:
    """The page and the file."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(needs(May.GOVERN))])

    @router.get("/people/audit", response_class=HTMLResponse)
    def listed(
        request: Request, wanted: Filters, page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1
    ) -> HTMLResponse:
        count = audit.count(wanted.filter)
        entries = audit.entries(wanted.filter, ROWS, (page - 1) * ROWS)
        return desk_page(
            "audit.html", request, "監査記録", rows=[_said(one) for one in entries], count=count, page_number=page,
            pages=max(1, -(-count // ROWS)), wanted=wanted.query, query=urlencode(wanted.query), actions=ACTIONS,
        )  # fmt: skip

    @router.get("/people/audit.csv")
    def as_csv(wanted: Filters) -> Response:
        rows = chain([COLUMNS], map(_said, audit.every(wanted.filter)))
        return StreamingResponse(csv_file(rows), media_type=CSV, headers=named("audit.csv"))

    return router


def _said(one: Entry) -> tuple[str, ...]:
    """The cells of a line."""
    detail = "、".join(f"{DETAILS.get(name, name)}：{_value(value)}" for name, value in one.detail.items())
    return (
        local_time(one.at),
        one.person or "―",
        ACTIONS.get(one.action, one.action),
        one.target or "―",
        detail,
    )


def _value(value: object) -> str:
    if isinstance(value, str):
        return ROLES.get(value, value)  # type: ignore[call-overload, no-any-return]
    return json.dumps(value, ensure_ascii=False)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
