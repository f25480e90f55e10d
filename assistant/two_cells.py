"""Two cells of one row, where a question asks for both: the 期間 and the 限度額 of what a city commits itself to."""

import re
from collections.abc import Sequence

from assistant.cells import FIRST, row_name, said_part
from assistant.draft import Draft, DraftSentence, quote_all
from assistant.question import Ask
from assistant.table_cells import NUMBER, UNIT, is_of_year, pairs_of, unit_of_row
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit

BOTH = re.compile(
    r"(?:の|[、は,]|[0-9]年度?)(?P<one>[^のと、。はがを\s]{2,12})と、?(?:[^、。とは]{1,8}の)?(?P<other>[^のと、。はがを\s]{2,12}?)"
    r"(?:それぞれ|[をはが?？]|って|について|$)"
)
CAPTION_UNIT = re.compile(r"単位[:：\s　]*([^\s、()（）]{1,4})[)）、]")


def answer(ask: Ask, hits: Sequence[Hit]) -> Draft | None:
    """A sentence with both cells of the row that the question names; None where no row has both, or several do."""
    asked = None if ask.computes else BOTH.search(fold(ask.text))
    if asked is None:
        return None
    found: dict[tuple[str, ...], DraftSentence] = {}
    for hit in hits[:FIRST]:
        pairs = pairs_of(hit) if hit.passage.kind == "row" else []
        name = row_name(ask, [cell for _, cell in pairs])
        values = [_cell(ask, hit, pairs, part) for part in asked.groups()] if name else []
        told = tuple(value for value in values if value)
        if len(told) == len(asked.groups()) == len(set(told)):
            found[told] = DraftSentence(f"「{name}」の{'、'.join(told)}です。", (quote_all(hit),))
    return Draft(tuple(found.values())) if len(found) == 1 else None


def _cell(ask: Ask, hit: Hit, pairs: Sequence[tuple[str, str]], part: str) -> str:
    """期間は令和9年度から: the cell below the header that the question says, of its year; nothing without its unit."""
    below = [
        (header, value)
        for header, value in pairs
        if value and said_part(header) == part and (not ask.years or _is_of_years(ask, header))
    ]
    if len(below) != 1:
        return ""
    header, value = below[0]
    label = UNIT.sub("", header) if find_years(header) else part
    if not NUMBER.fullmatch(value):
        return f"{label}は{value}"
    caption = CAPTION_UNIT.search("\n".join([hit.passage.context, *hit.passage.section]))
    unit = unit_of_row(pairs, header, []) or (caption[1] if caption else "")
    return f"{label}は{value}{unit}" if unit else ""


def _is_of_years(ask: Ask, header: str) -> bool:
    return not find_years(header) or any(is_of_year(year, header) for year in ask.years)
