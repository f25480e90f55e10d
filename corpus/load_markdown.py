"""Markdown (CommonMark with tables) by markdown-it-py: the text is what a reader of the page would see."""

import re
from typing import Any

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, short_caption
from corpus.document import Document
from corpus.load_html import parsed, walk_html
from corpus.load_text import load_text

# The parser takes time by the square of these; beyond them the file is read as plain text.
MAX_LINE = 20_000
MAX_BRACKETS = 5_000  # in one paragraph
EMBEDDED = re.compile(r"(?<=\()data:[^)\s]*")  # pictures written into the text
MAX_NESTING = 200  # beyond it the parser drops text; its own limit is 20
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.M)
# Footnotes are no CommonMark: a definition would be taken for that of a link, and vanish.
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*", re.M)
NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")
# A line that was ended by typing spaces until the next one began, in a cell that a paragraph was made of.
PADDING = re.compile(r"[ 　]{30,}")
TAG = re.compile(r"<(/?)\s*([a-z0-9]+)", re.I)
UNREAD = {"rt", "rp", "rtc", "script", "style", "template"}  # inline HTML whose text is not read


def load_markdown(text: str) -> Document:
    """Headings, paragraphs, list items, code, tables and embedded HTML, in order.

    Raises:
        LoadError: HTML nested too deeply.
    """
    from markdown_it import MarkdownIt

    text = EMBEDDED.sub("", text)
    if not _as_written_by_people(text):
        return load_text(text)
    front = FRONT_MATTER.match(text)
    title = FRONT_TITLE.search(front[1]) if front else None
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    builder = DocumentBuilder()
    _Reader(builder, parser.parse(_with_notes(text[front.end() :] if front else text))).read()
    return builder.build(title[1] if title else "", "text/markdown")


def _as_written_by_people(text: str) -> bool:
    longest = max(map(len, text.split("\n")))
    return longest <= MAX_LINE and max(part.count("[") for part in text.split("\n\n")) <= MAX_BRACKETS


def _with_notes(text: str) -> str:
    """Footnotes as they are shown elsewhere: （注1） where they are referred to and before what they say."""
    return NOTE_MARK.sub(r"（注\1）", NOTE.sub(r"\n（注\1）", text)) if NOTE.search(text) else text


class _Reader:
    """Goes through the parser's tokens once."""

    def __init__(self, builder: DocumentBuilder, tokens: list[Any]) -> None:
        self._builder, self._tokens = builder, tokens
        self._before = ""  # the paragraph before, in case it is a table's caption
        self._numbers: list[int | None] = []  # of the lists that are open; None for one without numbers
        self._mark = ""  # number of the list item that begins

    def read(self) -> None:
        """Adds every block to the builder."""
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            if token.type == "heading_open":
                self._builder.heading(_plain(self._tokens[index + 1]), int(token.tag[1]))
                self._before = ""
                index += 1
            elif token.type == "table_open":
                index = self._table(index)
            elif token.type == "html_block":
                self._html(token.content)
            elif token.type in {"inline", "fence", "code_block"}:
                inline = token.type == "inline"
                self._paragraph(PADDING.sub("\n", _plain(token)) if inline else token.content)
            else:
                self._list(token)
            index += 1

    def _list(self, token: Any) -> None:
        """Keeps count of the items of ordered lists."""
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            ordered = token.type == "ordered_list_open"
            self._numbers.append(int(token.attrGet("start") or 1) if ordered else None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            self._numbers.pop()
        elif token.type == "list_item_open" and (number := self._numbers[-1]) is not None:
            self._mark = f"{number}{token.markup} "
            self._numbers[-1] = number + 1
        elif token.type == "list_item_close":
            self._mark = ""

    def _paragraph(self, text: str) -> None:
        if text.strip():
            self._before = text
            self._builder.block(self._mark + text)
            self._mark = ""

    def _html(self, content: str) -> None:
        walk_html(self._builder, parsed(content))
        self._before = ""

    def _table(self, index: int) -> int:
        """Adds the table that opens at `index`; gives the index of its closing token."""
        rows: Grid = []
        header_rows = 0
        while self._tokens[index].type != "table_close":
            token = self._tokens[index]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "thead_close":
                header_rows = len(rows)
            elif token.type in {"th_open", "td_open"}:
                rows[-1].append((_plain(self._tokens[index + 1]), 1, 1))
            index += 1
        caption = short_caption([self._before])
        self._builder.table(rows, header_rows, caption, unit_of(caption or self._before) or "")
        self._before = ""
        return index


def _plain(inline: Any) -> str:
    """Text of an inline token without its marks, without the readings of ruby and without code of a page."""
    parts: list[str] = []
    unread = 0
    for child in inline.children or ():
        if child.type == "html_inline":
            tag = TAG.match(child.content)
            if tag and tag[2].lower() in UNREAD:
                unread += -1 if tag[1] else 1
            elif tag and tag[2].lower() == "br":
                parts.append("\n")
        elif unread <= 0:
            parts.append(_shown(child))
    return "".join(parts)


def _shown(child: Any) -> str:
    if child.type in {"softbreak", "hardbreak"}:
        return "\n"
    if child.type == "image":
        return _plain(child) or str(child.content)
    return str(child.content) if child.type in {"text", "code_inline", "text_special"} else ""
