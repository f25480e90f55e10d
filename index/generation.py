"""Generations: complete, verified sets of search indexes, built beside the live one, switched to in one step.

Layout under the data folder: `generations/<name>/{chroma,tantivy,forward.npz,state.json}`; `generations/current`
names the live one. With a Chroma server the vectors are in a collection there instead of a folder. `state.json`
holds the catalog revision that the indexes show. A change goes to the catalog, then to the indexes. A revision
other than the catalog's is the dirty mark, repaired by building anew.
"""

import json
import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.catalog import Catalog, Indexed
from index import forward_file
from index.atomic import write_atomically
from index.dense import DenseIndex
from index.filters import Filter
from index.forward import ForwardIndex
from index.forward_build import changed, differing, empty, forward_of
from index.generation_error import BrokenIndexError, ClosedGenerationError, GenerationError
from index.home import Home
from index.lexical import LexicalIndex
from index.progress import Progress, silent
from index.rows import batches, dense_rows, lexical_rows
from index.tokens import tokens

__all__ = [
    "BrokenIndexError",
    "ClosedGenerationError",
    "Generation",
    "GenerationError",
    "build",
    "verify",
]

log = logging.getLogger(__name__)
POINTER, STATE, FORWARD = "current", "state.json", "forward.npz"
OPENING = "opening"  # there while the indexes are being opened: broken ones can take the process down
READERS_S = 30.0  # how long an old generation waits for searches under way
SAMPLE = 25  # passages that a new generation must find by their own vector and words
NEAR, FOUND_ITSELF = 10, 0.999


class Generation:
    """The open indexes of one generation, and what stands in their passages."""

    def __init__(
        self, folder: Path, library: str, dense: DenseIndex, lexical: LexicalIndex, forward: ForwardIndex
    ) -> None:
        self.folder, self._library = folder, library
        self.dense, self.lexical, self.forward = dense, lexical, forward
        self.superseded: frozenset[str] = frozenset()  # documents that have a successor
        self._kept: ForwardIndex | None = None  # what stands in the file
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
        return _revision(self.folder, self._library)

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
        if self._kept is not self.forward:
            try:
                forward_file.save(self.forward, self.folder / FORWARD, self.revision())
            except OSError as error:
                log.warning("the next start will be slower: %s", error)
            self._kept = self.forward

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


def open_current(home: Home, catalog: Catalog, dimensions: int) -> Generation | None:
    """The generation that the pointer names, which may have missed the last changes; None where there is none.

    Indexes that were being written when their process died are not even opened, nor those that the last
    process to open them died of.
    """
    pointer, opening = home.root / POINTER, home.root / OPENING
    if not pointer.is_file() or opening.exists():
        return None
    folder = home.root / pointer.read_text("utf-8").strip()
    if not 0 <= _revision(folder, home.library) <= catalog.revision():
        return None
    opening.touch()
    try:
        return _opened(home, folder, catalog, dimensions)
    except GenerationError as error:
        log.warning("the indexes are built anew: %s", error)
        return None
    finally:
        opening.unlink()


def _opened(home: Home, folder: Path, catalog: Catalog, dimensions: int) -> Generation | None:
    shows, noted = _revision(folder, home.library), catalog.collection() if home.chroma_url else None
    is_current = shows == catalog.revision()
    kept = forward_file.load(folder / FORWARD, shows)
    if (kept is None and not is_current) or (home.chroma_url and noted is None):
        return None
    forward = forward_of(catalog.indexed(), dimensions) if kept is None else kept
    generation = Generation.open(home, folder, forward, noted and noted[0])
    generation.superseded, generation._kept = catalog.superseded(), kept
    try:
        if is_current and (noted is None or noted[1] == shows):
            _probe(generation, catalog)
    except GenerationError:
        generation.close()
        raise
    generation.keep()
    return generation


def build(
    home: Home,
    catalog: Catalog,
    dimensions: int,
    progress: Progress = silent,
    collection: str | None = None,
) -> Generation:
    """Builds a generation from the catalog, queries it against itself, and switches to it.

    With a `collection` its vectors are there already, and only what is in this machine's folder is built.

    Raises:
        GenerationError: the new indexes do not hold what the catalog holds; the old generation stays.
    """
    folder = home.root / f"g-{uuid.uuid4().hex[:12]}"
    revision = catalog.revision()
    generation: Generation | None = None
    try:
        generation = Generation.open(home, folder, empty(dimensions), collection)
        filled = _filled(generation, catalog, progress, vectors=collection is None)
        generation.forward = forward_of(filled, dimensions)
        generation.superseded = catalog.superseded()
        generation.dense.settle()
        verify(generation, catalog)
        generation.stamp(revision)
        generation.keep()
        write_atomically(home.root / POINTER, folder.name.encode())
        (home.root / OPENING).unlink(missing_ok=True)
    except BaseException:
        if generation:
            generation.close()
        with suppress(GenerationError):  # of a server that is gone
            home.drop(folder)
        raise
    return generation


def _filled(generation: Generation, catalog: Catalog, progress: Progress, vectors: bool) -> Iterator[Indexed]:
    """Every document, once it is in the indexes of the generation."""
    total, done = len(catalog.records()), 0
    for batch in batches(catalog.indexed()):
        generation.fill(batch, vectors)
        done += len(batch)
        progress("索引を作成 / indexing", done, total)
        yield from batch


def verify(generation: Generation, catalog: Catalog) -> None:
    """Compares every vector and passage with the catalog, and lets a sample of passages find themselves.

    Raises:
        GenerationError: says what is missing, left over, different or not found.
    """
    total = 0
    lexical: dict[str, set[str]] = {}
    for batch in batches(catalog.indexed()):
        rows = dense_rows(batch)
        total += len(rows)
        if wrong := generation.dense.differing(rows):
            raise _differs("dense", len(wrong), 0)
        if count := differing(generation.forward, batch):
            raise _differs("forward", count, 0)
        for row in lexical_rows(batch):
            lexical.setdefault(row.visibility, set()).add(row.passage_id)
    if surplus := generation.dense.count() - total:
        raise _differs("dense", 0, surplus)
    if surplus := len(generation.forward.ids) - total:
        raise _differs("forward", 0, surplus)
    _verify_lexical(generation.lexical, lexical)
    _find_themselves(generation, catalog, SAMPLE)


def _verify_lexical(index: LexicalIndex, wanted: dict[str, set[str]]) -> None:
    for visibility, passages in wanted.items():
        found = index.passage_ids(Filter(visibility=visibility))
        if found != passages:
            raise _differs("lexical", len(passages - found), len(found - passages))
    if surplus := index.count() - sum(map(len, wanted.values())):
        raise _differs("lexical", 0, surplus)


def _differs(name: str, missing: int, surplus: int) -> GenerationError:
    return GenerationError(
        f"索引 {name} が台帳と違います（不足{missing}、余分{surplus}）。`keikaku rebuild` を実行してください"
        f" / index {name}: {missing} missing or different, {surplus} left over: run `keikaku rebuild`"
    )


def _probe(generation: Generation, catalog: Catalog) -> None:
    """A quick look for what is lost: numbers, and a few passages that must find themselves.

    Raises:
        GenerationError: something is lost.
    """
    generation.dense.settle()  # Chroma writes to its files when they are first searched
    passages = catalog.size()
    for name, found in (
        ("dense", generation.dense.count()),
        ("lexical", generation.lexical.count()),
        ("forward", len(generation.forward.ids)),
    ):
        if passages != found:
            raise _differs(name, max(0, passages - found), max(0, found - passages))
    _find_themselves(generation, catalog, NEAR)


def _find_themselves(generation: Generation, catalog: Catalog, count: int) -> None:
    for passage, vector in catalog.sample(count):
        near = generation.dense.search(vector, NEAR)
        if max((score for _, score in near), default=0.0) < FOUND_ITSELF:
            raise GenerationError(f"ベクトルで見つかりません / not found by its vector: {passage.id}")
        if (words := tokens(passage.text)) and not generation.lexical.search([(words[0], 1.0)], 1):
            raise GenerationError(f"語で見つかりません / not found by its words: {passage.id}")


def _revision(folder: Path, library: str) -> int:
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        return int(state["revision"]) if state.get("library", library) == library else -1
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return -1
