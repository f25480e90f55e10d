"""CSV and TSV: one table, with the lines of title and notes around it."""

import csv
import io
import re
from collections.abc import Iterator

from corpus.amounts import unit_of
from corpus.builder import DocumentBuilder, Grid, headers_of, one_line, short_caption, top_of_table
from corpus.document import Document
from corpus.load_error import LoadError

DELIMITERS = (",", "\t", ";")
SAMPLE_LINES = 200
MAX_CELLS = 1_000_000
MAX_COLUMNS = 2_000
MAX_CELL = 131_072  # characters; the csv module's own limit
QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


def load_csv(text: str) -> Document:
    """The rows as a table; a row with one cell above or below it is a line of text.

    Raises:
        LoadError: a quoted field that never ends well, or more cells than fit in memory.
    """
    rows = list(_rows(text))
    first, last = _table_rows(rows)
    builder = DocumentBuilder()
    above = ["　".join(filter(None, row)) for row in rows[:first]]
    for line in above:
        builder.block(line)
    _add_rows(builder, rows[first:last], above)
    for row in rows[last:]:
        builder.block("　".join(filter(None, row)))
    return builder.build("", "text/csv")


def _table_rows(rows: list[list[str]]) -> tuple[int, int]:
    """The rows from the first to after the last with several cells: the table between title and notes."""
    several = [index for index, row in enumerate(rows) if sum(map(bool, row)) > 1]
    if not several:
        return len(rows), len(rows)
    filled = [{at for at, cell in enumerate(rows[index]) if cell} for index in several]
    return several[top_of_table(filled)], several[-1] + 1


def _add_rows(builder: DocumentBuilder, rows: list[list[str]], above: list[str]) -> None:
    """Adds a table whose cells span nothing; `above` are the lines before it, its caption if short."""
    grid: Grid = [[(cell, 1, 1) for cell in row] for row in rows]
    caption = short_caption(above[-2:])
    unit = unit_of(caption) or next(filter(None, map(unit_of, above)), "")
    builder.table(grid, headers_of(grid), caption, unit)


def _rows(text: str) -> Iterator[list[str]]:
    """Rows that hold anything, cells on one line each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    count = 0
    try:
        for row in reader:
            cells = [one_line(cell) for cell in row]
            while cells and not cells[-1]:
                del cells[-1]
            count += len(cells)
            if count > MAX_CELLS or len(cells) > MAX_COLUMNS:
                raise LoadError(
                    f"セルが多すぎます（{MAX_CELLS:,}個か{MAX_COLUMNS:,}列を超える）。分けてください"
                    f" / more than {MAX_CELLS:,} cells or {MAX_COLUMNS:,} columns: split the file"
                )
            if cells:
                yield cells
    except csv.Error as error:
        raise LoadError(
            f"CSVとして読めません（{reader.line_num}行目まで。引用符が閉じていないか、"
            f"{MAX_CELL:,}字を超えるセルがあります）"
            f" / not readable as CSV near line {reader.line_num}, check the quotes: {error}"
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
