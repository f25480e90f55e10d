"""What a plan document is made of. Every offset is into its canonical text."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's span and its nesting level (1 is the outermost)."""

    start: int
    end: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: its span and the row and column it begins in."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of one table; the first `header_rows` rows are headers. `unit` as printed, e.g. 千円."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    header_rows: int = 1
    caption: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A loaded file: canonical text in reading order with the marks that its format gave.

    `marked_headings` are headings that the format itself declares (Markdown `#`, HTML `<h2>`); a number as in
    第1章 is recognised later. `page_starts[i]` is the offset at which page i+1 begins; there is none where
    the format has no pages. `blocks` are the spans of paragraphs, list items and cells, in order, apart.
    """

    text: str
    title: str
    media_type: str
    blocks: tuple[tuple[int, int], ...]
    marked_headings: tuple[Heading, ...] = ()
    tables: tuple[Table, ...] = ()
    page_starts: tuple[int, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its path from the outermost heading; the span runs to the next heading of any level."""

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched and cited: `text == canonical_text[start:end]`.

    `context` is what a reader needs beside the quote (column headers of a row); it is searched, never quoted.
    """

    id: str
    document_id: str
    ordinal: int
    kind: str
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A budget or schedule statement: `amount_yen` in yen, `fiscal_years` in the Western calendar."""

    id: str
    document_id: str
    passage_id: str
    subject: str
    kind: str
    amount_yen: int | None
    fiscal_years: tuple[int, ...]
    start: int
    end: int


def document_id(source: str) -> str:
    """Stable id of a document, made from its source path (NFC, so that macOS names agree)."""
    return hashlib.sha256(unicodedata.normalize("NFC", source).encode()).hexdigest()[:12]


def content_version(data: bytes) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def title_from(source: str, first_heading: str | None) -> str:
    """The document's own title if it has one, else its file name without suffix."""
    if first_heading:
        return re.sub(r"\s+", " ", first_heading).strip()
    return source.rsplit("/", 1)[-1].rsplit(".", 1)[0]
