"""What the catalog holds of documents, as rows of the indexes."""

from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.catalog import Indexed
from index.dense import DenseRow
from index.lexical import LexicalRow

BATCH = 100  # documents written to the indexes in one commit


def batches(documents: Iterator[Indexed]) -> Iterator[list[Indexed]]:
    """A few documents at a time."""
    while batch := list(islice(documents, BATCH)):
        yield batch


def dense_rows(documents: Sequence[Indexed]) -> list[DenseRow]:
    """The vector of each passage."""
    return [
        DenseRow(passage.id, document.record.id, passage.vector)
        for document in documents
        for passage in document.passages
    ]


def lexical_rows(documents: Sequence[Indexed]) -> Iterator[LexicalRow]:
    """The search tokens of each passage."""
    for document in documents:
        record = document.record
        for passage in document.passages:
            yield LexicalRow(passage.id, record.id, record.visibility, passage.tokens)
