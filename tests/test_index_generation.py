"""Generations: built from the catalog alone, checked against it, switched to in one step."""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from index_made import DIMENSIONS, WordEmbedder, add_all, open_library, settings_at, write_plans

from index import generation_check
from index.atomic import write_atomically
from index.dense import drop_collections
from index.forward_build import changed
from index.generation import Generation
from index.generation_build import build, open_current
from index.generation_check import verify
from index.generation_error import BrokenIndexError, ClosedGenerationError, GenerationError
from index.home import Home
from index.lexical import LexicalRow
from index.library import Library
from index.search import Hit

both = pytest.mark.usefixtures("chroma_url")  # in a folder and on a server


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = open_library(tmp_path)
    add_all(made, write_plans(tmp_path / "docs"))
    yield made
    made.close()


def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "generations"


def live(library: Library) -> Generation:
    generation = library._indexes.generation
    assert generation is not None
    return generation


def current(library: Library) -> Generation | None:
    """What a process that starts now opens."""
    found = open_current(library._indexes.home, library.catalog, DIMENSIONS)
    if found:
        found.close()
    return found


@both
def test_a_generation_holds_what_the_catalog_holds(library: Library) -> None:
    generation = live(library)
    documents = list(library.catalog.indexed())
    passages = [passage for document in documents for passage in document.passages]
    assert generation.dense.count() == generation.lexical.count() == len(passages) > 0
    assert generation.forward.ids == tuple(passage.id for passage in passages)
    assert (
        len(generation.forward.sentences.flat) == sum(len(one.sentences) for one in passages) > len(passages)
    )
    assert generation.revision() == library.catalog.revision()
    verify(generation, library.catalog)


def remove_vector(generation: Generation) -> None:
    collection = generation.dense._collection
    collection.delete(ids=collection.get(limit=1)["ids"])


def add_vector(generation: Generation) -> None:
    generation.dense._collection.add(
        ids=["left over"], embeddings=[[0.1] * DIMENSIONS], metadatas=[{"document_id": "d"}]
    )


def turn_vector(generation: Generation) -> None:
    collection = generation.dense._collection
    key = collection.get(limit=1)["ids"][0]
    collection.update(ids=[key], embeddings=[[0.125] * DIMENSIONS])


def move_vector(generation: Generation) -> None:
    collection = generation.dense._collection
    collection.update(ids=collection.get(limit=1)["ids"], metadatas=[{"document_id": "other"}])


@both
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (remove_vector, "1 missing or different, 0 left over"),
        (turn_vector, "1 missing or different, 0 left over"),
        (move_vector, "1 missing or different, 0 left over"),
        (add_vector, "0 missing or different, 1 left over"),
    ],
)
def test_every_damaged_vector_is_noticed(
    library: Library, damage: Callable[[Generation], None], says: str
) -> None:
    damage(live(library))
    with pytest.raises(GenerationError, match=f"index dense: {says}.*keikaku rebuild"):
        verify(live(library), library.catalog)
    library.rebuild()
    assert library.verify() == library.catalog.size()


def test_a_damaged_lexical_index_is_noticed(library: Library) -> None:
    index, document = live(library).lexical, library.catalog.records()[0].id
    index.update([], [document])
    with pytest.raises(GenerationError, match="index lexical: 2 missing or different, 0 left over"):
        verify(live(library), library.catalog)
    library.rebuild()
    live(library).lexical.update([LexicalRow("left over", "d", "hidden", "本文")])
    with pytest.raises(GenerationError, match="index lexical: 0 missing or different, 1 left over"):
        verify(live(library), library.catalog)


def test_a_passage_shown_to_the_wrong_people_is_noticed(library: Library) -> None:
    [document] = library.catalog.indexed([library.catalog.records()[0].id])
    rows = [
        LexicalRow(passage.id, document.record.id, "staff", passage.tokens) for passage in document.passages
    ]
    live(library).lexical.update(rows, [document.record.id])
    with pytest.raises(GenerationError, match="index lexical: 2 missing"):
        verify(live(library), library.catalog)


def test_a_forward_index_that_missed_a_document_is_noticed(library: Library) -> None:
    generation = live(library)
    generation.forward = changed(generation.forward, [library.catalog.records()[0].id], [])
    with pytest.raises(GenerationError, match="index forward: 2 missing or different, 0 left over"):
        verify(generation, library.catalog)


@both
def test_changes_leave_the_forward_index_that_a_new_process_reads(library: Library, tmp_path: Path) -> None:
    add_all(library, write_plans(tmp_path / "more", {"新.md": "# 新しい計画\n\n備蓄を増やす。\n"}))
    library.remove(library.catalog.records()[0].id)
    kept, fresh = live(library).forward, current(library)
    assert fresh is not None
    order = kept.rows(fresh.forward.ids)
    assert sorted(order) == list(range(len(kept.ids)))
    assert np.array_equal(kept.passages[order], fresh.forward.passages)
    for word in ("備蓄", "計画", "増やす", "倉庫"):
        assert kept.document_frequency(word) == fresh.forward.document_frequency(word)
    assert kept.document_frequency("増やす") == 1


@both
def test_a_build_that_fails_leaves_the_old_one(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live(library).folder
    with monkeypatch.context() as patched:
        patched.setattr(generation_check, "FOUND_ITSELF", 2.0)
        with pytest.raises(GenerationError, match="not found by its vector"):
            library.rebuild()
    assert live(library).folder == before
    assert (root(tmp_path) / "current").read_text() == before.name
    assert [path for path in root(tmp_path).iterdir() if path.is_dir()] == [before]
    library.verify()


@both
def test_after_a_switch_only_the_new_one_is_left(library: Library, tmp_path: Path) -> None:
    before = live(library).folder
    (root(tmp_path) / "current.1234.tmp").touch()
    (root(tmp_path) / "g-orphan" / "chroma").mkdir(parents=True)
    library.rebuild()
    assert live(library).folder != before
    assert sorted(path.name for path in root(tmp_path).iterdir()) == ["current", live(library).folder.name]
    assert current(library) is not None


@pytest.mark.parametrize("state", ["", "{}", "[]", '{"revision": null}', "not json"])
def test_a_generation_without_a_readable_state_is_not_opened(
    library: Library, tmp_path: Path, state: str
) -> None:
    library.close()
    (live_folder(tmp_path) / "state.json").write_text(state)
    assert current(library) is None


def live_folder(tmp_path: Path) -> Path:
    return root(tmp_path) / (root(tmp_path) / "current").read_text()


@both
def test_what_is_out_of_date_or_gone_is_not_opened(library: Library, tmp_path: Path) -> None:
    library.close()
    assert open_current(Home(tmp_path / "nowhere"), library.catalog, DIMENSIONS) is None
    (live_folder(tmp_path) / "state.json").write_text(json.dumps({"revision": 99}))
    assert current(library) is None
    shutil.rmtree(live_folder(tmp_path))
    assert current(library) is None


def test_indexes_that_the_last_process_died_of_are_built_anew(library: Library, tmp_path: Path) -> None:
    library.close()
    (root(tmp_path) / "opening").touch()
    again = Library(settings_at(tmp_path), WordEmbedder())
    again.open()
    assert not again.is_clean()
    assert again.repair()
    assert not (root(tmp_path) / "opening").exists()
    again.verify()
    again.close()
    assert not open_library(tmp_path).repair()


@both
@pytest.mark.parametrize("pattern", ["chroma/chroma.sqlite3", "tantivy/meta.json", "tantivy/*.term"])
def test_garbage_is_repaired_at_the_start_without_embedding(
    library: Library,
    tmp_path: Path,
    pattern: str,
    caplog: pytest.LogCaptureFixture,
    chroma_url: str | None,
) -> None:
    if chroma_url and pattern.startswith("chroma"):
        drop_collections(chroma_url, f"keikaku-{library.catalog.library_id()}-")
    library.close()
    for path in live_folder(tmp_path).glob(pattern):
        path.write_bytes(os.urandom(5000))
    embedder = WordEmbedder()
    again = Library(settings_at(tmp_path), embedder)
    with caplog.at_level(logging.WARNING):
        again.open()
    assert "built anew" in caplog.text
    assert again.repair()
    again.verify()
    assert embedder.embedded == []
    again.close()


@both
def test_vectors_that_got_lost_are_noticed_at_the_start(library: Library, tmp_path: Path) -> None:
    remove_vector(live(library))
    library.close()
    assert current(library) is None


@both
def test_a_reader_of_the_old_one_is_waited_for(library: Library) -> None:
    old, done = live(library), threading.Event()
    with library.reading() as searcher:
        switch = threading.Thread(target=lambda: (library.rebuild(), done.set()))
        switch.start()
        while live(library) is old:
            time.sleep(0.01)
        assert not done.wait(0.2)
        assert searcher.search("備蓄")[0].source == "防災.txt"
        with library.reading() as newer:
            assert newer.search("備蓄")[0].source == "防災.txt"
    switch.join()
    assert done.is_set()
    assert not old.folder.exists()
    with pytest.raises(ClosedGenerationError), old.held():
        pass


@both
def test_searches_go_on_while_generations_change(library: Library) -> None:
    stop, found, wrong = threading.Event(), list[list[Hit]](), list[list[Hit]]()

    def read() -> None:
        while not stop.is_set():
            with library.reading() as searcher:
                hits = searcher.search("避難所の備蓄")
            (found if hits and hits[0].source == "防災.txt" else wrong).append(hits)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        library.rebuild()
    stop.set()
    for reader in readers:
        reader.join()
    assert found
    assert not wrong


def test_an_empty_library_has_a_generation(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    assert library.is_clean()
    assert library.verify() == 0
    library.close()
    again = open_library(tmp_path)
    assert not again.repair()
    again.close()


def test_progress_counts_documents(library: Library, tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    home = Home(tmp_path / "other")
    home.root.mkdir()
    build(home, library.catalog, DIMENSIONS, lambda stage, done, total: said.append((done, total))).close()
    assert said == [(3, 3)]


def test_files_are_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for text in ("one", "two"):
        write_atomically(path, text.encode())
        assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_errors_are_of_one_family() -> None:
    assert issubclass(BrokenIndexError, GenerationError)
    assert issubclass(ClosedGenerationError, GenerationError)
