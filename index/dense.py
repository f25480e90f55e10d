"""Vectors of passages in Chroma: in a folder that one process opens, or on a Chroma server.

A collection holds one generation. On a server it is named after library and generation.
"""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.generation_error import BrokenIndexError, GenerationError

BATCH = 1000  # rows a call: Chroma takes 5,461, but makes Python floats of each number, 12 kB a row
LOCAL = "passages"
# Plans are full of look-alikes, among which a sparse graph gets lost: with Chroma's own figures (16, 100, 100)
# a third of the nearest 200 of 25,000 passages is missed, with these 2 %.
CONFIGURATION = {"hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 1000}}
# Chroma counts the first vectors of a collection before they can be searched (chroma-core/chroma#4212).
BEING_FILLED, BEING_FILLED_S = "Nothing found on disk", (0.05, 0.1, 0.2, 0.4)
SAME = 1e-5  # float32 figures that went through a database


@dataclass(frozen=True, slots=True)
class DenseRow:
    """One vector (dimensions,) float32, normalised, of a passage."""

    id: str
    document_id: str
    vector: NDArray[np.float32]


class DenseIndex:
    """A collection of vectors of passages. Scores are cosines."""

    def __init__(self, client: Any, collection: Any, url: str | None = None) -> None:
        self._client, self._collection, self._url = client, collection, url

    @property
    def name(self) -> str:
        """Name of the collection."""
        return str(self._collection.name)

    @classmethod
    def open(cls, path: Path) -> "DenseIndex":
        """Opens the index in a folder; makes an empty one where there is none.

        Raises:
            BrokenIndexError: the folder does not hold what Chroma wrote.
        """
        chromadb, settings = _chromadb()
        path.mkdir(parents=True, exist_ok=True)
        with _chroma_errors():
            client = chromadb.PersistentClient(str(path), settings)
            return cls(client, _collection(client, LOCAL))

    @classmethod
    def connect(cls, url: str, name: str) -> "DenseIndex":
        """Opens a collection on a server; makes an empty one where there is none.

        Raises:
            GenerationError: no Chroma server answers at the address.
        """
        client = _server(url)
        with _chroma_errors(url):
            return cls(client, _collection(client, name), url)

    def add(self, rows: Iterable[DenseRow]) -> None:
        """Adds vectors under new ids."""
        pending = list(rows)
        with _chroma_errors(self._url):
            for start in range(0, len(pending), BATCH):
                batch = pending[start : start + BATCH]
                self._collection.add(
                    ids=[row.id for row in batch],
                    embeddings=np.stack([row.vector for row in batch]),
                    metadatas=[{"document_id": row.document_id} for row in batch],
                )

    def replace(self, rows: Sequence[DenseRow], document_ids: Sequence[str]) -> None:
        """Makes `rows` all that there is of the documents; rows that are there as they should be stay untouched."""
        there = self._ids_of(document_ids)
        wrong = set(self.differing([row for row in rows if row.id in there]))
        self._delete([*(there - {row.id for row in rows}), *wrong])
        self.add([row for row in rows if row.id not in there or row.id in wrong])

    def settle(self) -> None:
        """Makes Chroma work off its log now, not in the next search, where a crash would go unnoticed."""
        with _chroma_errors(self._url):
            rows = list(self._collection.get(limit=1, include=["embeddings"])["embeddings"])
        if rows:
            self.search(rows[0], 1)

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest vectors, best first.

        Raises:
            BrokenIndexError: the index cannot be read.
        """
        with _chroma_errors(self._url):
            found = self._nearest(vector, limit)
        return [
            (key, 1.0 - distance)
            for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def _nearest(self, vector: NDArray[np.float32], limit: int) -> Any:
        """Asks again for a moment while the first vectors of the collection are being written to Chroma's files."""
        from chromadb.errors import InternalError

        waits = iter(BEING_FILLED_S)
        while True:
            try:
                return self._collection.query(
                    query_embeddings=[vector], n_results=limit, include=["distances"]
                )
            except InternalError as error:
                wait = next(waits, None)
                if wait is None or BEING_FILLED not in str(error):
                    raise
                time.sleep(wait)

    def count(self) -> int:
        """Number of vectors."""
        with _chroma_errors(self._url):
            return int(self._collection.count())

    def differing(self, rows: Sequence[DenseRow]) -> list[str]:
        """Ids of those rows that are missing, or stand there with another vector or document."""
        wrong = []
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            documents, vectors = self._stored([row.id for row in batch])
            there = [row for row in batch if documents.get(row.id) == row.document_id]
            wrong += [row.id for row in batch if documents.get(row.id) != row.document_id]
            if there:
                wanted = np.stack([row.vector for row in there])
                found = np.stack([vectors[row.id] for row in there])
                far = np.abs(wanted - found).max(axis=1) > SAME
                wrong += [row.id for row, is_far in zip(there, far, strict=True) if is_far]
        return wrong

    def close(self) -> None:
        """Lets go of the folder, so that it can be replaced."""
        if self._url is None:
            self._client.close()

    def _ids_of(self, document_ids: Sequence[str]) -> set[str]:
        if not document_ids:
            return set()
        where = {"document_id": {"$in": list(document_ids)}}
        with _chroma_errors(self._url):
            return set(self._collection.get(where=where, include=[])["ids"])

    def _delete(self, ids: list[str]) -> None:
        with _chroma_errors(self._url):
            for start in range(0, len(ids), BATCH):
                self._collection.delete(ids=ids[start : start + BATCH])

    def _stored(self, ids: list[str]) -> tuple[dict[str, str], dict[str, NDArray[np.float32]]]:
        """Document ids and vectors by id."""
        with _chroma_errors(self._url):
            found = self._collection.get(ids=ids, include=["embeddings", "metadatas"])
        keys = found["ids"]
        documents = [one["document_id"] for one in found["metadatas"]]
        return dict(zip(keys, documents, strict=True)), dict(zip(keys, found["embeddings"], strict=True))


def drop_collections(url: str, prefix: str, keep: Collection[str] = ()) -> None:
    """Deletes the collections of a library on a server, but for some.

    Raises:
        GenerationError: no Chroma server answers at the address.
    """
    client = _server(url)
    with _chroma_errors(url):
        for one in client.list_collections():
            if one.name.startswith(prefix) and one.name not in keep:
                client.delete_collection(one.name)


def _chromadb() -> tuple[Any, Any]:
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    import chromadb
    from chromadb.config import Settings

    return chromadb, Settings(anonymized_telemetry=False)


@cache
def _server(url: str) -> Any:
    """One client for all collections: Chroma never lets go of the connections of an HTTP client."""
    import httpx

    chromadb, settings = _chromadb()
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    try:
        return chromadb.HttpClient(parts.hostname, port, ssl=parts.scheme == "https", settings=settings)
    except (ValueError, httpx.HTTPError) as error:
        raise _no_answer(url, error) from error


def _no_answer(url: str | None, error: Exception) -> GenerationError:
    return GenerationError(
        f"KEIKAKU_CHROMA_URL={url}: Chroma サーバーが応答しません。`chroma run` を確かめてください"
        f" / no Chroma server answers ({error}): is it running?"
    )


def _collection(client: Any, name: str) -> Any:
    # No embedding function: vectors come from our own embedder; Chroma's default downloads one.
    return client.get_or_create_collection(name, embedding_function=None, configuration=CONFIGURATION)


@contextmanager
def _chroma_errors(url: str | None = None) -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise BrokenIndexError(f"Chroma: {error}") from error
    except httpx.HTTPError as error:
        raise _no_answer(url, error) from error
