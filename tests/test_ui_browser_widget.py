"""The citizens' window in Chromium, on a city's page of another origin with a strict policy, over a real server."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from library_made import made_app, made_library, made_settings
from server_made import served
from test_ui_browser import CHROMIUM, FLAGS, SIZES, broken_rules, fits, sync_api
from ui_made import ATTACK, answer, citation

from assistant.proof import HEADER, Proofs
from assistant.usage import Usage
from corpus.settings import Settings
from ui.languages import LANGUAGES, words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
QUESTION = "窓口デジタル化事業の2024年度の予算はいくらですか"
PERIOD = "中央市デジタル計画の計画期間はいつからいつまでですか"
WEATHER = "明日の天気は"
CITY = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>City</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
    '<body><main><h1>City</h1><p><a href="#top">Top</a></p></main>'
    '<script async src="{at}/widget.js"></script></body></html>'
)
SPACED = """for (const one of [...document.querySelectorAll("*")]) {
  Object.assign(one.style, { lineHeight: "1.5", letterSpacing: "0.12em", wordSpacing: "0.16em" });
}"""
CORNER = """() => { const one = document.querySelector("main a").cloneNode(true); one.id = "corner";
  const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];
  sheet.replaceSync("#corner { position: fixed; right: 30px; bottom: 30px }");
  document.querySelector("main").append(one); }"""
VOICES = """window.said = []; Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{}], speak: (one) => window.said.push(`${one.lang} ${one.text}`),
  cancel: () => window.said.push("cancel"),
} });"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """`city` and `own`: the addresses of the city's site and of ours; `usage` counts."""
    folder, known, city = tmp_path_factory.mktemp("library"), {}, FastAPI()

    @city.get("/{lang}")
    def page(lang: str) -> HTMLResponse:
        own = known["own"]
        policy = f"default-src 'none'; script-src {own}; frame-src {own}; style-src 'none'"
        return HTMLResponse(CITY.format(lang=lang, at=own), headers={"Content-Security-Policy": policy})

    with served(city) as known["city"]:
        settings = made_settings(
            folder, widget_origins=known["city"], public_rate="9999/minute", proof_share=1
        )
        with made_library(folder, settings) as library, served(made_app(library, settings)) as known["own"]:
            known["usage"] = Usage(library.catalog)
            yield known


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page; after the test it has asked no other host, thrown nothing and stored nothing."""
    context = browser.new_context(viewport=SIZES["desktop"])
    asked: set[str | None] = set()
    errors: list[str] = []
    context.on("request", lambda one: asked.add(urlsplit(one.url).hostname))
    context.on("weberror", lambda one: errors.append(str(one.error)))
    yield context.new_page()
    stored = [one for page in context.pages for frame in page.frames for one in [frame.evaluate(
        "window.isSecureContext ? localStorage.length + sessionStorage.length : 0")]]  # fmt: skip
    assert (context.cookies(), sum(stored), errors) == ([], 0, [])
    assert asked <= {"127.0.0.1", None}
    context.close()


def open_widget(page: Any, sites: dict[str, Any], language: str = "ja") -> Any:
    """Opens the window on the city's page; gives its frame."""
    page.goto(f"{sites['city']}/{language}")
    page.get_by_role("button", name=words(language)["open"]).click()
    sync_api.expect(page.frame_locator("iframe").locator("#question")).to_be_focused()
    return page.frames[1]


def open_page(page: Any, sites: dict[str, Any], language: str = "ja") -> Any:
    """The same as a page of its own."""
    page.goto(f"{sites['own']}/q?lang={language}")
    page.locator("html[data-ready]").wait_for()
    return page


def ask(window: Any, question: str) -> Any:
    """Asks and waits; gives the answer's place."""
    answers = window.locator(".exchange .answer")
    before = answers.count()
    window.locator("#question").fill(question)
    window.locator("#question").press("Enter")
    window.locator(".answer:not([aria-busy])").nth(before).wait_for()
    return answers.nth(before)


def events(*named: tuple[str, dict[str, Any]]) -> str:
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in named)


def fail(route: Any, **how: Any) -> None:
    route.fulfill(**how)


def test_a_citizen_asks_on_the_citys_page_and_reads_the_evidence(page: Any, sites: dict[str, Any]) -> None:
    loaded: list[str] = []
    page.on("request", lambda one: loaded.append(one.url))
    page.goto(f"{sites['city']}/ja")
    opener = page.get_by_role("button", name="計画について質問する")
    opener.wait_for()
    assert [one for one in loaded if one.startswith(sites["own"])] == [f"{sites['own']}/widget.js"]
    assert broken_rules(page) == []
    frame = open_widget(page, sites)
    frame.locator("#examples button").first.wait_for()
    sync_api.expect(frame.get_by_text("AIが計画文書から自動で答えます")).to_be_in_viewport()
    place = ask(frame, QUESTION)
    assert "7.2億円" in place.locator("p").first.inner_text()
    shown = place.locator(".sources").inner_text()
    assert "中央市デジタル計画" in shown
    assert "2節 窓口デジタル化事業" in shown
    assert "窓口デジタル化事業の2024年度の予算は7.2億円です。" in shown
    assert frame.get_by_role("status").inner_text() == "回答が届きました。"
    frame.locator(".next button").first.wait_for()
    assert broken_rules(frame) == []
    with page.context.expect_page() as opened:
        place.locator(".mark").first.click()
    sync_api.expect(opened.value.locator("mark#cite")).to_be_in_viewport()
    page.evaluate('window.postMessage({ from: "keikaku-navi", version: 1, type: "close" }, "*")')
    page.wait_for_timeout(100)
    sync_api.expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="閉じる").click()
    sync_api.expect(opener).to_be_focused()


def test_six_languages_in_both_modes_without_a_barrier(page: Any, sites: dict[str, Any]) -> None:
    page.set_viewport_size(SIZES["phone"])
    frame = open_widget(page, sites, "en")
    ask(frame, QUESTION)
    assert frame.locator("blockquote").first.get_attribute("lang") == "ja"
    assert frame.locator(".answer > p").last.get_attribute("lang") == "ja"
    for language in LANGUAGES:
        frame.locator("#language").select_option(language)
        sync_api.expect(frame.locator("html")).to_have_attribute("lang", language)
        sync_api.expect(page.get_by_role("dialog")).to_have_accessible_name(words(language)["open"])
        assert broken_rules(frame) == [], language
        assert fits(frame)
    for language in LANGUAGES:
        shown = open_page(page, sites, language)
        ask(shown, QUESTION)
        assert shown.locator(".sources").count() == 1
        assert broken_rules(shown) == [], language
        assert fits(shown)


def test_the_keyboard_alone_is_enough(page: Any, sites: dict[str, Any]) -> None:
    page.goto(f"{sites['city']}/ja")
    opener = page.get_by_role("button", name="計画について質問する")
    opener.wait_for()
    for _ in range(2):  # the page's link, then the button
        page.keyboard.press("Tab")
    sync_api.expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    sync_api.expect(frame.locator("#question")).to_be_focused()
    page.keyboard.type(PERIOD)
    page.keyboard.press("Enter")
    down = frame.get_by_role("button", name="役に立たなかった")
    down.wait_for()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if down.evaluate("(one) => one === document.activeElement"):
            break
    reason = frame.get_by_role("button", name="分かりにくい")
    sync_api.expect(reason).to_be_hidden()
    page.keyboard.press("Space")
    reason.wait_for()
    while not reason.evaluate("(one) => one === document.activeElement"):
        page.keyboard.press("Tab")
    with page.expect_response(lambda one: "hard" in (one.request.post_data or "")):
        page.keyboard.press("Space")
    sync_api.expect(frame.get_by_role("status")).to_have_text("ありがとうございます。")
    votes = sites["usage"].votes()
    assert [(one.vote, one.comment, one.question) for one in votes] == [("down", "hard", None)]
    page.keyboard.press("Escape")
    sync_api.expect(page.get_by_role("dialog")).to_be_hidden()
    sync_api.expect(opener).to_be_focused()


def test_the_button_gives_way_to_what_has_the_focus(page: Any, sites: dict[str, Any]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{sites['city']}/ja")
    opener = page.get_by_role("button", name="計画について質問する")
    opener.wait_for()
    page.evaluate(CORNER)
    page.keyboard.press("Tab")
    assert opener.bounding_box()["x"] > 60
    page.keyboard.press("Tab")
    sync_api.expect(page.locator("#corner")).to_be_focused()
    button, link = opener.bounding_box(), page.locator("#corner").bounding_box()
    assert button["x"] + button["width"] < link["x"]


def test_400_percent_text_spacing_and_forced_colours(page: Any, sites: dict[str, Any]) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    frame = open_widget(page, sites)
    ask(frame, QUESTION)
    frame.evaluate(SPACED)
    assert fits(frame)
    assert fits(page)
    clipped = frame.evaluate(
        "[...document.querySelectorAll('button, a, blockquote, p:not(.hidden-text)')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'hidden').length"
    )
    assert clipped == 0
    frame.locator("#question").scroll_into_view_if_needed()
    sync_api.expect(frame.locator("#question")).to_be_in_viewport()
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert frame.evaluate("getComputedStyle(document.querySelector('main')).scrollBehavior") == "auto"
    assert broken_rules(frame) == []
    sizes = frame.evaluate(
        "[...document.querySelectorAll('button, select, textarea, a')].filter((one) => one.offsetParent)"
        ".map((one) => Math.min(one.offsetWidth, one.offsetHeight))"
    )
    assert min(sizes) >= 24


def test_easy_japanese_has_readings_and_explains_words(page: Any, sites: dict[str, Any]) -> None:
    shown = open_page(page, sites, "ja-simple")
    assert shown.locator("h1 rt").first.inner_text() == "けいかく"
    place = ask(shown, QUESTION)
    readings = place.locator("blockquote ruby").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert "予算よさん" in readings
    assert "7.2億円" in place.locator("blockquote").inner_text()
    assert any("予算" in one for one in place.locator(".terms dt").all_inner_texts())
    sync_api.expect(shown.get_by_role("status")).to_have_text(words("ja-simple")["arrived"])


def test_what_the_documents_do_not_say_and_what_fails(page: Any, sites: dict[str, Any]) -> None:
    shown = open_page(page, sites, "en")
    place = ask(shown, WEATHER)
    assert "The plan documents do not say" in place.inner_text()
    assert Settings().contact in place.inner_text()
    assert "090" not in ask(shown, "私の電話番号は090-1234-5678です。予算は").inner_text().replace(" ", "")
    said = words("en")
    for status, body, text in (
        (429, {}, said["limited"]),
        (422, {}, said["invalid"]),
        (503, {"paused": True, "detail": "年末年始は休みます"}, "年末年始は休みます"),
        (500, {}, said["try_later"]),
    ):
        page.route("**/api/public/ask", partial(fail, status=status, json=body))
        place = ask(shown, QUESTION)
        assert text in place.inner_text()
        assert Settings().contact in place.inner_text()
        page.unroute("**/api/public/ask")
    page.route("**/api/public/ask", lambda route: route.abort())
    assert said["offline"] in ask(shown, QUESTION).inner_text()


def test_a_proof_of_work_is_done_and_markup_is_text(page: Any, sites: dict[str, Any]) -> None:
    proofs, attack = (
        Proofs(Settings()),
        answer(text=f"{ATTACK}[1]", citations=(citation(title=ATTACK, quote=ATTACK),)),
    )
    sent: list[str] = []

    def busy(route: Any) -> None:
        proof = route.request.headers.get(HEADER.lower())
        if not proof:
            route.fulfill(status=428, json={"challenge": proofs.challenge()})
            return
        sent.append(proof)
        body = events(("answer", attack.model_dump(mode="json")))
        route.fulfill(content_type="text/event-stream", body=body)

    shown = open_page(page, sites)
    page.route("**/api/public/ask", busy)
    place = ask(shown, QUESTION)
    assert [proofs.accepts(one) for one in sent] == [True]
    assert ATTACK in place.locator("p").first.inner_text()
    assert place.locator("img, script").count() == 0
    assert page.evaluate("window.attacked") is None


def test_answers_are_read_aloud_where_the_browser_can(page: Any, sites: dict[str, Any]) -> None:
    shown = open_page(page, sites)
    place = ask(shown, QUESTION)
    sync_api.expect(place.locator(".read")).to_be_hidden()
    page.add_init_script(VOICES)
    shown = open_page(page, sites, "en")
    place = ask(shown, QUESTION)
    place.get_by_role("button", name="Read aloud").click()
    assert [one[:5] for one in page.evaluate("window.said") if one != "cancel"] == ["ja-JP"]
    place.get_by_role("button", name="Stop reading").click()
    assert page.evaluate("window.said").pop() == "cancel"
    sync_api.expect(place.get_by_role("button", name="Read aloud")).to_be_visible()
