"""The chat page at /chat (Gradio). Imported only when serving: Gradio takes seconds to load."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, NamedTuple, Protocol

import gradio as gr
from fastapi import FastAPI

from assistant.accounts import AT_THIS_MACHINE, Person
from assistant.answer import Answer, Question
from assistant.conversations import Conversation, Conversations
from assistant.conversations import Exchange as Kept
from corpus.settings import Settings
from corpus.wareki import to_wareki
from ui.chat_theme import japanese, theme
from ui.conversation import Exchange, Streams, Talk, messages, replies, turns
from ui.desk_pages import person_of, top_html
from ui.pages import EXAMPLES, STATIC
from ui.render import answer_html, documents_html, recent_html

PATH = "/chat"
TITLE = "計画ナビ"
NOTICE = "AIが計画文書から自動で答えます。出典を確かめてください。"
WELCOME = (
    "<h2>計画について、何を知りたいですか</h2>"
    "<p>ふだんの言葉でお尋ねください。答えには必ず出典が付きます。</p>"
)
AT_ONCE = 8  # answers written at the same time
KEPT_S = 8 * 3600  # a page that nobody touches forgets its conversation after so many seconds
RECENT = 8  # conversations beside the chat
HEAD = """
<meta name="robots" content="noindex">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/colours.css">
<link rel="stylesheet" href="/static/top.css">
<script src="/static/chat.js" defer></script>
"""


class Keeper(Protocol):
    """Keeps what was asked and answered; see `assistant.recorder.Recorder`."""

    @property
    def conversations(self) -> Conversations: ...

    def keep(
        self, person: Person, conversation_id: str | None, question: str, answer: Answer
    ) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the page is made of: answers, history, questions to go on with, and what to choose from.

    `documents` gives (id, title) of those that answers come from, `years` fiscal years of the Western calendar;
    both are called at every page load.
    """

    assistant: Streams
    keeper: Keeper
    suggest: Callable[[Answer, Iterable[str]], list[str]]
    documents: Callable[[], Iterable[tuple[str, str]]]
    years: Callable[[], Iterable[int]]
    settings: Settings
    examples: Sequence[str] = EXAMPLES


class Shown(NamedTuple):
    """What an event of the page changes, in the order of its outputs."""

    box: Any
    chat: list[dict[str, str]]
    talk: Talk
    recent: Any


class Opened(NamedTuple):
    """What loading the page fills in, in the order of its outputs."""

    box: Any
    chat: Any
    talk: Any
    recent: str
    top: str
    library: str
    documents: Any
    years: Any


class ChatPage:
    """The page's events; each has the person from the request and the conversation from the page."""

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    def open(self, request: gr.Request) -> Opened:
        """A fresh page, the conversation named by `?c=`, or the question of `?q=` ready to be sent."""
        parts, asked = self._parts, dict(request.query_params)
        person = _person(request)
        documents = list(parts.documents())
        talk = self._kept(person, asked["c"]) if "c" in asked else None
        choices = [(title, key) for key, title in documents]
        years = [(f"{to_wareki(year)}（{year}）", year) for year in parts.years()]
        # What is not asked for stays as it is: somebody may be typing already.
        return Opened(
            asked["q"][: parts.settings.question_max_chars] if "q" in asked else gr.skip(),
            messages(talk.exchanges) if talk else gr.skip(),
            talk or gr.skip(),
            self._recent(person, talk.id if talk else None),
            _top(request),
            documents_html(documents),
            gr.Dropdown(choices=choices),
            gr.Dropdown(choices=years),
        )

    def ask(
        self, asked: str, talk: Talk, documents: list[str], years: list[int], request: gr.Request
    ) -> Iterator[Shown]:
        """The answer as it grows; then it is kept, and questions to go on with are added."""
        person, asked = _person(request), asked.strip()
        if not asked:
            yield Shown("", messages(talk.exchanges), talk, gr.skip())
            return
        question = Question(
            question=asked,
            history=turns(talk.exchanges),
            document_ids=tuple(documents or ()),
            fiscal_years=tuple(years or ()),
            stream=True,
        )
        halt = Event()  # Gradio cancels what it sends, not what is being worked on
        grown, emptied = talk, {"value": ""}  # once: somebody may be typing the next question
        for latest in replies(self._parts.assistant, question, self._parts.settings.contact):
            if halt.is_set():
                return
            grown = talk.grown(latest, halt)
            yield Shown(_box(not latest.answer, **emptied), messages(grown.exchanges), grown, gr.skip())
            emptied = {}
        yield self._ended(person, grown)

    def stop(self, talk: Talk) -> Shown:
        """Says that the answer was broken off."""
        ended = talk.stopped()
        return Shown(_box(), messages(ended.exchanges), ended, gr.skip())

    def fresh(self, request: gr.Request) -> Shown:
        """A new conversation."""
        return Shown(_box(), [], Talk(), self._recent(_person(request), None))

    def _ended(self, person: Person, talk: Talk) -> Shown:
        *before, last = talk.exchanges
        if last.answer is None:
            return Shown(_box(), messages(talk.exchanges), talk, gr.skip())
        kept = self._parts.keeper.keep(person, talk.id, last.question, last.answer)
        following = self._parts.suggest(last.answer, [one.question for one in talk.exchanges])
        html = answer_html(last.answer, self._parts.settings.contact, last.question, following, kept)
        ended = Talk(kept, [*before, last._replace(html=html)])
        return Shown(_box(), messages(ended.exchanges), ended, self._recent(person, kept))

    def _kept(self, person: Person, conversation_id: str) -> Talk:
        try:
            kept = self._parts.keeper.conversations.exchanges(person, conversation_id)
        except KeyError:  # deleted, or somebody else's
            return Talk()
        return Talk(conversation_id, [self._again(one, conversation_id) for one in kept])

    def _again(self, kept: Kept, conversation_id: str) -> Exchange:
        html = answer_html(kept.answer, self._parts.settings.contact, kept.question, (), conversation_id)
        return Exchange(kept.question, html, kept.answer)

    def _recent(self, person: Person, here: str | None) -> str:
        latest: list[Conversation] = self._parts.keeper.conversations.of(person, limit=RECENT)
        return recent_html(latest, here)


def build_chat(parts: ChatParts) -> gr.Blocks:
    """The page: ways to the other views, history, conversation, question box, examples, list of documents."""
    page = ChatPage(parts)
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True)
    with blocks:
        top = gr.HTML(elem_classes="kn-top")
        with gr.Row(elem_classes="kn-desk"):
            with gr.Column(elem_classes="kn-side", scale=0, min_width=220):
                fresh = gr.Button("新しい会話", size="sm", elem_classes="kn-fresh")
                recent = gr.HTML(elem_classes="kn-recent")
            with gr.Column(elem_classes="kn-talk", scale=1):
                gr.HTML("<h1>計画への質問</h1>", elem_classes="kn-heading")
                chatbot = _chatbot()
                buttons = _start(parts.examples)
                with gr.Accordion("文書・年度を絞る", open=False, elem_classes="kn-filters"):
                    documents = gr.Dropdown(label="文書", multiselect=True, elem_id="filter-documents")
                    years = gr.Dropdown(label="年度", multiselect=True, elem_id="filter-years")
                box = _question_box(parts.settings)
                library = gr.HTML(elem_classes="kn-library")
        talk = gr.State(Talk(), time_to_live=KEPT_S)

        shown = [box, chatbot, talk, recent]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        running: dict[str, Any] = {
            **quiet,
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "answer",
            "trigger_mode": "always_last",  # a question sent while another is being stopped is not lost
        }
        blocks.load(page.open, None, [*shown, top, library, documents, years], **quiet)
        answers: list[dict[str, Any]] = [
            begin(page.ask, [asked, talk, documents, years], shown, **running)
            for begin, asked in [(box.submit, box), *((button.click, button) for button in buttons)]
        ]
        box.stop(page.stop, talk, shown, cancels=answers, **quiet)
        fresh.click(page.fresh, None, shown, cancels=answers, **quiet)
    return blocks


def mount_chat(app: FastAPI, parts: ChatParts) -> None:
    """Mounts the page at /chat; /static must be served by the same application."""
    gr.mount_gradio_app(
        app,
        build_chat(parts),
        path=PATH,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # nothing is uploaded here
        theme=theme(),
        css_paths=[STATIC / "chat.css"],
        head=HEAD,
        i18n=japanese(),
    )


def _person(request: gr.Request) -> Person:
    return person_of(request.request) if request.request else AT_THIS_MACHINE


def _top(request: gr.Request) -> str:
    return top_html(request.request, PATH) if request.request else ""


def _start(examples: Sequence[str]) -> list[gr.Button]:
    """What an empty conversation shows; the style sheet hides it once there is an answer."""
    with gr.Column(elem_classes="kn-start"):
        gr.HTML(f"{WELCOME}<p class='kn-notice'>{NOTICE}</p>", elem_classes="kn-welcome")
        with gr.Row(elem_classes="kn-examples"):
            return [gr.Button(example, elem_classes="kn-example") for example in examples]


def _chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        label="会話",
        show_label=False,
        container=False,
        height=None,
        scale=1,
        layout="panel",
        buttons=[],
        autoscroll=False,  # static/chat.js scrolls to the beginning of the answer instead of its end
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
        line_breaks=False,
        placeholder="&#8203;",
        elem_classes="kn-chat",
        elem_id="conversation",
    )


def _question_box(settings: Settings) -> gr.Textbox:
    return gr.Textbox(
        label="質問",
        show_label=False,
        container=False,
        placeholder="質問を入力（Enterで送信）",
        lines=1,
        max_lines=6,
        max_length=settings.question_max_chars,
        submit_btn="送信",
        autofocus=True,
        elem_classes="kn-box",
    )


def _box(running: bool = False, **changes: Any) -> Any:
    """The question box with the button that fits: to send, or to stop an answer under way."""
    return gr.Textbox(submit_btn=not running and "送信", stop_btn=running and "止める", **changes)
