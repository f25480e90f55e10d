"""Colours, fonts and words of the chat page as Gradio takes them."""

import gradio as gr

# Only fonts of the reader's machine: the page asks no other host for any.
FONTS = ("Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI", "Meiryo", "sans-serif")
GREEN = (
    "#eef6f3", "#e0efe9", "#c1dfd4", "#9accba", "#62ad95", "#2f8a70", "#1f6d58", "#17594a", "#12473b", "#0e3a30",
    "#082520",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """The product's colours; one look, as on the other pages, whatever the browser prefers."""
    made = gr.themes.Base(
        primary_hue=gr.themes.Color(*GREEN),
        neutral_hue="slate",
        font=FONTS,
        font_mono=("Noto Sans Mono", "monospace"),
    )
    for dark in [name for name in vars(made) if name.endswith("_dark")]:
        setattr(made, dark, getattr(made, dark.removesuffix("_dark")))
    return made


def japanese() -> gr.I18n:
    """Gradio's own words that can be seen here, whatever the browser's language."""
    words = {
        "common.submit": "送信",
        "common.loading": "読み込み中",
        "common.error": "エラー",
        "blocks.lost_connection": "接続が切れました。つなぎ直しています…",
        "chatbot.clear": "会話を消す",
    }
    return gr.I18n(ja=words, en=words)
