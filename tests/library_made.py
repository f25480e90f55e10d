"""A real library over two small documents, with an embedder that counts words, and its application."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from fastapi import FastAPI
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from postgres_made import database_url

from corpus.settings import Settings
from index.library import Library
from index.owner import Owner
from index.progress import Progress, silent
from index.tokens import tokens
from ui.app import create_app

SIZE = 256
PUBLIC_PLAN = """# 中央市デジタル計画

## 第1章 計画の概要

### 1節 計画期間

中央市デジタル計画の計画期間は、令和3年度から令和7年度までの5年間とします。

### 2節 窓口デジタル化事業

窓口デジタル化事業の2024年度の予算は7.2億円です。窓口デジタル化事業では、すべての窓口で電子申請を受け付けます。

### 3節 学校デジタル化事業

学校デジタル化事業の2023年度の予算は3.5億円です。
"""
STAFF_PLAN = """# 庁内の検討資料

## 秘密保管庫の移転

秘密保管庫の移転の2024年度の予算は9.9億円です。移転先は庁舎の地下とします。
"""
LOCAL = "http://localhost:8000"


class WordEmbedder:
    """Counts the words of a text in 256 cells: texts with common words are near."""

    identity = "words-1"
    dimensions = SIZE

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.encode_documents([text])[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def encode_documents(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        vectors = np.full((len(texts), SIZE), 1e-6, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in tokens(text):
                row[zlib.crc32(word.encode()) % SIZE] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def made_settings(folder: Path, **changes: object) -> Settings:
    """Settings with their state in the folder, whatever the environment says."""
    return Settings.model_validate(
        {"data_dir": folder / "data", "database_url": database_url(folder / "data"), **changes}
    )


@contextmanager
def made_library(folder: Path, settings: Settings) -> Iterator[Library]:
    """A library of one public and one staff document."""
    library = Library(settings, embedder=WordEmbedder())
    library.open(create=True)
    library.repair()
    for name, text, visibility in (("plan.md", PUBLIC_PLAN, "public"), ("inner.md", STAFF_PLAN, "staff")):
        (folder / name).write_text(text, "utf-8")
        assert [one.status for one in library.add([folder / name], visibility)] == ["added"]
    yield library
    library.close()


def made_app(library: Library, settings: Settings) -> FastAPI:
    """The whole application."""
    return create_app(settings, library, Owner(1, LOCAL, "token"))


def client_of(app: FastAPI, **headers: str) -> TestClient:
    """A browser at this machine; with X-Forwarded-For a citizen behind a reverse proxy."""
    return TestClient(app, base_url=LOCAL, headers=headers, raise_server_exceptions=False)
