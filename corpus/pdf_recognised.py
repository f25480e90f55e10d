"""Text that was recognised on a scanned page: its places are rough, so they are put in order first."""

from collections.abc import Sequence
from statistics import median

from corpus.pdf_lines import LATIN_EM, OVERLAP, WIDE, Fragment, fragments_of
from corpus.pdf_source import Char

CLOSE = 1.5  # of the height: a gap so small between recognised words of Japanese is none
BACK = 4.0  # of the height: a letter of the same line begins no further before the one it follows
STEP = 0.1  # of the height: at least so far behind it does it stand
LABEL, LABEL_CHARS = 1.2, 3  # of the height, from the last letter of a number that begins a line to its words
SAME = 0.3  # of the size: recognised lines whose sizes differ less are set in one size


def recognised_fragments(chars: Sequence[Char]) -> list[Fragment]:
    """Fragments of a page whose text layer comes from a scanner or from OCR.

    Recognisers part Japanese into words, type a space behind each, stretch letters to the box of their word,
    and measure each line's height anew.
    """
    fragments = fragments_of(_without_gaps(chars))
    for one in fragments:
        one.size = max(0.5, LATIN_EM * (one.x1 - one.x0 if one.upright else one.bottom - one.top))
    usual = median([one.size for one in fragments for _ in one.chars]) if fragments else 0.0
    for one in fragments:
        if abs(one.size - usual) < SAME * usual:
            one.size = usual
    return fragments


def _without_gaps(chars: Sequence[Char]) -> list[Char]:
    """Letters of one line next to each other, with spaces only between words of Latin letters and figures."""
    found: list[Char] = []
    start, space = 0, False
    for char in chars:
        if char[0].isspace():
            space = True
            continue
        if found and _on_one_line(found[-1], char):
            before = found[-1]
            x0 = max(char[1], before[1] + STEP * (before[4] - before[2]))
            char = (char[0], x0, char[2], max(x0, char[3]), char[4])
            found[-1] = _up_to(before, char)
            wide = WIDE.match(before[0]) or WIDE.match(char[0])
            if space and (not wide or _is_label(found[start:], char)):
                found[-1] = (*before[:3], before[1] + (x0 - before[1]) / 2, before[4])
                found.append((" ", found[-1][3], char[2], x0, char[4]))
        else:
            start = len(found)
        space = False
        found.append(char)
    return found


def _on_one_line(before: Char, char: Char) -> bool:
    height = min(before[4] - before[2], char[4] - char[2])
    shared = min(before[4], char[4]) - max(before[2], char[2])
    return shared > OVERLAP * height and char[1] > before[1] - BACK * height


def _is_label(line: Sequence[Char], char: Char) -> bool:
    """Whether a line is so far only the number of what follows: 1 総則."""
    before = line[-1]
    apart = char[1] - before[1] > LABEL * (before[4] - before[2])
    return apart and len(line) <= LABEL_CHARS and all(one[0].isdecimal() or one[0] in ".()" for one in line)


def _up_to(before: Char, char: Char) -> Char:
    """A letter that ends where the next one begins, unless there is a wide gap between them."""
    sign, x0, top, x1, bottom = before
    near = char[1] - x1 < CLOSE * (bottom - top)
    return (sign, x0, top, char[1] if near else x1, bottom)
