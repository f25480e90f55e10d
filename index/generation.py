"""Generations: complete, verified sets of search indexes, built beside the live one, switched to in one step.

Layout under the data folder: `generations/<name>/{chroma,tantivy,state.json}`; `generations/current` names
the live one. `state.json` holds the catalog revision that the indexes show. A change goes to the catalog,
then to the indexes. A revision other than the catalog's is the dirty mark, repaired by building anew.
"""

import json
import logging
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from corpus.catalog import Catalog, Indexed
from index.dense import SECTIONS, SENTENCES, WINDOWS, DenseIndex, DenseRow
from index.generation_error import BrokenIndexError, ClosedGenerationError, GenerationError
from index.lexical import Filter, LexicalIndex, LexicalRow
from index.progress import Progress, silent
from index.tokens import tokens

__all__ = ["BrokenIndexError", "ClosedGenerationError", "Generation", "GenerationError", "build", "verify"]

log = logging.getLogger(__name__)
POINTER, STATE = "current", "state.json"
OPENING = "opening"  # there while the indexes are being opened: broken ones can take the process down
BATCH = 100  # documents written to the indexes in one commit
READERS_S = 30.0  # how long an old generation waits for searches under way
SAMPLE = 25  # passages that a new generation must find by their own vector and words
NEAR, FOUND_ITSELF = 10, 0.999


class Generation:
    """The open indexes of one generation."""

    def __init__(self, folder: Path, dense: DenseIndex, lexical: LexicalIndex) -> None:
        self.folder, self.dense, self.lexical = folder, dense, lexical
        self._idle = threading.Condition()
        self._readers = 0
        self._closed = False

    @classmethod
    def open(cls, folder: Path) -> "Generation":
        """Opens the indexes in a folder; makes empty ones where there are none.

        Raises:
            BrokenIndexError: their files cannot be read.
        """
        lexical = LexicalIndex.open(folder / "tantivy")
        return cls(folder, DenseIndex.open(folder / "chroma"), lexical)

    def revision(self) -> int:
        """Catalog revision that the indexes show; -1 where they are not complete."""
        return _revision(self.folder)

    def apply(self, documents: Iterable[Indexed], removed: Sequence[str], revision: int) -> None:
        """Brings documents up to date and removes others, then notes the catalog revision that is now shown."""
        changed = list(documents)
        touched = [*(document.record.id for document in changed), *removed]
        for name, rows in _dense_rows(changed).items():
            self.dense.replace(name, rows, touched)
        self.lexical.update(_lexical_rows(changed), touched)
        self.dense.settle()
        self.stamp(revision)

    def fill(self, documents: list[Indexed]) -> None:
        """Adds documents to a generation that is not in use yet."""
        for name, rows in _dense_rows(documents).items():
            self.dense.add(name, rows)
        self.lexical.update(_lexical_rows(documents), [])

    def stamp(self, revision: int) -> None:
        """Notes the catalog revision, all or nothing."""
        write_atomically(self.folder / STATE, json.dumps({"revision": revision}))

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


def open_current(root: Path, catalog: Catalog) -> Generation | None:
    """The generation that the pointer names if it shows what the catalog holds, else None.

    Indexes that were being written when their process died are not even opened, nor those that the last
    process to open them died of.
    """
    pointer, opening = root / POINTER, root / OPENING
    if not pointer.is_file() or opening.exists():
        return None
    folder = root / pointer.read_text("utf-8").strip()
    if _revision(folder) != catalog.revision():
        return None
    opening.touch()
    try:
        return _opened(folder, catalog)
    except GenerationError as error:
        log.warning("the indexes are built anew: %s", error)
        return None
    finally:
        opening.unlink()


def _opened(folder: Path, catalog: Catalog) -> Generation:
    generation = Generation.open(folder)
    try:
        _probe(generation, catalog)
    except GenerationError:
        generation.close()
        raise
    return generation


def build(root: Path, catalog: Catalog, progress: Progress = silent) -> Generation:
    """Builds a generation from the catalog, queries it against itself, and switches to it.

    Raises:
        GenerationError: the new indexes do not hold what the catalog holds; the old generation stays.
    """
    folder = root / f"g-{uuid.uuid4().hex[:12]}"
    revision, total, done = catalog.revision(), len(catalog.records()), 0
    generation = Generation.open(folder)
    try:
        for batch in _batches(catalog.indexed()):
            generation.fill(batch)
            done += len(batch)
            progress("索引を作成 / indexing", done, total)
        generation.dense.settle()
        verify(generation, catalog)
        generation.stamp(revision)
        write_atomically(root / POINTER, folder.name)
        (root / OPENING).unlink(missing_ok=True)
    except BaseException:
        generation.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return generation


def verify(generation: Generation, catalog: Catalog) -> None:
    """Compares every vector and passage with the catalog, and lets a sample of passages find themselves.

    Raises:
        GenerationError: says what is missing, left over, different or not found.
    """
    totals = dict.fromkeys((WINDOWS, SENTENCES, SECTIONS), 0)
    lexical: dict[str, set[str]] = {}
    for batch in _batches(catalog.indexed()):
        for name, rows in _dense_rows(batch).items():
            totals[name] += len(rows)
            if wrong := generation.dense.differing(name, rows):
                raise _differs(name, len(wrong), 0)
        for row in _lexical_rows(batch):
            lexical.setdefault(row.visibility, set()).add(row.passage_id)
    for name, total in totals.items():
        if surplus := generation.dense.count(name) - total:
            raise _differs(name, 0, surplus)
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
    passages, sections = catalog.size()
    for name, wanted, found in (
        (WINDOWS, passages, generation.dense.count(WINDOWS)),
        (SECTIONS, sections, generation.dense.count(SECTIONS)),
        ("lexical", passages, generation.lexical.count()),
    ):
        if wanted != found:
            raise _differs(name, max(0, wanted - found), max(0, found - wanted))
    _find_themselves(generation, catalog, NEAR)


def _find_themselves(generation: Generation, catalog: Catalog, count: int) -> None:
    for passage, vector in catalog.sample(count):
        near = generation.dense.search(WINDOWS, vector.tolist(), NEAR)
        if max((score for _, score in near), default=0.0) < FOUND_ITSELF:
            raise GenerationError(f"ベクトルで見つかりません / not found by its vector: {passage.id}")
        if (terms := tokens(passage.text)) and not generation.lexical.search(terms, 1):
            raise GenerationError(f"語で見つかりません / not found by its words: {passage.id}")


def drop_others(root: Path, keep: Path) -> None:
    """Deletes every other generation, and what crashes left; they can always be built again."""
    for path in root.iterdir():
        if path.is_dir() and path != keep:
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".tmp":
            path.unlink()


def write_atomically(path: Path, text: str) -> None:
    """Writes a file so that after a crash either the old or the new content is there."""
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    with temporary.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def _revision(folder: Path) -> int:
    try:
        return int(json.loads((folder / STATE).read_text("utf-8"))["revision"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def _batches(documents: Iterator[Indexed]) -> Iterator[list[Indexed]]:
    while batch := list(islice(documents, BATCH)):
        yield batch


def _dense_rows(documents: Sequence[Indexed]) -> dict[str, list[DenseRow]]:
    """Rows of each collection."""
    rows: dict[str, list[DenseRow]] = {WINDOWS: [], SENTENCES: [], SECTIONS: []}
    for document in documents:
        windows = [(passage.id, vector) for passage, vector in document.passages]
        vectors = {WINDOWS: windows, SENTENCES: document.sentences, SECTIONS: document.sections}
        for name, pairs in vectors.items():
            record = document.record
            rows[name] += [DenseRow(key, record.id, record.visibility, vector) for key, vector in pairs]
    return rows


def _lexical_rows(documents: Sequence[Indexed]) -> Iterator[LexicalRow]:
    for document in documents:
        record = document.record
        for passage, _ in document.passages:
            heading = " ".join(passage.section)
            body = f"{passage.text}\n{passage.context}"
            yield LexicalRow(passage.id, record.id, record.visibility, record.title, heading, body)
