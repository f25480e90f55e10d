from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.amounts import (
    MONEY_UNITS,
    amount_tokens,
    find_amounts,
    find_counts,
    format_yen,
    format_yen_exact,
    unit_of,
)

YEN = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("printed", "yen", "approximate"),
    [
        ("約7.2億円", 720_000_000, True),
        ("12億3,400万円", 1_234_000_000, False),
        ("1兆2,345億円", 1_234_500_000_000, False),
        ("７１６，０００，０００千円", 716_000_000_000, False),
        ("7,160 億円", 716_000_000_000, False),
        ("720百万円", 720_000_000, False),
        ("5千万円", 50_000_000, False),
        ("3千920万円", 39_200_000, False),
        ("二千三百四十万円", 23_400_000, False),
        ("三億円", 300_000_000, False),
        ("十万円", 100_000, False),
        ("▲500円", -500, False),
        ("△ 1,234千円", -1_234_000, False),
        ("マイナス2億円", -200_000_000, False),
        ("約41.4億円程度", 4_140_000_000, True),
        ("12億3,400万余円", 1_234_000_000, False),
        ("约27.5亿日元", 2_750_000_000, True),
        ("27.5억 엔", 2_750_000_000, False),
        ("¥720,000", 720_000, False),
        ("720 million yen", 720_000_000, False),
        ("27億5千万", 2_750_000_000, False),
    ],
)
def test_one_amount(printed: str, yen: int, approximate: bool) -> None:
    (amount,) = find_amounts(f"予算は {printed} 。")
    assert (amount.printed, amount.yen, amount.approximate) == (printed, yen, approximate)


@pytest.mark.parametrize(
    "text",
    [
        "2024年 第103号 4,442件 5年 1,234人 1億人 3億5億円",
        "数千万円 数十億円 何億円 市内一円 2円滑に",
        "（単位：千円） 百万円 1.5円 問10．１万円は",
    ],
)
def test_no_amount(text: str) -> None:
    assert find_amounts(text) == []


def test_a_range_is_two_sums_and_no_minus() -> None:
    assert [a.yen for a in find_amounts("1点につき500円–1,500円、-300円")] == [500, 1500, -300]


@pytest.mark.parametrize(
    ("cell", "yen"),
    [
        ("1,638", [1_638_000]),
        ("△ 500", [-500_000]),
        ("（うち事業系）610", [610_000]),
        ("7.2", [7_200]),
        ("0", [0]),
        ("－", []),
        (" 1 総務費   66,627,306  668,564", [66_627_306_000, 668_564_000]),
        ("令和7年度 24,600", [24_600_000]),
        ("計1,234", [1_234_000]),
        ("第18号 R7 12.5% 3/4 5人", []),
        ("約2億円", [200_000_000]),
    ],
)
def test_figures_of_a_table_in_thousands(cell: str, yen: list[int]) -> None:
    assert [amount.yen for amount in find_amounts(cell, "千円")] == yen


def test_a_unit_that_is_no_money_counts_for_nothing() -> None:
    assert find_amounts("1,638", "人") == find_amounts("1,638") == []


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("事業費の推移（単位：千円）", "千円"),
        ("単位 百万円", "百万円"),
        ("令和4年度概算要求額（百万円）", "百万円"),
        ("千円", "千円"),
        ("（単位：人）", None),
        ("処理量（トン）", None),
        ("千円札", None),
    ],
)
def test_unit_of(caption: str, unit: str | None) -> None:
    assert unit_of(caption) == unit


@pytest.mark.parametrize(
    ("yen", "short", "exact"),
    [
        (720_000_000, "7.2億円", "720,000,000円"),
        (7_610_000_000, "76.1億円", "7,610,000,000円"),
        (1_234_000_000, "12億3,400万円", "1,234,000,000円"),
        (54_000_000, "5,400万円", "54,000,000円"),
        (716_000_000_000, "7,160億円", "716,000,000,000円"),
        (716_983_580_000, "7,169億8,358万円", "716,983,580,000円"),
        (-500, "▲500円", "▲500円"),
        (0, "0円", "0円"),
    ],
)
def test_format(yen: int, short: str, exact: str) -> None:
    assert (format_yen(yen), format_yen_exact(yen)) == (short, exact)


@given(YEN)
def test_what_is_written_is_read_again(yen: int) -> None:
    assert [a.yen for a in find_amounts(f"予算は{format_yen(yen)}です")] == [yen]
    assert [a.yen for a in find_amounts(f"予算は{format_yen_exact(yen)}です")] == [yen]


@given(st.integers(0, 10**9), st.sampled_from(sorted(MONEY_UNITS)))
def test_a_table_figure_is_worth_its_unit(figure: int, unit: str) -> None:
    assert [a.yen for a in find_amounts(f"{figure:,}", unit)] == [figure * MONEY_UNITS[unit]]


def test_tokens_meet() -> None:
    assert amount_tokens("720百万円") == amount_tokens("約7.2億円") == amount_tokens("720,000", "千円")


@pytest.mark.parametrize(
    ("text", "value", "counter"),
    [
        ("4つのWG", "4", "つ"),
        ("四次にわたって", "4", "次"),
        ("第四次計画", "4", "次"),
        ("3箇所", "3", "か所"),
        ("２７か所", "27", "か所"),
        ("5年間", "5", "年間"),
        ("5か年", "5", "年間"),
        ("2年6ヶ月", "6", "か月"),
        ("41.5％", "41.5", "%"),
        ("1万2千人", "12000", "人"),
        ("3名", "3", "人"),
        ("17業務", "17", "業務"),
        ("全10事業", "10", "事業"),
        ("89.5点", "89.5", "点"),
        ("第1位", "1", "位"),
        ("週2回", "2", "回"),
    ],
)
def test_one_count(text: str, value: str, counter: str) -> None:
    (count,) = find_counts(text)
    assert (count.value, count.counter) == (Decimal(value), counter)


@pytest.mark.parametrize(
    "text",
    [
        "誰一人取り残さない 一人ひとり",
        "3次元仮想空間 2人口 3点検 5回線",
        "2 計画の基本方針 3 本市では",
        "第3回 第103号 2024年 ランキング2023 総得点 2000年間 数人",
    ],
)
def test_no_count(text: str) -> None:
    assert [c for c in find_counts(text) if c.counter != "回線"] == []


MONEY_TEXT = st.text(alphabet="0123456789０１,，.．兆億万千百十一二円約▲△- 　程度人件第数yen¥", max_size=40)


@given(st.one_of(st.text(max_size=60), MONEY_TEXT), st.sampled_from(["千円", "百万円", None]))
def test_any_text_gives_valid_ordered_spans(text: str, unit: str | None) -> None:
    amounts = find_amounts(text, unit)
    assert all(text[a.start : a.end] == a.printed for a in amounts)
    assert all(a.end <= b.start for a, b in pairwise(amounts))
    assert all(0 <= c.start < c.end <= len(text) for c in find_counts(text))
