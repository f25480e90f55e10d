"""Files on their way into the library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.catalog import Record
from corpus.load import LoadError
from corpus.read import ReadFile, files_under, read_file
from index.progress import Progress

TWICE = (
    "同じ名前の文書がほかの場所にもあります。上の階層のフォルダを指定してください"
    " / another file has the same name: give the folder above both"
)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: `status` is `added`, `unchanged` or `failed`, with the reason."""

    source: str
    status: str
    document_id: str | None = None
    reason: str | None = None
    passages: int = 0


def read_all(paths: Iterable[Path], report: Progress) -> Iterator[ReadFile | Added]:
    """Each file read, or why not; a bad one stops no other. Of two with one source the first counts."""
    files = [pair for path in paths for pair in files_under(path)]
    seen: set[str] = set()
    for number, (path, source) in enumerate(files, 1):
        yield Added(source, "failed", reason=TWICE) if source in seen else _read(path, source)
        seen.add(source)
        report("取り込み / adding", number, len(files))


def _read(path: Path, source: str) -> ReadFile | Added:
    try:
        return read_file(path, source)
    except LoadError as error:
        return Added(source, "failed", reason=str(error))


def is_same(before: Record | None, file: ReadFile, visibility: str) -> bool:
    """Whether the library holds the file as it is."""
    return before is not None and (before.version, before.visibility) == (file.version, visibility)
