"""Other words for the same thing: of a glossary, and of the documents."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from index_made import WordEmbedder

from corpus.read import read_bytes
from corpus.records import Indexed, IndexedPassage, Record
from corpus.settings import Settings
from index.entries import entries_of
from index.forward import ForwardIndex
from index.forward_build import changed, forward_of
from index.glossary import Glossary, GlossaryError
from index.library import Library
from index.progress import silent
from index.wording import glossary_of

ONE = np.ones(1, np.float32)


def document(key: str, *aliases: tuple[str, str]) -> Indexed:
    """A document that explains these (short, long) names."""
    record = Record(key, f"{key}.md", "", "v", "public", "text/plain", datetime(2026, 1, 1, tzinfo=UTC), 0)
    return Indexed(record, ONE, [IndexedPassage(f"{key}-0", key, "\n計画", ONE, [ONE])], list(aliases))


def index_of(*documents: Indexed) -> ForwardIndex:
    return forward_of(documents, 1)


def written(folder: Path, text: str) -> Path:
    path = folder / "words.txt"
    path.write_text(text, "utf-8")
    return path


def official(glossary: Glossary, question: str) -> list[tuple[str, ...]]:
    return [names for _, names in glossary.expansions(question)]


def test_a_glossary_of_ones_own_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    path = written(tmp_path, "防犯灯 | まちあかり\n")
    index = index_of(document("a"))
    assert official(glossary_of(index, path), "まちあかりを付けたい") == [("防犯灯",)]
    assert official(glossary_of(index, path), "お年寄りの見守り") == []
    shipped = glossary_of(index, None)
    assert official(shipped, "まちあかりを付けたい") == []
    assert "高齢者" in {word for words in official(shipped, "お年寄りの見守り") for word in words}


def test_names_of_all_documents_are_searched_either_way(tmp_path: Path) -> None:
    index = index_of(
        document("a", ("ＡＢＣ", "あおば文化会館")),
        document("b", ("ＸＹ計画", "中央区域整備計画"), ("ABC", "あおば文化会館")),
    )
    glossary = glossary_of(index, written(tmp_path, "防犯灯 | まちあかり\n"))
    assert official(glossary, "abcの場所") == [("abc", "あおば文化会館")]
    assert official(glossary, "あおば文化会館の場所") == [("abc", "あおば文化会館")]
    assert official(glossary, "まちあかりとXY計画") == [("防犯灯",), ("xy計画", "中央区域整備計画")]


def test_documents_that_come_and_go_take_their_names_with_them(tmp_path: Path) -> None:
    path = written(tmp_path, "防犯灯 | まちあかり\n")
    before = index_of(document("a"))
    after = changed(before, [], [document("b", ("ABC", "あおば文化会館"))])
    gone = changed(after, ["b"], [])
    found = [official(glossary_of(index, path), "ABC") for index in (before, after, gone, after)]
    assert found == [[], [("abc", "あおば文化会館")], [], [("abc", "あおば文化会館")]]


def test_words_are_prepared_once_for_an_index(tmp_path: Path) -> None:
    path = written(tmp_path, "防犯灯 | まちあかり\n")
    index = index_of(document("a"))
    assert glossary_of(index, path) is glossary_of(index, path)


@pytest.mark.parametrize("data", [None, "防犯灯 | まちあかり".encode("cp932")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "my-words.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(GlossaryError, match=r"my-words\.txt.*UTF-8"):
        glossary_of(index_of(), path)


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match="line 2"):
        glossary_of(index_of(), written(tmp_path, "防犯灯 | まちあかり\n灯\n"))


@contextmanager
def library_of(folder: Path, texts: Sequence[tuple[str, str]], glossary: Path | None) -> Iterator[Library]:
    """A library of documents that are read in this process."""
    settings = Settings(data_dir=folder / "data", model_dir=folder / "models", glossary=glossary)
    library = Library(settings, WordEmbedder())
    library.open(create=True)
    files = [read_bytes(name, text.encode()) for name, text in texts]
    library.catalog.put(entries_of(files, "public", library.embedder, library.catalog, silent))
    library.repair()
    yield library
    library.close()


def test_search_finds_what_only_other_words_say(tmp_path: Path) -> None:
    texts = [
        ("定義.md", "# 定義\n\n青葉文化芸術会館（以下「ＡＢＫ」という。）を建てる。\n"),
        ("工事.md", "# 工事\n\n青葉文化芸術会館の屋根を直す。\n"),
        ("道路.md", "# 道路\n\n防犯灯を毎年度ふやす。\n"),
    ]
    path, asked = written(tmp_path, "防犯灯 | まちあかり\n"), ("まちあかり", "ABK")
    with library_of(tmp_path, texts, path) as library, library.reading() as searcher:
        found = [{hit.source: hit.reasons["lexical"] for hit in searcher.search(query)} for query in asked]
    assert [[source for source, score in one.items() if score > 0] for one in found] == [
        ["道路.md"],
        ["定義.md", "工事.md"],
    ]


def test_a_library_names_a_glossary_that_is_missing(tmp_path: Path) -> None:
    with (
        library_of(tmp_path, [("道路.md", "防犯灯。")], tmp_path / "none.txt") as library,
        pytest.raises(GlossaryError, match=r"none\.txt"),
        library.reading(),
    ):
        pass
