"""The pages of those who govern: accounts, keys and the audit record, without JavaScript."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from library_made import client_of, made_app, made_library, made_settings
from people_made import PASSWORD, add, browser

from assistant.accounts import AT_THIS_MACHINE
from assistant.audit import Action
from assistant.people import People
from index.library import Library

SECRET = re.compile(r'id="secret"[^>]*value="([^"]+)"')


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def app(library: Library, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return made_app(library, made_settings(tmp_path_factory.mktemp("app")))


@pytest.fixture(scope="module")
def people(library: Library, app: FastAPI) -> People:
    """The first account is made on the page, from this machine."""
    client = client_of(app)
    assert "はじめに管理者を加えてください" in client.get("/people").text
    made = client.post("/people", data={"name": "chief", "role": "admin", "password": PASSWORD})
    assert secret_of(made) == PASSWORD
    assert client.get("/people", follow_redirects=False).status_code == 303  # from now on people sign in
    everybody = People(library.catalog)
    everybody.accounts.set_password(AT_THIS_MACHINE, everybody.accounts.named("chief").id, PASSWORD)
    for name in ("staff", "editor", "evaluator"):
        add(everybody, name, name)  # type: ignore[arg-type]
    return everybody


@pytest.fixture
def chief(app: FastAPI, people: People) -> TestClient:
    client = browser(app, "chief")
    client.follow_redirects = True
    return client


def secret_of(response: object) -> str:
    """The password or key that a page shows."""
    found = SECRET.search(response.text)  # type: ignore[attr-defined]
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("role", ["staff", "editor", "evaluator"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/people"), ("POST", "/people"), ("GET", "/people/audit"), ("GET", "/people/audit.csv"),
     ("POST", "/people/keys"), ("GET", "/people/x"), ("POST", "/people/x/role"), ("POST", "/people/x/remove"),
     ("POST", "/people/x/disable"), ("POST", "/people/x/enable"), ("POST", "/people/x/password"),
     ("POST", "/people/keys/x/revoke")],
)  # fmt: skip
def test_only_admins_govern(app: FastAPI, people: People, role: str, method: str, path: str) -> None:
    token = people.sessions.start(people.accounts.named(role).id, "")
    response = browser(app, Cookie=f"keikaku={token}").request(method, path)
    assert response.status_code == 403


def test_somebody_is_added_with_a_password_that_is_shown_once(app: FastAPI, chief: TestClient) -> None:
    shown = chief.post("/people", data={"name": "newcomer", "role": "editor"})
    password = secret_of(shown)
    assert shown.headers["cache-control"] == "no-store"
    assert password not in chief.get("/people").text
    assert "初回のサインイン待ち" in chief.get("/people").text
    assert browser(app, "newcomer", password).get("/chat").headers["location"] == "/account"
    again = chief.post("/people", data={"name": "newcomer", "role": "editor"})
    assert (again.status_code, 'role="alert"' in again.text) == (422, True)
    short = chief.post("/people", data={"name": "other", "role": "staff", "password": "short"})
    assert (short.status_code, "at least 12" in short.text, 'value="other"' in short.text) == (
        422,
        True,
        True,
    )
    assert chief.post("/people", data={"name": "other", "role": "boss"}).status_code == 422


def test_an_account_changes_role_stops_goes_on_and_goes(
    app: FastAPI, people: People, chief: TestClient
) -> None:
    one = add(people, "changing")
    client, page = browser(app, "changing"), f"/people/{one.id}"
    assert "役割を変えました" in chief.post(f"{page}/role", data={"role": "admin"}).text
    assert client.get("/people").status_code == 200  # at once
    assert "停止しました" in chief.post(f"{page}/disable").text
    assert client.get("/chat").status_code == 303
    assert "再開しました" in chief.post(f"{page}/enable").text
    password = secret_of(chief.post(f"{page}/password"))
    assert browser(app, "changing", password).get("/chat").headers["location"] == "/account"
    asked = chief.get(f"{page}/remove")
    assert f'action="{page}/remove"' in asked.text
    assert "changing" in chief.get("/people").text  # asking removes nothing
    assert "利用者を削除しました" in chief.post(f"{page}/remove").text
    assert chief.get(page).status_code == 404
    assert chief.post(f"{page}/role", data={"role": "staff"}).status_code == 404


def test_the_last_admin_stays(people: People, chief: TestClient) -> None:
    page = f"/people/{people.accounts.named('chief').id}"
    for path, form in ((f"{page}/role", {"role": "staff"}), (f"{page}/disable", {}), (f"{page}/remove", {})):
        refused = chief.post(path, data=form)
        assert (refused.status_code, "最後の管理者は外せません" in refused.text) == (409, True)
    assert people.accounts.named("chief").role == "admin"


def test_a_key_is_shown_once_and_revoked_after_asking(
    app: FastAPI, chief: TestClient, people: People
) -> None:
    secret = secret_of(chief.post("/people/keys", data={"name": "nightly", "role": "staff"}))
    program = browser(app, Authorization=f"Bearer {secret}")
    assert program.get("/v1/models").status_code == 200
    listed = chief.get("/people").text
    assert (secret in listed, secret[:8] in listed) == (False, True)
    key = people.keys.get("nightly")
    assert chief.post("/people/keys", data={"name": "nightly", "role": "staff"}).status_code == 422
    assert "nightly" in chief.get(f"/people/keys/{key.id}/revoke").text
    assert program.get("/v1/models").status_code == 200
    assert "取り消しました" in chief.post(f"/people/keys/{key.id}/revoke").text
    assert program.get("/v1/models").status_code == 401
    assert chief.get(f"/people/keys/{key.id}/revoke").status_code == 404


def test_a_key_that_was_rotated_is_listed_with_its_end(chief: TestClient, people: People) -> None:
    people.keys.add(AT_THIS_MACHINE, "hourly", "staff")
    people.keys.rotate(AT_THIS_MACHINE, "hourly", timedelta(hours=24))
    assert (
        len(re.findall(r"hourly</th>(?:(?!</tr>).)*?\d{2}:\d{2}まで", chief.get("/people").text, re.S)) == 1
    )


def test_the_record_is_filtered_by_person_action_and_days(chief: TestClient, people: People) -> None:
    add(people, "recorded")
    people.audit.note(AT_THIS_MACHINE, Action.DOCUMENT_REMOVED, "=SUM(1)", visibility="public")
    assert "recorded" in chief.get("/people/audit?person=recorded&action=account_added").text
    rest = chief.get("/people/audit?person=recorded&action=role_changed").text
    assert "あてはまる記録はありません" in rest
    assert "あてはまる記録はありません" in chief.get("/people/audit?until=2020-01-01").text
    assert "あてはまる記録はありません" not in chief.get("/people/audit?since=2020-01-01&until=nonsense").text
    file = chief.get("/people/audit.csv?action=document_removed")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0] == ["日時", "だれが", "何を", "対象", "詳しく"]
    assert [row[1:] for row in rows[1:]] == [["この端末", "文書の削除", "'=SUM(1)", "公開範囲：public"]]
    assert "attachment" in file.headers["content-disposition"]


def test_the_record_has_pages(chief: TestClient, people: People) -> None:
    for number in range(51):
        people.audit.note(AT_THIS_MACHINE, Action.DOCUMENT_CHANGED, f"plan-{number}.md")
    first = chief.get("/people/audit?action=document_changed").text
    assert "51件（1 / 2 ページ）" in first
    assert "action=document_changed&amp;since=&amp;until=&amp;page=2" in first
    second = chief.get("/people/audit?action=document_changed&page=2").text
    assert ("plan-0.md" in second, "plan-50.md" in second) == (True, False)
