"""Sentences with their [n] marks out of streamed text, the same however the stream is cut."""

import re
from collections.abc import Iterable, Iterator

ENDS = "。！？!?\n"
OPENS, CLOSES = "「『（(", "」』）)"
# What a mark may look like, and the beginning of one: a sentence is given only once no mark can follow it.
MARKS_BEHIND = re.compile(r"(?:[ \t\n]*[\[［【][0-9０-９,、 ]{1,12}[\]］】])*")
MARK_BEGUN = re.compile(r"[ \t\n]*(?:[\[［【][0-9０-９,、 ]{0,12})?")
MARK = re.compile(r"[\[［【]([0-9０-９,、 ]{1,12})[\]］】]")
BULLET = re.compile(r"^(?:[-*・•] *|\d{1,2}[.)] +)")
THINKING = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.S)
LONGEST = 600  # characters without an end that are taken for a sentence


def marked_sentences(deltas: Iterable[str]) -> Iterator[str]:
    """Each sentence as soon as it is complete, with the marks in it and directly behind it, as [1][2].

    What a model thinks aloud between <think> and </think> at the beginning is left out, and so are bullets
    and marks of bold type.
    """
    text, done = "", 0
    for delta in deltas:
        text += delta
        visible = _visible(text)
        while (end := _sentence_end(visible, done)) and not MARK_BEGUN.fullmatch(visible, end):
            yield from _tidied(visible[done:end])
            done = end
    yield from (one for piece in _rest(_visible(text), done) for one in _tidied(piece))


def _rest(visible: str, done: int) -> Iterator[str]:
    while end := _sentence_end(visible, done):
        yield visible[done:end]
        done = end
    yield visible[done:]


def _visible(text: str) -> str:
    """The text without what is thought aloud; spaces of the same length stand in, so that positions hold."""
    return THINKING.sub(lambda found: " " * len(found.group()), text)


def _sentence_end(text: str, start: int) -> int | None:
    """Where the sentence that begins at `start` ends, its marks included; None where it is not complete."""
    depth = 0
    for position in range(start, len(text)):
        character = text[position]
        depth += (character in OPENS) - (character in CLOSES and depth > 0)
        ended = character == "\n" or (character in ENDS and depth == 0) or position - start >= LONGEST
        if ended and text[start : position + 1].strip():
            found = MARKS_BEHIND.match(text, position + 1)
            return found.end() if found else position + 1
    return None


def _tidied(piece: str) -> list[str]:
    """The sentence with its marks behind it; nothing where there are no words."""
    numbers = [number for found in MARK.findall(piece) for number in re.findall(r"\d+", found)]
    words = BULLET.sub("", MARK.sub("", piece).replace("**", "").strip()).strip()
    marks = "".join(f"[{int(number)}]" for number in dict.fromkeys(numbers))
    return [words + marks] if words else []
