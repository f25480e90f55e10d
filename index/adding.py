"""Files on their way into the library: which are new, what was read of them, and how fast."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corpus.catalog import Record
from corpus.document import Document, content_version
from corpus.load import MAX_BYTES
from corpus.load_error import LoadError
from corpus.read import ReadFile, files_under
from corpus.workers import FileRead
from index.progress import Progress

TWICE = (
    "同じ名前の文書がほかの場所にもあります。上の階層のフォルダを指定してください"
    " / another file has the same name: give the folder above both"
)
PAGE_CHARS = 1000  # counted as a page where a format has none


_Result = TypeVar("_Result")

Reader = Callable[[list[tuple[Path, str]]], Iterator[FileRead]]
"""Reads (path, source) in the order given, wherever: in worker processes, or on the machines of a cluster."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: `status` is `added`, `updated`, `unchanged`, `removed` or `failed`.

    `reason` says why it failed; `note` what a reader should know of one that did not.
    """

    source: str
    status: str
    document_id: str | None = None
    reason: str | None = None
    passages: int = 0
    note: str | None = None


def added_of(file: ReadFile, replaced: bool) -> Added:
    """The result of a file that the library holds now."""
    silent_pages = file.document.metadata.get("pages_without_text")
    note = f"文字のないページ / pages without text: {silent_pages}" if silent_pages else None
    status = "updated" if replaced else "added"
    return Added(file.source, status, file.id, passages=len(file.passages), note=note)


def pages_of(document: Document) -> int:
    """Pages, or as many as the text would fill."""
    return len(document.page_starts) or -(-len(document.text) // PAGE_CHARS)


def sources_of(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """(file, source) of all files and folders given."""
    return [pair for path in paths for pair in files_under(path)]


class Reading:
    """Reads files, those that the library holds already left out."""

    def __init__(
        self, known: Mapping[str, Record], visibility: str, reader: Reader, report: Progress
    ) -> None:
        self._known, self._visibility = known, visibility
        self._reader, self._report = reader, report
        self._begun, self._done, self._total, self._pages = time.monotonic(), 0, 0, 0

    def read(self, files: list[tuple[Path, str]]) -> Iterator[ReadFile | Added]:
        """Each file read, or what became of it; a bad one stops no other. Of two with one source the first counts."""
        self._total = len(files)
        fresh: list[tuple[Path, str]] = []
        seen: set[str] = set()
        for path, source in files:
            if done := self._at_once(path, source, seen):
                yield self._counted(done)
            else:
                fresh.append((path, source))
            seen.add(source)
        for _, source, result in self._reader(fresh):
            if isinstance(result, LoadError):
                yield self._counted(Added(source, "failed", reason=str(result)))
            else:
                self._pages += pages_of(result.document)
                yield self._counted(result)

    def _at_once(self, path: Path, source: str, seen: set[str]) -> Added | None:
        """What can be said of a file without reading it as a document."""
        if source in seen:
            return Added(source, "failed", reason=TWICE)
        before = self._known.get(source)
        if before and before.visibility == self._visibility and _version(path) == before.version:
            return Added(source, "unchanged", before.id, passages=before.passages)
        return None

    def _counted(self, result: _Result) -> _Result:
        self._done += 1
        speed = self._pages / max(time.monotonic() - self._begun, 0.001)
        self._report("読み取り / reading", self._done, self._total, f"{speed:.1f} ページ/秒 pages/s")
        return result


def _version(path: Path) -> str | None:
    """Digest of the file's content; None where it cannot be read, which reading it will explain."""
    try:
        readable = path.is_file() and path.stat().st_size <= MAX_BYTES
        return content_version(path.read_bytes()) if readable else None
    except OSError:
        return None
