"""Readings over kanji, and words explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.furigana import KANJI, furigana, split
from assistant.plan_terms import terms_in

MIXED = st.text(
    alphabet="計画期間令和年度予算億円はのをでき受付けしる0123456789[]A。、\n　々ヶー", max_size=40
)


def read(text: str) -> str:
    """The text with readings in brackets."""
    return "".join(f"{base}({reading})" if reading else base for base, reading in furigana(text))


@given(MIXED)
def test_the_text_stays_as_it_is_and_readings_stand_over_kanji_alone(text: str) -> None:
    pieces = furigana(text)
    assert "".join(base for base, _ in pieces) == text
    for base, reading in pieces:
        assert not reading or (KANJI.search(base) and not any(one.isdecimal() for one in base))
        assert not KANJI.search(reading)


@pytest.mark.parametrize(
    ("surface", "reading", "pieces"),
    [
        ("受け付け", "ウケツケ", [("受", "う"), ("け", ""), ("付", "つ"), ("け", "")]),
        ("取組", "トリクミ", [("取組", "とりくみ")]),
        ("お問い合わせ", "オトイアワセ", [("お", ""), ("問", "と"), ("い", ""), ("合", "あ"), ("わせ", "")]),
        ("計画", "", [("計画", "")]),
        ("見直し", "チガウ", [("見直し", "")]),
    ],
)
def test_okurigana_get_no_reading(surface: str, reading: str, pieces: list[tuple[str, str]]) -> None:
    assert split(surface, reading) == pieces


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("計画を見直します。", "計画(けいかく)を見直(みなお)します。"),
        ("予算は約7.2億円です。[1]", "予算(よさん)は約(やく)7.2億円(えん)です。[1]"),
        ("3日と三人", "3日と三人"),
        ("見直しを行った", "見直(みなお)しを行(おこな)った"),
    ],
)
def test_readings_are_those_that_are_sure(text: str, shown: str) -> None:
    assert read(text) == shown


def test_of_two_words_the_longer_is_explained_and_each_once() -> None:
    explained = terms_in(["一般会計の予算と一般会計の歳入", "DXとINDEX"])
    assert [word for word, _ in explained] == ["一般会計", "予算", "歳入", "DX"]
    assert terms_in(["INDEX"]) == []
