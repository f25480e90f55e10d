"""Personal data in questions, in every spelling; budgets, years and labels are none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import MASK, find_personal_data, is_my_number, mask, passes_luhn

FULL_WIDTH = str.maketrans("0123456789-@.", "０１２３４５６７８９－＠．")
PERSONAL = {
    "my_number": [
        "1234 5678 9018",
        "123456789018",
        "1234-5678-9018",
        "1234ー5678ー9018",
        "マイナンバー 111122223333 で調べて",
    ],
    "phone": [
        "090-1234-5678に電話して",
        "09012345678",
        "090ー1234ー5678",
        "048-829-1111",
        "(048)829-1111",
        "048(829)1111",
        "0488291111",
        "048 829 1111",
        "03-1234-5678",
        "0120-123-456",
        "0800-123-4567",
        "050-1234-5678",
        "+81 90-1234-5678",
        "+81-48-829-1111",
        "080.1111.2222",
        "〇七〇ー一一一一ー二二二二",
    ],
    "email": ["taro@example.jp", "taro.yamada+x@city.example.lg.jp です"],
    "card": ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "3782 822463 10005"],
    "address": [
        "見本市中央区常盤6-4-4に住んでいます",
        "中央区常盤六丁目4番4号",
        "常盤6丁目4番4号",
        "桜木町一丁目10番地",
        "見本市緑区中尾975番地1",
    ],
    "named_number": [
        "基礎年金番号は1234-567890",
        "免許証番号：301234567890",
        "口座番号 1234567",
        "普通口座1234567へ",
    ],
    "birth": ["生年月日は昭和50年4月1日", "1975年4月1日生まれの父"],
}
HARMLESS = [
    "予算額 123456789018千円",
    "予算額は123456789018円",
    "予算額 123456789018",
    "総額4111111111111111円",
    "普通建設事業費1234567千円",
    "普通口座1234567円",
    "予算 1,234,567,890円",
    "2024-2025年度",
    "03-04年度",
    "06年度",
    "048番",
    "048-2024年度",
    "0120事業",
    "電話番号は048で始まる",
    "2021年4月1日から2026年3月31日",
    "2020-11-03",
    "平成13年5月1日に誕生した市",
    "令和6年4月1日時点",
    "計画の1-1-1の内容",
    "市の計画1-1-2",
    "第2次計画の3-1-2節",
    "3丁目の交差点",
    "18番地にあった地下壕",
    "100-0001",
    "8:30-17:15",
    "受付番号 2024-0001-0002",
    "人口1,345,012人",
    "9784123456789",
    "1234567890",
    "R3-R7",
    "2019-2022-2024の比較",
    "2018 2019 2020 2021年度",
    "事業番号03-2345-6789",
    "予算科目 048-222-3333",
    "令和2年10月1日生まれ変わる庁舎",
    "二〇二四年度の予算は三〇〇億円",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind in PERSONAL for text in PERSONAL[kind]])
def test_personal_data_is_found_in_either_width(kind: str, text: str) -> None:
    assert [one.kind for one in find_personal_data(text)] == [kind]
    assert [one.kind for one in find_personal_data(text.translate(FULL_WIDTH))] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_of_plans_are_no_personal_data(text: str) -> None:
    assert find_personal_data(text) == []


def test_spans_point_into_the_text_as_given() -> None:
    text = "連絡は０９０－１２３４－５６７８か、taro@example.jpまで"
    said = [text[one.start : one.end] for one in find_personal_data(text)]
    assert said == ["０９０－１２３４－５６７８", "taro@example.jp"]
    assert mask(text) == f"連絡は{MASK}か、{MASK}まで"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("0 9 0 1 2 3 4 5 6 7 8 に", f"{MASK} に"),
        ("090\u200b1234\u200b5678です", f"{MASK}です"),
        ("1 2 3 4 5 6 7 8 9 10 11 12", "1 2 3 4 5 6 7 8 9 10 11 12"),
        ("2 0 2 4 年度", "2 0 2 4 年度"),
    ],
)
def test_digits_that_are_drawn_apart_are_read_together(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(alphabet="0123456789-ー市区町年円予算@.a丁目番 　", max_size=60))
def test_masking_leaves_nothing_behind_and_nothing_else_out(text: str) -> None:
    spans = find_personal_data(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    kept = "".join(text[start:end] for start, end in _gaps(text, [(one.start, one.end) for one in spans]))
    assert mask(text).replace(MASK, "") == kept


def _gaps(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_exactly_one_check_digit_makes_an_individual_number(first_eleven: int) -> None:
    assert sum(is_my_number(f"{first_eleven:011}{check}") for check in range(10)) == 1


@given(st.integers(min_value=0, max_value=10**15 - 1), st.integers(0, 14), st.integers(1, 9))
def test_a_mistyped_digit_fails_the_card_check(first: int, place: int, off: int) -> None:
    number = next(f"{first:015}{check}" for check in range(10) if passes_luhn(f"{first:015}{check}"))
    wrong = f"{number[:place]}{(int(number[place]) + off) % 10}{number[place + 1 :]}"
    assert not passes_luhn(wrong)


@given(st.integers(1, 999_999_999_999), st.sampled_from(["円", "千円", "百万円", "億円", "万円"]))
def test_an_amount_is_never_personal_data(figure: int, unit: str) -> None:
    for text in (f"予算額は{figure}{unit}です", f"予算額 {figure:,}{unit}", f"2024年度{figure}{unit}"):
        assert find_personal_data(text) == []


@given(st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 28), st.integers(0, 20))
def test_dates_and_periods_are_never_personal_data(year: int, month: int, day: int, length: int) -> None:
    for text in (
        f"{year}-{year + length}年度",
        f"{year}年{month}月{day}日",
        f"{year}-{month:02}-{day:02}",
        f"{year}/{month}/{day}",
        f"{month}-{day}",
    ):
        assert find_personal_data(text) == []
