"""Chinese questions in the characters of Japanese documents: 计划 finds 計画, by OpenCC's tables."""

from functools import cache
from typing import Any

SIMPLIFIED = 2  # characters that Japanese does not have: one may be a rare name


def in_japanese(text: str) -> str:
    """The text with simplified characters as Japanese writes them; Japanese text comes back as it is."""
    foreign = [
        character for character in set(text) if "\u3400" <= character <= "\u9fff" and _is_foreign(character)
    ]
    if len(foreign) < SIMPLIFIED:
        return text
    to_traditional, to_japanese = _converters()
    converted: str = to_japanese.convert(to_traditional.convert(text))
    return converted.replace("劃", "画")  # which OpenCC leaves: 計劃


def _is_foreign(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return True
    return False


@cache
def _converters() -> tuple[Any, Any]:
    import opencc  # type: ignore[import-not-found,import-untyped,unused-ignore]

    return opencc.OpenCC("s2t"), opencc.OpenCC("t2jp")
