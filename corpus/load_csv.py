"""CSV and TSV: one table, with the lines of title and notes around it."""

import csv
import io
import re
from collections.abc import Iterator

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, one_line, short_caption
from corpus.document import Document
from corpus.grid_headers import Placed, header_rows
from corpus.load_error import LoadError

DELIMITERS = (",", "\t", ";")
SAMPLE_LINES = 200
MAX_CELLS = 1_000_000
HEADER_SAMPLE = 12  # rows that are looked at for headers
QUOTED = re.compile(r'"(?:[^"]|"")*"')


def load_csv(text: str) -> Document:
    """The rows as a table; a row with one cell above or below it is a line of text.

    Raises:
        LoadError: a quoted field that never ends well, or more cells than fit in memory.
    """
    rows = list(_rows(text))
    first, last = table_rows(rows)
    builder = DocumentBuilder()
    above = [line for row in rows[:first] for line in row if line]
    for line in above:
        builder.block(line)
    add_rows(builder, rows[first:last], above)
    for line in (cell for row in rows[last:] for cell in row):
        builder.block(line)
    return builder.build("", "text/csv")


def table_rows(rows: list[list[str]]) -> tuple[int, int]:
    """The rows from the first to after the last with several cells: the table between title and notes."""
    several = [index for index, row in enumerate(rows) if sum(map(bool, row)) > 1]
    return (several[0], several[-1] + 1) if several else (len(rows), len(rows))


def add_rows(builder: DocumentBuilder, rows: list[list[str]], above: list[str]) -> None:
    """Adds a table whose cells span nothing; `above` are the lines before it, its caption if short."""
    sample = [
        Placed(number, column, 1, 1, cell)
        for number, row in enumerate(rows[:HEADER_SAMPLE])
        for column, cell in enumerate(row)
        if cell
    ]
    caption = short_caption(above[-2:])
    unit = unit_of(caption) or next(filter(None, map(unit_of, above)), "")
    builder.table([[(cell, 1, 1) for cell in row] for row in rows], header_rows(sample), caption, unit)


def _rows(text: str) -> Iterator[list[str]]:
    """Rows that hold anything, cells on one line each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    count = 0
    try:
        for row in reader:
            cells = [one_line(cell) for cell in row]
            count += len(cells)
            if count > MAX_CELLS:
                raise LoadError(
                    f"セルが多すぎます（{MAX_CELLS:,}を超える）。分けてください"
                    f" / more than {MAX_CELLS:,} cells: split the file"
                )
            if any(cells):
                yield cells
    except csv.Error as error:
        raise LoadError(
            f"CSVとして読めません（{reader.line_num}行目、引用符を確かめてください）"
            f" / not readable as CSV near line {reader.line_num}: {error}"
        ) from error


def delimiter_of(text: str) -> str:
    """The delimiter that divides the first lines most evenly; a comma where none does."""
    lines = QUOTED.sub("", "\n".join(text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES])).split("\n")
    lines = [line for line in lines if line.strip()]

    def evenness(delimiter: str) -> tuple[float, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) / len(lines) if usual else 0.0), usual

    return max(DELIMITERS, key=evenness) if lines else ","
