"""An evaluator's way through the pages of runs, in Debian's Chromium."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from runs_made import BUDGET, made_runs, pages

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runs: Path = made_runs(tmp_path_factory.mktemp("runs"))
    server = uvicorn.Server(uvicorn.Config(pages(runs), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def sound(page) -> None:
    """No rule of axe is broken, and nothing is wider than the window."""
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 375])
def test_from_the_list_to_a_comparison_and_a_report(address: str, width: int) -> None:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=address, viewport={"width": width, "height": 800}, locale="ja-JP")
        told: list[str] = []
        page.on("console", lambda one: told.append(one.text))
        page.on("pageerror", lambda one: told.append(str(one)))

        page.goto("/evaluations")
        sound(page)
        page.get_by_label("後の実行").select_option("run-2")
        page.get_by_label("前の実行").select_option("run-1")
        page.get_by_role("button", name="比べる").click()
        sync_api.expect(page.get_by_role("heading", name=BUDGET)).to_be_visible()
        sound(page)

        page.get_by_role("link", name="後の実行の報告を開く").click()
        sync_api.expect(page.get_by_role("heading", name="評価報告")).to_be_visible()
        page.get_by_role("searchbox").fill("人口")  # the report's own script works
        sync_api.expect(page.locator(".case:visible")).to_have_count(1)
        assert page.evaluate("window.origin") == "null"  # and is of no site
        browser.close()
        assert told == []
