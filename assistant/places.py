"""Japanese places as English, Korean and Chinese questions write them (places.txt)."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from corpus.normalise import normalise

FILE = Path(__file__).with_name("places.txt")


def places_in(question: str) -> list[tuple[str, ...]]:
    """The places that a question in another language names: of each the ways to write it in Japanese, without 市."""
    plain = normalise(question)
    return [names for names, pattern in _patterns().items() if pattern.search(plain)]


@cache
def _patterns() -> Mapping[tuple[str, ...], re.Pattern[str]]:
    lines = (line.split("#", 1)[0].strip() for line in FILE.read_text("utf-8").splitlines())
    named = (line.split(": ", 1) for line in lines if line)
    return {
        tuple(place.split("/")): re.compile("|".join(map(_pattern, names.split(", "))))
        for place, names in named
    }


def _pattern(name: str) -> str:
    """A Latin name stands alone; others run on without spaces."""
    return rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(normalise(name))
