"""Single lines in their place: which of them stand as headings above a text, and which are items or rows."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from corpus.lines import Line
from corpus.nesting import OUTER_STYLES
from corpus.numbering import FIGURES_ONLY, is_caption, is_headline

BULLET = "■:"
# These may as well label list items, whose body may follow a colon on the same line.
_ITEM_STYLES = {"1", "(1)", "1)", "①", "ア", "(ア)", "ⅰ", "a", "(a)", "A"}
BRACKETED = re.compile(r"\([^()]*\)")
_LETTER = re.compile(r"[^\W\d_]")
_SUM_AT_END = re.compile(r"\s[\d,△▲-]+$")
_CLAUSE = re.compile(r"[:：]|[がはをりてし]、|[をにはがでて]$")
_QUOTED = re.compile(r"「[^」]*」")
_QUESTION_END = re.compile(r"(?:[か?]|ください|[はとの])。?$")

_HEADING_CHARS = 60
_QUESTION_CHARS = 150
_ARTICLE_CHARS = 20
_PLAIN_CHARS = 45
_BULLET_SHARE = 0.6  # of the lines with a bullet, where it marks headings


def heading_bullets(lines: Sequence[Line]) -> set[str]:
    """The bullets that mark headings rather than items: mostly short lines with a text below."""
    uses: dict[str, list[bool]] = defaultdict(list)
    for line, after in pairwise(lines):
        if line.style.startswith(BULLET):
            uses[line.style].append(leads_to_text(line, after))
    return {style for style, leads in uses.items() if sum(leads) >= _BULLET_SHARE * len(leads)}


def leads_to_text(line: Line, after: Line | None) -> bool:
    """Whether a line with a bullet is worded as a heading and a text, a question or an article follows."""
    return bool(
        after
        and after.style != line.style
        and is_headline(line.rest, _HEADING_CHARS)
        and (after.is_body or after.style in ("()", "条", "問"))
    )


def is_numbered_heading(line: Line, before: Line | None, after: Line | None) -> bool:
    """Whether a numbered line is a heading: worded as one, no row of figures, no item among its like."""
    longest = _QUESTION_CHARS if line.style == "問" else _HEADING_CHARS
    if len(line.text) > longest or is_caption(line.text) or not _is_worded_as_heading(line):
        return False
    if line.style in _ITEM_STYLES and re.search(r":\s*\S", BRACKETED.sub("", line.rest)):
        return False
    if line.style == "条" and ("、" in line.rest or len(line.rest) > _ARTICLE_CHARS):
        return False
    if after and len(line.rest) == 1 == len(after.text):
        return False  # letters of a word that is set upright
    if line.style == "1" and _is_table_row(line, after):
        return False
    siblings = ((before, line.number - 1), (after, line.number + 1))
    return not any(
        other and other.style == line.style and other.number in (number, line.number)
        for other, number in siblings
    )


def _is_worded_as_heading(line: Line) -> bool:
    rest = line.rest
    if line.style == "問":
        return is_headline(rest, _HEADING_CHARS) or _QUESTION_END.search(rest) is not None
    if line.style in ("【】", "<>"):
        return len(_LETTER.findall(rest)) > 1
    if rest.startswith("(") and line.style in OUTER_STYLES:
        return "。" not in rest
    return not rest or is_headline(rest, _HEADING_CHARS)


def _is_table_row(line: Line, after: Line | None) -> bool:
    """A row of a budget table that was put into the text: 款 number, name and sum on one line or two."""
    return bool(
        _SUM_AT_END.search(line.text) or (after and after.text and FIGURES_ONLY.fullmatch(after.text))
    )


def is_title_below(line: Line, after: Line) -> bool:
    """Whether a line is only a number, 第１章, and the next one its title."""
    alone = line.style in OUTER_STYLES and line.number and not line.rest
    return bool(alone and not (after.style or after.is_body) and is_headline(after.text, _PLAIN_CHARS))


def is_plain_heading(line: Line, before: Line | None, after: Line | None) -> bool:
    """A short line without number between long paragraphs."""
    return bool(
        before
        and after
        and is_headline(line.text, _PLAIN_CHARS)
        and not _CLAUSE.search(_QUOTED.sub("", line.text))
        and (before.style or before.is_body or is_caption(before.text))
        and not after.style
        and "。" in after.text
        and len(after.text) >= 1.5 * len(line.text)
    )
