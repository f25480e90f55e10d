"""A generation: one complete set of search indexes, open for searches and for changes.

Layout under the data folder: `generations/<name>/{chroma,tantivy,forward.npz,state.json}`; `generations/current`
names the live one. With a Chroma server the vectors are in a collection there instead of a folder. `state.json`
holds the catalog revision that the indexes show. A change goes to the catalog, then to the indexes. A revision
other than the catalog's is the dirty mark, repaired by building anew.
"""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.catalog import Indexed
from index import forward_file
from index.atomic import write_atomically
from index.dense import DenseIndex
from index.forward import ForwardIndex
from index.forward_build import changed
from index.generation_error import ClosedGenerationError
from index.home import Home
from index.lexical import LexicalIndex
from index.rows import dense_rows, lexical_rows

log = logging.getLogger(__name__)
POINTER, STATE, FORWARD = "current", "state.json", "forward.npz"
READERS_S = 30.0  # how long an old generation waits for searches under way


class Generation:
    """The open indexes of one generation, and what stands in their passages."""

    def __init__(
        self, folder: Path, library: str, dense: DenseIndex, lexical: LexicalIndex, forward: ForwardIndex
    ) -> None:
        self.folder, self._library = folder, library
        self.dense, self.lexical, self.forward = dense, lexical, forward
        self.superseded: frozenset[str] = frozenset()  # documents that have a successor
        self.kept: ForwardIndex | None = None  # what stands in the file
        self._idle = threading.Condition()
        self._readers = 0
        self._closed = False

    @classmethod
    def open(
        cls, home: Home, folder: Path, forward: ForwardIndex, collection: str | None = None
    ) -> "Generation":
        """Opens the indexes in a folder, vectors of a `collection` if named; makes empty ones where there are none.

        Raises:
            BrokenIndexError: their files cannot be read.
        """
        lexical = LexicalIndex.open(folder / "tantivy")
        dense = home.shared(collection) if collection else home.dense(folder)
        return cls(folder, home.library, dense, lexical, forward)

    def revision(self) -> int:
        """Catalog revision that the indexes show; -1 where they are not complete."""
        return revision_of(self.folder, self._library)

    def apply(
        self, documents: Sequence[Indexed], removed: Sequence[str], revision: int, vectors: bool = True
    ) -> None:
        """Brings documents up to date and removes others, then notes the catalog revision that is now shown.

        Without `vectors` another process has brought the vectors up to date.
        """
        touched = [*(document.record.id for document in documents), *removed]
        self._unstamp()
        if vectors:
            self.dense.replace(dense_rows(documents), touched)
        self.lexical.update(lexical_rows(documents), touched)
        if vectors:
            self.dense.settle()
        self.forward = changed(self.forward, removed, documents)
        self.stamp(revision)

    def fill(self, documents: list[Indexed], vectors: bool) -> None:
        """Adds documents to a generation that is not in use yet."""
        if vectors:
            self.dense.add(dense_rows(documents))
        self.lexical.update(lexical_rows(documents), [])

    def stamp(self, revision: int) -> None:
        """Notes the catalog revision, all or nothing."""
        state = {"library": self._library, "revision": revision}
        write_atomically(self.folder / STATE, json.dumps(state).encode())

    def _unstamp(self) -> None:
        """From here on the files are between two revisions: who finds them so after a crash does not open them."""
        (self.folder / STATE).unlink(missing_ok=True)

    def keep(self) -> None:
        """Writes the forward index to its file unless it stands there: the next start is quicker for it."""
        if self.kept is not self.forward:
            try:
                forward_file.save(self.forward, self.folder / FORWARD, self.revision())
            except OSError as error:
                log.warning("the next start will be slower: %s", error)
            self.kept = self.forward

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the indexes open while they are read.

        Raises:
            ClosedGenerationError: the library has a newer generation.
        """
        with self._idle:
            if self._closed:
                raise ClosedGenerationError("the library has a newer generation")
            self._readers += 1
        try:
            yield
        finally:
            with self._idle:
                self._readers -= 1
                self._idle.notify_all()

    def close(self) -> None:
        """Closes the indexes once nobody reads them any more."""
        with self._idle:
            self._closed = True
            self._idle.wait_for(lambda: self._readers == 0, READERS_S)
        self.dense.close()


def revision_of(folder: Path, library: str) -> int:
    """Catalog revision that the indexes in a folder show; -1 where they are not complete."""
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        return int(state["revision"]) if state.get("library", library) == library else -1
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return -1
