"""Signing in and looking after people in Debian's Chromium, without JavaScript, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from library_made import made_app, made_library, made_settings
from people_made import PASSWORD, add
from server_made import served
from test_ui_browser import CHROMIUM, FLAGS, SIZES, broken_rules, fits, sync_api

from assistant.accounts import AT_THIS_MACHINE
from assistant.audit import Action
from assistant.people import People

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
OTHER = "quiet river under stone"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("library")
    settings = made_settings(folder)
    with made_library(folder, settings) as library:
        people = People(library.catalog)
        for name, role in (
            ("tanaka", "admin"),
            ("sato", "editor"),
            ("suzuki", "staff"),
            ("ito", "evaluator"),
        ):
            add(people, name, role)  # type: ignore[arg-type]
        people.accounts.add(AT_THIS_MACHINE, "山田", "staff", OTHER, must_change=True)
        people.accounts.set_disabled(AT_THIS_MACHINE, people.accounts.named("ito").id, True)
        for key in ("nightly-export", "widget-monitor"):
            people.keys.add(AT_THIS_MACHINE, key, "staff")
        people.keys.revoke(AT_THIS_MACHINE, "widget-monitor")
        people.audit.note(AT_THIS_MACHINE, Action.DOCUMENT_ADDED, "plans/総合計画.pdf", visibility="public")
        with served(made_app(library, settings)) as url:
            yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


def good(page) -> bool:
    return fits(page) and broken_rules(page) == []


def sign_in(page, name: str, password: str) -> None:
    page.get_by_label("利用者名").fill(name)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="サインイン").click()


@pytest.mark.parametrize("size", list(SIZES))
def test_an_admin_signs_in_changes_a_role_and_signs_out(chromium, address: str, size: str) -> None:
    context = chromium.new_context(locale="ja-JP", viewport=SIZES[size], base_url=address)
    page = context.new_page()
    page.goto("/people")
    assert page.url == f"{address}/sign-in?next=%2Fpeople"
    assert good(page)
    sign_in(page, "tanaka", "wrong password")
    assert "利用者名かパスワードが違います" in page.get_by_role("alert").inner_text()
    assert good(page)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people")
    assert good(page)
    page.get_by_role("link", name="suzuki").click()
    page.wait_for_url("**/people/*")
    assert good(page)
    role = {"desktop": "編集者", "phone": "評価者"}[size]
    page.get_by_role("radio", name=role).check()
    page.get_by_role("button", name="役割を変える").click()
    assert page.get_by_role("status").inner_text() == "役割を変えました。"
    page.get_by_role("link", name="この人の監査記録").click()
    assert page.get_by_role("row").nth(1).inner_text().split("\t")[1:4] == ["tanaka", "役割の変更", "suzuki"]
    assert good(page)
    page.get_by_role("button", name="サインアウト").click()
    page.goto("/people")
    assert "/sign-in" in page.url
    context.close()


def test_a_newcomer_chooses_a_password_first(chromium, address: str) -> None:
    context = chromium.new_context(locale="ja-JP", viewport=SIZES["phone"], base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    sign_in(page, "山田", OTHER)
    assert page.url == f"{address}/account"
    assert good(page)
    page.get_by_label("いまのパスワード").fill(OTHER)
    page.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    page.get_by_label("もう一度").fill(PASSWORD)
    page.get_by_role("button", name="パスワードを変える").click()
    assert "パスワードを変えました" in page.get_by_role("status").inner_text()
    assert "この端末" in page.get_by_role("table").inner_text()
    assert good(page)
    context.close()
