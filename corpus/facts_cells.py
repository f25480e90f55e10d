"""Facts of table cells that hold one amount: row header × column header × unit."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from corpus.amounts import MONEY_UNITS, find_amounts, unit_of
from corpus.document import Cell, Table
from corpus.facts_around import Around, Found, cut
from corpus.facts_columns import (
    TARGET,
    UNIT_NOTE,
    Column,
    cell_years,
    column_of,
    counts_things,
    is_time,
    plain_label,
    table_name,
)
from corpus.facts_lines import column_kind, with_column
from corpus.grid_headers import is_figure
from corpus.normalise import narrow
from corpus.statements import event_in
from corpus.tables import Row, rows_of

# A row label that says nothing without its table: 計, 事業費計, 一般財源, 国庫支出金.
_PART_OF_A_SUM = re.compile(
    r"(?:合|小|総|差引)?計|.*(?:費計|財源|支出金|債|その他|トータルコスト.*)|区分|金額|本年度|前年度|比較"
)
# A cell that says that there is nothing to say names no subject.
_NOT_STATED = re.compile(r"記載なし$|^(?:なし|未定|不明|同上|〃|[-－―–ー…*＊]+)$")
_FUND = re.compile(r"一般財源|国庫支出金|県支出金")
_AVERAGE = re.compile(r"平均|月額|日額|単価|初任給|[1一]人当たり|あたり")
_NOTE = re.compile(r"\([^()]*\)$")
_WITHIN = re.compile(r"^[(（]?\s?うち[^()（）\d]*[)）]?\s?(?=[\d△▲])")
_DESCRIPTION = 60
_WHEN = re.compile(r"時期|年月日?|日付|日程|期日|日時|年度?|年次|年月")
_OPEN = ("から", "より")  # a period that the next row ends


def in_table(text: str, table: Table, around: Around, above: str = "") -> Iterator[Found]:
    """Facts of the cells of one table; `above` is the line before it, which may state the unit."""
    unit = (
        table.unit
        or unit_of(table.caption)
        or unit_of(above)
        or _stated_in_header(text, table)
        or around.unit
    )
    if unit is not None and unit not in MONEY_UNITS:
        unit = None
    priced = unit is not None or "円" in text[table.start : table.end]
    funding = any(_FUND.search(text[cell.start : cell.end]) for cell in table.cells if cell.column == 0)
    columns = lru_cache(maxsize=None)(lambda header: column_of(header, around))
    label_above: Callable[[], str] = str
    for row in rows_of(text, table):
        of_cells = [columns(header) for header in row.headers]
        if priced or any(column.event for column in of_cells) or _WHEN.fullmatch(row.headers[0]):
            of_merged = [columns(header) for header in row.merged_headers]
            reader = _Reader(text, row, table.caption, unit, around, priced, funding, label_above)
            yield from reader.facts(of_cells, of_merged)
            if row.cells[0].column == 0:
                label_above = partial(reader.name, of_cells, of_merged)


def _stated_in_header(text: str, table: Table) -> str | None:
    """The unit that the corner of a table states for all of it: 事業（単位：百万円）."""
    corner = (
        text[cell.start : cell.end]
        for cell in table.cells
        if cell.row < table.header_rows and not cell.column
    )
    return next((unit_of(said) for said in corner if "単位" in said), None)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One body row, with what it needs of its table."""

    text: str
    row: Row
    caption: str
    unit: str | None
    around: Around
    priced: bool
    funding: bool  # the rows say where the money comes from
    label_above: Callable[[], str]

    def facts(self, columns: Sequence[Column], merged: Sequence[Column]) -> Iterator[Found]:
        """The amounts of the row, each with its column."""
        yield from self._times(columns, merged)
        unit = self._row_unit(columns)
        amounts = [] if unit == "" or not self.priced else list(self._amounts(columns, unit))
        if not amounts:
            return
        labels = self._before(amounts[0][0].column, columns, merged)
        name, years = self._label(labels)
        of_years = any(is_time(narrow(said)) and not column.event for said, column in labels)
        if name == "" and self.row.cells[0].column:
            name = self.label_above()  # an empty label cell repeats the one above
        if name is None or not (name or of_years):
            return  # of what the figures are stands elsewhere, as on the facing page
        for _, yen, column in amounts:
            yield self._fact(name, yen, column, years, labels, len(amounts))

    def name(self, columns: Sequence[Column], merged: Sequence[Column]) -> str:
        """The row's label: of the cells before its first figure."""
        figures = [cell.column for cell in self.row.cells if is_figure(self._said(cell)) and cell.column]
        return self._label(self._before(min(figures, default=99), columns, merged))[0] or ""

    def _before(
        self, end: int, columns: Sequence[Column], merged: Sequence[Column]
    ) -> list[tuple[str, Column]]:
        """The cells of the row left of column `end`, those that reach in from above first."""
        return [
            (self._said(cell), column)
            for cells, of in ((self.row.merged, merged), (self.row.cells, columns))
            for cell, column in zip(cells, of, strict=True)
            if cell.column < end
        ]

    def _times(self, columns: Sequence[Column], merged: Sequence[Column]) -> Iterator[Found]:
        """The dates and periods of the row: below 期限, 設立年月日, 完了年度, 期間."""
        yield from self._entry(columns)
        for cell, column in zip(self.row.cells, columns, strict=True):
            plain = narrow(self._said(cell))
            if not column.event or not cell.column or plain.endswith(_OPEN):
                continue
            if column.event == TARGET:
                years = column.years if re.search(r"\d", plain) else ()
            else:
                years = cell_years(plain, self.around) if is_time(_NOTE.sub("", plain)) else ()
            name, _ = self._label(self._before(cell.column, columns, merged)) if years else (None, ())
            if name:
                yield Found(cut(name), column.event, None, years, self.row.start, self.row.end)

    def _entry(self, columns: Sequence[Column]) -> Iterator[Found]:
        """The event of a row of a chronology: a date below 時期, then what happened."""
        if len(columns) < 2 or not _WHEN.fullmatch(columns[0].header):
            return
        date, entry = (self._said(cell) for cell in self.row.cells[:2])
        event = event_in(entry) if is_time(_NOTE.sub("", narrow(date))) else None
        if event:
            years = cell_years(_NOTE.sub("", narrow(date)), self.around)
            yield Found(cut(event[1]), event[0], None, years, self.row.start, self.row.end)

    def _said(self, cell: Cell) -> str:
        return " ".join(self.text[cell.start : cell.end].split())

    def _row_unit(self, columns: Sequence[Column]) -> str | None:
        """The unit that the row itself states; "" where that is none of money (人)."""
        for cell, column in zip(self.row.cells, columns, strict=True):
            said = self.text[cell.start : cell.end]
            if "円" in said and (named := unit_of(said)):
                return named
            if column.header == "単位" and "円" not in said:
                return ""
        return self.unit

    def _amounts(self, columns: Sequence[Column], unit: str | None) -> Iterator[tuple[Cell, int, Column]]:
        units = {column.unit for column in columns if column.unit}
        shared = units.pop() if len(units) == 1 else None  # 比較 beside columns of one unit has that unit
        for index, (cell, column) in enumerate(zip(self.row.cells, columns, strict=True)):
            content = self.text[cell.start : cell.end].strip()
            if not ("円" in content or (column.money and (column.unit or unit or column.change))):
                continue
            if index == cell.column == 0 < len(columns) - 1 and re.fullmatch(r"\d{1,3}", narrow(content)):
                continue  # the number of the row
            content = _WITHIN.sub("", content)
            found = find_amounts(content, column.unit or unit or (shared if column.change else None))
            if len(found) == 1 and len(found[0].printed) >= len(content) - 2:
                yield cell, found[0].yen, column

    def _label(self, labels: Sequence[tuple[str, Column]]) -> tuple[str | None, tuple[int, ...]]:
        """The row's name and the years that it states; no name where the row is not one of money."""
        parts: list[str] = []
        years: tuple[int, ...] = ()
        for said, column in labels:
            plain = narrow(said)
            if not is_figure(said) and counts_things(plain):
                return None, ()
            stated = () if said.endswith(_OPEN) else cell_years(plain, self.around)
            if stated and (is_time(plain) or not years):
                years = stated if not column.group or is_time(plain) else years
            says = not (
                is_figure(said) or _NOT_STATED.search(said) or is_time(plain) or unit_of(said) == plain
            )
            dates = column.event and (stated or column.event == "期間")
            if says and not dates and not (column.years and parts) and not find_amounts(plain):
                parts.append(plain_label(said))
        short = [part for part in parts if len(part) <= _DESCRIPTION] or parts[:1]
        return " ".join(dict.fromkeys(filter(None, short))), years

    def _fact(
        self,
        name: str,
        yen: int,
        column: Column,
        years: tuple[int, ...],
        labels: Sequence[tuple[str, Column]],
        amounts: int,
    ) -> Found:
        around = self.around
        periods = [
            cell_years(narrow(said), around)
            for said, other in labels
            if is_time(narrow(said))
            and not said.endswith(_OPEN)
            and other.group == column.group
            and other.event in (None, "期間")
        ]
        row_text = " ".join(said for said, _ in labels)
        if self.funding and row_text.endswith("その他"):
            row_text += "の財源"
        if _AVERAGE.search(narrow(row_text + column.header + self.caption)):
            kind = "金額"
        else:
            kind = column_kind(column.header, row_text, (self.caption, *around.texts))
        subject = with_column(self._subject(name, column), column.header, amounts)
        dated = column.years or next(filter(None, periods), ()) or years or around.years
        return Found(cut(subject), kind, yen, dated, self.row.start, self.row.end)

    def _subject(self, name: str, column: Column) -> str:
        """The row's label with what the column adds, after the section where both are part of a sum."""
        said = name if column.name in name else f"{name} {column.name}".strip()
        said = said or UNIT_NOTE.sub("", narrow(column.header)).strip()
        if not name or _PART_OF_A_SUM.fullmatch(narrow(name)):
            return f"{table_name(self.caption) or self.around.section} {said}".strip()
        return said
