"""Readings over kanji (furigana), by Sudachi: only over kanji, never over numbers, and nothing where it is unsure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.tokens import readings

Piece = tuple[str, str]  # text as printed, and its reading in hiragana or nothing
KANJI = re.compile(r"[々〆一-鿿豈-龎]")
RUNS = re.compile(r"[々〆ヵヶ一-鿿豈-龎]+|[^々〆ヵヶ一-鿿豈-龎]+")
HIRAGANA = re.compile(r"[ぁ-んー]+")
NUMBER, COUNTERS = "数詞", "助数詞可能"
# Words behind a number that are read the same whatever the number; 日, 人, 本 and others are not.
STEADY = {
    "年",
    "年度",
    "年間",
    "年目",
    "月",
    "円",
    "章",
    "節",
    "項",
    "号",
    "度",
    "倍",
    "位",
    "万円",
    "億円",
    "千円",
}
UNSURE = {"行っ", "辛い", "開い", "空い", "降り", "方", "等", "間", "上", "下", "所", "他", "後", "何", "中"}
"""Read in two ways that the dictionary cannot tell apart: no reading is better than a wrong one."""


@lru_cache(maxsize=2048)
def furigana(text: str) -> tuple[Piece, ...]:
    """The text in pieces; put together, their first parts are the text."""
    pieces: list[Piece] = []
    behind_number = False
    for surface, reading, part in readings(text):
        if surface == "行っ" and pieces and pieces[-1][0] == "を":  # 見直しを行った: 行く has no object
            pieces += [("行", "おこな"), ("っ", "")]
            continue
        number = NUMBER in part
        known = not (number or surface in UNSURE or (behind_number and not _is_steady(surface, part)))
        pieces.extend(split(surface, reading) if known and KANJI.search(surface) else [(surface, "")])
        behind_number = number
    return tuple(_joined(pieces))


def split(surface: str, reading: str) -> list[Piece]:
    """A word with its reading put over its kanji alone: 受け付け -> 受(う)け付(つ)け.

    Args:
        reading: in katakana, as the dictionary gives it.
    """
    said = hiragana(reading)
    if not HIRAGANA.fullmatch(said):
        return [(surface, "")]
    runs = RUNS.findall(surface)
    pattern = "".join("(.+?)" if KANJI.search(run) else f"({re.escape(hiragana(run))})" for run in runs)
    found = re.fullmatch(pattern, said)
    if not found:
        return [(surface, "")] if len(runs) > 1 else [(surface, said)]
    return [(run, read if KANJI.search(run) else "") for run, read in zip(runs, found.groups(), strict=True)]


def hiragana(text: str) -> str:
    """Katakana as hiragana; all else as it is."""
    return "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in text)


def _is_steady(surface: str, part: tuple[str, ...]) -> bool:
    """Whether a word behind a number is read as always: a counter that does not change, or no counter at all."""
    return surface in STEADY or (COUNTERS not in part and "接尾辞" not in part)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours without a reading as one piece."""
    plain = ""
    for base, reading in pieces:
        if reading:
            if plain:
                yield plain, ""
            yield base, reading
            plain = ""
        else:
            plain += base
    if plain:
        yield plain, ""
