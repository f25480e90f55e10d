"""A library small enough to compute by hand: an embedder of hashed words, documents, catalogs and indexes."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from postgres_made import database_url, url_of

from corpus.catalog import Catalog, Identity
from corpus.settings import Settings
from index.library import Added, Library
from index.onnx_session import Vectors
from index.progress import Progress, silent

DIMENSIONS = 64
WORD = re.compile(r"[ァ-ヶー]+|[一-龠々]+|[0-9０-９]+|[a-z]+", re.IGNORECASE)
IDENTITY = Identity("words", "tokens", "1")


@dataclass
class WordEmbedder:
    """Vectors of hashed words, of length 1: texts with the same words are the same. Counts what it embeds."""

    identity: str = "words"
    dimensions: int = DIMENSIONS
    embedded: list[str] = field(default_factory=list)

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self._vector(text)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode_documents(texts).tolist()
        return vectors

    def encode_documents(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for number, text in enumerate(texts):
            vectors[number] = self._vector(text)
        progress("embed", len(texts), len(texts))
        return vectors

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        vector = np.zeros(self.dimensions, np.float32)
        for word in WORD.findall(text):
            vector[self.place(word)] += 1
        length = float(np.linalg.norm(vector))
        if length == 0:
            vector[0] = 1
            return vector
        return vector / np.float32(length)

    def place(self, word: str) -> int:
        """Which value of a vector counts the word."""
        return int.from_bytes(hashlib.sha256((self.identity + word).encode()).digest()[:4]) % self.dimensions


PLANS = {
    "計画.md": "# デジタル計画\n\n## 第1章 概要\n\n計画期間は令和3年度から令和7年度までの5年間とする。\n\n"
    "## 第2章 予算\n\n窓口の手続の予算規模は約7.2億円である。\n",
    "防災.txt": "防災計画\n\n避難所に備蓄倉庫を設置する。備蓄の更新は毎年度11月に行う。\n",
    "市/福祉.html": "<title>福祉計画</title><h1>福祉計画</h1><p>高齢者の見守りを行う。</p>"
    "<table><tr><th>年度</th><th>予算</th></tr><tr><td>令和6年度</td><td>720百万円</td></tr></table>",
}


def write_plans(folder: Path, plans: dict[str, str] | None = None) -> Path:
    """Writes the files, and gives the folder."""
    for name, text in (PLANS if plans is None else plans).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def settings_at(folder: Path) -> Settings:
    """Settings of a library in a folder of its own."""
    data = folder / "data"
    return Settings.model_validate(
        {"data_dir": data, "model_dir": folder / "models", "database_url": database_url(data)}
    )


def open_library(folder: Path, embedder: WordEmbedder | None = None) -> Library:
    """A library, made where there is none and repaired where it must."""
    library = Library(settings_at(folder), embedder or WordEmbedder())
    library.open(create=True)
    library.repair()
    return library


def add_all(library: Library, *paths: Path, visibility: str = "public") -> list[Added]:
    """Adds files and folders, to the end."""
    return list(library.add(paths, visibility))


def new_catalog(folder: Path, identity: Identity = IDENTITY) -> Catalog:
    """An empty catalog."""
    catalog = Catalog(url_of(folder / "data"))
    catalog.create(identity)
    return catalog


def bytes_under(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file, to see that nothing was written."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
