"""What may be put beside each other: amounts, dates and plans as the figures show them."""

from itertools import pairwise

import pytest
from figures_made import said
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Passage
from ui.figure_amounts import figures, rounded
from ui.figure_charts import budgets, schedules
from ui.figure_events import events, years_label
from ui.figure_marks import fitted, width_of
from ui.figure_tree import above


def test_what_is_stated_twice_is_one_figure_with_both_sources() -> None:
    (one,) = figures(
        [said("窓口 事業", 500), said("窓口事業", 500, start=90), said("窓口事業", 500, (), start=50)]
    )
    assert (one.years, len(one.sources)) == ((2024,), 3)


def test_amounts_that_differ_are_both_there_and_say_where() -> None:
    first, second = figures(
        [said("需用費", 500, section=("消防費",)), said("需用費", 700, section=("商工費",), start=9)]
    )
    assert [(one.yen, one.place) for one in (first, second)] == [(500, "消防費"), (700, "商工費")]


def test_years_of_several_documents_are_no_series() -> None:
    of = [said("総務費", 500, (2023,), document="a"), said("総務費", 700, (2024,), document="b")]
    assert [one.place for one in figures(of)] == ["計画a", "計画b"]
    both = [*of, said("総務費", 500, (2023,), document="b", start=9)]
    assert [(one.place, len(one.sources)) for one in figures(both)] == [("", 2), ("", 1)]


def test_an_undated_amount_stays_undated_where_two_years_have_it() -> None:
    found = figures(
        [said("窓口", 500, (2023,)), said("窓口", 500, (2024,), start=9), said("窓口", 500, (), start=20)]
    )
    assert sorted(one.years for one in found) == [(), (2023,), (2024,)]


@pytest.mark.parametrize("name", ["合計", "歳出合計", "事業費計", "1 特別職 計", "歳入歳出予算総額", "小計"])
def test_totals_are_known_by_their_name(name: str) -> None:
    assert figures([said(name, 900)])[0].total


@pytest.mark.parametrize(
    "name", ["総合計画策定事業", "一般会計", "統計調査費", "設計費", "トータルケア推進事業"]
)
def test_themes_are_no_totals(name: str) -> None:
    assert not figures([said(name, 900)])[0].total


def test_a_sum_of_its_neighbours_is_no_theme_of_its_own() -> None:
    amounts = {"総務費": 100, "管理費": 70, "人件費": 40, "物件費": 30, "徴税費": 30, "民生費": 55}
    found = figures([said(name, yen, start=at) for at, (name, yen) in enumerate(amounts.items())])
    assert [one.theme for one in found if one.total] == ["総務費", "管理費"]


def test_a_total_of_years_is_not_put_beside_a_year() -> None:
    both = figures([said("窓口", 900, (2021, 2022, 2023)), said("学校", 300, start=9)])
    assert {one.group for one in both} == {"予算（複数年度）", "予算"}


def test_a_header_that_says_about_makes_its_cells_rounded() -> None:
    one = said("窓口", 2_750_000_000, quote="窓口\t27.5", context="金額（約）：27.5")
    plain = said("学校", 2_650_000_000, quote="学校\t26.5", context="金額（億円）：26.5", start=9)
    assert [one.approximate for one in figures([one, plain])] == [True, False]


def test_a_bare_label_takes_the_name_of_its_heading() -> None:
    assert figures([said("①", 5, section=("八策", "①窓口"))])[0].theme == "①窓口"


@pytest.mark.parametrize(
    ("quote", "yen", "printed", "label"),
    [
        ("予算規模は約7.2億円", 720_000_000, "約7.2億円", "約7.2億円"),
        ("道路費\t26,101,752", 26_101_752_000, "26,101,752（千円）", "261.0億円"),
        ("増減\t△3,400", -3_400_000, "△3,400（千円）", "▲340万円"),
        ("補助\t9,500円", 9_500, "9,500円", "9,500円"),
    ],
)
def test_amounts_are_said_as_printed_and_rounded_on_bars(
    quote: str, yen: int, printed: str, label: str
) -> None:
    (one,) = figures([said("事業", yen, quote=quote)])
    assert (one.printed, one.label) == (printed, label)


@given(st.integers(-(10**13), 10**13))
def test_rounding_is_off_by_less_than_half_of_its_last_place(yen: int) -> None:
    text = rounded(yen).replace(",", "").replace("▲", "-")
    size = 10**8 if "億" in text else 10**4 if "万" in text else 1
    assert abs(float(text.rstrip("億万円")) * size - yen) <= max(size / 20 if size == 10**8 else size / 2, 1)


@pytest.mark.parametrize(
    ("years", "label"),
    [
        ((2024,), "令和6年度 (2024)"),
        ((2019,), "令和元年度 (2019)"),
        ((2021, 2022, 2023), "令和3～5年度 (2021–2023)"),
        ((2018, 2019), "平成30～令和元年度 (2018–2019)"),
        ((), "年度の記載なし"),
    ],
)
def test_years_are_said_in_both_calendars(years: tuple[int, ...], label: str) -> None:
    assert years_label(years) == label


def test_dates_stand_at_their_month_and_a_year_joins_the_month_of_the_same_thing() -> None:
    found = events(
        [
            said("(1)本部", None, (2020,), "2020年度に本部を設置", "設置"),
            said("本部", None, (2020,), "令和2年11月に本部を設置", "設置", start=30),
            said("計画", None, (2021, 2022), "令和3年度から令和4年度まで", "期間", start=60),
        ]
    )
    assert [(one.printed, len(one.sources)) for one in found] == [
        ("令和2年11月", 2),
        ("令和3年度から令和4年度まで", 1),
    ]
    assert found[0].begin == pytest.approx(2020 + 7 / 12)
    assert (found[1].begin, found[1].end) == (2021.0, 2023.0)


def test_two_dates_of_a_year_are_both_there() -> None:
    dates = ["2020年5月に本部を設置", "2020年11月に本部を設置"]
    assert (
        len(events([said("本部", None, (2020,), one, "設置", start=at) for at, one in enumerate(dates)])) == 2
    )


@given(st.text(max_size=80), st.integers(20, 600))
def test_a_fitted_text_is_no_wider_than_its_room(text: str, room: int) -> None:
    assert width_of(fitted(text, room, 13), 13) <= room


def test_every_text_of_a_chart_lies_inside_and_no_two_lines_meet() -> None:
    long = "とても長い名前の" * 12
    bars = budgets(figures([said(f"{long}{at}", 10**9 + at, start=at) for at in range(5)]))
    rows = {one["name"]: one["values"] for one in bars["data"]}
    heights = sorted(row["y"] for row in [*rows["bars"], *rows["names"]])
    assert min(b - a for a, b in pairwise(heights)) >= 24
    drawn = schedules(
        events([said(long, None, (2030,), "2030年3月", "期限"), said("計画", None, (1993,), start=9)])
    )
    texts = next(one["values"] for one in drawn["data"] if one["name"] == "texts")
    assert all(row["at"] >= 0 and row["at"] + width_of(row["text"], 14) <= drawn["width"] for row in texts)


def passage(text: str, kind: str = "text", context: str = "") -> Passage:
    return Passage("p", "a", 0, kind, (), 3, 100, 100 + len(text), text, context)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("この計画は、中央市総合計画、まち・ひと・しごと創生総合戦略の二つを上位計画としています。",
         ["中央市総合計画", "まち・ひと・しごと創生総合戦略"]),
        ("「中央市総合計画」（以下「総合計画」という。）を策定しています。これらを上位計画と位置づけます。",
         ["中央市総合計画"]),
        ("根拠法令: 廃棄物の処理及び清掃に関する法律、浄化槽法", ["廃棄物の処理及び清掃に関する法律", "浄化槽法"]),
        ("本計画は、中央市総合計画とまち・ひと・しごと創生総合戦略を上位計画とする。",
         ["中央市総合計画", "まち・ひと・しごと創生総合戦略"]),
        ("関連計画：環境基本計画・緑の基本計画", ["環境基本計画", "緑の基本計画"]),
        ("それぞれの方針が踏まえる上位計画は次のとおりです。", []),
        ("上位計画\t主なメッセージ\t基本理念・基本方針", []),
    ],
)  # fmt: skip
def test_plans_above_are_those_that_the_text_names(text: str, names: list[str]) -> None:
    assert [node.text for node in above([passage(text)])] == names


def test_plans_above_are_read_from_the_column_of_a_table_once() -> None:
    rows = [
        passage("中央市総合計画\t将来像", "row", "上位計画：中央市総合計画、目指すもの：将来像"),
        passage("総合計画\t理念", "row", "上位計画：総合計画、言葉：理念"),
    ]
    (node,) = above(rows)
    assert (node.text, node.role, node.page) == ("中央市総合計画", "上位計画", 3)
    assert node.url == "/documents/a?start=100&end=111#cite"
