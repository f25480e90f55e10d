"""The library: catalog and search indexes together, in the one process that owns them."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog, CatalogError, Entry, Identity, Record
from corpus.read import ReadFile
from corpus.settings import Settings
from corpus.telemetry import stage
from corpus.workers import FileRead, Limits, read_in_workers
from index.adding import Added, Reading, added_of, sources_of
from index.checks import check_document
from index.cluster import read_on
from index.cluster_reader import Embedded
from index.embedding import Embedder, open_embedder
from index.entries import entries_of
from index.generation_check import verify as verify_generation
from index.generation_error import GenerationError
from index.identity import identity_of
from index.indexes import Indexes
from index.progress import Progress, silent
from index.reading_again import read_again
from index.rerank import Reranker, open_reranker
from index.search import Searcher
from index.topic import kept_means
from index.wording import glossary_of

__all__ = ["Added", "Library"]

BATCH_PASSAGES = 64  # embedded and committed together: a crash costs at most this much work


class Library:
    """Opens, changes and repairs one library. The caller holds the owner lock."""

    def __init__(
        self, settings: Settings, embedder: Embedder | None = None, progress: Progress = silent
    ) -> None:
        self._settings, self._progress = settings, progress
        self._embedder = embedder
        self._changing = threading.RLock()
        self._closed = False
        self.catalog = Catalog(settings.catalog_url)
        self._indexes = Indexes(settings, self.catalog)

    @property
    def embedder(self) -> Embedder:
        """The embedding model of the settings; its weights are fetched on first need."""
        if self._embedder is None:
            self._embedder = open_embedder(self._settings, self._progress)
        return self._embedder

    @property
    def identity(self) -> Identity:
        """What makes the vectors, tokens and passages."""
        return identity_of(self.embedder)

    @cached_property
    def _question_means(self) -> NDArray[np.float32]:
        return kept_means(self.embedder, self._indexes.home.root)

    @cached_property
    def _reranker(self) -> Reranker | None:
        return open_reranker(self._settings)

    @contextmanager
    def reading(self) -> Iterator[Searcher]:
        """Search over the live generation, which stays open for as long as it is held.

        Raises:
            GenerationError: there is none; `repair` makes one.
        """
        with ExitStack() as held:
            generation = self._indexes.hold(held)
            glossary = glossary_of(generation.forward, self._settings.glossary)
            yield Searcher(
                self.catalog,
                generation,
                self.embedder,
                self._question_means,
                glossary,
                reranker=self._reranker,
            )

    def open(self, create: bool = False) -> None:
        """Opens catalog and indexes and checks who made them; `create` makes a catalog where there is none.

        Raises:
            CatalogError: there is no catalog, or something else made it.
        """
        if create and not self.catalog.exists():
            self.catalog.create(self.identity)
        self.catalog.check(self.identity)
        self._indexes.open(self.embedder.dimensions)

    def is_clean(self) -> bool:
        """Whether the indexes show the catalog's revision."""
        return self._indexes.is_clean()

    def is_ready(self) -> bool:
        """Whether it can be searched: clean, or of a shared catalog not behind for longer than following takes."""
        return self._indexes.is_ready()

    def repair(self) -> bool:
        """Brings the indexes to what the catalog holds if a change was cut short; gives whether it had to."""
        with self._changing, self.catalog.turn():
            if self.is_clean():
                return False
            self._show()
            return True

    def follow(self) -> bool:
        """Brings the indexes to what other processes have made of the catalog; gives whether there was something.

        Raises:
            CatalogError: the catalog is of another model or version by now.
            GenerationError: the library was closed, or its indexes cannot be brought up to date.
        """
        if not self._indexes.is_behind():
            return False
        with self._alone():
            self.catalog.check(self.identity)
            self._indexes.refuse_another_library()
            if not self._indexes.follow():
                with self.catalog.turn():
                    self._show()
            return True

    def close(self) -> None:
        """Closes indexes and catalog once the change under way is done; no other begins."""
        self._closed = True  # before the lock: a long `add` would else take it again and again
        with self._changing:
            self._indexes.close()
            self.catalog.close()

    # --- changes ----------------------------------------------------------------------------------------
    def add(
        self,
        paths: Iterable[Path],
        visibility: str,
        progress: Progress | None = None,
        sync: bool = False,
        ray: str | None = None,
    ) -> Iterator[Added]:
        """Adds files and folders; one result a file, given once the library holds it.

        A bad file stops no other. Of two files with one source the first is taken. With `sync` documents
        whose files are not among these are removed at the end. `ray` is the address of a cluster that reads
        and embeds the files; they are stored here.

        Raises:
            CatalogError: `sync` without any file, as of a share that is not mounted.
            ClusterError: the cluster cannot be reached, or cannot do what is asked of it.
            GenerationError: the library was closed, or its indexes cannot be built.
        """
        report = progress or self._progress
        files, known = sources_of(paths), {record.source: record for record in self.catalog.records()}
        if sync and not files:
            raise CatalogError(
                "ファイルが1つもないので、何も取り除きません。フォルダを確かめてください"
                " / there is no file, so nothing is removed: is the folder the right one?"
            )
        reader = (
            partial(self._read_on, ray) if ray else partial(read_in_workers, limits=Limits.of(self._settings))
        )
        batch: list[ReadFile] = []
        replaced = False
        for file in Reading(known, visibility, reader, report).read(files):
            if isinstance(file, Added):
                yield file
            else:
                batch.append(file)
                replaced = replaced or file.source in known
            if sum(len(one.passages) for one in batch) >= BATCH_PASSAGES:
                yield from self._store(batch, visibility, known, report)
                batch = []
        if batch:
            yield from self._store(batch, visibility, known, report)
        if sync:
            yield from self._remove_others(known, {source for _, source in files})
        if replaced:
            with self._change():
                self.catalog.drop_unused_vectors()

    def _remove_others(self, known: Mapping[str, Record], sources: set[str]) -> Iterator[Added]:
        for source, record in known.items():
            if source not in sources:
                with suppress(KeyError):  # another process was first
                    self.remove(record.id)
                yield Added(source, "removed", record.id)

    def remove(self, document_id: str) -> None:
        """Removes a document everywhere.

        Raises:
            KeyError: there is no such document.
        """
        with self._change():
            self.catalog.remove(document_id)
            self._show()
            self.catalog.drop_unused_vectors()

    def supersede(self, newer_id: str, older: str) -> None:
        """Notes that a document takes the place of another, given by id or source: it then ranks first.

        Raises:
            KeyError: there is no such document.
            CatalogError: the other one supersedes it already, or is the same.
        """
        with self._change():
            older_id = next((one.id for one in self.catalog.records() if older in (one.id, one.source)), None)
            if older_id is None or self.catalog.record(newer_id) is None:
                raise KeyError(older if older_id is None else newer_id)
            self.catalog.supersede(newer_id, older_id)
            self._show()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Builds the indexes anew; reads all documents again if something else made the catalog.

        Raises:
            CatalogError: a newer version made the catalog.
            GenerationError: the new indexes do not hold what the catalog holds.
        """
        report = progress or self._progress
        with self._change():
            self.catalog.create(self.identity)
            if not self.catalog.made_by(self.identity):
                read_again(self.catalog, self.identity, self.embedder, report)
            self._indexes.switch(self.embedder.dimensions, report, whole=True)
            self.catalog.drop_unused_vectors()

    def verify(self) -> int:
        """Checks every passage, sentence and fact against the text, every vector and both indexes.

        Returns:
            The number of passages.

        Raises:
            GenerationError: says what is wrong.
        """
        with self._changing, self.catalog.turn():
            count = sum(check_document(self.catalog, record) for record in self.catalog.records())
            generation = self._indexes.generation
            if generation is None or not self.is_clean():
                raise GenerationError(
                    "索引が台帳と合っていません。`keikaku rebuild` を実行してください"
                    " / the indexes are out of date: run `keikaku rebuild`"
                )
            verify_generation(generation, self.catalog)
            return count

    # --- inside -----------------------------------------------------------------------------------------
    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One change at a time, and none once the library is closed: another process may own it then."""
        with stage("queue"):
            self._changing.acquire()
        try:
            if self._closed:
                raise GenerationError(
                    "終了するため中断しました。もう一度実行してください / closing down: run the command again"
                )
            yield
        finally:
            self._changing.release()

    @contextmanager
    def _change(self) -> Iterator[None]:
        """The same among all processes that share the catalog."""
        with self._alone(), self.catalog.turn():
            yield

    def _read_on(self, address: str, files: list[tuple[Path, str]]) -> Iterator[FileRead]:
        """Files read on a cluster, their vectors kept: storing them embeds nothing."""
        for path, source, result in read_on(address, files, self._settings, self.identity):
            if isinstance(result, Embedded):
                with self._alone():
                    self.catalog.keep_vectors(result.vectors)
                yield path, source, result.file
            else:
                yield path, source, result

    def _store(
        self, files: Sequence[ReadFile], visibility: str, known: Mapping[str, Record], report: Progress
    ) -> list[Added]:
        with self._alone(), stage("ingest"):
            while not self._stored(entries_of(files, visibility, self.embedder, self.catalog, report)):
                pass  # another process has dropped a vector meanwhile as unused: it is made again
        return [added_of(file, file.source in known) for file in files]

    def _stored(self, entries: Sequence[Entry]) -> bool:
        with self.catalog.turn():
            if self.catalog.without_vector(list({key for entry in entries for key in entry.digests()})):
                return False
            self.catalog.put(entries)
            self._show()
            return True

    def _show(self) -> None:
        """Brings the indexes to what the catalog holds."""
        self._indexes.show(self.embedder.dimensions, self._progress)
