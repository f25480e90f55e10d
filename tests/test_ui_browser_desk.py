"""The staff's pages in Debian's Chromium, over a real library: upload, look, change, find again; by keyboard too."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from library_made import made_app, made_library, made_settings
from server_made import served
from test_ui_browser import CHROMIUM, FLAGS, SIZES, broken_rules, fits, sync_api

from index.library import Library

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
BUDGET = "窓口デジタル化事業の2024年度の予算はいくらですか"
# What a browser does when somebody drops files on the form.
DROP = """files => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([text], name));
  const dropped = new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true });
  document.querySelector(".drop").dispatchEvent(dropped);
}"""
NEW = "# 環境計画\n\n## 予算\n\n環境計画の2025年度の予算は3億円です。\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def address(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(made_app(library, made_settings(tmp_path_factory.mktemp("app")))) as url:
        yield url


@pytest.fixture
def page(address: str) -> Iterator[object]:
    """A page; after the test it must have asked no other host, thrown nothing and broken no policy."""
    asked: set[str | None] = set()
    errors: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="ja-JP", viewport=SIZES["desktop"], base_url=address)
        context.on("request", lambda one: asked.add(urlsplit(one.url).hostname))
        context.on("weberror", lambda one: errors.append(str(one.error)))
        context.on(
            "console", lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None
        )
        yield context.new_page()
        browser.close()
    assert asked <= {"127.0.0.1", None}
    assert errors == []


def test_a_document_is_uploaded_looked_at_published_and_removed(page, library: Library) -> None:
    page.goto("/library")
    page.evaluate(DROP, [["環境計画.md", NEW], ["空.txt", ""]])
    page.get_by_text("2件が終わりました。1件は追加できませんでした。").wait_for(state="attached")
    shown = page.locator("#progress-list").inner_text()
    assert "環境計画.md 追加しました" in shown
    assert "空.txt 追加できませんでした：ファイルが空です" in shown
    assert broken_rules(page) == []
    page.get_by_role("link", name="一覧を新しくする").click()
    page.get_by_role("link", name="環境計画").click()
    page.get_by_role("link", name="予算・期間").click()
    assert "300,000,000" in page.get_by_role("table").inner_text()
    page.get_by_text("この文書を変更する").click()
    page.get_by_role("button", name="公開する").click()
    assert "公開範囲を変えました" in page.get_by_role("status").inner_text()
    page.get_by_text("この文書を変更する").click()
    page.get_by_role("link", name="削除する…").click()
    page.get_by_role("button", name="削除する").click()
    assert "文書を削除しました" in page.get_by_role("status").inner_text()
    assert "環境計画.md" not in {record.source for record in library.catalog.records()}


def test_a_question_is_asked_by_keyboard_and_found_again(page) -> None:
    page.goto("/chat")
    box = page.get_by_role("textbox", name="質問")
    sync_api.expect(box).to_be_focused()
    page.keyboard.type(BUDGET)
    page.keyboard.press("Enter")
    page.locator(".kn-kept").wait_for()
    copying = page.get_by_role("button", name="回答と出典をコピー")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if copying.evaluate("one => one === document.activeElement"):
            break
    sync_api.expect(copying).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("コピーしました").wait_for()
    page.goto("/history?q=窓口")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Word").first.click()
    assert saved.value.suggested_filename.endswith(".docx")
    page.get_by_role("link", name=BUDGET).first.click()
    page.locator(".kn-source").wait_for()
    assert "7.2億円" in page.locator(".kn-main").inner_text()
    page.get_by_role("link", name="利用状況").click()
    assert "100%" in page.locator("dl > div", has_text="答えた").first.inner_text()
    page.get_by_text("表で見る").click()
    assert "1" in page.get_by_role("table").get_by_role("row").nth(1).inner_text().split("\t")[1:2]


def test_every_view_is_accessible_and_fits(page, library: Library) -> None:
    plan = next(one.id for one in library.catalog.records() if one.source == "plan.md")
    views = (
        "/library",
        f"/library/{plan}?part=facts",
        f"/library/{plan}?part=passages",
        "/history",
        "/insight",
        "/library/none",
    )
    for size in SIZES.values():
        page.set_viewport_size(size)
        for view in views:
            page.goto(view)
            assert (view, broken_rules(page), fits(page)) == (view, [], True)
