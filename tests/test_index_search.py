"""Hybrid search over a library: filters, reasons, folding, successors, and questions that are none."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from index_made import PLANS, WordEmbedder, add_all, open_library, settings_at, write_plans

from corpus.document import Passage
from index import search as search_module
from index.embedding import SentenceEmbedder
from index.filters import Filter
from index.fusion import SIGNALS
from index.lexical import LexicalIndex
from index.library import Library
from index.search import SUPERSEDED, Hit, folded


def hit(key: str, text: str = "本文", source: str = "a.md", context: str = "") -> Hit:
    passage = Passage(key, source, 0, "text", (), None, 0, len(text), text, context)
    return Hit(passage, source, "計画", 1.0)


def sources(hits: Sequence[Hit]) -> list[str]:
    return [hit.source for hit in hits]


def made_library(folder: Path) -> Library:
    made = open_library(folder)
    add_all(made, write_plans(folder / "docs"))
    inner = write_plans(folder / "inner", {"内部.md": "# 内部資料\n\n備蓄の内訳を職員だけが見る。\n"})
    add_all(made, inner, visibility="staff")
    return made


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, shared_chroma_url: str | None) -> Iterator[Library]:
    """One that is only searched."""
    made = made_library(tmp_path_factory.mktemp("library"))
    yield made
    made.close()


@pytest.fixture
def own(tmp_path: Path, chroma_url: str | None) -> Iterator[Library]:
    """One that the test may change."""
    made = made_library(tmp_path)
    yield made
    made.close()


def search(library: Library, query: str, filters: Filter | None = None, limit: int = 10) -> list[Hit]:
    with library.reading() as searcher:
        return searcher.search(query, limit, filters)


def test_look_alikes_of_a_document_are_folded() -> None:
    hits = [
        hit("a", "予算は７億円"),
        hit("b", "予算は7億円 "),
        hit("c", "予算は7億円", "b.md"),
        hit("d", "予算は7億円", context="年度：令和6年度"),
    ]
    assert [one.passage.id for one in folded(hits, 10)] == ["a", "c", "d"]
    assert [one.passage.id for one in folded(hits, 2)] == ["a", "c"]


def test_what_is_asked_for_is_first_and_says_why(library: Library) -> None:
    first = search(library, "備蓄倉庫")[0]
    assert first.source == "防災.txt"
    assert first.title == "防災計画"
    assert set(first.reasons) == {*SIGNALS, "topic"}
    assert first.reasons["lexical"] > 0
    assert first.reasons["pairs"] > 0  # 倉庫 behind 備蓄
    assert all(-1 <= first.reasons[name] <= 1.001 for name in ("dense", "sentence", "section", "title"))
    assert 0 < first.score <= 1
    scores = [hit.score for hit in search(library, "備蓄倉庫")]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("720百万円", "市/福祉.html"),
        ("2021年度", "計画.md"),
        ("R6の予算", "市/福祉.html"),
        ("7.2億円", "計画.md"),
    ],
)
def test_years_and_amounts_are_found_as_they_are_meant(library: Library, query: str, source: str) -> None:
    assert search(library, query)[0].source == source


def test_filters_hold_in_every_index(library: Library) -> None:
    ids = {record.source: record.id for record in library.catalog.records()}
    assert set(sources(search(library, "備蓄"))) == {*PLANS, "内部.md"}
    assert set(sources(search(library, "備蓄", Filter(visibility="public")))) == set(PLANS)
    assert sources(search(library, "備蓄", Filter(visibility="staff"))) == ["内部.md"]
    assert set(sources(search(library, "備蓄", Filter((ids["計画.md"], ids["内部.md"]))))) == {
        "計画.md",
        "内部.md",
    }
    assert search(library, "備蓄", Filter((ids["内部.md"],), "public")) == []
    assert search(library, "備蓄", Filter(("unknown",))) == []


def test_a_filter_over_many_passages_asks_chroma_for_more(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = search(library, "備蓄の内訳", Filter(visibility="staff"))
    monkeypatch.setattr(search_module, "EXHAUSTIVE", 0)
    monkeypatch.setattr(search_module, "NEAREST", 1)
    assert search(library, "備蓄の内訳", Filter(visibility="staff"), limit=1) == alone
    assert "内部.md" not in sources(search(library, "備蓄の内訳", Filter(visibility="public")))


def test_the_catalog_has_the_last_word_on_who_may_see(own: Library) -> None:
    generation = own._indexes.generation
    assert generation is not None
    documents = tuple(replace(one, visibility="public") for one in generation.forward.documents)
    generation.forward = replace(generation.forward, documents=documents)
    assert "内部.md" in sources(search(own, "備蓄の内訳"))
    assert "内部.md" not in sources(search(own, "備蓄の内訳", Filter(visibility="public")))


def test_a_passage_with_a_successor_keeps_a_share_of_its_score(own: Library) -> None:
    before = {one.passage.id: one.score for one in search(own, "備蓄倉庫")}
    newer = next(one.id for one in own.catalog.records() if one.source == "計画.md")
    own.supersede(newer, "防災.txt")
    for one in search(own, "備蓄倉庫"):
        share = SUPERSEDED if one.source == "防災.txt" else 1.0
        assert one.superseded == (one.source == "防災.txt")
        assert one.score == pytest.approx(share * before[one.passage.id], rel=1e-5)


def found_by_words(library: Library, query: str) -> set[str]:
    return {one.source for one in search(library, query) if one.reasons["lexical"] > 0}


def test_words_of_the_glossary_are_searched_too(
    own: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.txt").write_text("備蓄 | そなえ\n", "utf-8")
    assert found_by_words(own, "そなえ") == set()
    monkeypatch.setenv("KEIKAKU_GLOSSARY", str(tmp_path / "words.txt"))
    own.close()
    again = open_library(tmp_path)
    assert found_by_words(again, "そなえ") == {"防災.txt", "内部.md"}
    again.close()


def test_a_short_name_finds_the_long_one_as_soon_as_a_document_explains_it(
    own: Library, tmp_path: Path
) -> None:
    plans = {
        "市.md": "# 市の計画\n\n広域連携推進機構と話し合う。\n",
        "略.md": "# 略語\n\n広域連携推進機構（以下「KRS」という。）\n",
    }
    write_plans(tmp_path / "more", plans)
    add_all(own, tmp_path / "more" / "市.md")
    assert found_by_words(own, "KRS") == set()
    add_all(own, tmp_path / "more" / "略.md")
    assert found_by_words(own, "KRS") == {"市.md", "略.md"}


def test_a_change_in_the_middle_of_a_search_mixes_nothing_up(
    own: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {one.passage.id: one for one in search(own, "備蓄倉庫")}
    leaving = [one.id for one in own.catalog.records() if one.source == "計画.md"]
    by_words = LexicalIndex.search

    def changing(index: LexicalIndex, *arguments: Any) -> list[tuple[str, float]]:
        hits = by_words(index, *arguments)
        if leaving:
            own.remove(leaving.pop())
        return hits

    monkeypatch.setattr(LexicalIndex, "search", changing)
    found = search(own, "備蓄倉庫")
    assert {one.passage.id for one in found} == {
        key for key, one in before.items() if one.source != "計画.md"
    }
    assert all(one.reasons["dense"] == before[one.passage.id].reasons["dense"] for one in found)


def test_limits(library: Library) -> None:
    assert len(search(library, "計画", limit=2)) == 2
    assert len(search(library, "計画", limit=100)) == library.catalog.size()


def test_sentences_come_with_their_cosines(library: Library) -> None:
    query = "備蓄の更新"
    with library.reading() as searcher:
        hits, timings = searcher.timed_search(query, with_sentences=1)
    text = library.catalog.text(hits[0].passage.document_id) or ""
    quoted = [text[start:end] for start, end, _ in hits[0].sentences]
    assert quoted == ["防災計画", "避難所に備蓄倉庫を設置する。", "備蓄の更新は毎年度11月に行う。"]
    # Words that the embedder counts: 備蓄, 更新 of the question; 備蓄, 更新, 毎年度, 11, 月, 行 of the last
    # sentence. Vectors are float16.
    assert hits[0].reasons["sentence"] == pytest.approx(2 / (2 * 6) ** 0.5, abs=1e-3)
    cosines = [cosine for _, _, cosine in hits[0].sentences]
    assert max(cosines) == cosines[-1] == pytest.approx(hits[0].reasons["topic"], abs=1e-3)
    assert all(not hit.sentences for hit in hits[1:])
    assert set(timings) == {"embed", "search"}
    assert 0 < timings["embed"] < timings["search"]


@pytest.mark.parametrize(
    "query", ["", " ", "、。！？", "①", "\0", "a\0b", "\ud800", "?" * 500, "計画" * 50_000, '"(AND) NOT*:']
)
def test_questions_that_are_none_break_nothing(library: Library, query: str) -> None:
    assert len(search(library, query)) <= 10


def test_an_empty_library_has_no_hits(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    assert search(library, "計画") == []
    with library.reading() as searcher:
        assert searcher.passage_count() == 0
        assert searcher.document_frequency("計画") == 0
    library.close()


def test_figures_of_the_library(library: Library) -> None:
    with library.reading() as searcher:
        assert searcher.passage_count() == library.catalog.size()
        assert searcher.document_frequency("備蓄") == 2


@pytest.mark.model
def test_with_the_real_model(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    library = Library(settings_at(tmp_path), embedder)
    library.open(create=True)
    library.repair()
    add_all(library, write_plans(tmp_path / "docs"))
    assert library.verify() == library.catalog.size()
    assert search(library, "非常食の入れ替えはいつですか")[0].source == "防災.txt"
    assert search(library, "お年寄りを支える取り組み")[0].source == "市/福祉.html"
    assert search(library, "How long does the digital plan run?")[0].source == "計画.md"
    library.close()


def test_places_of_words_are_those_of_the_embedder() -> None:
    embedder = WordEmbedder()
    places = [embedder.place(word) for word in ("備蓄", "更新", "毎年度", "11", "月", "行")]
    assert len(set(places)) == len(places), (
        "the cosines above are computed by hand: words must not share a place"
    )
