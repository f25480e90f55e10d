"""What a cluster's machine does with a file, and what the library does with that; Ray itself: `make bench-ray`."""

import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from index_made import WordEmbedder, settings_at

from corpus.load_error import LoadError
from corpus.read import read_file
from corpus.records import Identity
from corpus.settings import Settings
from index import library as library_module
from index.cluster import ClusterError, read_on
from index.cluster_reader import Embedded, FileReader, Recipe, Row, content_of
from index.embedding import SentenceEmbedder
from index.entries import texts_of
from index.identity import identity_of
from index.known import ModelError
from index.library import Library
from ui.desk import ServerDesk

PLAN = "# 計画\n\n令和6年度の予算は7.2億円とする。窓口の手続をデジタル化する。\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "計画.md"
    path.write_text(PLAN, "utf-8")
    return path


@pytest.fixture
def recipe(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """Of a library made with the tiny model, which lies where this machine's settings say."""
    monkeypatch.setenv("KEIKAKU_MODEL_DIR", str(tiny_folder.parent))
    identity = identity_of(SentenceEmbedder(tiny_folder, name="tiny"))
    return Recipe.of(Settings(embedder="tiny"), identity)


def row(path: Path) -> Row:
    return {"path": str(path).encode(), "source": path.name}


def test_a_reader_gives_what_the_library_would_make(recipe: Recipe, tiny_folder: Path, plan: Path) -> None:
    reader = FileReader(recipe)
    try:
        made, gone = (
            pickle.loads(reader(content_of(row(path)))["result"])  # noqa: S301
            for path in (plan, plan.parent / "gone.md")
        )
    finally:
        reader._workers.close()
    file = read_file(plan, plan.name)
    assert made.file == replace(file, data=b"")
    texts = texts_of(file, recipe.identity.embedder)
    expected = SentenceEmbedder(tiny_folder, name="tiny").encode_documents(list(texts.values()))
    assert np.allclose([made.vectors[digest] for digest in texts], expected, atol=1e-5)
    assert isinstance(gone, LoadError)
    assert "cannot be opened" in str(gone)


def test_a_machine_of_another_version_is_refused(recipe: Recipe) -> None:
    other = replace(recipe, identity=replace(recipe.identity, passage_rules="older"))
    with pytest.raises(ModelError, match="another version"):
        other.embedder_here()


class Idle(WordEmbedder):
    """Embeds no passage."""

    def encode_documents(self, texts: object, progress: object = None) -> np.ndarray:
        raise AssertionError("the cluster embeds")


def test_the_library_only_stores_what_a_cluster_made(
    tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cluster(
        address: str, files: list[tuple[Path, str]], settings: Settings, identity: Identity
    ) -> Iterator:
        for path, source in files:
            if path.suffix == ".bad":
                yield path, source, LoadError("bad")
                continue
            texts = texts_of(file := read_file(path, source), identity.embedder)
            vectors = WordEmbedder().encode_documents(list(texts.values()))
            yield path, source, Embedded(file, dict(zip(texts, vectors, strict=True)))

    (tmp_path / "a.bad").write_text("bad")
    monkeypatch.setattr(library_module, "read_on", cluster)
    library = Library(settings_at(tmp_path), Idle())
    library.open(create=True)
    try:
        found = {
            one.source: one.status for one in library.add([plan, tmp_path / "a.bad"], "public", ray="auto")
        }
        assert found == {"計画.md": "added", "a.bad": "failed"}
        assert library.verify() > 0
    finally:
        library.close()


def test_no_files_need_no_cluster(tmp_path: Path) -> None:
    assert list(read_on("nowhere:1", [], Settings(), Identity("", "", ""))) == []


@pytest.mark.parametrize(
    ("address", "said"), [("ray://head:10001", "not by ray://"), ("auto", r"keikaku-navi\[ray\]")]
)
def test_what_cannot_be_is_said(plan: Path, address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as where it is not installed
    with pytest.raises(ClusterError, match=said):
        list(read_on(address, [(plan, plan.name)], Settings(), Identity("", "", "")))


def test_a_server_that_owns_the_library_does_not_begin_a_cluster(plan: Path) -> None:
    with pytest.raises(ClusterError, match="not while a server owns the library"):
        list(ServerDesk(None, lambda *_: None).add([plan], "public", ray="auto"))  # type: ignore[arg-type]
