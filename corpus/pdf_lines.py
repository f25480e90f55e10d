"""Characters on a page to fragments (what is set together on one line), fragments to the text of a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.pdf_source import Char

# Gaps in em: beyond WORD there is a space between words, beyond FRAGMENT another fragment begins.
WORD, LATIN_WORD, FRAGMENT = 0.45, 0.18, 1.0
WIDE_SPACE = 0.6  # more, where the file prints an ideographic space: 第１章　総則
BACK = 0.4  # a character begins no further before the end of the one it follows
SAME_TYPE = 0.75  # of the height: letters of one word differ no more
STACKED = 0.45  # a character so near below another is set upright
SPREAD = 8.0  # letters of a word are spread out (面　　　積) no further than this
EVEN = 1.35  # and their gaps are even within this factor
OVERLAP = 0.5  # of the smaller height: two fragments stand on one line
SAME_PLACE = 1.0  # points: a text painted again so near is bold print, not a repetition
LATIN_EM = 0.85  # the line of a Latin font is so much higher than its em
MARK, MARK_CHARS = 0.85, 4  # marks of notes are smaller than this, compared with their word
SAMPLE = 16  # characters that tell the size of a fragment
NEAR = 3  # fragments drawn before or after
RUBY = 0.65  # readings are smaller than this, compared with the text below them
WIDE = re.compile(r"[\u2e80-\u303e\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6]")
LETTER = re.compile(r"[一-龠々ぁ-んァ-ヶー０-９（）()]")
_WORD = re.compile(r"[一-龠々ぁ-んァ-ヶー]")
KANA = re.compile(r"[ぁ-んァ-ヶー・\s]+")


@dataclass(slots=True)
class Fragment:
    """Characters next to each other.

    `order` is its place in the content stream, `size` the em in points, `middle` where its line stands;
    `figures` says that most of it are digits.
    """

    chars: list[Char]
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    order: int
    upright: bool
    middle: float
    figures: bool


def fragments_of(chars: Iterable[Char]) -> list[Fragment]:
    """Fragments in the order of the content stream, each only once, without the readings of ruby."""
    found: list[Fragment] = []
    seen: dict[str, list[Fragment]] = {}
    for run, upright in _runs(chars):
        made = _fragment(run, len(found), upright)
        others = seen.setdefault(made.text, [])
        if not any(
            abs(one.x0 - made.x0) < SAME_PLACE and abs(one.top - made.top) < SAME_PLACE for one in others
        ):
            others.append(made)
            found.append(made)
    _raise_marks(found)
    return _without_ruby(found)


def _raise_marks(fragments: list[Fragment]) -> None:
    """A mark set small and high beside a word (政府保証†) stands on the line of that word."""
    for index, mark in enumerate(fragments):
        if len(mark.chars) > MARK_CHARS:
            continue
        near = fragments[max(0, index - NEAR) : index] + fragments[index + 1 : index + NEAR + 1]
        for other in near:
            beside = min(abs(mark.x0 - other.x1), abs(other.x0 - mark.x1)) < other.size / 2
            if beside and mark.size < MARK * other.size and other.top <= mark.middle <= other.bottom:
                mark.middle = other.middle
                break


def _runs(chars: Iterable[Char]) -> Iterator[tuple[list[Char], bool]]:
    """(characters, whether they are set upright)."""
    run: list[Char] = []
    upright, space = False, ""
    _, _, top, end, bottom = before = ("", 0.0, 0.0, 0.0, 0.0)
    for char in chars:
        sign, x0, y0, x1, y1 = char
        if sign.isspace():
            space = sign
            continue
        reach = FRAGMENT + WIDE_SPACE if space == "　" else FRAGMENT
        height = bottom - top if y0 == top and y1 == bottom else _shared_height(before, char)
        if run and not upright and -BACK * height < x0 - end < reach * height:
            if space:
                run.append((space, end, y0, x0, y1))
            run.append(char)
        elif run and (upright or len(run) == 1) and _is_below(before, char):
            run.append(char)
            upright = True
        else:
            yield from _checked(run, upright)
            run, upright = [char], False
        before, space, top, end, bottom = char, "", y0, x1, y1
    yield from _checked(run, upright)


def _checked(run: list[Char], upright: bool) -> Iterator[tuple[list[Char], bool]]:
    """What was taken for upright text must be words: else it is a column of single characters."""
    if not run:
        return
    if upright and sum(1 for char in run if LETTER.match(char[0]) and not char[0].isdecimal()) < 3:
        yield from (([char], False) for char in run)
    else:
        yield run, upright


def _shared_height(before: Char, char: Char) -> float:
    """Height of the smaller of two characters that can stand on one line, 0 where they do not."""
    height, other = before[4] - before[2], char[4] - char[2]
    smaller = min(height, other)
    shared = min(before[4], char[4]) - max(before[2], char[2])
    if shared <= OVERLAP * smaller or smaller < SAME_TYPE * max(height, other):
        return 0.0
    return smaller


def _is_below(before: Char, char: Char) -> bool:
    em = max(before[3] - before[1], 1.0)
    aligned = abs((before[1] + before[3]) - (char[1] + char[3])) / 2 < 0.35 * em
    return aligned and before[2] < char[2] and -0.35 * em < char[2] - before[4] < STACKED * em


def _fragment(run: list[Char], order: int, upright: bool) -> Fragment:
    signs, lefts, tops, rights, bottoms = zip(*run, strict=True)
    x0, x1 = (min(lefts), max(rights)) if upright else (lefts[0], rights[-1])
    top, bottom = min(tops), max(bottoms)
    text = "".join(signs)
    figures = 2 * sum(map(str.isdigit, text)) >= len(run)
    return Fragment(
        run, text, x0, top, x1, bottom, _em(run, text), order, upright, (top + bottom) / 2, figures
    )


def _em(chars: Sequence[Char], text: str) -> float:
    """Size of the type in points: the advance of a wide character, else the height of the line."""
    wide = (chars[match.start()] for match in WIDE.finditer(text, 0, SAMPLE))
    widths = [round(2 * (char[3] - char[1])) for char in wide]
    if widths and (common := max(widths, key=widths.count)):
        return common / 2
    heights = sorted([char[4] - char[2] for char in chars])
    return max(0.5, LATIN_EM * (heights[(len(heights) - 1) // 2] + heights[len(heights) // 2]) / 2)


def _without_ruby(fragments: list[Fragment]) -> list[Fragment]:
    largest = max((one.size for one in fragments), default=0.0)
    small = [one for one in fragments if one.size < RUBY * largest and KANA.fullmatch(one.text)]
    readings = {
        id(one)
        for one in small
        if not one.upright and any(_reads(one, other) for other in fragments if other.size * RUBY > one.size)
    }
    return [one for one in fragments if id(one) not in readings] if readings else fragments


def _reads(small: Fragment, large: Fragment) -> bool:
    over = -0.6 * small.size < large.top - small.bottom < 0.4 * large.size
    return over and large.x0 - small.size < small.x0 and small.x1 < large.x1 + small.size


def rows_of(fragments: Iterable[Fragment]) -> list[list[Fragment]]:
    """Fragments line by line from the top, each line from the left."""
    rows: list[list[Fragment]] = []
    for one in sorted(fragments, key=lambda fragment: fragment.middle):
        height = min(one.size, rows[-1][0].size) if rows else 0
        if rows and abs(one.middle - rows[-1][0].middle) < OVERLAP * height:
            rows[-1].append(one)
            if one.size > rows[-1][0].size:  # the largest type tells where the line stands
                rows[-1][0], rows[-1][-1] = rows[-1][-1], rows[-1][0]
        else:
            rows.append([one])
    return [sorted(row, key=lambda fragment: fragment.x0) for row in rows]


def text_of(row: Sequence[Fragment]) -> str:
    """The text of one line. Letters that are spread out belong together; other wide gaps become spaces."""
    if row[0].upright:
        return "".join(char[0] for fragment in row for char in fragment.chars)
    em = max(fragment.size for fragment in row)
    if any(after.x0 < before.x1 - em / 2 for before, after in pairwise(row)):
        return " ".join(dict.fromkeys(_line(_once(layer, em), em) for layer in _layers(row, em)))
    return _line([char for fragment in row for char in fragment.chars], em)


def _layers(row: Sequence[Fragment], em: float) -> list[list[Char]]:
    """Fragments that lie over each other, in the order they are drawn, as lines that do not."""
    layers: list[list[Fragment]] = []
    for one in sorted(row, key=lambda fragment: fragment.order):
        free = (
            layer
            for layer in layers
            if all(one.x0 > other.x1 - em / 2 or one.x1 < other.x0 + em / 2 for other in layer)
        )
        layer = next(free, None)
        if layer is None:
            layers.append([one])
        else:
            layer.append(one)
    ordered = (sorted(layer, key=lambda fragment: fragment.x0) for layer in layers)
    return [[char for fragment in layer for char in fragment.chars] for layer in ordered]


def _line(chars: Sequence[Char], em: float) -> str:
    printed = [char for char in chars if not char[0].isspace()]
    gaps = [(after[1] - before[3]) / em for before, after in pairwise(printed)]
    parts = [char[0] for char in printed]
    wide = [index for index, gap in enumerate(gaps) if gap > LATIN_WORD]
    typed = _typed_spaces(chars) if len(printed) < len(chars) else {}
    if wide or typed:
        joined = _spread_out(printed, gaps) if wide else set()
        for index in set(wide) | set(typed):
            if index not in joined and index < len(gaps):
                space = _space(gaps[index], parts[index], printed[index + 1][0], typed.get(index, ""))
                parts[index] += space
    return "".join(parts)


def _once(chars: Sequence[Char], em: float) -> list[Char]:
    """Characters of fragments that lie over each other, those painted twice for weight only once."""
    found: list[Char] = []
    for char in sorted(chars, key=lambda one: one[1]):
        near = (one for one in found[-4:] if char[1] - one[1] < em / 4)
        if not any(one[0] == char[0] for one in near):
            found.append(char)
    return found


def _typed_spaces(chars: Sequence[Char]) -> dict[int, str]:
    """Spaces of the file by the index of the printed character before them."""
    found, index = {}, -1
    for char in chars:
        if char[0].isspace():
            found[index] = char[0]
        else:
            index += 1
    return found


def _space(gap: float, before: str, after: str, typed: str) -> str:
    before = before[-1]
    latin = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    if typed and (gap > LATIN_WORD or latin):
        return typed
    if gap > 2 * FRAGMENT:
        return "　"
    return " " if gap > (LATIN_WORD if latin else WORD) else ""


def _spread_out(printed: Sequence[Char], gaps: Sequence[float]) -> set[int]:
    """Indexes of the gaps between letters that are spread out evenly: 歳　入　合　計, 面　　　積."""
    if min(gaps) > WORD and max(gaps) <= EVEN * min(gaps) and all(_WORD.match(one[0]) for one in printed):
        return set(range(len(gaps)))  # nothing else stands on the line
    found: set[int] = set()
    start = 0
    while start < len(gaps):
        if not WORD < gaps[start] <= SPREAD:
            start += 1
            continue
        end = start
        if start == 0 and printed[0][0].isdecimal():  # １　総　括 has a number before it
            start = end = 1
        while end < len(gaps) and WORD < gaps[end] <= SPREAD and _is_spread(printed, gaps, start, end):
            end += 1
        alone = start == 0 or gaps[start - 1] > EVEN * gaps[min(start, len(gaps) - 1)]
        followed = end < len(gaps) and gaps[end] <= WORD
        if end - start >= 2 or (end - start == 1 and alone and not followed and start == 0):
            found |= set(range(start, end))
        start = max(end, start + 1)
    return found


def _is_spread(printed: Sequence[Char], gaps: Sequence[float], start: int, at: int) -> bool:
    if not (LETTER.match(printed[at][0]) and LETTER.match(printed[at + 1][0])):
        return False
    first = gaps[start]
    return max(first, gaps[at]) <= EVEN * min(first, gaps[at])
