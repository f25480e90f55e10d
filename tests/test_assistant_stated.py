"""Facts as a list: by kind, year and words, with the words that state them."""

import csv
import io
from pathlib import Path

import pytest
from index_made import add_all, open_library, write_plans

from assistant.downloads import csv_lines
from assistant.stated import COLUMNS, Stated, stated, table
from corpus.catalog import Catalog

PLANS = {
    "plan.md": "# 中央市デジタル計画\n\n計画期間は令和3年度から令和7年度までとする。\n\n"
    "## 窓口\n\n令和6年度の窓口の予算は7.2億円である。\n\n令和5年度の窓口の決算は6億円である。\n",
    "other.md": "# 別の計画\n\n=SUM(1)事業の令和6年度の予算は300万円である。\n",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("library")
    library = open_library(folder)
    add_all(library, write_plans(folder / "docs", PLANS))
    library.close()
    return library.catalog


def amounts(facts: list[Stated]) -> set[int | None]:
    return {one.fact.amount_yen for one in facts}


def test_facts_by_kind_year_and_words(catalog: Catalog) -> None:
    assert amounts(list(stated(catalog))) == {None, 720_000_000, 600_000_000, 3_000_000}
    assert amounts(list(stated(catalog, "予算"))) == {720_000_000, 3_000_000}
    assert amounts(list(stated(catalog, "予算", 2023))) == set()
    assert amounts(list(stated(catalog, year=2023))) == {None, 600_000_000}
    assert amounts(list(stated(catalog, "予算", 2024, "窓口　７.２"))) == {720_000_000}
    assert amounts(list(stated(catalog, words="中央市 別の"))) == set()


def test_the_quote_is_the_canonical_text(catalog: Catalog) -> None:
    for one in stated(catalog):
        text = catalog.text(one.record.id) or ""
        citation = one.json()["citation"]
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
        assert (
            citation["url"]
            == f"/documents/{one.record.id}?start={citation['start']}&end={citation['end']}#cite"
        )


def test_csv_can_be_read_again_and_runs_no_formula(catalog: Catalog, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines(table(stated(catalog, "予算")))))))
    assert [tuple(row) for row in rows] == [COLUMNS] * 2
    by_source = {row["source"]: row for row in rows}
    assert by_source["plan.md"]["amount_yen"] == "720000000"
    assert by_source["plan.md"]["fiscal_years"] == "2024"
    assert by_source["plan.md"]["section"] == "中央市デジタル計画 › 窓口"
    assert by_source["other.md"]["subject"].startswith("'=SUM(1)")
