"""A library of the texts of a retrieval data set."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.settings import load_settings
from evals.retrieval import Dataset
from index.library import Library


@contextmanager
def library_of(dataset: Dataset, documents: Path | None, kept: Path | None = None) -> Iterator[Library]:
    """The texts of the data set, or the files of a folder, in a library: in `kept`, or in a folder for now."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings().model_copy(update={"data_dir": kept or Path(scratch) / "data"})
        library = Library(settings)
        library.open(create=True)
        try:
            library.repair()
            for _ in library.add([documents or _written(dataset, Path(scratch) / "texts")], "public"):
                pass
            yield library
        finally:
            library.close()


def _written(dataset: Dataset, folder: Path) -> Path:
    folder.mkdir()
    for source, text in dataset.texts.items():
        (folder / source).write_text(text, "utf-8")
    return folder
