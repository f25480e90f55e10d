"""Sentences of Japanese text as spans, so that what is quoted is what was printed."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

# JIS X 4051 lists 。．！？ as the marks that end a sentence. A half-width ! or ? ends one only before space,
# an ASCII full stop only between Western sentences, ． only after a Japanese letter (not in １．２).
_END = re.compile(
    r"[。｡！？]|[!?](?=[\s」』）)]|$)|(?<=[ぁ-んァ-ヶー一-龠])．(?![0-9０-９])|(?<=[a-z)])\.(?=\s+[A-Z])|\n",
    re.M,
)
_END_MARKS = "。｡！？!?．"
# Brackets by kind; widths may differ within a pair, and 『 is now and then closed by 」.
_BRACKETS = ("「『｢|」』｣", "（(|）)", "〈《|〉》", "【|】", "〔［[|〕］]", "｛{|｝}", "“|”")
_OPENS = {mark: kind for kind in _BRACKETS for mark in kind.split("|")[0]}
_CLOSES = {mark: kind for kind in _BRACKETS for mark in kind.split("|")[1]}
_BRACKET = re.compile("[" + re.escape("".join([*_OPENS, *_CLOSES])) + "]")
# What is added in brackets behind a sentence at the end of its line belongs to it: …できる。（平成14年度から）
_ADDED = re.compile(r"[（(](?!注|[0-9０-９]{1,2}[）)])[^（）()。\n]{2,40}[）)](?=[ \t　]*(?:\n|$))")
# A pair wider than this is two strays rather than one quotation.
_MAX_QUOTATION = 400

# What begins a list line: bullets, ①, (1), １　, 1., ア　, ※.
_LIST_MARK = re.compile(
    r"[ \t　]*(?:[・･•◦●○◎◆◇■□▪▶▸★☆※→⇒*]|[-－–—][ 　]|[\u2460-\u24ff\u2776-\u2793\u32d0-\u32fe]"
    r"|[（(][0-9０-９ｱ-ﾝア-ンa-zA-Z一二三四五六七八九十]{1,2}[）)]|第[0-9０-９一二三四五六七八九十]{1,3}[条章節編項款表]"
    r"|[0-9０-９]{1,2}(?:[ 　．]|\.[ 　]|[）)])|[ア-ン][ 　．])"
)
# A line that is not whole: it ends in a comma or a particle that needs more, or the next begins in hiragana,
# unless a blank line and a word that opens sentences come between.
_UNFINISHED = re.compile(r"[、，,をにのはがでとやもへ]\s*$")
_GOES_ON = re.compile(r"[ \t　]*[ぁ-んー、。，．）」』]")
_OPENER = re.compile(
    r"[ 　]+|これ|それ|この|その|ここ|そこ|こう|そう|また|まず|なお|さら|さて|しか|ただ|ある|もっ|とく|まち"
)
_BLANK_LINE = re.compile(r"(?:[ \t　]*\n)+")
# In text wrapped by a typesetter a broken line is about as wide as the widest; list lines are not.
_WRAPPED_SHARE = 0.8
_WRAPPED_WIDTH = 30  # in half-width columns


def split(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of `text[start:end]` (one block), trimmed, in order, all of it but whitespace.

    No sentence ends inside brackets that are closed again, or before a note in brackets that ends its line. A line
    break ends one only between lines that look like list items or lines of their own, not in a wrapped paragraph.
    """
    end = len(text) if end is None else end
    spans = []
    for first, last in _pieces(text, start, end):
        piece = text[first:last]
        content = piece.strip()
        if content:
            at = first + len(piece) - len(piece.lstrip())
            spans.append((at, at + len(content)))
    return spans


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Consecutive untrimmed pieces of the whole span."""
    quotations = _quotations(text, start, end)
    openings = [first for first, _ in quotations]
    widest = max(map(_width, text[start:end].split("\n")), default=0)
    cursor = start
    for mark in _END.finditer(text, start, end):
        if mark.start() < cursor:
            continue
        holder = bisect_right(openings, mark.start()) - 1
        boundary = mark.end()
        if holder >= 0 and mark.start() < quotations[holder][1]:
            boundary = quotations[holder][1]
            if not _closes_sentence(text, cursor, quotations[holder], mark.start(), end):
                continue
        elif mark[0] == "\n":
            if not _line_ends(text, cursor, mark.start(), end, widest):
                continue
        else:
            while boundary < end and (text[boundary] in _END_MARKS or text[boundary] in _CLOSES):
                boundary += 1
            if added := _ADDED.match(text, boundary, end):
                boundary = added.end()
        yield cursor, boundary
        cursor = boundary
    yield cursor, end


def _quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Outermost spans between brackets that belong together, in order."""
    opened: list[tuple[int, str]] = []
    pairs: list[tuple[int, int]] = []
    for bracket in _BRACKET.finditer(text, start, end):
        position, mark = bracket.start(), bracket[0]
        if mark in _OPENS:
            opened.append((position, _OPENS[mark]))
            continue
        while opened and position - opened[0][0] > _MAX_QUOTATION:
            del opened[0]
        depth = next((i for i in range(len(opened) - 1, -1, -1) if opened[i][1] == _CLOSES[mark]), None)
        if depth is not None:
            first = opened[depth][0]
            del opened[depth:]
            while pairs and pairs[-1][0] > first:
                pairs.pop()
            pairs.append((first, position + 1))
    return pairs


def _closes_sentence(text: str, cursor: int, quotation: tuple[int, int], mark: int, end: int) -> bool:
    """Whether a bracket ends a sentence: it also began it, its mark is its last character, no と follows."""
    first, last = quotation
    opens_sentence = not text[cursor:first].strip()
    return (
        text[mark] != "\n"
        and not text[mark + 1 : last].strip("".join([*_CLOSES, _END_MARKS]))
        and opens_sentence
        and not (last < end and _GOES_ON.match(text, last))
        and not (last < end and text[last] in _OPENS)
    )


def _line_ends(text: str, cursor: int, line_end: int, end: int, widest: int) -> bool:
    """Whether the line break at `line_end` ends a sentence that began at `cursor`."""
    line_start = max(cursor, text.rfind("\n", cursor, line_end) + 1)
    following = _BLANK_LINE.match(text, line_end + 1, end)
    next_line = following.end() if following else line_end + 1
    if not text[cursor:line_end].strip() or _LIST_MARK.match(text, next_line):
        return True
    if following and _OPENER.match(text, next_line):
        return True
    line = text[line_start:line_end]
    if _UNFINISHED.search(line) or _GOES_ON.match(text, next_line):
        return False
    indented = text.startswith("　", next_line)
    return bool(following) or indented or _width(line) < max(_WRAPPED_WIDTH, widest * _WRAPPED_SHARE)


def _width(line: str) -> int:
    """Columns that a line takes: two for a full-width character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)
