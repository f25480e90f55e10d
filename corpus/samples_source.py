"""The Markdown sources of the built sample plans, as blocks in order."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from markdown_it import MarkdownIt
from markdown_it.token import Token

FIXED_DATE = datetime(
    2026, 1, 1, tzinfo=UTC
)  # stands in the built files, so that a rebuild gives the same bytes


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a Markdown source.

    `kind` is heading, paragraph, note, item or table; `rows` are a table's cells, header first.
    """

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def read_blocks(markdown: str) -> Iterator[Block]:
    """The blocks of a Markdown source, in order."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    rows: list[list[str]] = []
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield Block("table", rows=tuple(tuple(row) for row in rows))
            rows = []
        elif token.type == "inline" and rows:
            rows[-1].append(token.content)
        elif token.type == "inline":
            yield _text_block(tokens, position)


def _text_block(tokens: list[Token], position: int) -> Block:
    text, opener = tokens[position].content, tokens[position - 1]
    if opener.type == "heading_open":
        return Block("heading", text, level=int(opener.tag[1:]))
    around = tokens[position - 2].type if position > 1 else ""
    return Block({"blockquote_open": "note", "list_item_open": "item"}.get(around, "paragraph"), text)


def title_of(markdown: str) -> str:
    """The first heading of a Markdown source."""
    return next(block.text for block in read_blocks(markdown) if block.kind == "heading")


def visible(text: str) -> str:
    """NFKC without whitespace: how the texts of two formats are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())
