"""What an amount is, by the words around it."""

import pytest

from corpus.amount_words import amount_kind, changed, kind_named, without_kinds
from corpus.amounts import find_amounts


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("歳入歳出予算の総額は、それぞれ3億円と定める。", "予算"),
        ("粗大ごみの手数料は、1点500円とする。", "料金"),
        ("その予算規模は2024年度に約7.2億円である。", "予算"),
        ("令和7年度の事業費は2億円である。", "事業費"),
        ("総額に983千円を追加する。", "補正予算"),
        ("駅前広場の決算額は令和5年度が2億円だった。", "決算"),
        ("令和6年度の決算見込額は2億円である。", "見込"),
        ("概算要求額は2億円である。", "要求"),
        ("これまでの累計は2億円である。", "累計"),
        ("補助金の上限は1件あたり50万円である。", "限度額"),
        ("回線は1台当たり6万円である。", "料金"),
        ("研修の経費は1校当たり10万円である。", "経費"),
        ("市債の残高は2億円である。", "残高"),
        ("保険給付費は、前年度に比べ1億円の減となった。", "増減"),
        ("委託料に2億円を支払った。", "金額"),
        ("単価の差額を2億円の事業費から引く。", "料金"),
    ],
)
def test_kind_of_an_amount(sentence: str, kind: str) -> None:
    assert amount_kind(sentence, find_amounts(sentence)[0]) == kind


def test_a_supplement_is_no_change() -> None:
    sentence = "負担金が1,100万円増える。"
    (amount,) = find_amounts(sentence)
    assert amount_kind(sentence, amount, ("令和6年度補正予算",)) == "補正予算"
    assert amount_kind(sentence, amount, ("令和6年度予算",)) == "増減"


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("2億円の増", 1),
        ("1億2千万円、0.7％の減", -1),
        ("325万円（約5.7％）増額", 1),
        ("約5千万円減らす", -1),
        ("500円の減免", 0),
        ("2億円である", 0),
    ],
)
def test_direction_of_a_change(sentence: str, sign: int) -> None:
    (amount,) = find_amounts(sentence)
    assert changed(sentence, amount) == sign


def test_the_last_word_of_the_first_text_that_has_one() -> None:
    assert kind_named("令和6年度", "予算額に対する補助額") == "補助"
    assert kind_named("公園", "") == "金額"
    assert without_kinds("予算額 給料") == "額 給料"
