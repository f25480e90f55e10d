"""One file to everything the catalog keeps of it, but for the vectors."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, Fact, Passage, Section, content_version, document_id, title_from
from corpus.facts import find_facts
from corpus.headings import first_title, section_paths
from corpus.load import check_size, load
from corpus.load_error import LoadError, NoTextLayerError
from corpus.ocr import recognise
from corpus.passages import passages_of


@dataclass(frozen=True, slots=True)
class Ocr:
    """Recognition of scanned pages: Tesseract languages such as `jpn+jpn_vert`, and seconds for one file."""

    languages: str
    seconds: float


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
    neither a file nor a folder that can be listed is given as well: reading it says why it cannot be.
    """
    if not path.is_dir():
        yield path, source_name(path.name)
        return
    found: list[Path] = []
    closed: list[OSError] = []
    for folder, names, files in os.walk(path, onerror=closed.append):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [Path(folder, name) for name in files if not name.startswith(".")]
    for file in sorted([*found, *(Path(error.filename) for error in closed)]):
        yield file, source_name(file.relative_to(path).as_posix())


def source_name(name: str) -> str:
    """A file name as source, on one line: NFC, so that names from macOS agree; no UTF-8 as \\x83, controls as \\n."""
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    printable = "".join(repr(char)[1:-1] if unicodedata.category(char) == "Cc" else char for char in whole)
    return unicodedata.normalize("NFC", printable)


def read_file(path: Path, source: str, ocr: Ocr | None = None) -> ReadFile:
    """Reads one file from disk; `ocr` recognises the text of scanned pages, without it they are refused.

    Raises:
        LoadError: the file cannot be read or holds nothing that can be read; says why.
    """
    return read_bytes(source, file_bytes(path), ocr)


def file_bytes(path: Path) -> bytes:
    """A file's content.

    Raises:
        LoadError: it is no regular file, too large, or cannot be opened.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LoadError("ファイルではありません / not a regular file")
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"ファイルを開けません / cannot be opened: {error.strerror}") from error


def read_bytes(source: str, data: bytes, ocr: Ocr | None = None) -> ReadFile:
    """Reads a file's content; `ocr` as in `read_file`.

    Raises:
        LoadError: the content cannot become a document; says why.
    """
    document, key = _loaded(source, data, ocr), document_id(source)
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
        find_facts(document, passages, source),
    )


def _loaded(source: str, data: bytes, ocr: Ocr | None) -> Document:
    try:
        return load(source, data)
    except NoTextLayerError:
        if ocr is None:
            raise
        return load(source, recognise(data, ocr.languages, ocr.seconds))
