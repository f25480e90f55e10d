"""Search as a LangChain retriever."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from index_made import PLANS, WordEmbedder, settings_at
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from corpus.document import document_id
from corpus.read import read_bytes
from index.entries import entries_of
from index.library import Library
from index.progress import silent
from index.retriever import PlanRetriever

INNER = {"内部.md": "# 内部資料\n\n備蓄の内訳を職員だけが見る。\n"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three public documents and one of the staff."""
    made = Library(settings_at(tmp_path_factory.mktemp("library")), WordEmbedder())
    made.open(create=True)
    for texts, visibility in ((PLANS, "public"), (INNER, "staff")):
        files = [read_bytes(name, text.encode()) for name, text in texts.items()]
        made.catalog.put(entries_of(files, visibility, made.embedder, made.catalog, silent))
    made.repair()
    yield made
    made.close()


def sources(documents: list[Document]) -> list[str]:
    return [document.metadata["source"] for document in documents]


def joined(documents: list[Document]) -> str:
    return "\n".join(document.page_content for document in documents)


def prompt(given: dict[str, str]) -> str:
    return f"{given['question']}\n{given['context']}"


def test_a_hit_is_a_document_with_where_it_stands(library: Library) -> None:
    retriever = PlanRetriever(library=library)
    assert isinstance(retriever, BaseRetriever)
    first = retriever.invoke("備蓄倉庫")[0]
    assert isinstance(first, Document)
    about = first.metadata
    assert (about["source"], about["title"], about["page"]) == ("防災.txt", "防災計画", None)
    assert about["document_id"] == document_id("防災.txt")
    text = library.catalog.text(about["document_id"]) or ""
    assert first.page_content == text[about["start"] : about["end"]]
    assert "備蓄倉庫を設置する" in first.page_content
    assert 0 < about["score"] <= 1 + 1e-6
    assert about["reasons"]["lexical"] > 0


def test_documents_are_those_of_the_search_in_order(library: Library) -> None:
    with library.reading() as searcher:
        hits = searcher.search("予算の年度", 4)
    found = PlanRetriever(library=library, k=4).invoke("予算の年度")
    assert [one.id for one in found] == [hit.passage.id for hit in hits]
    assert [one.metadata["score"] for one in found] == [hit.score for hit in hits]
    assert [one.metadata["section"] for one in found] == [list(hit.passage.section) for hit in hits]
    assert [one.metadata["context"] for one in found] == [hit.passage.context for hit in hits]
    assert any(one.metadata["section"] for one in found)
    assert any(one.metadata["context"] for one in found)


def test_metadata_can_be_written_as_json(library: Library) -> None:
    for one in PlanRetriever(library=library).invoke("予算"):
        assert json.loads(json.dumps(one.metadata)) == one.metadata


@pytest.mark.parametrize("k", [1, 3])
def test_so_many_at_most(library: Library, k: int) -> None:
    assert len(PlanRetriever(library=library, k=k).invoke("計画")) == k


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({}, {*PLANS, *INNER}),
        ({"visibility": "public"}, set(PLANS)),
        ({"visibility": "staff"}, set(INNER)),
        ({"document_ids": (document_id("計画.md"), document_id("内部.md"))}, {"計画.md", "内部.md"}),
        ({"document_ids": (document_id("内部.md"),), "visibility": "public"}, set()),
        ({"document_ids": ("unknown",)}, set()),
    ],
)
def test_what_may_be_found(library: Library, limits: dict[str, Any], wanted: set[str]) -> None:
    assert set(sources(PlanRetriever(library=library, **limits).invoke("備蓄の内訳"))) == wanted


def test_a_misspelt_limit_is_an_error_and_shows_nothing_more(library: Library) -> None:
    misspelt: dict[str, Any] = {"visibilty": "public"}
    with pytest.raises(ValidationError, match="visibilty"):
        PlanRetriever(library=library, **misspelt)


def test_in_a_chain(library: Library) -> None:
    retriever = PlanRetriever(library=library, k=1, visibility="public")
    given = {"context": retriever | RunnableLambda(joined), "question": RunnablePassthrough()}
    chain: Runnable[str, str] = given | RunnableLambda(prompt)
    said = chain.invoke("備蓄の更新はいつですか")
    assert said.startswith("備蓄の更新はいつですか\n")
    assert "毎年度11月に行う" in said


def test_several_at_once_and_asynchronously(library: Library) -> None:
    retriever = PlanRetriever(library=library, k=1)
    assert [sources(found) for found in retriever.batch(["備蓄倉庫", "高齢者の見守り"])] == [
        ["防災.txt"],
        ["市/福祉.html"],
    ]
    assert sources(asyncio.run(retriever.ainvoke("備蓄倉庫"))) == ["防災.txt"]


def test_a_question_without_words(library: Library) -> None:
    assert len(PlanRetriever(library=library, k=2).invoke("")) <= 2
