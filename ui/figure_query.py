"""What of the library the figures show: the query string of a view, and its addresses."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """A document (its id, `all`, or "" for what suits the library), fiscal year, kind, words and heading."""

    document: str = ""
    year: int | None = None
    kind: str = ""
    words: str = ""
    heading: str = ""

    def query(self, **more: str | int) -> str:
        """As a query string; `more` adds or replaces."""
        said = {
            "document": self.document, "year": self.year or "", "kind": self.kind, "q": self.words,
            "heading": self.heading,
        }  # fmt: skip
        return urlencode({name: value for name, value in (said | more).items() if value != ""})


def filters(
    document: Annotated[str, Query(max_length=100)] = "",
    year: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=50)] = "",
    q: Annotated[str, Query(max_length=1000)] = "",
    heading: Annotated[str, Query(max_length=1000)] = "",
) -> Filters:
    """The filters of a request; a form sends empty ones too."""
    number = int(year) if year.isascii() and year.isdecimal() else None
    return Filters(document.strip(), number, kind.strip(), q.strip(), heading.strip())
