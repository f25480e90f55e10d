"""The chat page at /chat (Gradio). Imported only when serving: Gradio takes seconds to load."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI

from corpus.settings import Settings
from ui.conversation import Exchange, Streams, messages, replies, turns
from ui.pages import EXAMPLES, STATIC
from ui.render import documents_html

PATH = "/chat"
TITLE = "計画ナビ"
NOTICE = "AIが計画文書から自動で答えます。出典を確かめてください。"
WELCOME = (
    "<h2>計画について、何を知りたいですか</h2>"
    "<p>ふだんの言葉でお尋ねください。答えには必ず出典が付きます。</p>"
)
AT_ONCE = 8  # answers written at the same time
KEPT_S = 8 * 3600  # a conversation is forgotten after so many seconds
# Only fonts of the reader's machine: the page asks no other host for any.
FONTS = ("Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "sans-serif")
HEAD = """
<meta name="robots" content="noindex">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<script src="/static/chat.js" defer></script>
"""

Documents = Callable[[], Iterable[tuple[str, str]]]
Shown = tuple[str, list[dict[str, str]], list[Exchange]]


def build_chat(
    assistant: Streams, settings: Settings, documents: Documents, examples: Sequence[str] = EXAMPLES
) -> gr.Blocks:
    """The page: conversation, question box, example questions, list of documents.

    `documents` gives (id, title) of those that answers come from; it is called at every page load.
    """
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
    with blocks:
        with gr.Row(elem_classes="kn-top"):
            gr.HTML(f'<h1>{TITLE}</h1><p class="kn-notice">{NOTICE}</p>', elem_classes="kn-title")
            fresh = gr.Button("新しい会話", size="sm", scale=0, min_width=120, elem_classes="kn-fresh")
        chatbot = _chatbot()
        with gr.Column(elem_classes="kn-start"):  # the style sheet hides it once there is an answer
            gr.HTML(WELCOME, elem_classes="kn-welcome")
            with gr.Row(elem_classes="kn-examples"):
                buttons = [gr.Button(example, elem_classes="kn-example") for example in examples]
        box = _question_box(settings)
        gr.HTML(lambda: documents_html(documents()), elem_classes="kn-library")
        conversation = gr.State([], time_to_live=KEPT_S)

        def answer(asked: str, past: list[Exchange]) -> Iterator[Shown]:
            if not asked.strip():
                yield asked, messages(past), past
                return
            for latest in replies(assistant, asked.strip(), turns(past), settings.contact):
                grown = [*past, latest]
                yield "", messages(grown), grown

        shown = [box, chatbot, conversation]
        running: dict[str, Any] = {
            "show_progress": "hidden",
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "answer",
            "api_visibility": "private",
        }
        box.submit(answer, [box, conversation], shown, **running)
        for button in buttons:
            button.click(answer, [button, conversation], shown, **running)
        fresh.click(lambda: ("", [], []), None, shown, show_progress="hidden", api_visibility="private")
    return blocks


def mount_chat(app: FastAPI, assistant: Streams, settings: Settings, documents: Documents) -> None:
    """Mounts the page at /chat; /static must be served by the same application."""
    gr.mount_gradio_app(
        app,
        build_chat(assistant, settings, documents),
        path=PATH,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # nothing is uploaded here
        theme=_theme(),
        css_paths=[STATIC / "chat.css"],
        head=HEAD,
        i18n=_japanese(),
    )


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


def _theme() -> gr.themes.Base:
    green = gr.themes.Color(
        "#eef6f3",
        "#e0efe9",
        "#c1dfd4",
        "#9accba",
        "#62ad95",
        "#2f8a70",
        "#1f6d58",
        "#17594a",
        "#12473b",
        "#0e3a30",
        "#082520",
    )
    theme = gr.themes.Base(
        primary_hue=green, neutral_hue="slate", font=FONTS, font_mono=("Noto Sans Mono", "monospace")
    )
    for dark in [name for name in vars(theme) if name.endswith("_dark")]:  # one look, as on the other pages
        setattr(theme, dark, getattr(theme, dark.removesuffix("_dark")))
    return theme


def _japanese() -> gr.I18n:
    """Gradio's own words that can be seen here, whatever the browser's language."""
    words = {
        "common.submit": "送信",
        "common.loading": "読み込み中",
        "common.error": "エラー",
        "blocks.lost_connection": "接続が切れました。つなぎ直しています…",
        "chatbot.clear": "会話を消す",
    }
    return gr.I18n(ja=words, en=words)
