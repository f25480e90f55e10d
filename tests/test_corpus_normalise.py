from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalise import fold, narrow, normalise, normalise_with_offsets, read_number, repair

ANY_TEXT = st.text(max_size=80)
JAPANESE = st.text(alphabet="さいたま市ｶﾞﾊﾟｰＡｂ①㈱⺠⼾〜～−ー　 \n\t，．１億（「」\u200b\u3099", max_size=60)


def test_repair_changes_only_look_alikes() -> None:
    printed = "市⺠⽣活の⻑期計画①㈱〜～　ＤＸ㎡﨑"
    assert repair(printed) == "市民生活の長期計画①㈱〜～　ＤＸ㎡﨑"


def test_repair_gives_the_japanese_form_of_a_radical() -> None:
    assert repair("江⼾⿊⻘⻩⻭") == "江戸黒青黄歯"


def test_normalise_for_search() -> None:
    assert normalise("  ＤＸ　推進\n本部①ｶﾞ\u200bｲﾄﾞ ") == "dx 推進 本部1ガイド"
    assert normalise("5〜10年、5～10年、R3−R7、R3–R7") == "5~10年、5~10年、r3-r7、r3-r7"
    assert normalise("データ") == "データ"


def test_fold_ignores_layout() -> None:
    assert fold("７１６，０００， ０００ 千円\n") == fold("716,000,000千円") == "716000000千円"
    assert fold("令和3～7") == fold("令和３－７")
    assert fold("天龍 齒科") == fold("天竜歯科")


@given(ANY_TEXT)
def test_repair_and_narrow_keep_the_length(text: str) -> None:
    assert len(repair(text)) == len(text) == len(narrow(text))


@given(st.one_of(ANY_TEXT, JAPANESE))
def test_offsets_are_those_of_normalise(text: str) -> None:
    plain, offsets = normalise_with_offsets(text)
    assert plain == normalise(text)
    assert len(offsets) == len(plain)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(JAPANESE)
def test_normalise_and_fold_are_stable(text: str) -> None:
    assert fold(normalise(text)) == fold(text)
    assert normalise(text) == normalise(repair(text))


def test_offsets_lead_back_to_the_printed_words() -> None:
    printed = "第１章　ｶﾞｲﾄﾞ  ライン"
    plain, offsets = normalise_with_offsets(printed)
    start = plain.index("ガイド")
    assert printed[offsets[start] : offsets[start + 3]] == "ｶﾞｲﾄﾞ"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，２３４", "1234"),
        ("7.2億", "720000000"),
        ("12億3,400万", "1234000000"),
        ("1兆2,345億", "1234500000000"),
        ("3千920万", "39200000"),
        ("5千万", "50000000"),
        ("720百万", "720000000"),
        ("716,000,000千", "716000000000"),
        ("二千三百四十万", "23400000"),
        ("百二十", "120"),
        ("十", "10"),
        ("五〇", "50"),
        ("2.75亿", "275000000"),
    ],
)
def test_read_number(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "千", "百万", "億", "3億5億", "1.5.2", "市", "1a"])
def test_read_number_refuses(text: str) -> None:
    assert read_number(text) is None


@given(ANY_TEXT)
def test_read_number_never_fails(text: str) -> None:
    assert read_number(text) is None or isinstance(read_number(text), Decimal)
