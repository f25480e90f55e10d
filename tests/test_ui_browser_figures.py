"""The view of figures in Debian's Chromium, over the sample plans: a mark leads to its words, nothing overflows."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from index_made import add_all, open_library, settings_at
from library_made import made_app
from server_made import served
from test_ui_browser import FLAGS, SIZES, broken_rules, fits

from corpus.samples import PLANS

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("library")
    library = open_library(folder)
    add_all(library, PLANS)
    with served(made_app(library, settings_at(folder))) as url:
        yield url
    library.close()


def test_a_mark_opens_the_words_it_stands_for_and_the_page_fits(address: str) -> None:
    asked: set[str | None] = set()
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="ja-JP", viewport=SIZES["desktop"], base_url=address)
        context.on("request", lambda one: asked.add(urlsplit(one.url).hostname))
        context.on("weberror", lambda one: complaints.append(str(one.error)))
        context.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        page = context.new_page()
        page.goto("/figures")
        assert page.locator(".chart svg").count() == 3
        assert broken_rules(page) == []
        page.set_viewport_size(SIZES["phone"])
        assert fits(page)
        for chart in page.locator(".chart").all():
            assert chart.evaluate("one => one.scrollWidth > one.clientWidth && one.clientWidth <= 375")
        assert broken_rules(page) == []
        page.set_viewport_size(SIZES["desktop"])
        page.get_by_role("link", name="7.2億円 出典を開く").click()
        mark = page.locator("mark#cite")
        assert "7.2億円" in mark.inner_text()
        sync_api.expect(mark).to_be_in_viewport()
        browser.close()
    assert asked <= {"127.0.0.1", None}
    assert complaints == []
