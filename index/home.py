"""Where the generations of a library are."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.dense import DenseIndex, drop_collections


@dataclass(frozen=True, slots=True)
class Home:
    """Where the generations of a library are: a folder, and with `chroma_url` collections named after `library`."""

    root: Path
    chroma_url: str | None = None
    library: str = ""

    def dense(self, folder: Path) -> DenseIndex:
        """The vectors of a generation; empty where there are none."""
        return self.shared(self.collection(folder)) if self.chroma_url else DenseIndex.open(folder / "chroma")

    def shared(self, collection: str) -> DenseIndex:
        """The vectors of a collection that all processes of the library search."""
        return DenseIndex.connect(self.chroma_url or "", collection)

    def drop_others(self, keep: Path | None, collections: Collection[str] = ()) -> None:
        """Deletes every generation but one, and what crashes left; they can always be built again."""
        for path in self.root.iterdir() if self.root.is_dir() else ():
            if path.is_dir() and path != keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".tmp":
                path.unlink()
        if self.chroma_url:
            drop_collections(self.chroma_url, f"keikaku-{self.library}-", collections)

    def drop(self, folder: Path) -> None:
        """Deletes one generation."""
        shutil.rmtree(folder, ignore_errors=True)
        if self.chroma_url:
            drop_collections(self.chroma_url, self.collection(folder))

    def collection(self, folder: Path) -> str:
        """Name of the collection that was filled with a generation."""
        return f"keikaku-{self.library}-{folder.name}"
