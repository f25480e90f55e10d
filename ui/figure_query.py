"""What of the library the figures show: the query string of a view, and its addresses."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """A document (its id, `all`, or "" for what suits the library), fiscal year, kind and words."""

    document: str = ""
    year: int | None = None
    kind: str = ""
    words: str = ""

    def query(self, **more: str | int) -> str:
        """As a query string; `more` adds or replaces."""
        said = {"document": self.document, "year": self.year or "", "kind": self.kind, "q": self.words} | more
        return urlencode({name: value for name, value in said.items() if value != ""})

    def without_kind(self) -> "Filters":
        """The same for every kind."""
        return replace(self, kind="")


def filters(
    document: Annotated[str, Query(max_length=100)] = "",
    year: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=50)] = "",
    q: Annotated[str, Query(max_length=1000)] = "",
) -> Filters:
    """The filters of a request; a form sends empty ones too."""
    number = int(year) if year.isascii() and year.isdecimal() else None
    return Filters(document.strip(), number, kind.strip(), q.strip())
