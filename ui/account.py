"""`/account`: one's own password, and where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.account_store import Account
from assistant.passwords import SHORTEST, PasswordError
from assistant.people import People, SignInError
from ui.cookies import keep, session_of
from ui.desk_pages import desk_page, person_of
from ui.sign_in import visitor_of
from ui.words import ROLES

DONE = {
    "password": "パスワードを変えました。ほかの端末はサインアウトされました。",
    "others": "ほかの端末からサインアウトしました。",
}


def account_router(people: People) -> APIRouter:
    """The page and what can be done there."""
    router = APIRouter(include_in_schema=False)

    def shown(request: Request, done: str = "", fault: str = "", status: int = 200) -> HTMLResponse:
        person, account = person_of(request), request.state.account
        devices = people.sessions.of(account.id, session_of(request)) if account else []
        return desk_page(
            "account.html", request, "アカウント", status,
            role=ROLES[person.role], devices=devices, done=DONE.get(done, ""), fault=fault, shortest=SHORTEST,
        )  # fmt: skip

    @router.get("/account", response_class=HTMLResponse)
    def own(request: Request, done: str = "") -> HTMLResponse:
        return shown(request, done)

    @router.post("/account/password", response_class=HTMLResponse)
    def change_password(
        request: Request,
        current: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        account = _own(request)
        if new != again:
            return shown(
                request, fault="新しいパスワードが一致しません / the two are not the same", status=422
            )
        try:
            tokens = people.change_password(account, current, new, visitor_of(request))
        except (PasswordError, SignInError) as error:
            return shown(request, fault=str(error), status=422)
        response = RedirectResponse("/account?done=password", 303)
        keep(response, request, tokens)
        return response

    @router.post("/account/sign-out-elsewhere")
    def sign_out_elsewhere(request: Request) -> Response:
        people.sign_out_elsewhere(_own(request), session_of(request))
        return RedirectResponse("/account?done=others", 303)

    return router


def _own(request: Request) -> Account:
    account: Account | None = request.state.account
    if account is None:
        raise HTTPException(403, "アカウントでサインインしていません / not signed in with an account")
    return account
