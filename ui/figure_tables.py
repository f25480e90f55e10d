"""The figures as tables: every amount, date and heading, drawn or not, with its sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Source
from corpus.amounts import format_yen_exact
from ui.figure_events import years_label
from ui.figure_view import View

ROWS = 50  # of a page
HIDDEN = ("sources", "yen", "years")  # said by other columns
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageOf:
    """Some rows of a table with the columns that say something; `number` from 1."""

    rows: Sequence[Row]
    columns: Sequence[str]
    number: int
    last: int


def page_of(rows: Sequence[Row], number: int) -> PageOf:
    """A page of the table, the last one where there are fewer."""
    last = max(1, -(-len(rows) // ROWS))
    number = min(number, last)
    columns = [
        name for name in (rows[0] if rows else {}) if name not in HIDDEN and any(row[name] for row in rows)
    ]
    return PageOf(rows[(number - 1) * ROWS : number * ROWS], columns, number, last)


def rows_of(chart: str, view: View) -> list[Row]:
    """The rows of a chart's table, by column heading; `sources` are (title, place, url)."""
    if chart == "budgets":
        return [
            {"名称": one.theme + (f"（{one.place}）" if one.place else ""), "種類": one.kind,
             "年度": years_label(one.years), "金額（原文）": one.printed, "金額（円）": format_yen_exact(one.yen),
             "備考": one.total, "sources": list(map(_source, one.sources)), "yen": one.yen, "years": one.years}
            for one in view.figures
        ]  # fmt: skip
    if chart == "schedules":
        return [
            {"名称": one.subject, "種類": one.kind, "年度": years_label(one.years), "時期（原文）": one.printed,
             "sources": list(map(_source, one.sources)), "years": one.years}
            for one in view.events
        ]  # fmt: skip
    title = view.tree_of.title if view.tree_of else ""
    return [
        {"区分": node.role, "名称": node.text, "深さ": str(node.depth) if node.role == "見出し" else "",
         "sources": [(title, f"{node.page}ページ" if node.page else "", node.url)]}
        for node in view.nodes
    ]  # fmt: skip


def _source(source: Source) -> tuple[str, str, str]:
    place = [*source.section[-1:], *([f"{source.page}ページ"] if source.page else [])]
    return source.title, "・".join(place), source.url


def table(rows: Sequence[Row]) -> Iterator[list[Any]]:
    """The rows below their names: amounts as numbers in yen, years in the Western calendar, sources' addresses."""
    shown = [
        name for name in (rows[0] if rows else {}) if name not in ("sources", "yen", "years", "金額（円）")
    ]
    figures = [name for name in ("yen", "years") if rows and name in rows[0]]
    names = {"yen": "金額_円", "years": "年度_西暦"}
    yield [*shown, *(names[name] for name in figures), "文書", "場所", "出典"]
    for row in rows:
        values = {**row, "years": " ".join(map(str, row.get("years", ())))}
        cited = [" | ".join(part) for part in zip(*row["sources"], strict=True)]
        yield [*(values[name] for name in (*shown, *figures)), *cited]
