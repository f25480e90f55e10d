"""The same of every item: 各テーマの予算, WGごとの役割, 款別の金額. A column of a table, or the figures of a list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.candidates import best_candidates
from assistant.draft import Draft, DraftSentence, quote_all, quote_span
from assistant.figure_choice import ENOUGH as FIGURES_ENOUGH
from assistant.figure_choice import alike
from assistant.figure_filters import Figure, admitted, year_fits
from assistant.figure_fit import best
from assistant.figure_sources import ROUNDED_HEADER
from assistant.figures import stated_sentence
from assistant.listings import MAX_ITEMS, Place, listings_near
from assistant.lists import counted, item_in_full
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.scope import NEAR_HITS
from assistant.table_cells import NUMBER, UNIT, is_of_year, pairs_of, unit_of_row
from corpus.amounts import find_amounts, unit_of
from corpus.document import Fact
from corpus.normalise import fold
from corpus.tables import row_headers
from corpus.wareki import find_years
from index.chinese import in_japanese
from index.search import Hit
from index.tokens import LABEL, label_tokens, token_set

ENOUGH = 0.45  # share of the question that the table with its headings must say
MOST = 0.6  # of the rows are named as items of the category asked for
ALL = "各 毎 別 それぞれ 一覧 全部 each every"  # say that every item is meant, and nothing of which
NOUN = r"[一-鿿ァ-ヶーA-Za-z]"
CATEGORY = re.compile(
    rf"各({NOUN}{{1,12}})|({NOUN}{{1,12}}?)(?:別|ごと|毎)(?:の|に|で)|({NOUN}{{2,12}})の?それぞれの?"
    rf"|それぞれの({NOUN}{{1,12}})|(?:すべて|全て|全部)の({NOUN}{{1,12}})|\b(?:each|every) ([a-z]+)"
    r"|[每毎各][个個箇]([一-鿿]{1,6}?)的|각 ?([가-힣]+?)(?:의|별)"
)
PARTS = re.compile(r"[\s・／/、]+")  # of a header: 予算 決算額, 目標・成果
YEAR = re.compile(r"(?:\d{4}|(?:令和|平成)(?:\d+|元))年度?の?")
MONEY_OR_NAME = re.compile(r"[金総]?額|予算額?|費用|[名題人氏]称?名?前?|もの|項目|内容|値")
OF_TIME = re.compile(r"(?:年度?|月|日|回|種|自|位)$")


@dataclass(frozen=True, slots=True)
class Column:
    """What a table says of each of its items: rows in order with the name and the value of each."""

    rows: tuple[Hit, ...]
    names: tuple[str, ...]
    values: tuple[str, ...]
    share: float


def applies(ask: Ask) -> bool:
    """Whether the same is asked of every item of a category."""
    return _category(ask) is not None and not ask.labels and not ask.computes


def _category(ask: Ask) -> str | None:
    """テーマ of 「テーマ別の予算」; None where years are meant, or a word that only asks: それぞれの名称."""
    found = CATEGORY.search(in_japanese(ask.text))
    category = next(filter(None, found.groups())) if found else ""
    return None if not category or OF_TIME.search(category) or MONEY_OR_NAME.fullmatch(category) else category


def answer(
    ask: Ask,
    hits: Sequence[Hit],
    places: Mapping[str, Place],
    figures: Sequence[Figure],
    relevance: Relevance,
) -> Draft | None:
    """A line for each item of the table that fits best, else for each figure of a labelled list, else None."""
    category = fold(_category(ask) or "")
    relevance = relevance.without(token_set(ALL))
    tables: dict[tuple[str, ...], Column] = {}
    for hit in hits:
        if hit.passage.kind != "row" or hit.passage.document_id not in places:
            continue
        key = (hit.passage.document_id, *hit.passage.section, str(row_headers(hit.passage)))
        if key not in tables and (
            column := _column(ask, category, hit, places[hit.passage.document_id], relevance)
        ):
            tables[key] = column
    if tables:
        column = max(tables.values(), key=lambda one: (one.share, len(one.rows)))
        return Draft(
            (
                DraftSentence(counted(len(column.rows)), ()),
                *(
                    DraftSentence(f"・{name}：{value}", (quote_all(row),), _facts(row, value, figures))
                    for row, name, value in zip(column.rows, column.names, column.values, strict=True)
                ),
            )
        )
    if ask.wants_any(Want.AMOUNT):
        return _of_figures(ask, figures, relevance)
    return _of_sections(ask, category, hits, places, relevance) or _of_list(ask, category, hits, places)


def _facts(row: Hit, value: str, figures: Sequence[Figure]) -> tuple[Fact, ...]:
    """The facts of a row whose amount its line tells."""
    told = {amount.yen for amount in find_amounts(value)}
    return tuple(
        figure.fact for figure in figures if figure.yen in told and figure.fact.passage_id == row.passage.id
    )


def _of_sections(
    ask: Ask, category: str, hits: Sequence[Hit], places: Mapping[str, Place], relevance: Relevance
) -> Draft | None:
    """The best sentence below each of the headings that name the items, where every one has one."""
    asked = set(ask.terms) - token_set(f"{category} {ALL}")
    said: dict[tuple[str, tuple[str, ...]], DraftSentence] = {}
    for one in best_candidates(ask, hits, relevance):
        path = one.hit.passage.section
        named = next((path[: depth + 1] for depth, name in enumerate(path) if category in fold(name)), None)
        if named and named[-1] != one.text and asked & token_set(one.text):
            quote = quote_span(one.hit, one.start, one.end)
            line = DraftSentence(f"・{named[-1]}：{' '.join(quote.text.split())}", (quote,))
            said.setdefault((one.hit.passage.document_id, named), line)
    for document, place in places.items():
        groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for section in place.sections:
            if section.path and category in fold(section.path[-1]):
                groups.setdefault(section.path[:-1], []).append(section.path)
        for paths in groups.values():
            if 1 < len(paths) <= MAX_ITEMS and all((document, path) in said for path in paths):
                lines = (said[document, path] for path in paths)
                return Draft((DraftSentence(counted(len(paths)), ()), *lines))
    return None


def _of_list(ask: Ask, category: str, hits: Sequence[Hit], places: Mapping[str, Place]) -> Draft | None:
    """The items in full of a list of such items that says something of what is asked."""
    asked = set(ask.terms) - token_set(f"{category} {ALL}")
    for hit in hits[:NEAR_HITS]:
        place = places[hit.passage.document_id]
        for listing in listings_near(place, hit):
            texts = [place.text[item.start : item.end] for item in listing.items]
            of_kind = sum(category in fold(item.name) for item in listing.items) >= MOST * len(texts)
            told = any(len(text) > len(item.name) for text, item in zip(texts, listing.items, strict=True))
            if (
                of_kind
                and told
                and (not asked or asked & token_set(" ".join([listing.introduction, *texts])))
            ):
                lines = (item_in_full(item, hit, place, "・") for item in listing.items)
                return Draft((DraftSentence(counted(len(texts)), ()), *lines))
    return None


def _of_figures(ask: Ask, figures: Sequence[Figure], relevance: Relevance) -> Draft | None:
    """The figures of the labelled list that the question is about; those that have none are not in it."""
    figures = admitted(ask, figures)
    labelled = [one for one in figures if label_tokens(one.fact.subject) and year_fits(ask, one, figures)]
    top = best(ask, labelled, relevance, FIGURES_ENOUGH)
    listed = alike(labelled, top) if top else []
    if len(listed) < 2:
        return None
    return Draft(
        (
            DraftSentence(f"金額が書かれているのは{counted(len(listed))}", ()),
            *(stated_sentence(ask, figure) for figure in listed),
        )
    )


def _column(ask: Ask, category: str, hit: Hit, place: Place, relevance: Relevance) -> Column | None:
    """The column of a row's table that the question asks for of each item of the category."""
    caption, headers = row_headers(hit.passage)
    rows = tuple(
        Hit(one, hit.source, hit.title, hit.score)
        for one in place.rows
        if one.section == hit.passage.section and row_headers(one) == (caption, headers)
    )
    cells = [[cell for _, cell in pairs_of(row)] for row in rows]
    if not 1 < len(rows) <= MAX_ITEMS or not all(len(line) == len(headers) for line in cells):
        return None
    around = f"{caption}\n{hit.source}\n{hit.title}\n{' '.join(hit.passage.section)}"
    named = _name_column(category, headers, cells, around, relevance)
    if named is None:
        return None
    columns = [
        number
        for number in range(len(headers))
        if number != named and _is_of_years(ask, headers[number], around)
    ]
    if ask.wants_any(Want.AMOUNT):
        columns = [number for number in columns if _is_money(headers[number], caption, cells, number)]
    parts = {number: _parts_asked(ask, headers[number]) for number in columns}
    most = max(parts.values(), default=0)
    asked = [number for number, many in parts.items() if many == most]
    if not most and (len(asked) > 1 or not ask.wants_any(Want.AMOUNT)):
        return None
    said = token_set(f"{around} {' '.join(headers)} {category}")
    share = relevance.share(said)
    if not asked or share < ENOUGH:
        return None
    names = tuple(_name(line, named) for line in cells)
    values = tuple(
        "、".join(_value(row, caption, headers, number, len(asked) > 1) for number in asked) for row in rows
    )
    return Column(rows, names, values, share) if len(set(names)) == len(names) else None


def _name_column(
    category: str, headers: Sequence[str], cells: Sequence[Sequence[str]], around: str, relevance: Relevance
) -> int | None:
    """The column that names the items: headed by the category, or made of such names, or the first with words."""
    for number, header in enumerate(headers):
        if _says(category, header, relevance):
            return number
    for number in range(len(headers)):
        if sum(fold(line[number]).endswith(category) for line in cells) >= MOST * len(cells):
            return number
    words = (number for number in range(len(headers)) if all(_is_name(line[number]) for line in cells))
    return next(words, None) if _says(category, around, relevance) else None


def _is_name(cell: str) -> bool:
    """Whether a cell is more than a mark or a figure."""
    return len(LABEL.sub("", cell).strip()) > 1 and not NUMBER.fullmatch(cell)


def _says(category: str, text: str, relevance: Relevance) -> bool:
    """Whether a text says the category, or another word for that of another language."""
    known = relevance.share(token_set(category)) > 0
    return category in fold(text) or (known and relevance.names(token_set(category), token_set(text)))


def _is_of_years(ask: Ask, header: str, around: str) -> bool:
    """Whether a column is of the year that the question says, by its header or else by what stands around the table."""
    if not ask.years:
        return True
    said = find_years(header) or find_years(around)
    return any(span.first <= year <= span.last for span in said for year in ask.years)


def _parts_asked(ask: Ask, header: str) -> int:
    """How many parts of a header the question says: 令和7年度の予算額 has two of 令和7年度 予算額."""
    parts = (fold(YEAR.sub("", UNIT.sub("", part))) for part in PARTS.split(header))
    words = sum(part in fold(ask.text) or token_set(part) <= set(ask.terms) for part in parts if part)
    return words + (bool(ask.years) and is_of_year(ask.years[0], header))


def _is_money(header: str, caption: str, cells: Sequence[Sequence[str]], number: int) -> bool:
    """Whether a column holds amounts of money."""
    unit = unit_of(header) or unit_of(caption)
    return any(find_amounts(line[number]) or (unit and NUMBER.fullmatch(line[number])) for line in cells)


def _name(line: Sequence[str], named: int) -> str:
    """The name of an item with the mark in the column before it: ① さいたま市の…"""
    mark = line[named - 1] if named and LABEL.fullmatch(line[named - 1]) else ""
    return f"{mark}{line[named]}"


def _value(row: Hit, caption: str, headers: Sequence[str], number: int, several: bool) -> str:
    """A cell with its unit, and its header where several columns are told."""
    header, value = headers[number], pairs_of(row)[number][1]
    if NUMBER.fullmatch(value):
        about = "約" if ROUNDED_HEADER.search(header) else ""
        value = f"{about}{value}{unit_of_row(pairs_of(row), header, ()) or unit_of(caption) or ''}"
    return f"{header.split()[-1]} {value}" if several else value
