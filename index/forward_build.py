"""Makes forward indexes of what the catalog holds, and of an earlier one and a change."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Indexed
from index.forward import BREAK, ForwardIndex, Matrix, Placed, Vocabulary
from index.preference import cities_in, years_in
from index.ragged import Ragged, Rows

SMALLEST = 1e-6  # length of a mean that has no direction
AT_ONCE = 500  # documents that are put into arrays together


def empty(dimensions: int) -> ForwardIndex:
    """An index of nothing."""
    none, nothing = np.zeros((0, dimensions), np.float16), np.zeros(0, np.int64)
    offsets = np.zeros(1, np.int64)
    return ForwardIndex(
        Vocabulary(),
        (),
        nothing,
        nothing,
        (),
        none,
        none,
        none,
        Ragged(none, offsets),
        Ragged(nothing.astype(np.int32), offsets),
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
    )


def forward_of(documents: Iterable[Indexed], dimensions: int) -> ForwardIndex:
    """The index of all documents."""
    vocabulary = Vocabulary()
    parts = list(_parts(iter(documents), vocabulary))
    return _joined([empty(dimensions), *parts], vocabulary)


def changed(before: ForwardIndex, removed: Iterable[str], documents: Iterable[Indexed]) -> ForwardIndex:
    """The index without the documents removed, and with these in place of their earlier versions."""
    documents = list(documents)
    gone = {*removed, *(one.record.id for one in documents)}
    parts = _parts(iter(documents), before.vocabulary)
    return _joined([_without(before, gone), *parts], before.vocabulary)


def _parts(documents: Iterator[Indexed], vocabulary: Vocabulary) -> Iterator[ForwardIndex]:
    while batch := list(islice(documents, AT_ONCE)):
        if searched := [one for one in batch if one.passages]:
            yield _part(searched, vocabulary)


def _part(documents: Sequence[Indexed], vocabulary: Vocabulary) -> ForwardIndex:
    passages = [passage for one in documents for passage in one.passages]
    counts = [len(one.passages) for one in documents]
    section_of: dict[str, int] = {}
    section = [section_of.setdefault(passage.section_id, len(section_of)) for passage in passages]
    matrix = _matrix([passage.vector for passage in passages])
    tokens = Ragged.of(*_numbered([passage.tokens for passage in passages], vocabulary))
    return ForwardIndex(
        vocabulary,
        tuple(passage.id for passage in passages),
        np.repeat(np.arange(len(documents)), counts),
        np.array(section, np.int64),
        tuple(
            placed(
                one.record.id,
                one.record.visibility,
                f"{one.record.source} {one.record.title}",
                one.aliases,
            )
            for one in documents
        ),
        _matrix([one.title for one in documents]),
        _directions(matrix, section),
        matrix,
        Ragged.of(
            [len(passage.sentences) for passage in passages],
            _matrix([vector for passage in passages for vector in passage.sentences]),
        ),
        tokens,
        *_frequencies(tokens, len(vocabulary) + 1),
    )


def placed(key: str, visibility: str, named: str, aliases: Iterable[tuple[str, str]]) -> Placed:
    """A document by its id, with what its source and title say."""
    return Placed(key, visibility, named, cities_in(named), years_in(named), tuple(aliases))


def differing(index: ForwardIndex, documents: Iterable[Indexed]) -> int:
    """How many passages of some documents the index does not hold as they are."""
    wrong = 0
    for part in _parts(iter(documents), index.vocabulary):
        rows = [index.row_of.get(key) for key in part.ids]
        wrong += sum(row is None or not _same(part, own, index, row) for own, row in enumerate(rows))
    return wrong


def _same(part: ForwardIndex, own: int, index: ForwardIndex, row: int) -> bool:
    return (
        np.array_equal(part.passages[own], index.passages[row])
        and np.array_equal(part.titles[part.document[own]], index.titles[index.document[row]])
        and np.array_equal(part.sentences.one(own), index.sentences.one(row))
        and np.array_equal(part.tokens.one(own), index.tokens.one(row))
        and part.documents[part.document[own]] == index.documents[index.document[row]]
    )


def _numbered(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[list[int], NDArray[np.int32]]:
    """Number of tokens of each passage, and all tokens by number."""
    lengths: list[int] = []
    numbers: list[int] = []
    number_of = vocabulary.__getitem__
    for text in texts:
        headings, _, body = text.partition("\n")
        before = len(numbers)
        numbers += map(number_of, headings.split())
        numbers.append(BREAK)
        numbers += map(number_of, body.split())
        lengths.append(len(numbers) - before)
    return lengths, np.array(numbers, np.int32)


def _matrix(vectors: Sequence[NDArray[np.float32]]) -> Matrix:
    return np.stack(vectors).astype(np.float16)


def _directions(passages: Matrix, section: Sequence[int]) -> Matrix:
    """For each section the mean direction of its passages, of length 1."""
    total = np.zeros((max(section) + 1, passages.shape[1]), np.float32)
    np.add.at(total, section, passages.astype(np.float32))
    directions: Matrix = (total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), SMALLEST)).astype(
        np.float16
    )
    return directions


def _frequencies(tokens: Ragged, size: int) -> tuple[Rows, Rows]:
    """For each token the passages that hold it, and those that hold it behind their headings."""
    owners = np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)
    breaks = np.flatnonzero(tokens.flat == BREAK)  # one a passage
    behind = np.arange(len(owners)) > breaks[owners]
    return _held(tokens.flat, owners, size), _held(tokens.flat[behind], owners[behind], size)


def _held(numbers: NDArray[np.integer[Any]], owners: Rows, size: int) -> Rows:
    """For each token how many owners hold it."""
    places = np.sort(owners * size + numbers)  # np.unique hashes, which takes ten times as long here
    once = places[np.flatnonzero(np.diff(places, prepend=-1))]
    return np.bincount(once % size, minlength=size)


def _without(index: ForwardIndex, gone: set[str]) -> ForwardIndex:
    """The same without some documents, what belonged to them alone left out."""
    leaving = np.array([one.id in gone for one in index.documents], bool)
    if not leaving.any():
        return index
    keep = ~leaving[index.document]
    documents, document = np.unique(index.document[keep], return_inverse=True)
    sections, section = np.unique(index.section[keep], return_inverse=True)
    lost = index.tokens.kept(~keep)
    of_lost, of_lost_text = _frequencies(lost, len(index.frequencies))
    return ForwardIndex(
        index.vocabulary,
        tuple(key for key, kept in zip(index.ids, keep, strict=True) if kept),
        document,
        section,
        tuple(index.documents[number] for number in documents),
        index.titles[documents],
        index.sections[sections],
        index.passages[keep],
        index.sentences.kept(keep),
        index.tokens.kept(keep),
        index.frequencies - of_lost,
        index.in_text - of_lost_text,
    )


def _joined(parts: Sequence[ForwardIndex], vocabulary: Vocabulary) -> ForwardIndex:
    """One index of several."""
    documents = np.cumsum([0, *(len(part.documents) for part in parts[:-1])])
    sections = np.cumsum([0, *(len(part.sections) for part in parts[:-1])])
    size = len(vocabulary) + 1
    return ForwardIndex(
        vocabulary,
        tuple(key for part in parts for key in part.ids),
        np.concatenate([part.document + first for part, first in zip(parts, documents, strict=True)]),
        np.concatenate([part.section + first for part, first in zip(parts, sections, strict=True)]),
        tuple(one for part in parts for one in part.documents),
        np.concatenate([part.titles for part in parts]),
        np.concatenate([part.sections for part in parts]),
        np.concatenate([part.passages for part in parts]),
        Ragged.joined([part.sentences for part in parts]),
        Ragged.joined([part.tokens for part in parts]),
        _summed([part.frequencies for part in parts], size),
        _summed([part.in_text for part in parts], size),
    )


def _summed(counts: Sequence[Rows], size: int) -> Rows:
    total = np.zeros(size, np.int64)
    for one in counts:
        total[: len(one)] += one
    return total
