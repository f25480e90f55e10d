"""Everyday and foreign words beside the official ones: お年寄り and elderly also search 高齢者."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.normalise import normalise
from index.tokens import morphemes

GLOSSARY = Path(__file__).with_name("glossary.txt")
CONTENT = {"名詞", "動詞", "形容詞", "形状詞", "接頭辞", "接尾辞"}
HELPERS = {"為る", "居る", "成る", "有る", "下さる", "頂く", "仕舞う", "呉れる", "貰う"}
DENIAL, DENIES = "無い", {"ない", "無い", "ず", "ぬ"}
KANA = re.compile(r"[ぁ-ん]")
LATIN_ENDS = "\u0250"
SHORTEST = 2
"""Characters of a word at least: a single kanji or kana occurs in words that have nothing to do with it."""


class GlossaryError(ValueError):
    """A line of a glossary that cannot be read: its number, what was expected; in Japanese and English."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words of one meaning. Any of them in a question searches the official ones too."""

    official: tuple[str, ...]
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glossary:
    """Groups of words, looked up in questions; nothing is prepared before the first look-up."""

    groups: tuple[Group, ...]

    def expansions(self, question: str) -> list[tuple[str, tuple[str, ...]]]:
        """Each word of the question that a group has, normalised, with the group's official words, in order.

        Case and width do not count. Latin words match as whole words, also with a plural s; others anywhere. A
        word inside a longer one that matches too does not count: 老人 in 老人ホーム. What has a verb or an adjective
        matches in all its forms: 学校に行けない in 学校へ行けなくなった.
        """
        plain = normalise(question)
        found = [
            (_with_plural(plain, start, end), number)
            for start, end in self._words_in(plain)
            for number in self._groups_of[plain[start:end]]
        ]
        found += self._inflected(plain)
        return [(word, self.groups[number].official) for word, number in dict.fromkeys(found)]

    def _inflected(self, plain: str) -> Iterator[tuple[str, int]]:
        """What the question says in another form than the glossary: the words as said, the number of a group."""
        said = _content(plain)
        lemmas = tuple(lemma for lemma, _, _ in said)
        for first in range(len(said)):
            for length in self._phrase_lengths.get(lemmas[first], ()):
                words = said[first : first + length]
                for number in self._phrases.get(lemmas[first : first + length], ()):
                    yield plain[words[0][1] : words[-1][2]], number

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], list[int]]:
        """The numbers of the groups that hold a phrase with a verb or an adjective, by its dictionary forms."""
        found: dict[tuple[str, ...], list[int]] = {}
        for word, numbers in self._groups_of.items():
            if KANA.search(word) and _is_inflected(word):
                lemmas = tuple(lemma for lemma, _, _ in _content(word))
                found.setdefault(lemmas, []).extend(numbers)
        return found

    @cached_property
    def _phrase_lengths(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for lemmas in self._phrases:
            found.setdefault(lemmas[0], set()).add(len(lemmas))
        return found

    @cached_property
    def _groups_of(self) -> dict[str, list[int]]:
        """The numbers of the groups that hold a word, by the word as it is searched."""
        found: dict[str, list[int]] = {}
        for number, group in enumerate(self.groups):
            for word in dict.fromkeys(map(normalise, (*group.official, *group.spoken))):
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """How long the words are that begin with these two characters, the longest first."""
        found: dict[str, set[int]] = {}
        for word in self._groups_of:
            found.setdefault(word[:SHORTEST], set()).add(len(word))
        return {begin: sorted(lengths, reverse=True) for begin, lengths in found.items()}

    def _words_in(self, text: str) -> Iterator[tuple[int, int]]:
        """The longest word at each place, unless it lies within one that began before."""
        covered = 0
        for start in range(len(text)):
            for length in self._lengths.get(text[start : start + SHORTEST], ()):
                end = start + length
                if end <= covered:
                    break
                if end <= len(text) and text[start:end] in self._groups_of and _is_whole(text, start, end):
                    covered = end
                    yield start, end
                    break


def _content(plain: str) -> list[tuple[str, int, int]]:
    """Dictionary forms of the words that mean something, and of what denies them, each with its span."""
    found, end = [], 0
    for surface, lemma, part in morphemes(plain):
        start, end = end, end + len(surface)
        if lemma in DENIES:
            found.append((DENIAL, start, end))
        elif part[0] in CONTENT and lemma not in HELPERS:
            found.append((lemma, start, end))
    return found


def _is_inflected(word: str) -> bool:
    """Whether a phrase has a verb or an adjective beside what it is about: 現金を使わない; not a lone verb."""
    parts = [part[0] for _, _, part in morphemes(word) if part[0] in CONTENT]
    return len(parts) > 1 and any(part in ("動詞", "形容詞") for part in parts)


def read_glossary(path: Path = GLOSSARY) -> Glossary:
    """The glossary of a UTF-8 file: `official, official | everyday, foreign` a line, # begins a comment.

    Raises:
        GlossaryError: the file cannot be opened or a line is not of that form.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GlossaryError(
            f"{path}: 用語集を読めません。UTF-8のテキストにしてください / cannot be read as UTF-8 text: {error}"
        ) from error
    stripped = ((number, line.split("#", 1)[0].strip()) for number, line in enumerate(lines, 1))
    return Glossary(tuple(_group(number, line) for number, line in stripped if line))


def _group(number: int, line: str) -> Group:
    sides = [tuple(word.strip() for word in side.split(",")) for side in line.replace("、", ",").split("|")]
    words = [word for side in sides for word in side]
    if len(sides) > 2:
        raise _error(number, "縦棒「|」は一つまでです", "one bar at most")
    if any(len(normalise(word)) < SHORTEST for word in words):
        raise _error(number, f"言葉は{SHORTEST}文字以上です", f"each word needs {SHORTEST} characters")
    if len(words) < 2:
        raise _error(number, "言葉が二つ以上要ります", "two words or more expected")
    if len(set(map(normalise, words))) < len(words):
        raise _error(number, "同じ言葉が二度あります", "a word stands twice")
    return Group(*sides)


def _error(number: int, japanese: str, english: str) -> GlossaryError:
    return GlossaryError(
        f"{number}行目: {japanese}（公的な言葉, … | ふだんの言葉, …）"
        f" / line {number}: {english} (official, … | everyday, …)"
    )


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a Latin word ends where the match does; kanji, kana and Hangul run on without spaces."""
    if _is_latin(text[start]) and start and _is_latin(text[start - 1]):
        return False
    rest = text[end : end + 2]
    if not _is_latin(text[end - 1]) or not rest or not _is_latin(rest[0]):
        return True
    return rest[0] == "s" and not _is_latin(rest[1:])


def _with_plural(text: str, start: int, end: int) -> str:
    plural = _is_latin(text[end - 1]) and text[end : end + 1] == "s"
    return text[start : end + plural]


def _is_latin(character: str) -> bool:
    """Latin with its marks too, as Vietnamese writes."""
    return character.isalnum() and (character < LATIN_ENDS or "\u1e00" <= character < "\u1f00")
