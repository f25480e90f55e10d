"""The staff's pages beside the chat: one frame with the ways to all views that a person may see."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse

from assistant.accounts import May, Person
from ui.pages import page, rendered, security_policy


class View(NamedTuple):
    """One entry of the navigation."""

    path: str
    name: str
    needs: May


VIEWS = (
    View("/chat", "質問", May.READ),
    View("/library", "文書", May.READ),
    View("/figures", "図表", May.READ),
    View("/insight", "利用状況", May.GOVERN),
    View("/evaluations", "評価", May.EVALUATE),
    View("/people", "利用者", May.GOVERN),
)


def person_of(request: Request) -> Person:
    """Who asks; the boundary has let them in, and noted it.

    Raises:
        HTTPException: 401, nobody is signed in.
    """
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise HTTPException(401, "サインインしてください / sign in first")
    return person


def needs(what: May) -> Callable[[Request], Person]:
    """A dependency that gives the person, or answers 403 where the role does not allow `what`."""

    def allowed(request: Request) -> Person:
        person = person_of(request)
        if not person.may(what):
            raise HTTPException(403, "この操作をする権限がありません / your role does not allow this")
        return person

    return allowed


def desk_page(template: str, request: Request, title: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in the desk's frame: `template` extends desk.html."""
    person = person_of(request)
    frame = {
        "title": title,
        "person": person,
        "account": request.state.account,
        "views": views_of(person),
        "here": request.url.path,
    }
    policy = security_policy(script=True, connect_src="'self'", form_action="'self'")
    return page(template, policy, status, **frame, **context)


def top_html(request: Request, here: str) -> str:
    """The head of every view, for the chat, which is no template."""
    person, account = person_of(request), request.state.account
    return rendered("desk_top.html", person=person, account=account, views=views_of(person), here=here)


def views_of(person: Person) -> list[View]:
    """The views that somebody may open."""
    return [view for view in VIEWS if person.may(view.needs)]
