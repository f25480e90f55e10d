"""Budget and schedule facts of a document: from its sentences, its lines of figures and its tables."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.amounts import MONEY_UNITS, find_amounts, unit_of
from corpus.document import Document, Fact, Passage, Table
from corpus.headings import first_title
from corpus.normalise import narrow
from corpus.sentences import split
from corpus.statements import (
    ACCOUNTS,
    DEFAULT_KIND,
    amount_kind,
    kind_named,
    paragraph_topic,
    said_subject,
    time_statements,
    years_of,
)
from corpus.tables import Row, rows_of
from corpus.wareki import YearSpan, find_years

# A row label that says nothing without its table: 計, 事業費計, 一般財源, 国庫支出金.
_PART_OF_A_SUM = re.compile(r"(?:合|小|総)?計|.*(?:費計|財源|支出金|債|その他|トータルコスト.*)|区分|金額")
# Headings that need the one above them to say what they are about.
_BARE_HEADING = re.compile(
    r"[\W\d第章節条]*(?:事業の|整備の|計画の)?(?:概要|目的|趣旨|予定|予算|予算額|事業費|期間|計画期間|スケジュール|合計|総額|経費)"
)
_NOTE = re.compile(r"[（(][^（）()]*[）)]$")
# A line of a table that was put into the text: label, then one or more figures.
_FIGURE_LINE = re.compile(r"(?P<label>.*?[^\d,\s▲△-])\s+(?P<figures>[▲△-]?[\d,]+(?:\s+[▲△-]?[\d,]+)*)")
_ROW_NUMBER = re.compile(r"^\d{1,2}\s+")
_SPACED_KANJI = re.compile(r"(?<=[一-龠ぁ-んァ-ヶー])\s+(?=[一-龠ぁ-んァ-ヶー])")
_COLUMN_NAMES = re.compile(r"補正前の額|補正額|予算額|決算額|金額|計")
_SUBJECT_CHARS = 80


@dataclass(frozen=True, slots=True)
class _Found:
    """A fact before its passage is known."""

    subject: str
    kind: str
    amount_yen: int | None
    fiscal_years: tuple[int, ...]
    start: int
    end: int


def find_facts(document: Document, passages: Sequence[Passage]) -> list[Fact]:
    """Facts in reading order; each lies in one of `passages` (those of this document, in order).

    Fiscal years come from the statement itself or from its headings, never from elsewhere in the document.
    """
    starts = [passage.start for passage in passages]
    title = first_title(document) or document.title
    facts: list[Fact] = []
    seen: set[str] = set()
    for found in _found(document, passages, starts, title):
        at = bisect_right(starts, found.start) - 1
        if at < 0 or found.start >= passages[at].end:
            continue
        said = (passages[at].id, found.subject, found.kind, found.amount_yen, found.fiscal_years)
        key = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
        if key not in seen:
            seen.add(key)
            facts.append(
                Fact(
                    key,
                    passages[at].document_id,
                    passages[at].id,
                    found.subject,
                    found.kind,
                    found.amount_yen,
                    found.fiscal_years,
                    found.start,
                    found.end,
                )
            )
    return sorted(facts, key=lambda fact: fact.start)


def _found(
    document: Document, passages: Sequence[Passage], starts: Sequence[int], title: str
) -> Iterator[_Found]:
    def path_at(offset: int) -> tuple[str, ...]:
        at = bisect_right(starts, offset) - 1
        return passages[at].section if at >= 0 else ()

    for table in document.tables:
        yield from _in_table(document.text, table, path_at(table.start), title)
    tables = sorted((table.start, table.end) for table in document.tables)
    opens = [start for start, _ in tables]
    unit, columns, section = None, "", None
    for start, end in document.blocks:
        at = bisect_right(opens, start) - 1
        if at >= 0 and start < tables[at][1]:
            continue
        block, path = document.text[start:end], path_at(start)
        if "。" in block or path != section:
            unit, columns, section = None, "", path
        unit = unit_of(block) or unit
        if not re.search(r"\d", block) and _COLUMN_NAMES.search(_joined(block)):
            columns = block
        figures = list(_in_figure_line(block, start, unit or _unit_of_path(path), columns, path, title))
        yield from figures or _in_block(document.text, start, end, path, title)


def _in_block(text: str, start: int, end: int, path: tuple[str, ...], title: str) -> Iterator[_Found]:
    """Facts of the sentences of one paragraph."""
    topic = paragraph_topic(text[start:end])
    for first, last in split(text, start, end):
        sentence = text[first:last]
        label_unit = _unit_of_label(sentence)
        for amount in find_amounts(sentence, label_unit):
            subject = said_subject(sentence, amount.start) or topic or _heading_subject(path, title)
            if label_unit:
                subject = _heading_subject(path, title)
            years = years_of(sentence, amount.start) or _years_of_path(path, title)
            kind = amount_kind(sentence, amount, path)
            yield _Found(_cut(subject), kind, amount.yen, years, first, last)
        if (date := _date_alone(sentence)) and title:
            yield _Found(_cut(title), "日付", None, date.fiscal_years, first, last)
        for statement in time_statements(sentence):
            if statement.kind == "期限" and not (statement.subject or topic or "。" in sentence):
                continue  # a fragment of a table
            subject = (
                statement.subject
                or topic
                or (title if statement.kind in ("期間", "提出") and title else _heading_subject(path, title))
            )
            yield _Found(_cut(subject), statement.kind, None, statement.fiscal_years, first, last)


def _date_alone(line: str) -> YearSpan | None:
    """The date of a line that holds nothing else: that of the document."""
    spans = find_years(line)
    alone = len(spans) == 1 and spans[0].day is not None and spans[0].end - spans[0].start == len(line)
    return spans[0] if alone else None


def _in_figure_line(
    block: str, start: int, unit: str | None, columns: str, path: tuple[str, ...], title: str
) -> Iterator[_Found]:
    """Facts of a line such as 「1 総務費　66,627,306」 below （単位：千円）."""
    plain = narrow(block)
    label = _ROW_NUMBER.sub("", plain)
    line = _FIGURE_LINE.fullmatch(label)
    if unit is None or line is None:
        return
    amounts = find_amounts(label[line.start("figures") :], unit)
    names = _COLUMN_NAMES.findall(_joined(columns))
    names = names if len(names) == len(amounts) else [""] * len(amounts)
    name = _SPACED_KANJI.sub("", line["label"]).strip()
    years = years_of(name, 0)
    subject = _heading_subject(path, title) if years else name
    for amount, column in zip(amounts, names, strict=True):
        kind = _account_kind(column, name, (*reversed(path), title))
        said = f"{subject}（{column}）" if column in ("補正前の額", "計") and len(names) > 1 else subject
        yield _Found(
            _cut(said), kind, amount.yen, years or _years_of_path(path, title), start, start + len(block)
        )


def _account_kind(column: str, row: str, around: tuple[str, ...]) -> str:
    """Kind of a figure in a table: its column's, else that of the accounts it stands in, else its row's."""
    accounts = (kind for kind in map(kind_named, around) if kind in ACCOUNTS)
    if column == "計":  # after a supplementary budget
        return "予算"
    named, of_row = kind_named(column), kind_named(row)
    if named != DEFAULT_KIND:
        return named
    return of_row if of_row in ACCOUNTS else next(accounts, None) or kind_named(row, *around)


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", narrow(text))


def _in_table(text: str, table: Table, path: tuple[str, ...], title: str) -> Iterator[_Found]:
    """Facts of the cells that hold one amount: row header × column header × unit."""
    unit = table.unit if table.unit in MONEY_UNITS else unit_of(table.caption) or _unit_of_path(path)
    if table.unit and table.unit not in MONEY_UNITS:
        unit = None
    for row in rows_of(text, table):
        yield from _in_row(text, table, row, unit, path, title)


# A cell that says that there is nothing to say names no subject.
_NOT_STATED = re.compile(r"記載なし$|^(?:なし|未定|不明|[-－―–ー…*＊]+)$")


def _in_row(
    text: str, table: Table, row: Row, unit: str | None, path: tuple[str, ...], title: str
) -> Iterator[_Found]:
    labels = [text[cell.start : cell.end] for cell in row.merged]
    amounts = []
    for cell, header in zip(row.cells, row.headers, strict=True):
        content = text[cell.start : cell.end]
        cell_unit = unit_of(header) or next(filter(None, map(unit_of, labels)), None) or unit
        found = find_amounts(content, cell_unit)
        if len(found) == 1 and len(found[0].printed) >= len(content.strip()) - 2:
            amounts.append((found[0].yen, header))
        elif not amounts and not _NOT_STATED.search(content):
            labels.append(content)
    label = " ".join(dict.fromkeys(" ".join(part.split()) for part in labels if not unit_of(part)))
    for yen, header in amounts:
        if yen == 0:
            continue  # blank and zero look the same in such tables
        yield _Found(
            _cut(_table_subject(label, header, path, title)),
            _account_kind(header, label, (table.caption, *reversed(path), title)),
            yen,
            years_of(header, 0) or years_of(label, 0) or _years_of_path(path, title),
            row.start,
            row.end,
        )


def _table_subject(label: str, header: str, path: tuple[str, ...], title: str) -> str:
    """The row's label (the column's where rows are years), after the title where it is part of a sum."""
    name = header if label and find_years(label) and not find_years(header) else label
    name = name or header
    if not name or _PART_OF_A_SUM.fullmatch(narrow(name)):
        return f"{_NOTE.sub('', title or (path[0] if path else ''))} {name}".strip()
    return name


def _heading_subject(path: tuple[str, ...], title: str) -> str:
    """The innermost heading, after the one above it where it is a bare 概要; the title without any."""
    names = [*([title] if title and title not in path else []), *path]
    if not names:
        return ""
    name = _NOTE.sub("", names[-1]) or names[-1].strip("（）()")
    if len(names) > 1 and _BARE_HEADING.fullmatch(narrow(name)):
        return f"{_NOTE.sub('', names[-2])} {name}"
    return name


def _years_of_path(path: tuple[str, ...], title: str) -> tuple[int, ...]:
    """Years of the innermost heading that states any; the title counts where it is that of a budget."""
    outermost = [title] if re.search("予算|決算|会計|議案", title) else []
    return next(filter(None, (years_of(part, 0) for part in [*reversed(path), *outermost])), ())


def _unit_of_path(path: tuple[str, ...]) -> str | None:
    return unit_of(path[-1]) if path else None


def _unit_of_label(sentence: str) -> str | None:
    """千円 of 「令和4年度概算要求額（千円）: 542632」."""
    label, colon, _ = narrow(sentence).partition(":")
    return unit_of(label) if colon else None


def _cut(subject: str) -> str:
    return " ".join(subject.split())[:_SUBJECT_CHARS]
