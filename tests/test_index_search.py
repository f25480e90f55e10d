"""Hybrid search: fusion by hand, filters, reasons, and questions that are none."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from index_made import PLANS, WordEmbedder, add_all, open_library, settings_at, write_plans

from corpus.catalog import Found
from corpus.document import Passage
from index.embedding import SentenceEmbedder
from index.lexical import Filter
from index.library import Library
from index.search import WEIGHTS, Hit, folded, fuse, min_max


def found(key: str, text: str = "本文", source: str = "a.md") -> Found:
    return Found(
        Passage(key, source, 0, "text", (), None, 0, len(text), text),
        f"{source}-s0",
        source,
        "計画",
        "public",
    )


def sources(hits: Sequence[Hit]) -> list[str]:
    return [hit.source for hit in hits]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = open_library(tmp_path)
    add_all(made, write_plans(tmp_path / "docs"))
    add_all(
        made,
        write_plans(tmp_path / "inner", {"内部.md": "# 内部資料\n\n備蓄の内訳を職員だけが見る。\n"}),
        visibility="staff",
    )
    return made


def search(library: Library, query: str, filters: Filter | None = None, limit: int = 10) -> list[Hit]:
    with library.reading() as searcher:
        return searcher.search(query, limit, filters)


def test_fusion_by_hand() -> None:
    scores = {
        "dense": {"a": 0.9, "b": 0.8, "c": 0.7},
        "lexical": {"c": 12.0, "a": 2.0},
        "section": {"b": 0.5},
    }
    hits = fuse(
        [found("a"), found("b"), found("c"), found("d")],
        scores,
        {"dense": 0.5, "lexical": 0.4, "section": 0.1},
    )
    # dense to [0, 1]: a 1, b 0.5, c 0; lexical: c 1, a 0; section: a single one is 1.
    assert [(hit.passage.id, round(hit.score, 6)) for hit in hits] == [
        ("a", 0.5),
        ("c", 0.4),
        ("b", 0.35),
        ("d", 0.0),
    ]
    assert [dict(hit.reasons) for hit in hits] == [
        {"dense": 0.9, "lexical": 2.0},
        {"dense": 0.7, "lexical": 12.0},
        {"dense": 0.8, "section": 0.5},
        {},
    ]


def test_equal_scores_are_ordered_by_id() -> None:
    hits = fuse([found("b"), found("a")], {"dense": {"a": 0.5, "b": 0.5}}, {"dense": 1.0})
    assert [hit.passage.id for hit in hits] == ["a", "b"]


def test_min_max() -> None:
    assert min_max({}) == {}
    assert min_max({"a": 3.0, "b": 1.0, "c": 2.0}) == {"a": 1.0, "b": 0.0, "c": 0.5}
    assert min_max({"a": 3.0, "b": 3.0}) == {"a": 1.0, "b": 1.0}


def test_weights_share_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_look_alikes_of_a_document_are_folded() -> None:
    hits = [
        Hit(one.passage, one.source, one.title, score)
        for one, score in (
            (found("a", "予算は７億円"), 3.0),
            (found("b", "予算は7億円 "), 2.0),
            (found("c", "予算は7億円", "b.md"), 1.0),
        )
    ]
    assert [hit.passage.id for hit in folded(hits, 10)] == ["a", "c"]
    assert [hit.passage.id for hit in folded(hits, 1)] == ["a"]


def test_what_is_asked_for_is_first_and_says_why(library: Library) -> None:
    first = search(library, "備蓄倉庫")[0]
    assert first.source == "防災.txt"
    assert first.title == "防災計画"
    assert set(first.reasons) == {"dense", "sentence", "section", "lexical"}
    assert first.reasons["lexical"] > 0
    assert all(-1 <= first.reasons[name] <= 1.0001 for name in ("dense", "sentence", "section"))
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


def test_the_catalog_has_the_last_word_on_who_may_see(library: Library) -> None:
    inner = next(record for record in library.catalog.records() if record.source == "内部.md")
    generation = library._generation
    assert generation is not None
    for collection in generation.dense._collections.values():
        found = collection.get(where={"document_id": inner.id})
        collection.update(
            ids=found["ids"],
            metadatas=[{"document_id": inner.id, "visibility": "public"}] * len(found["ids"]),
        )
    assert "内部.md" not in sources(search(library, "備蓄の内訳", Filter(visibility="public")))


def test_limits(library: Library) -> None:
    assert len(search(library, "計画", limit=2)) == 2
    assert len(search(library, "計画", limit=100)) == library.catalog.size()[0]


def test_sentences_come_with_their_cosines(library: Library) -> None:
    query = "備蓄の更新"
    with library.reading() as searcher:
        hits, timings = searcher.timed_search(query, with_sentences=1)
    text = library.catalog.text(hits[0].passage.document_id) or ""
    quoted = [text[start:end] for start, end, _ in hits[0].sentences]
    assert quoted == ["防災計画", "避難所に備蓄倉庫を設置する。", "備蓄の更新は毎年度11月に行う。"]
    # Words that the embedder counts: 備蓄, 更新 of the question; 備蓄, 更新, 毎年度, 11, 月, 行 of the last sentence.
    assert hits[0].sentences[-1][2] == pytest.approx(2 / (2 * 6) ** 0.5, abs=1e-4)
    assert hits[0].reasons["sentence"] == pytest.approx(hits[0].sentences[-1][2], abs=1e-3)
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
        assert searcher.passage_count() == library.catalog.size()[0]
        assert searcher.document_frequency("備蓄") == 2


@pytest.mark.model
def test_with_the_real_model(tmp_path: Path, embedder: SentenceEmbedder) -> None:
    library = Library(settings_at(tmp_path), embedder)
    library.open(create=True)
    library.repair()
    add_all(library, write_plans(tmp_path / "docs"))
    assert library.verify() == library.catalog.size()[0]
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
