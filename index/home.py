"""Where the generations of a library are."""

import shutil
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
        if self.chroma_url:
            return DenseIndex.connect(self.chroma_url, self._collection(folder))
        return DenseIndex.open(folder / "chroma")

    def drop_others(self, keep: Path | None) -> None:
        """Deletes every generation but one, and what crashes left; they can always be built again."""
        for path in self.root.iterdir() if self.root.is_dir() else ():
            if path.is_dir() and path != keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".tmp":
                path.unlink()
        if self.chroma_url:
            kept = self._collection(keep) if keep else ""
            drop_collections(self.chroma_url, f"keikaku-{self.library}-", kept)

    def drop(self, folder: Path) -> None:
        """Deletes one generation."""
        shutil.rmtree(folder, ignore_errors=True)
        if self.chroma_url:
            drop_collections(self.chroma_url, self._collection(folder))

    def _collection(self, folder: Path) -> str:
        return f"keikaku-{self.library}-{folder.name}"
