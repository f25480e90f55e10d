"""Search tokens of Japanese text: Sudachi core, mode A, normalised forms; canonical years, amounts."""

import re
import threading
import unicodedata
from functools import cache, lru_cache
from importlib import metadata
from typing import Any

from corpus.amounts import amount_tokens
from corpus.normalise import normalise
from corpus.wareki import year_tokens
from index.chinese import in_japanese

# Parts of speech that carry no topic (UniDic names, as Sudachi gives them).
STOP_PARTS = {"助詞", "助動詞", "補助記号", "空白"}
MAX_BYTES = 30_000  # Sudachi refuses inputs above 49,149 bytes
CUT = re.compile(r"(?<=[。\n])")
# ①-⑳ or (1): the label of a theme, policy or working group. NFKC would make it a number like any other.
LABEL = re.compile(r"[①-⑳]|[(（][0-9０-９]{1,2}[)）]")

_local = threading.local()


def tokens(text: str) -> list[str]:
    """Tokens for the lexical index, repeated as often as they occur; the same for question and text."""
    return [*words(text), *year_tokens(text), *amount_tokens(text), *label_tokens(text)]


@lru_cache(maxsize=16384)
def token_set(text: str) -> frozenset[str]:
    """The tokens of a sentence or passage, each once; remembered, for answers look at the same ones again and again."""
    return frozenset(tokens(text))


def words(text: str) -> list[str]:
    """Normalised forms of the content words."""
    return [word for word, _ in tagged_words(text)]


def tagged_words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Normalised forms of the content words, each with its part of speech (six UniDic fields)."""
    return [
        (word, morpheme.part_of_speech())
        for chunk in _chunks(normalise(in_japanese(LABEL.sub(" ", text))))
        for morpheme in _tokenizer().tokenize(chunk)
        if morpheme.part_of_speech()[0] not in STOP_PARTS and (word := _plain(morpheme.normalized_form()))
    ]


def label_tokens(text: str) -> list[str]:
    """`label3` for ③, `item3` for (3)."""
    return [
        f"{'item' if found[0] in '(（' else 'label'}{unicodedata.normalize('NFKC', found).strip('()')}"
        for found in LABEL.findall(text)
    ]


def identity() -> str:
    """Dictionary and rules that make the tokens; an index made with others is refused."""
    return f"sudachi-core-{metadata.version('sudachidict-core')}-A-2"


def morphemes(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(surface, normalised form, part of speech) of each morpheme; together they are the text."""
    return [
        (m.surface(), m.normalized_form(), tuple(m.part_of_speech()))
        for chunk in _chunks(text)
        for m in _tokenizer().tokenize(chunk)
    ]


def readings(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(surface, reading in katakana, part of speech) of each word, in longer units; together they are the text."""
    mode = _sudachi().SplitMode.C
    return [
        (m.surface(), m.reading_form(), tuple(m.part_of_speech()))
        for chunk in _chunks(text)
        for m in _tokenizer().tokenize(chunk, mode)
    ]


def _plain(form: str) -> str:
    return "".join(form.lower().split())


def _tokenizer() -> Any:
    """One tokenizer a thread: it keeps state while it works."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer(_sudachi().SplitMode.A)
    return _local.tokenizer


@cache
def _dictionary() -> Any:
    return _sudachi().Dictionary(dict="core")


def _sudachi() -> Any:
    import sudachipy  # type: ignore[import-untyped]

    return sudachipy


def _chunks(text: str) -> list[str]:
    """Pieces below the tokenizer's limit, cut behind sentences where there are any.

    Halves of surrogate pairs, which no encoding holds, become question marks.
    """
    text = text.encode("utf-8", "replace").decode()
    if len(text) * 4 <= MAX_BYTES:
        return [text]
    chunks, size = [""], MAX_BYTES // 4
    for part in CUT.split(text):
        for piece in (part[at : at + size] for at in range(0, len(part), size)):
            if len(chunks[-1]) + len(piece) > size:
                chunks.append("")
            chunks[-1] += piece
    return chunks
