"""`/people`: accounts and keys, for those who govern. What cannot be undone is asked for on a page of its own."""

from collections.abc import Callable
from typing import Annotated, TypeVar, get_args

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.account_store import Account, AccountError
from assistant.accounts import May, Person, Role
from assistant.passwords import PasswordError, one_time_password
from assistant.people import People
from ui.desk_pages import desk_page, needs
from ui.words import MAY, ROLES

DONE = {
    "role": "役割を変えました。",
    "disable": "停止しました。すべての端末からサインアウトされました。",
    "enable": "再開しました。",
    "removed": "利用者を削除しました。",
    "revoked": "APIキーを取り消しました。",
}
Governor = Annotated[Person, Depends(needs(May.GOVERN))]
Text = Annotated[str, Form()]
T = TypeVar("T")


def people_router(people: People) -> APIRouter:
    """The list, the page of one account, and everything that is done there."""
    governed = [Depends(needs(May.GOVERN))]
    router = APIRouter(include_in_schema=False, prefix="/people", dependencies=governed)
    _list_routes(router, people)
    _key_routes(router, people)
    _account_routes(router, people)
    return router


def _listed(
    request: Request, people: People, fault: str = "", status: int = 200, **typed: str
) -> HTMLResponse:
    accounts = people.accounts.all()
    return desk_page(
        "people.html", request, "利用者", status, accounts=accounts, keys=people.keys.all(), roles=ROLES, may=MAY,
        first=not any(one.role == "admin" for one in accounts), fault=fault, typed=typed,
        done=DONE.get(request.query_params.get("done", ""), ""), in_force=people.keys.is_in_force,
    )  # fmt: skip


def _secret(request: Request, title: str, name: str, secret: str, kind: str) -> HTMLResponse:
    """A password or key, shown this once; the page is kept nowhere (Cache-Control: no-store)."""
    return desk_page("people_secret.html", request, title, name=name, secret=secret, kind=kind)


def _list_routes(router: APIRouter, people: People) -> None:
    @router.get("", response_class=HTMLResponse)
    def listed(request: Request) -> HTMLResponse:
        return _listed(request, people)

    @router.post("", response_class=HTMLResponse)
    def add(
        request: Request, by: Governor, name: Text = "", role: Text = "staff", password: Text = ""
    ) -> HTMLResponse:
        given = password or one_time_password()
        try:
            account = people.accounts.add(by, name, _role(role), given, must_change=True)
        except (AccountError, PasswordError) as error:
            return _listed(request, people, str(error), 422, name=name, role=role)
        return _secret(request, "利用者を追加しました", account.name, given, "password")


def _key_routes(router: APIRouter, people: People) -> None:
    @router.post("/keys", response_class=HTMLResponse)
    def add_key(request: Request, by: Governor, name: Text = "", role: Text = "staff") -> HTMLResponse:
        try:
            key, secret = people.keys.add(by, name, _role(role))
        except AccountError as error:
            return _listed(request, people, str(error), 422, key=name, key_role=role)
        return _secret(request, "APIキーを追加しました", key.name, secret, "key")

    @router.get("/keys/{key_id}/revoke", response_class=HTMLResponse)
    def ask_to_revoke(request: Request, key_id: str) -> HTMLResponse:
        key = _known(lambda: people.keys.get(key_id))
        return desk_page("people_confirm.html", request, "APIキーを取り消しますか", key=key, one=None)

    @router.post("/keys/{key_id}/revoke")
    def revoke(by: Governor, key_id: str) -> Response:
        _known(lambda: people.keys.revoke(by, key_id))
        return RedirectResponse("/people?done=revoked", 303)


def _account_routes(router: APIRouter, people: People) -> None:
    accounts = people.accounts

    def shown(request: Request, account: Account, fault: str = "", status: int = 200) -> HTMLResponse:
        return desk_page(
            "person.html", request, account.name, status, one=account, roles=ROLES, may=MAY, fault=fault,
            done=DONE.get(request.query_params.get("done", ""), ""),
        )  # fmt: skip

    def done(request: Request, account_id: str, what: str, change: Callable[[], None]) -> Response:
        account = _known(lambda: accounts.get(account_id))
        try:
            change()
        except AccountError as error:
            return shown(request, account, str(error), 409)
        return RedirectResponse(
            "/people?done=removed" if what == "removed" else f"/people/{account_id}?done={what}", 303
        )

    @router.get("/{account_id}", response_class=HTMLResponse)
    def one(request: Request, account_id: str) -> HTMLResponse:
        return shown(request, _known(lambda: accounts.get(account_id)))

    @router.post("/{account_id}/role", response_class=HTMLResponse)
    def set_role(request: Request, by: Governor, account_id: str, role: Text = "") -> Response:
        return done(request, account_id, "role", lambda: accounts.set_role(by, account_id, _role(role)))

    @router.post("/{account_id}/disable", response_class=HTMLResponse)
    def disable(request: Request, by: Governor, account_id: str) -> Response:
        return done(request, account_id, "disable", lambda: accounts.set_disabled(by, account_id, True))

    @router.post("/{account_id}/enable", response_class=HTMLResponse)
    def enable(request: Request, by: Governor, account_id: str) -> Response:
        return done(request, account_id, "enable", lambda: accounts.set_disabled(by, account_id, False))

    @router.post("/{account_id}/password", response_class=HTMLResponse)
    def new_password(request: Request, by: Governor, account_id: str) -> Response:
        account = _known(lambda: accounts.get(account_id))
        if not account.local:
            return shown(request, account, "市のアカウントのパスワードは市の認証基盤で変えます", 409)
        given = one_time_password()
        accounts.set_password(by, account_id, given, must_change=True)
        return _secret(request, "新しいパスワードを決めました", account.name, given, "password")

    @router.get("/{account_id}/remove", response_class=HTMLResponse)
    def ask_to_remove(request: Request, account_id: str) -> HTMLResponse:
        account = _known(lambda: accounts.get(account_id))
        return desk_page("people_confirm.html", request, "利用者を削除しますか", one=account, key=None)

    @router.post("/{account_id}/remove", response_class=HTMLResponse)
    def remove(request: Request, by: Governor, account_id: str) -> Response:
        return done(request, account_id, "removed", lambda: accounts.remove(by, account_id))


def _role(asked: str) -> Role:
    """The role of that name.

    Raises:
        HTTPException: 422, there is none.
    """
    for role in get_args(Role):
        if role == asked:
            return role  # type: ignore[no-any-return]
    raise HTTPException(422, f"その役割はありません / no such role: {asked[:20]}")


def _known(look: Callable[[], T]) -> T:
    """What there is.

    Raises:
        HTTPException: 404, there is no such account or key.
    """
    try:
        return look()
    except AccountError as error:
        raise HTTPException(404, str(error)) from error
