"""Opens the live generation, or builds a new one beside it and switches to it in one step."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from corpus.catalog import Catalog, Indexed
from index import forward_file
from index.atomic import write_atomically
from index.forward_build import empty, forward_of
from index.generation import FORWARD, POINTER, Generation, revision_of
from index.generation_check import probe, verify
from index.generation_error import GenerationError
from index.home import Home
from index.progress import Progress, silent
from index.rows import batches

log = logging.getLogger(__name__)
OPENING = "opening"  # there while the indexes are being opened: broken ones can take the process down


def open_current(home: Home, catalog: Catalog, dimensions: int) -> Generation | None:
    """The generation that the pointer names, which may have missed the last changes; None where there is none.

    Indexes that were being written when their process died are not even opened, nor those that the last
    process to open them died of.
    """
    pointer, opening = home.root / POINTER, home.root / OPENING
    if not pointer.is_file() or opening.exists():
        return None
    folder = home.root / pointer.read_text("utf-8").strip()
    if not 0 <= revision_of(folder, home.library) <= catalog.revision():
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
    shows, noted = revision_of(folder, home.library), catalog.collection() if home.chroma_url else None
    is_current = shows == catalog.revision()
    kept = forward_file.load(folder / FORWARD, shows)
    if (kept is None and not is_current) or (home.chroma_url and noted is None):
        return None
    forward = forward_of(catalog.indexed(), dimensions) if kept is None else kept
    generation = Generation.open(home, folder, forward, noted and noted[0])
    generation.superseded, generation.kept = catalog.superseded(), kept
    try:
        if is_current and (noted is None or noted[1] == shows):
            probe(generation, catalog)
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
