"""What a machine of a cluster does with a file: reads it within limits, and embeds it."""

import os
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from corpus.load_error import LoadError
from corpus.read import ReadFile, file_bytes
from corpus.records import Identity, Vector
from corpus.settings import Settings, load_settings
from corpus.workers import Limits, Workers
from index.embedding import Embedder, open_embedder
from index.entries import texts_of
from index.identity import identity_of
from index.known import ModelError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file read, but for its content, and the vectors of its texts by digest."""

    file: ReadFile
    vectors: dict[str, Vector]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a library makes its vectors and passages; every machine must do it alike."""

    embedder: str
    identity: Identity
    limits: Limits

    @classmethod
    def of(cls, settings: Settings, identity: Identity) -> Self:
        """That of a library; a machine reads one file on each of its processors."""
        return cls(settings.embedder, identity, replace(Limits.of(settings), workers=1))

    def embedder_here(self) -> Embedder:
        """The embedding model on this machine, on one thread; its weights lie where this machine's settings say.

        Raises:
            ModelError: model, dictionary or rules here are not those of the library.
        """
        settings = load_settings().model_copy(update={"embedder": self.embedder, "threads": 1})
        made = open_embedder(settings)
        here = identity_of(made)
        if here != self.identity:
            raise ModelError(
                f"計画ナビの版が違います / another version of Keikaku Navi or its model: {here} != {self.identity}"
            )
        return made


def content_of(row: Row) -> Row:
    """The file's bytes, or why there are none: done where the files are."""
    path = Path(os.fsdecode(row["path"]))
    try:
        return {"source": row["source"], "data": file_bytes(path), "error": ""}
    except LoadError as error:
        return {"source": row["source"], "data": b"", "error": str(error)}


class FileReader:
    """Reads and embeds one file after the other, in a process that lives on with its model."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._embedder = recipe, recipe.embedder_here()
        self._workers = Workers(recipe.limits)

    def __call__(self, row: Row) -> Row:
        """The row's file as a pickled `Embedded` or `LoadError`."""
        result = LoadError(row["error"]) if row["error"] else self._made(row["source"], row["data"])
        return {"result": pickle.dumps(result)}

    def _made(self, source: str, data: bytes) -> Embedded | LoadError:
        file = self._workers.result(self._workers.begin(data, source))
        if isinstance(file, LoadError):
            return file
        texts = texts_of(file, self._recipe.identity.embedder)
        vectors = self._embedder.encode_documents(list(texts.values()))
        return Embedded(file, dict(zip(texts, vectors, strict=True)))
