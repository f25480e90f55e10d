"""Vectors in Chroma, embedded mode: one process opens a folder, and one folder holds one generation."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.generation_error import BrokenIndexError
from index.lexical import Filter

BATCH = 1000  # rows a call: Chroma takes 5,461, but makes Python floats of each number, 12 kB a row
WINDOWS, SENTENCES, SECTIONS = "windows", "sentences", "sections"
COLLECTIONS = (WINDOWS, SENTENCES, SECTIONS)
# Cosine similarity, and a search wide enough to be exact in a library of city plans.
CONFIGURATION = {"hnsw": {"space": "cosine", "ef_search": 200}}
SAME = 1e-5  # float32 figures that went through a database


@dataclass(frozen=True, slots=True)
class DenseRow:
    """One vector (dimensions,) float32, normalised, and what it stands for."""

    id: str
    document_id: str
    visibility: str
    vector: NDArray[np.float32]


class DenseIndex:
    """Collections of vectors of passages (`windows`), sentences and whole sections. Scores are cosines."""

    def __init__(self, client: Any, collections: dict[str, Any]) -> None:
        self._client, self._collections = client, collections

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Opens the index in a folder; makes an empty one where there is none.

        Raises:
            BrokenIndexError: the folder does not hold what Chroma wrote.
        """
        os.environ["ANONYMIZED_TELEMETRY"] = "False"
        import chromadb
        from chromadb.config import Settings

        path.mkdir(parents=True, exist_ok=True)
        with _chroma_errors():
            client = chromadb.PersistentClient(str(path), Settings(anonymized_telemetry=False))
            # No embedding function: vectors come from our own embedder; Chroma's default downloads one.
            return cls(
                client,
                {
                    name: client.get_or_create_collection(
                        name,
                        embedding_function=None,
                        configuration=CONFIGURATION,  # type: ignore[arg-type]
                    )
                    for name in COLLECTIONS
                },
            )

    def add(self, collection: str, rows: Iterable[DenseRow]) -> None:
        """Adds vectors under new ids."""
        pending = list(rows)
        with _chroma_errors():
            for start in range(0, len(pending), BATCH):
                batch = pending[start : start + BATCH]
                self._collections[collection].add(
                    ids=[row.id for row in batch],
                    embeddings=np.stack([row.vector for row in batch]),
                    metadatas=[_metadata(row) for row in batch],
                )

    def replace(self, collection: str, rows: Sequence[DenseRow], document_ids: Sequence[str]) -> None:
        """Makes `rows` all that there is of the documents; rows that are there as they should be stay untouched."""
        there = self._ids_of(collection, document_ids)
        wrong = set(self.differing(collection, [row for row in rows if row.id in there]))
        self._delete(collection, [*(there - {row.id for row in rows}), *wrong])
        self.add(collection, [row for row in rows if row.id not in there or row.id in wrong])

    def settle(self) -> None:
        """Makes Chroma work off its log now, not in the next search, where a crash would go unnoticed."""
        for name in COLLECTIONS:
            if rows := self._first(name):
                self.search(name, rows[0], 1)

    def search(
        self, collection: str, vector: Sequence[float], limit: int, filters: Filter | None = None
    ) -> list[tuple[str, float]]:
        """(id, cosine) of the nearest vectors, best first.

        Raises:
            BrokenIndexError: the index cannot be read.
        """
        target = self._collections[collection]
        with _chroma_errors():
            limit = min(limit, target.count())
            if limit == 0:
                return []
            found = target.query(
                query_embeddings=[np.asarray(vector, np.float32)],
                n_results=limit,
                include=["distances"],
                where=_where(filters or Filter()),
            )
        return [
            (key, 1.0 - distance)
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count(self, collection: str) -> int:
        """Number of vectors."""
        with _chroma_errors():
            return int(self._collections[collection].count())

    def differing(self, collection: str, rows: Sequence[DenseRow]) -> list[str]:
        """Ids of those rows that are missing, or stand there with another vector, document or visibility."""
        wrong = []
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            metadata, vectors = self._stored(collection, [row.id for row in batch])
            there = [row for row in batch if metadata.get(row.id) == _metadata(row)]
            wrong += [row.id for row in batch if metadata.get(row.id) != _metadata(row)]
            if there:
                wanted, found = (np.stack(some) for some in zip(*_pairs(there, vectors), strict=True))
                far = np.abs(wanted - found).max(axis=1) > SAME
                wrong += [row.id for row, is_far in zip(there, far, strict=True) if is_far]
        return wrong

    def close(self) -> None:
        """Lets go of the folder, so that it can be replaced."""
        self._client.close()

    def _ids_of(self, collection: str, document_ids: Sequence[str]) -> set[str]:
        target = self._collections[collection]
        with _chroma_errors():
            if not document_ids or not target.count():
                return set()
            return set(target.get(where=_any_of("document_id", document_ids), include=[])["ids"])

    def _delete(self, collection: str, ids: list[str]) -> None:
        with _chroma_errors():
            for start in range(0, len(ids), BATCH):
                self._collections[collection].delete(ids=ids[start : start + BATCH])

    def _stored(
        self, collection: str, ids: list[str]
    ) -> tuple[dict[str, dict[str, str]], dict[str, NDArray[np.float32]]]:
        """Metadata and vectors by id."""
        with _chroma_errors():
            found = self._collections[collection].get(ids=ids, include=["embeddings", "metadatas"])
        keys = found["ids"]
        return dict(zip(keys, found["metadatas"], strict=True)), dict(
            zip(keys, found["embeddings"], strict=True)
        )

    def _first(self, collection: str) -> list[Any]:
        with _chroma_errors():
            return list(self._collections[collection].get(limit=1, include=["embeddings"])["embeddings"])


@contextmanager
def _chroma_errors() -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise BrokenIndexError(f"Chroma: {error}") from error


def _pairs(
    rows: Sequence[DenseRow], stored: dict[str, NDArray[np.float32]]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """The vector that a row has and the one that is stored."""
    return ((row.vector, stored[row.id]) for row in rows)


def _metadata(row: DenseRow) -> dict[str, str]:
    return {"document_id": row.document_id, "visibility": row.visibility}


def _any_of(field: str, values: Sequence[str]) -> dict[str, Any]:
    return {field: {"$in": list(values)}}


def _where(filters: Filter) -> dict[str, Any] | None:
    parts: list[dict[str, Any]] = []
    if filters.document_ids:
        parts.append(_any_of("document_id", filters.document_ids))
    if filters.visibility:
        parts.append({"visibility": filters.visibility})
    if len(parts) > 1:
        return {"$and": parts}
    return parts[0] if parts else None
