"""Words of plans and budgets that occur in an answer, explained in やさしい日本語 (`plan_terms.toml`)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("plan_terms.toml")
MOST = 6
LATIN = re.compile(r"[A-Z]+")


def terms_in(texts: Iterable[str]) -> list[tuple[str, str]]:
    """(word, explanation) in the order in which they occur, of two that overlap the longer; six at most."""
    known, pattern = _known()
    found = dict.fromkeys(one for text in texts for one in pattern.findall(text))
    return [(word, known[word]) for word in found][:MOST]


@cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    known = tomllib.loads(FILE.read_text("utf-8"))
    longest_first = sorted(known, key=len, reverse=True)
    return known, re.compile("|".join(map(_as_word, longest_first)))


def _as_word(term: str) -> str:
    """AI is no part of another Roman word."""
    return rf"(?<![A-Za-z]){term}(?![A-Za-z])" if LATIN.fullmatch(term) else re.escape(term)
