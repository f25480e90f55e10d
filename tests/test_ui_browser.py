"""The pages in Debian's Chromium, from a real server: what people see, what the network is asked."""

import shutil
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from index_made import new_catalog
from ui_made import ATTACK, QUOTE, Assistant, Texts

from assistant.accounts import AT_THIS_MACHINE
from assistant.feedback_api import feedback_router
from assistant.limits import PublicLimits
from assistant.people import People
from assistant.recorder import Recorder
from corpus.catalog import Catalog
from corpus.settings import Settings
from index.owner import Owner
from ui.boundary import Boundary
from ui.desk_pages import person_of
from ui.gate import Gate
from ui.pages import STATIC
from ui.viewer import viewer_router

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
FOLLOWING = "③の予算は"
BUDGET = "八策①の2024年度の予算規模はいくらですか"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 720}}
both_sizes = pytest.mark.parametrize("page", list(SIZES), indirect=True)
TRIES = 6


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return Assistant()


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return new_catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture(scope="module")
def recorder(catalog: Catalog) -> Recorder:
    return Recorder(catalog)


@pytest.fixture(scope="module")
def address(assistant: Assistant, recorder: Recorder, catalog: Catalog) -> Iterator[str]:
    from ui.chat import ChatParts, mount_chat

    app, settings = FastAPI(), Settings()
    owner = Owner(1, "http://127.0.0.1:8000", "token")
    app.add_middleware(Boundary, gate=Gate(settings, catalog, People(catalog), owner))
    app.include_router(feedback_router(recorder, person_of, PublicLimits(settings)))
    app.include_router(viewer_router(Texts(), lambda record, _request: record.visibility == "public"))
    app.mount("/static", StaticFiles(directory=STATIC))

    parts = ChatParts(
        assistant,
        recorder,
        lambda _answer, _asked: [FOLLOWING],
        lambda: [("plan", ATTACK)],
        lambda: [2024],
        settings,
    )
    mount_chat(app, parts)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser, address: str) -> Iterator[object]:
    """A fresh page; after the test it must have asked no other host and thrown no error."""
    context = browser.new_context(
        locale="ja-JP",
        viewport=SIZES[getattr(request, "param", "desktop")],
        base_url=address,
        permissions=["clipboard-read", "clipboard-write"],
    )
    asked: set[str | None] = set()
    errors: list[str] = []
    context.on("request", lambda one: asked.add(urlsplit(one.url).hostname))
    context.on("weberror", lambda one: errors.append(str(one.error)))
    yield context.new_page()
    context.close()
    assert asked <= {"127.0.0.1", None}
    assert errors == []


def broken_rules(page) -> list[str]:
    """Serious and critical violations that axe finds on the page and in its frames, and that last.

    A busy machine may draw a page in steps; a colour on its way to another breaks no rule.
    """
    broken: list[str] = []
    for _ in range(TRIES):
        found = axe.Axe().run(page).response["violations"]
        broken = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        if not broken:
            break
        page.wait_for_timeout(500)
    return broken


def fits(page) -> bool:
    page.wait_for_load_state("domcontentloaded")  # a page just come to has no element yet
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def ask_chat(page, question: str) -> None:
    """Types a question and sends it; again where a busy machine lost the key, as a person would."""
    box, shown = page.get_by_role("textbox", name="質問"), page.locator(".kn-question")
    before = shown.count()
    for _ in range(TRIES):
        box.fill(question)
        box.press("Enter")
        try:
            shown.nth(before).wait_for(timeout=15_000)
            break
        except sync_api.TimeoutError:
            continue


@both_sizes
def test_chat_answers_with_a_link_to_the_highlighted_quote(page) -> None:
    page.goto("/chat")
    ask_chat(page, BUDGET)
    page.locator(".kn-source").wait_for()
    assert page.locator(".kn-sources blockquote").inner_text() == f"「{QUOTE}」"
    with page.context.expect_page() as opened:
        page.locator(".kn-ref").click()
    mark = opened.value.locator("mark#cite")
    assert mark.inner_text() == QUOTE
    sync_api.expect(mark).to_be_in_viewport()


@both_sizes
def test_chat_is_japanese_accessible_and_fits(page) -> None:
    page.goto("/chat")
    page.get_by_role("button", name=BUDGET).wait_for()
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert broken_rules(page) == []
    ask_chat(page, BUDGET)
    page.locator(".kn-sources").wait_for()
    assert broken_rules(page) == []
    assert fits(page)
    labels = page.evaluate(
        "[...document.querySelectorAll('[aria-label], [title]')].map((one) => one.ariaLabel ?? one.title)"
    )
    assert [label for label in labels if label.isascii() and label.strip()] == []


def test_an_example_is_asked_by_a_click_and_a_new_conversation_begins(page) -> None:
    page.goto("/chat")
    page.get_by_role("button", name=BUDGET).click()
    page.locator(".kn-sources").wait_for()
    assert page.locator(".kn-question").inner_text() == BUDGET
    sync_api.expect(page.get_by_role("button", name=BUDGET)).to_be_hidden()
    page.get_by_role("button", name="新しい会話").click()
    sync_api.expect(page.locator(".kn-question")).to_have_count(0)
    sync_api.expect(page.get_by_role("button", name=BUDGET)).to_be_visible()


def test_a_follow_up_carries_the_conversation_until_a_new_one(page, assistant: Assistant) -> None:
    page.goto("/chat")
    for number, question in enumerate([BUDGET, "2025年度は"], 1):
        ask_chat(page, question)
        sync_api.expect(page.locator(".kn-answer:not(.kn-draft)")).to_have_count(number)
    assert [turn.content for turn in assistant.asked[-1].history] == [BUDGET, "約7.2億円です。[1]"]
    page.get_by_role("button", name="新しい会話").click()
    sync_api.expect(page.locator(".kn-answer")).to_have_count(0)
    ask_chat(page, BUDGET)
    page.locator(".kn-sources").wait_for()
    assert assistant.asked[-1].history == ()


def test_a_conversation_has_an_address_goes_on_and_is_kept(page, recorder: Recorder) -> None:
    page.goto("/chat")
    ask_chat(page, BUDGET)
    page.get_by_role("button", name=FOLLOWING).click()
    sync_api.expect(page.locator(".kn-kept")).to_have_count(2)
    kept = recorder.conversations.of(AT_THIS_MACHINE)[0]
    assert (kept.title, kept.exchanges) == (BUDGET, 2)
    assert page.url.endswith(f"/chat?c={kept.id}")
    sync_api.expect(page.locator(".kn-history a[aria-current]")).to_have_text(BUDGET)
    page.reload()
    sync_api.expect(page.locator(".kn-question")).to_have_text([BUDGET, FOLLOWING])
    page.goto("/chat?q=計画期間は")
    sync_api.expect(page.get_by_role("textbox", name="質問")).to_have_value("計画期間は")


def test_documents_and_years_are_chosen_for_a_question(page, assistant: Assistant) -> None:
    page.goto("/chat")
    page.get_by_role("button", name="文書・年度を絞る").click()
    for name, choice in (("文書", ATTACK), ("年度", "令和6年度（2024）")):
        page.get_by_label(name, exact=True).click()
        page.get_by_role("option", name=choice).click()
        page.keyboard.press("Escape")
    assert broken_rules(page) == []
    ask_chat(page, BUDGET)
    page.locator(".kn-sources").wait_for()
    assert (assistant.asked[-1].document_ids, assistant.asked[-1].fiscal_years) == (("plan",), (2024,))


def test_a_vote_down_asks_for_the_reason(page, assistant: Assistant, recorder: Recorder) -> None:
    page.goto("/chat")
    ask_chat(page, BUDGET)
    page.locator(".kn-kept").wait_for()
    page.get_by_role("button", name="役に立たなかった").click()
    page.get_by_label("どこが役に立ちませんでしたか").select_option("足りない")
    page.get_by_label("くわしく").fill("内訳がない")
    page.get_by_role("button", name="送る").click()
    page.get_by_text("ありがとうございます").wait_for()
    vote = recorder.usage.votes()[0]
    assert (vote.vote, vote.question, vote.comment) == ("down", BUDGET, "足りない：内訳がない")


def test_an_answer_under_way_is_stopped(page, assistant: Assistant) -> None:
    assistant.go_on.clear()
    try:
        page.goto("/chat")
        ask_chat(page, "長い質問")
        page.get_by_role("button", name="止める").click()
        page.get_by_text("止めました。").wait_for()
    finally:
        assistant.go_on.set()
    page.get_by_role("button", name="送信").wait_for()
    ask_chat(page, BUDGET)
    sync_api.expect(page.locator(".kn-sources")).to_have_count(1)


def test_what_the_documents_do_not_say_is_said_kindly(page) -> None:
    page.goto("/chat")
    ask_chat(page, "明日の天気は")
    answer = page.locator(".kn-no_evidence")
    answer.wait_for()
    assert "計画文書には見つかりませんでした" in answer.inner_text()
    assert Settings().contact in answer.inner_text()


def test_markup_in_question_answer_and_titles_is_only_text(page) -> None:
    page.goto("/chat")
    ask_chat(page, f"攻撃 {ATTACK}")
    page.locator(".kn-sources").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.attacked") is None
    assert page.locator(".kn-main > p").first.inner_text() == f"{ATTACK}[1]"
    assert page.locator("#conversation img, #conversation script, #conversation strong").count() == 0


def test_an_answer_is_copied_with_its_sources(page, address: str) -> None:
    page.goto("/chat")
    ask_chat(page, BUDGET)
    page.get_by_role("button", name="回答と出典をコピー").click()
    page.get_by_text("コピーしました").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == "約7.2億円です。[1]"
    assert lines[2] == f"「{QUOTE}」"
    assert lines[3].startswith(f"{address}/documents/plan?start=")


@both_sizes
def test_the_viewer_is_accessible_and_fits(page) -> None:
    for path in ("/documents/plan", "/documents/plan?start=3&end=30#cite", "/documents/none"):
        page.goto(path)
        assert broken_rules(page) == []
        assert fits(page)
