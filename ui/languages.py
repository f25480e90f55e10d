"""The words of the citizens' window in six languages: `translations/*.json`, with readings in やさしい日本語."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from assistant.furigana import Piece, furigana
from assistant.language import SIMPLE

FOLDER = Path(__file__).with_name("translations")
LANGUAGES = ("ja", SIMPLE, "en", "zh", "ko", "vi")
LOADER = ("open", "close")  # what the script on the city's page says


@cache
def words(language: str) -> dict[str, str]:
    """What is said, by name; `{…}` stands for what is put in."""
    read: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return read


def shown(language: str) -> dict[str, tuple[Piece, ...]]:
    """Words in pieces (text, reading or nothing), which only やさしい日本語 has."""
    return {name: furigana(text) for name, text in words(language).items()} if language == SIMPLE else {}


def known(asked: str) -> str:
    """The language whose words are shown for a tag: zh-Hans-CN is zh, and what is not known Japanese."""
    tag = asked.replace("_", "-").lower()
    if tag in LANGUAGES:
        return tag
    return next((one for one in LANGUAGES if one == tag.partition("-")[0]), "ja")


def in_loader() -> dict[str, dict[str, str]]:
    """The loader's words by language."""
    return {language: {name: words(language)[name] for name in LOADER} for language in LANGUAGES}


def markup(language: str, name: str) -> Markup:
    """A word as HTML, with readings over its kanji in やさしい日本語."""
    pieces = shown(language).get(name) or ((words(language)[name], ""),)
    return Markup("").join(_marked(pieces))


def _marked(pieces: tuple[Piece, ...]) -> Iterator[Markup]:
    for base, reading in pieces:
        yield Markup("<ruby>{}<rt>{}</rt></ruby>").format(base, reading) if reading else escape(base)
