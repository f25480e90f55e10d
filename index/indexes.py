"""The open indexes of a library, brought to what its catalog holds: by the changes they missed, or anew."""

import logging
import math
import time
from contextlib import ExitStack, suppress
from functools import cached_property

from corpus.catalog import Catalog
from corpus.catalog_reader import CatalogReader
from corpus.settings import Settings
from index import generation_build
from index.generation import Generation
from index.generation_error import ClosedGenerationError, GenerationError
from index.home import Home
from index.progress import Progress

log = logging.getLogger(__name__)
FOLLOWED = 200  # documents that are brought up to date one by one; where more have changed all is built anew
FOLLOWS_WITHIN_S = 60.0


class Indexes:
    """One generation at a time. On a Chroma server all processes search one collection, which the catalog names."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings, self._catalog = settings, catalog
        self.generation: Generation | None = None
        self._clean_at = -math.inf

    @cached_property
    def home(self) -> Home:
        """Where they are."""
        root = self._settings.data_dir / "generations"
        return Home(root, self._settings.chroma_url, self._catalog.library_id())

    def open(self, dimensions: int) -> None:
        """Opens what there is, which may have missed the last changes."""
        with self._catalog.turn():
            self.generation = generation_build.open_current(self.home, self._catalog, dimensions)

    def hold(self, held: ExitStack) -> Generation:
        """The live generation, which stays open for as long as it is held.

        Raises:
            GenerationError: there is none.
        """
        while True:
            generation = self.generation
            if generation is None:
                raise GenerationError(
                    "索引がありません。`keikaku rebuild` を実行してください / no index: run `keikaku rebuild`"
                )
            with suppress(ClosedGenerationError):
                held.enter_context(generation.held())
                return generation

    def close(self) -> None:
        """Closes them once nobody reads them any more."""
        generation, self.generation = self.generation, None
        if generation:
            generation.keep()
            generation.close()

    def is_behind(self) -> bool:
        """Whether other processes have changed the catalog since."""
        return self.generation is None or self.generation.revision() != self._catalog.revision()

    def is_clean(self) -> bool:
        """Whether they show the catalog's revision, the vectors on a server too."""
        if self.is_behind():
            return False
        noted = self._collection(self._catalog)
        return not self.home.chroma_url or (noted is not None and noted[1] == self._catalog.revision())

    def is_ready(self) -> bool:
        """Whether they can be searched: clean, or of a shared catalog not behind for longer than following takes."""
        if self.is_clean():
            self._clean_at = time.monotonic()
            return True
        late = time.monotonic() - self._clean_at
        return self.generation is not None and self._catalog.is_shared and late < FOLLOWS_WITHIN_S

    def refuse_another_library(self) -> None:
        """Refuses to follow a catalog that a backup was put in the place of.

        Raises:
            GenerationError: the program must be started again.
        """
        if self._catalog.library_id() != self.home.library:
            raise GenerationError(
                "台帳が入れ替えられました。サーバーを起動し直してください"
                " / a backup has been restored: start the server again"
            )

    def follow(self) -> bool:
        """Whether the changes that other processes made could be made here too, without their waiting."""
        with self._catalog.one_moment() as view:
            return self._caught_up(view, writing=False)

    def show(self, dimensions: int, report: Progress) -> None:
        """Brings them to what the catalog holds; in the turn of this process."""
        if not self._caught_up(self._catalog, writing=True):
            self.switch(dimensions, report)

    def _caught_up(self, view: CatalogReader, writing: bool) -> bool:
        """Whether the changes that the indexes missed could be made in them; `writing` in the turn of this process."""
        generation, noted = self.generation, self._collection(view)
        if generation is None or (self.home.chroma_url and noted is None):
            return False
        since = generation.revision()
        if noted and generation.dense.name != noted[0]:
            generation.dense = self.home.shared(noted[0])
        if noted and writing:
            since = min(since, noted[1])
        ids = view.changed_since(since) if since >= 0 else None
        if ids is None or len(ids) > FOLLOWED:
            return False
        documents, revision = list(view.indexed(ids)), view.revision()
        removed = sorted({*ids}.difference(one.record.id for one in documents))
        generation.apply(documents, removed, revision, vectors=noted is None or writing)
        generation.superseded = view.superseded()
        if noted and writing:
            self._catalog.note_collection(noted[0], revision)
        return True

    def switch(self, dimensions: int, report: Progress, whole: bool = False) -> None:
        """Builds a new generation, closes the old one and deletes it; vectors on a server stay unless `whole`."""
        home, before = self.home, self._catalog.collection()
        home.root.mkdir(parents=True, exist_ok=True)
        fresh = None if whole else self._around_collection(dimensions, report)
        if fresh is None:
            fresh = generation_build.build(home, self._catalog, dimensions, report)
            if home.chroma_url:
                self._catalog.note_collection(home.collection(fresh.folder), fresh.revision())
        old, self.generation = self.generation, fresh
        if old:
            old.close()
        # Other processes search the collection before until they have noticed.
        kept = [before[0]] if before and self._catalog.is_shared else []
        home.drop_others(fresh.folder, [fresh.dense.name, *kept])

    def _around_collection(self, dimensions: int, report: Progress) -> Generation | None:
        """A generation of this machine around the vectors that all share; None where these are wrong."""
        noted = self._collection(self._catalog)
        if noted is None or noted[1] != self._catalog.revision():
            return None
        try:
            return generation_build.build(self.home, self._catalog, dimensions, report, noted[0])
        except GenerationError as error:
            log.warning("the vectors are stored anew: %s", error)
            return None

    def _collection(self, catalog: CatalogReader) -> tuple[str, int] | None:
        """The collection that all processes search, and the revision it shows."""
        return catalog.collection() if self.home.chroma_url else None
