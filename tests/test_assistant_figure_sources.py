"""Amounts that the search did not find: looked for by name, in documents that may be seen."""

from collections.abc import Iterator

import pytest
from answers_made import asked
from index_made import add_all, open_library

from assistant.figure_sources import named_elsewhere
from corpus.document import document_id
from index.filters import Filter
from index.library import Library

BOOK = """# {city}予算書

## 7款 商工費 （単位：千円）

| 目 | 令和8年度予算額 |
|---|---:|
| 商業振興費 | {amount} |
| 特産品推進事業費 | 5,855 |
"""


ALL = Filter()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("books")
    for visibility, city, amount in (("public", "みほん市", "46,537"), ("staff", "となり市", "99,000")):
        path = folder / visibility
        path.mkdir()
        (path / f"{city}.md").write_text(BOOK.format(city=city, amount=amount))
    made = open_library(folder)
    add_all(made, folder / "public")
    add_all(made, folder / "staff", visibility="staff")
    yield made
    made.close()


def amounts(library: Library, question: str, scope: Filter = ALL, years: tuple[int, ...] = ()) -> list[int]:
    found = named_elsewhere(asked(question), {}, library.catalog, scope, years)
    return [figure.yen for figure in found]


def test_by_the_name_in_the_question(library: Library) -> None:
    assert amounts(library, "みほん市の商業振興費はいくらですか") == [46_537_000]
    assert amounts(library, "となり市の商業振興費はいくらですか") == [99_000_000]
    assert amounts(library, "みほん市の予算はいくらですか") == []


def test_only_within_the_documents_that_may_be_seen(library: Library) -> None:
    public = Filter(visibility="public")
    assert amounts(library, "商業振興費はいくらですか", public) == [46_537_000]
    assert amounts(library, "となり市の商業振興費はいくらですか", public) == []
    mine = Filter(document_ids=(document_id("みほん市.md"),))
    assert amounts(library, "商業振興費はいくらですか", mine) == [46_537_000]


def test_only_of_the_years_that_are_looked_at(library: Library) -> None:
    assert amounts(library, "みほん市の商業振興費はいくらですか", years=(2025,)) == []


def test_what_is_asked_about_must_be_said_beside_it(library: Library) -> None:
    assert amounts(library, "みほん市の商業振興費は、大人はいくらですか") == []
