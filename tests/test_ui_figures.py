"""The view of figures over HTTP: page, tables, CSV, PNG, filters, what is not there."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from figures_made import PLANS
from index_made import add_all, open_library, settings_at, write_plans
from library_made import client_of, made_app

from corpus.document import document_id
from ui import figure_view

PLAN, OTHER = document_id("plan.md"), document_id("other.md")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("figures")
    library = open_library(folder)
    add_all(library, write_plans(folder / "docs", PLANS))
    yield client_of(made_app(library, settings_at(folder)))
    library.close()


def rows(client: TestClient, chart: str, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/figures/{chart}.csv?{query}")
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_page_draws_bars_years_and_plans_with_links_to_their_places(client: TestClient) -> None:
    page = client.get(f"/figures?document={PLAN}").text
    assert page.count("<svg") == 3
    assert page.count(f'<a href="/documents/{PLAN}?start=') >= 10
    assert "xlink:href" not in page
    assert "keikaku.invalid" not in page
    assert " style=" not in page
    for text in (
        "窓口デジタル化事業",
        "7.2億円",
        "令和6年度 (2024)",
        "推進本部",
        "中央市総合計画",
        "720,000（千円）",
    ):
        assert text in page
    assert not re.search(r'aria-label="[^"]*合計 ', page)  # in the table, but no bar


def test_the_tables_hold_all_with_amounts_in_yen(client: TestClient) -> None:
    found = rows(client, "budgets", f"document={PLAN}")
    assert [(one["名称"], one["金額_円"], one["年度_西暦"]) for one in found][:2] == [
        ("窓口デジタル化事業", "720000000", "2024"),
        ("窓口デジタル化事業", "810000000", "2025"),
    ]
    assert {one["備考"] for one in found if one["名称"].endswith("合計")} == {"合計・小計"}
    assert "2020" in {one["年度_西暦"] for one in rows(client, "schedules", f"document={PLAN}")}
    assert [one["区分"] for one in rows(client, "plans", f"document={PLAN}")][:3] == [
        "上位計画",
        "上位計画",
        "文書",
    ]


def test_a_formula_is_disarmed_in_the_csv(client: TestClient) -> None:
    assert [one["名称"] for one in rows(client, "budgets", f"document={OTHER}")] == ["'=SUM(1)事業"]


def test_filters_by_document_year_kind_and_words(client: TestClient) -> None:
    assert {one["金額_円"] for one in rows(client, "budgets", "year=2024")} == {
        "720000000", "350000000", "1070000000", "3000000",
    }  # fmt: skip
    assert {one["金額_円"] for one in rows(client, "budgets", "q=学校")} == {"350000000", "300000000"}
    assert {one["名称"] for one in rows(client, "budgets", f"kind=決算&document={PLAN}")} == {
        "① 窓口デジタル化事業"
    }
    assert {one["種類"] for one in rows(client, "schedules", "kind=期間")} == {"期間"}
    assert "読み取れていません" in client.get("/figures?q=無い言葉").text
    assert client.get("/figures?year=&kind=&q=&document=").status_code == 200


def test_what_stands_below_a_heading_is_shown_alone(client: TestClient) -> None:
    page = client.get(f"/figures?document={PLAN}&heading=2 予算").text
    assert "<option selected>2 予算</option>" in page and "1 位置づけ</option>" not in page
    below = f"document={PLAN}&heading=2 予算"
    assert (len(rows(client, "budgets", below)), rows(client, "schedules", below)) == (6, [])
    assert [
        one["種類"] for one in rows(client, "budgets", f"document={PLAN}&heading=① 窓口デジタル化事業")
    ] == ["決算"]


def test_images_are_png(client: TestClient) -> None:
    for chart in ("budgets", "schedules", "plans"):
        response = client.get(f"/figures/{chart}.png?document={PLAN}")
        assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert client.get("/figures/budgets.png?q=無い言葉").status_code == 404
    assert client.get("/figures/other.png").status_code == 422


def test_a_document_that_is_not_there_is_said_kindly(client: TestClient) -> None:
    response = client.get("/figures?document=nothing", headers={"Accept": "text/html"})
    assert (response.status_code, "文書がありません" in response.text) == (404, True)
    assert client.get("/figures/budgets.csv?document=nothing").status_code == 404


def test_a_library_of_many_facts_opens_with_the_document_of_most(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "窓口デジタル化事業" in client.get("/figures").text
    monkeypatch.setattr(figure_view, "ALL_AT_ONCE", 3)
    monkeypatch.setattr(figure_view, "MOST_BARS", 2)
    page = client.get("/figures").text
    assert f'<option value="{PLAN}" selected>' in page
    assert "6件のうち2件を図にしています" in page


def test_an_empty_library_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty")
    library = open_library(folder)
    client = client_of(made_app(library, settings_at(folder)))
    assert "まだ文書がありません" in client.get("/figures").text
    library.close()
