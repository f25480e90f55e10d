"""What goes into the catalog and what comes out of it."""

from collections.abc import Sequence
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
    """A document ready to be stored; its vectors are kept already, by a digest for each section, passage, sentence."""

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
    section_digests: Sequence[str]
    passage_digests: Sequence[str]
    sentences: Sequence[Sequence[SentenceVector]]  # of each passage


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the search indexes hold of one document; sections and sentences by their ids."""

    record: Record
    sections: list[tuple[str, Vector]]
    passages: list[tuple[Passage, Vector]]
    sentences: list[tuple[str, Vector]]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what a hit shows of its document; `superseded` where a newer one takes its place."""

    passage: Passage
    section_id: str
    source: str
    title: str
    visibility: str
    sentences: tuple[SentenceVector, ...] = ()
    superseded: bool = False
