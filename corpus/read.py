"""One file to everything the catalog keeps of it, but for the vectors."""

import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, Fact, Passage, Section, content_version, document_id, title_from
from corpus.facts import find_facts
from corpus.headings import first_title, section_paths
from corpus.load import LoadError, check_size, load
from corpus.passages import passages_of


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file read into sections, passages and facts."""

    id: str
    source: str
    title: str
    version: str
    data: bytes
    document: Document
    sections: list[Section]
    passages: list[Passage]
    facts: list[Fact]


def files_under(path: Path) -> Iterator[tuple[Path, str]]:
    """(file, source) of a file, or of every file of a folder: the source is relative to the folder given.

    Hidden files are left out; links to folders are not followed, so that a loop of links ends. What is
    neither file nor folder is given as well: reading it says why it cannot be.
    """
    if not path.is_dir():
        yield path, source_name(path.name)
        return
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        if not file.is_dir() and not any(part.startswith(".") for part in relative.parts):
            yield file, source_name(relative.as_posix())


def source_name(name: str) -> str:
    """A file name as source: NFC, so that names from macOS agree; bytes that are not UTF-8 as \\x83."""
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", whole)


def read_file(path: Path, source: str) -> ReadFile:
    """Reads one file from disk.

    Raises:
        LoadError: the file cannot be read or holds nothing that can be read; says why.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LoadError("ファイルではありません / not a regular file")
        check_size(path.stat().st_size)
        data = path.read_bytes()
    except OSError as error:
        raise LoadError(f"ファイルを開けません / cannot be opened: {error.strerror}") from error
    return read_bytes(source, data)


def read_bytes(source: str, data: bytes) -> ReadFile:
    """Reads a file's content.

    Raises:
        LoadError: the content cannot become a document; says why.
    """
    document, key = load(source, data), document_id(source)
    sections = section_paths(document)
    passages = passages_of(key, document, sections)
    if not passages:
        raise LoadError("本文がありません / there is no text in the file")
    title = document.title or title_from(source, first_title(document))
    return ReadFile(
        key,
        source,
        title,
        content_version(data),
        data,
        document,
        sections,
        passages,
        find_facts(document, passages),
    )
