"""Changes of the library by people: each is noted with who made it."""

import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from assistant.accounts import Person
from assistant.audit import Action, Audit
from corpus.catalog import Record
from index.library import Added, Library
from index.progress import Progress, silent

Visibility = Literal["public", "staff"]
Uploaded = tuple[str | None, BinaryIO]  # the name that a browser sent, and the content


class UploadError(ValueError):
    """Files that cannot be taken as they were sent; the message says why."""


class Editing:
    """What editors do to a library."""

    def __init__(self, library: Library, audit: Audit) -> None:
        self._library, self._audit = library, audit

    def record(self, document_id: str) -> Record:
        """A document of the library.

        Raises:
            KeyError: there is no such document.
        """
        record = self._library.catalog.record(document_id)
        if record is None:
            raise KeyError(document_id)
        return record

    def receive(self, files: Sequence[Uploaded]) -> Path:
        """Saves uploaded files in a folder of their own, which `add` deletes.

        Raises:
            UploadError: a name cannot be used or comes twice.
        """
        names = [_source(name) for name, _ in files]
        if len(set(names)) < len(names):
            raise UploadError("同じ名前のファイルが2つあります / two files of one name")
        with _kept(Path(tempfile.mkdtemp(prefix="keikaku-upload-"))) as folder:
            for name, (_, content) in zip(names, files, strict=True):
                _save(content, folder / name)
        return folder

    def add(
        self, person: Person, folder: Path, visibility: Visibility, progress: Progress = silent
    ) -> Iterator[Added]:
        """Adds the files received; one of a known name takes the place of the document."""
        try:
            for added in self._library.add(sorted(folder.iterdir()), visibility, progress):
                self._audit.note(
                    person, Action.DOCUMENT_ADDED, added.source, status=added.status, visibility=visibility
                )
                yield added
        finally:
            shutil.rmtree(folder)

    def replace(self, person: Person, document_id: str, content: BinaryIO) -> Added:
        """Puts another file in a document's place: id, name and visibility stay.

        Raises:
            KeyError: there is no such document.
            UploadError: the file cannot be read; the document is as it was.
        """
        record = self.record(document_id)
        added = self._put(record, content, record.visibility)
        self._audit.note(
            person,
            Action.DOCUMENT_CHANGED,
            record.source,
            what="replace",
            id=document_id,
            status=added.status,
        )
        return added

    def set_visibility(self, person: Person, document_id: str, visibility: Visibility) -> None:
        """Publishes or withdraws a document: its file is read again, its vectors are there already.

        Raises:
            KeyError: there is no such document.
            UploadError: its file cannot be read by the limits of now.
        """
        record = self.record(document_id)
        if record.visibility == visibility:
            return
        with tempfile.TemporaryFile() as content:
            content.write(self._library.catalog.original(document_id) or b"")
            content.seek(0)
            self._put(record, content, visibility)
        self._audit.note(
            person,
            Action.DOCUMENT_CHANGED,
            record.source,
            what="visibility",
            id=document_id,
            visibility=visibility,
        )

    def supersede(self, person: Person, document_id: str, older: str) -> None:
        """Notes that a document takes the place of another, given by id or source.

        Raises:
            KeyError: there is no such document.
            CatalogError: the other one supersedes it already, or is the same.
        """
        record = self.record(document_id)
        self._library.supersede(document_id, older)
        self._audit.note(
            person, Action.DOCUMENT_CHANGED, record.source, what="supersede", id=document_id, older=older
        )

    def remove(self, person: Person, document_id: str) -> None:
        """Removes a document everywhere, its file included.

        Raises:
            KeyError: there is no such document.
        """
        record = self.record(document_id)
        self._library.remove(document_id)
        self._audit.note(person, Action.DOCUMENT_REMOVED, record.source, id=document_id)

    def _put(self, record: Record, content: BinaryIO, visibility: str) -> Added:
        with tempfile.TemporaryDirectory(prefix="keikaku-upload-") as folder:
            _save(content, Path(folder, record.source))
            results = list(self._library.add([Path(folder)], visibility))
        if not results or results[0].status == "failed":
            raise UploadError(
                (results and results[0].reason) or "この形式は読めません / a format that cannot be read"
            )
        return results[0]


@contextmanager
def _kept(folder: Path) -> Iterator[Path]:
    """A folder that is deleted only where filling it fails."""
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


def _save(content: BinaryIO, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        shutil.copyfileobj(content, target)


def _source(name: str | None) -> str:
    """The last part of a file name, composed as in Unicode's NFC: Macs send it decomposed.

    Raises:
        UploadError: nothing usable is left.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", (name or "").replace("\\", "/"))).name
    if not last or last.startswith(".") or any(ord(character) < 32 for character in last):
        raise UploadError(f"ファイル名が使えません / unusable file name: {name!r}")
    return last
