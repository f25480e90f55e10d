"""Answers in the language of the question: the quoted sentences translated, with every figure kept by the program.

Amounts, years, numbers and labels are taken out of a sentence before the model sees it and put back by code, in the
words of the language and as they are printed. What the model does to the rest is compared with the original by the
multilingual embedding; a sentence that does not pass stays as it is quoted, in Japanese. Easy words (やさしい日本語)
are made in the same way, and must besides name and deny nothing that the original does not.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from assistant.draft import Draft, DraftSentence
from assistant.language import SIMPLE
from assistant.values import LABELS, Value, values_in
from assistant.verify import unsupported

NEAREST = {"en": 0.86, "zh": 0.88, "ko": 0.892, "vi": 0.866, SIMPLE: 0.97}
"""Cosine with the original from which a translation is believed; see evals/data/translations.jsonl."""
HOLE = re.compile(r"<(\d+)>")
KANA = re.compile(r"[ぁ-んァ-ヶ]")
DIGIT = re.compile(rf"[0-9０-９{LABELS}]")
ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*[A-Z](?![A-Za-z])")

Translate = Callable[[str, str], str]
Embed = Callable[[list[str]], Sequence[Sequence[float]]]


def translated(draft: Draft, language: str, translate: Translate, embed: Embed) -> Draft | None:
    """The draft with each sentence that could be translated and verified; None where none could.

    Args:
        translate: gives a sentence with <1>-like holes in the language, holes kept.
        embed: vectors of length 1 of sentences in any language.
    """
    sentences = tuple(_sentence(one, language, translate, embed) for one in draft.sentences)
    return replace(draft, sentences=sentences) if sentences != draft.sentences else None


def _sentence(sentence: DraftSentence, language: str, translate: Translate, embed: Embed) -> DraftSentence:
    values = values_in(sentence.text)
    written = translate(_with_holes(sentence.text, values), language)
    filled = fill(written, values, language)
    if filled is None or not _is_of(filled, written, sentence.text, language):
        return sentence
    original, other = np.asarray(embed([sentence.text, filled]), np.float32)
    return replace(sentence, text=filled) if original @ other >= NEAREST[language] else sentence


def fill(written: str, values: Sequence[Value], language: str) -> str | None:
    """A translation with the values in its holes; None where a hole is missing, doubled, made up, or a digit stands."""
    holes = [int(number) for number in HOLE.findall(written)]
    if sorted(holes) != list(range(1, len(values) + 1)) or DIGIT.search(HOLE.sub("", written)):
        return None
    return HOLE.sub(lambda hole: values[int(hole[1]) - 1].said_in(language), written).strip()


def _with_holes(text: str, values: Sequence[Value]) -> str:
    return "".join(_pieces(text, values))


def _pieces(text: str, values: Sequence[Value]) -> Iterator[str]:
    position = 0
    for number, value in enumerate(values, 1):
        yield text[position : value.start] + f"<{number}>"
        position = value.end
    yield text[position:]


def _is_of(filled: str, written: str, original: str, language: str) -> bool:
    """Whether a text is in the language, names the acronyms of the original and, in Japanese, stands on it."""
    if not written or not set(ACRONYM.findall(original)) <= set(ACRONYM.findall(written)):
        return False
    if language == SIMPLE:
        return bool(KANA.search(written)) and not unsupported(filled, [original])
    return not KANA.search(written)
