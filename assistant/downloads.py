"""What is downloaded: a file name in any script, and CSV that a spreadsheet reads without calculating anything."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

CSV = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate a text that begins so (OWASP)
UNFIT = '/\\:*?"<>|'  # in a file name, on one system or another


def named(name: str, shown: bool = False) -> dict[str, str]:
    """Headers that name a file (RFC 6266, RFC 8187); `shown`: the browser opens it, else it is saved."""
    safe = "".join(" " if char in UNFIT or ord(char) < 32 else char for char in name)
    place = "inline" if shown else "attachment"
    return {"Content-Disposition": f"{place}; filename*=UTF-8''{quote(safe, safe='')}"}


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A row a line (RFC 4180); a text that would be taken for a formula is preceded by an apostrophe."""
    for row in rows:
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow(map(_harmless, row))
        yield out.getvalue()


def csv_file(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The lines as a file, behind the mark by which Excel knows UTF-8."""
    yield "\ufeff".encode()
    for line in csv_lines(rows):
        yield line.encode()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
