"""Amounts as they may be put beside each other: one for each thing, kind, year and amount."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from assistant.answer import Source
from assistant.figure_sources import as_printed, spelled_out
from assistant.stated import Stated
from corpus.amounts import MONEY_UNITS, Amount, find_amounts, format_yen
from corpus.normalise import fold, narrow

# 合計, and 計 as a word or after a name of money; not 総合計画.
TOTAL = re.compile(
    r"(?:合計|総計|小計|累計)(?![画算器測])|総額|トータル(?=コスト|額|$)"
    r"|(?:^|[\s・()])計(?=$|[\s・()])|(?<=[費料金額税債入出])計(?=$|[\s・()])"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TELLING_DIGITS = 4  # an amount of so many is hardly equal to another by chance
MOST_PARTS = 60  # so many figures in a row are tried as the parts of a sum
HUNDRED_MILLION, TEN_THOUSAND = 10**8, 10**4


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount in yen of a theme. `place` tells it from others of its name, `total` says why it is no theme."""

    theme: str
    kind: str
    years: tuple[int, ...]
    yen: int
    sources: tuple[Source, ...]
    context: str = ""  # the headers of its row, which may say 約
    place: str = ""
    total: str = ""

    @property
    def group(self) -> str:
        """What it may be put beside: amounts of its kind that are of one year, or of several."""
        return f"{self.kind}（複数年度）" if len(self.years) > 1 else self.kind

    @property
    def printed(self) -> str:
        """As it stands in the document, with the unit of its table: 約7.2億円, 10,219（千円）."""
        found, unit = _printed(self.sources[0].quote, self.yen)
        return " ".join(found.printed.split()) + unit if found else format_yen(self.yen)

    @property
    def approximate(self) -> bool:
        """Whether the document says 約, beside the amount or above its column."""
        return as_printed(self.yen, self.sources[0].quote, self.context)[1]

    @property
    def label(self) -> str:
        """For a bar: rounded to 億円 with one decimal or 万円, with 約 where the document says it."""
        return ("約" if self.approximate else "") + rounded(self.yen)


def rounded(yen: int) -> str:
    """26101752000 -> 261.0億円, 10219000 -> 1,022万円, 9500 -> 9,500円; ▲ for minus."""
    size, sign = abs(yen), "▲" if yen < 0 else ""
    if size >= HUNDRED_MILLION:
        return f"{sign}{size / HUNDRED_MILLION:,.1f}億円"
    if size >= TEN_THOUSAND:
        return f"{sign}{size / TEN_THOUSAND:,.0f}万円"
    return format_yen(yen)


def figures(facts: Iterable[Stated]) -> list[Figure]:
    """The amounts that facts state, in the order of the documents; what is stated twice is there once."""
    read = [_figure(one) for one in facts if one.fact.amount_yen is not None]
    read.sort(key=lambda one: (one.sources[0].document_id, one.sources[0].start, _column(one)))
    return _in_order(_told_apart(_merged(_with_totals(read))))


def _column(one: Figure) -> int:
    """Where in its row an amount stands; facts of one row have the span of the row."""
    quote = narrow(one.sources[0].quote)
    wanted = {f"{abs(one.yen) // unit:,}" for unit in MONEY_UNITS.values() if one.yen % unit == 0}
    return next((match.start() for match in _NUMBER.finditer(quote) if match[0] in wanted), len(quote))


def _in_order(read: Sequence[Figure]) -> list[Figure]:
    """The figures of a theme together, by year; themes as they first come."""
    first: dict[tuple[str, str, str], int] = {}
    for at, one in enumerate(read):
        first.setdefault((same_name(one.theme), one.kind, one.place), at)
    return sorted(read, key=lambda one: (first[same_name(one.theme), one.kind, one.place], one.years))


def _figure(one: Stated) -> Figure:
    fact, yen = one.fact, one.fact.amount_yen or 0
    theme = " ".join(spelled_out(fact.subject, one.passage.section).split())
    total = "合計・小計" if TOTAL.search(narrow(theme)) else ""
    return Figure(
        theme, fact.kind, fact.fiscal_years, yen, (one.citation(),), one.passage.context, total=total
    )


@lru_cache(maxsize=4096)
def _printed(quote: str, yen: int) -> tuple[Amount | None, str]:
    """The amount as it stands there, and the unit that the table gives it."""
    for unit in ("", *MONEY_UNITS):
        for amount in find_amounts(quote, unit or None):
            if amount.yen == yen:
                return amount, f"（{unit}）" if unit and yen and "円" not in amount.printed else ""
    return None, ""


def _with_totals(read: Sequence[Figure]) -> list[Figure]:
    """Marks figures that are the sum of those that stand next to them."""
    sums: set[int] = set()
    order = sorted(range(len(read)), key=lambda at: (_series(read[at]), at))
    for _, members in groupby(order, key=lambda at: _series(read[at])):
        sums |= _sums(read, list(members))
    wholes = {
        (*_series(one), one.yen)
        for at, one in enumerate(read)
        if (one.total or at in sums) and len(str(abs(one.yen)).rstrip("0")) >= TELLING_DIGITS
    }
    marked = []
    for at, one in enumerate(read):
        alike = "合計と同額" if (*_series(one), one.yen) in wholes else ""
        total = one.total or ("前後の金額の和と同額" if at in sums else alike)
        marked.append(replace(one, total=total))
    return marked


def _series(one: Figure) -> tuple[str, str, tuple[int, ...]]:
    return one.sources[0].document_id, one.kind, one.years


def _sums(read: Sequence[Figure], places: list[int]) -> set[int]:
    """Those places whose amount is the sum of at least two that follow or precede; parts may be sums themselves."""
    found: set[int] = set()
    for step in (1, -1):
        for at in reversed(list(places)) if step == 1 else list(places):
            if at in places and (parts := _parts(read, places, places.index(at), step)):
                found.add(at)
                places = [place for place in places if place not in parts]
    return found


def _parts(read: Sequence[Figure], places: Sequence[int], at: int, step: int) -> set[int]:
    whole, summed, parts = read[places[at]].yen, 0, set[int]()
    beside = places[at + 1 : at + 1 + MOST_PARTS] if step == 1 else places[max(0, at - MOST_PARTS) : at][::-1]
    for place in beside:
        if read[place].yen < 0 or summed >= whole:
            break
        summed += read[place].yen
        parts |= {place}
    counted = [place for place in parts if read[place].yen]
    return parts if summed == whole and len(counted) > 1 else set()


def same_name(theme: str) -> str:
    """A theme without width, spaces and case."""
    return "".join(fold(theme).split())


def _merged(read: Sequence[Figure]) -> list[Figure]:
    """One figure for each theme, kind, years and amount; an undated one joins the only dated one of its amount."""
    dated: dict[tuple[str, str, int], set[tuple[int, ...]]] = {}
    for one in read:
        if one.years:
            dated.setdefault(_amount(one), set()).add(one.years)
    merged: dict[object, Figure] = {}
    for one in sorted(read, key=lambda one: not one.years):
        years = dated.get(_amount(one), set())
        only = next(iter(years)) if len(years) == 1 else ()
        key = (*_amount(one), one.years or only)
        first = merged.get(key)
        merged[key] = replace(first, sources=(*first.sources, *one.sources)) if first else one
    order = {id(one.sources[0]): at for at, one in enumerate(read)}
    return sorted(merged.values(), key=lambda one: order[id(one.sources[0])])


def _amount(one: Figure) -> tuple[str, str, int]:
    return same_name(one.theme), one.kind, one.yen


def _told_apart(merged: Sequence[Figure]) -> list[Figure]:
    """A theme of several documents says of which; one with several amounts of a year says where each stands."""
    common: dict[tuple[str, str], set[str]] = {}
    for one in merged:
        theme = (same_name(one.theme), one.kind)
        documents = {source.document_id for source in one.sources}
        common[theme] = common.get(theme, documents) & documents
    amounts = Counter((same_name(one.theme), one.kind, one.years, _title(one, common)) for one in merged)
    told = []
    for one in merged:
        title = _title(one, common)
        several = amounts[same_name(one.theme), one.kind, one.years, title] > 1
        place = "・".join(part for part in (title, _place(one) if several else "") if part)
        told.append(replace(one, place=place))
    return told


def _title(one: Figure, common: Mapping[tuple[str, str], set[str]]) -> str:
    """The document's title where no document states all that is said under the name."""
    return "" if common[same_name(one.theme), one.kind] else one.sources[0].title


def _place(one: Figure) -> str:
    """The heading and page that a figure stands under."""
    source = one.sources[0]
    heading = next((name for name in reversed(source.section) if same_name(name) != same_name(one.theme)), "")
    page = f"{source.page}ページ" if source.page else ""
    return "・".join(part for part in (heading, page) if part)
