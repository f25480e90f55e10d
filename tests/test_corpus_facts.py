from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.amounts import find_amounts
from corpus.document import Document, Fact
from corpus.facts import find_facts
from corpus.headings import section_paths
from corpus.load_markdown import load_markdown
from corpus.load_text import load_text
from corpus.passages import passages_of
from corpus.read import read_bytes

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared documents are not here")


def facts_of(document: Document) -> list[Fact]:
    return find_facts(document, passages_of("doc", document, section_paths(document)))


def plan(number: str) -> Document:
    (path,) = (SHARED / "plans").glob(f"{number}_*.txt")
    return load_text(path.read_text("utf-8"))


def amounts(document: Document) -> list[tuple[str, str, int, tuple[int, ...]]]:
    return [
        (f.subject, f.kind, f.amount_yen, f.fiscal_years)
        for f in facts_of(document)
        if f.amount_yen is not None
    ]


@needs_shared
def test_budgets_of_the_article() -> None:
    assert amounts(plan("000")) == [
        ("①さいたま市の全ての手続きをデジタルへ", "予算", 720_000_000, (2024,)),
        ("③市民のデジタルへの道を拓くさいたま市へ", "予算", 2_750_000_000, ()),
        ("⑧デジタル時代の新たなさいたま市役所へ", "予算", 4_140_000_000, ()),
    ]


@needs_shared
def test_events_of_both_plans() -> None:
    said = {(f.kind, f.subject, f.fiscal_years) for number in ("000", "002") for f in facts_of(plan(number))}
    years = (2021, 2022, 2023, 2024, 2025)
    assert said >= {
        ("設置", "さいたま市デジタルトランスフォーメーション(DX)推進本部", (2020,)),
        ("設置", "デジタル人材WG", (2024,)),
        ("設置", "(5)デジタル人材WG", (2024,)),
        ("開催", "CIO/CISO Japan Summit 2024", (2024,)),
        ("誕生", "本市", (2001,)),
        ("策定", "さいたま市情報システム最適化方針", (2003,)),
        ("期間", "さいたま市行政デジタル化計画", years),
        ("期間", "行政デジタル化計画", years),
        ("予定", "次期計画の検討", (2025,)),
    }


@needs_shared
@pytest.mark.parametrize("number", ["000", "002"])
def test_a_fact_lies_in_its_passage_and_says_its_amount(number: str) -> None:
    document = plan(number)
    passages = {passage.id: passage for passage in passages_of("doc", document, section_paths(document))}
    for fact in facts_of(document):
        passage = passages[fact.passage_id]
        assert passage.start <= fact.start < fact.end <= passage.end
        said = [amount.yen for amount in find_amounts(document.text[fact.start : fact.end])]
        assert fact.amount_yen is None or fact.amount_yen in said


@needs_shared
def test_a_budget_bill() -> None:
    (path,) = (SHARED / "realdocs" / "saitama_budget").glob("*議案第108号*")
    found = amounts(load_text(path.read_text("utf-8")))
    assert ("歳入歳出予算の補正", "補正予算", 983_580_000, (2026,)) in found
    assert ("総務費（補正前の額）", "予算", 66_627_306_000, (2026,)) in found
    assert ("総務費", "補正予算", 668_564_000, (2026,)) in found
    assert ("総務費（計）", "予算", 67_295_870_000, (2026,)) in found


@needs_shared
def test_a_budget_request_in_millions() -> None:
    (path,) = (SHARED / "realdocs" / "digital_agency").glob("令和4年度*.md")
    found = amounts(load_markdown(path.read_text("utf-8")))
    assert ("デジタル庁の運営に関する経費", "要求", 7_953_000_000, (2022,)) in found
    assert ("デジタル庁の運営に関する経費", "予算", 5_422_000_000, (2021,)) in found


SHEET = """# みほん市　窓口改革事業（事務事業評価シート）

- 事業期間: 期間限定（開始年度: 令和3年度）

## 事業費の推移（単位：千円）

| 区分 | 令和5年度 | 令和6年度 |
|---|---:|---:|
| 国庫支出金 | 0 | 1,638 |
| 事業費計 | 12,300 | △500 |

## 指標の推移

| 指標名 | 令和5年度 |
|---|---:|
| 来庁者数 | 1,234 |
"""


def test_cells_of_a_programme_sheet() -> None:
    assert amounts(load_markdown(SHEET)) == [
        ("みほん市 窓口改革事業 国庫支出金", "財源", 0, (2023,)),
        ("みほん市 窓口改革事業 国庫支出金", "財源", 1_638_000, (2024,)),
        ("みほん市 窓口改革事業 事業費計", "事業費", 12_300_000, (2023,)),
        ("みほん市 窓口改革事業 事業費計", "事業費", -500_000, (2024,)),
    ]
    (begun,) = [fact for fact in facts_of(load_markdown(SHEET)) if fact.kind == "開始"]
    assert (begun.subject, begun.fiscal_years) == ("みほん市 窓口改革事業", (2021,))


def test_rows_that_are_years_and_columns_with_units() -> None:
    table = "| 年度 | 当初予算額（百万円） | 職員数（人） |\n|---|---|---|\n| 令和6年度 | 820 | 12 |\n"
    assert amounts(load_markdown(f"# 水道\n\n{table}")) == [("水道 当初予算額", "予算", 820_000_000, (2024,))]


def test_lines_of_figures_take_the_unit_of_their_heading() -> None:
    lines = [
        "１　目標",
        "管路を更新する。",
        "２　投資計画（単位：百万円）",
        "令和７年度　８２０",
        "令和８年度　９４０",
    ]
    text = "\n".join(lines)
    assert amounts(load_text(text)) == [
        ("２ 投資計画", "金額", 820_000_000, (2025,)),
        ("２ 投資計画", "金額", 940_000_000, (2026,)),
    ]


def test_years_never_come_from_elsewhere() -> None:
    text = "令和5年度は計画の初年度である。\n\n水道の更新では、老朽管を替える。予算額は約3億円である。"
    assert amounts(load_text(text)) == [("水道の更新", "予算", 300_000_000, ())]


def test_years_may_come_from_the_headings() -> None:
    document = load_markdown(
        "# 整備計画（令和7年度～令和9年度）\n\n## 予定\n\n総事業費は5,400万円を見込む。\n"
    )
    assert amounts(document) == [("整備計画 予定", "事業費", 54_000_000, (2025, 2026, 2027))]


FACT_TEXT = st.text(
    alphabet="令和7年度～予算は約3億円、。1章 第(1)単位：千円\n1,000市を設置し2024年5月「」", max_size=80
)


@given(FACT_TEXT)
def test_any_text_gives_valid_facts(text: str) -> None:
    document = load_text(text)
    facts = facts_of(document)
    assert all(0 <= fact.start < fact.end <= len(document.text) for fact in facts)
    assert len({fact.id for fact in facts}) == len(facts)
    assert [fact.start for fact in facts] == sorted(fact.start for fact in facts)


def test_a_cell_that_states_nothing_is_no_part_of_the_subject() -> None:
    table = "# 予算\n\n| テーマ | 年度 | 予算（億円） |\n|---|---|---|\n| 学びの支援 | 公表資料に記載なし | 27.5 |\n"
    facts = read_bytes("予算.md", table.encode()).facts
    assert [(fact.subject, fact.amount_yen) for fact in facts] == [("学びの支援", 2_750_000_000)]


def test_a_sentence_that_goes_on_is_of_the_year_before_it() -> None:
    text = "# 2023年の調査\n\n2022年の平均所得は、全体が500万円である。また、若者が300万円である。\n"
    assert [(yen, years) for _, _, yen, years in amounts(load_markdown(text))] == [
        (5_000_000, (2022,)),
        (3_000_000, (2022,)),
    ]


def test_an_income_is_a_sum_and_its_limit_is_none() -> None:
    text = "# 決算\n\n令和2年度の資本的収入は7億円、支出は9億円となった。収入が200万円以下の世帯を助ける。\n"
    assert [yen for _, _, yen, _ in amounts(load_markdown(text))] == [700_000_000, 900_000_000]
