"""What goes into the catalog and what comes out of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Fact, Passage, Section

Vector = NDArray[np.float32]


class CatalogError(RuntimeError):
    """The catalog is missing, broken or made by something else; the message names what repairs it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What made the vectors, tokens and passages of a catalog."""

    embedder: str
    tokenizer: str
    passage_rules: str


@dataclass(frozen=True, slots=True)
class Record:
    """A document as listings show it."""

    id: str
    source: str
    title: str
    version: str
    visibility: str
    media_type: str
    added_at: datetime
    pages: int
    passages: int = 0
    facts: int = 0
    superseded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceVector:
    """A sentence of a passage: its span of canonical text and the digest of its vector."""

    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be stored; vectors are kept already, by a digest for title, passages and sentences."""

    id: str
    source: str
    title: str
    version: str
    visibility: str
    document: Document
    original: bytes
    sections: Sequence[Section]
    passages: Sequence[Passage]
    facts: Sequence[Fact]
    title_digest: str
    passage_digests: Sequence[str]
    sentences: Sequence[Sequence[SentenceVector]]  # of each passage
    tokens: Sequence[str]  # of each passage: search tokens in order, between spaces, lines kept apart
    aliases: Sequence[tuple[str, str]]  # (short, long) names that the text gives

    def digests(self) -> Iterator[str]:
        """Of every vector that the document has."""
        yield self.title_digest
        yield from self.passage_digests
        yield from (one.digest for sentences in self.sentences for one in sentences)


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as it is searched, with the id of its section; vectors are (dimensions,)."""

    id: str
    section_id: str
    tokens: str
    vector: Vector
    sentences: list[Vector]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the search indexes hold of one document."""

    record: Record
    title: Vector
    passages: list[IndexedPassage]
    aliases: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what a hit shows of its document; `superseded` where a newer one takes its place."""

    passage: Passage
    source: str
    title: str
    visibility: str
    sentences: tuple[SentenceVector, ...] = ()
    superseded: bool = False
