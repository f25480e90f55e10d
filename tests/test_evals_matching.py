"""When two texts say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import MIN_OVERLAP, comparable, occurs, overlap, same_document, spoken


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("７．２億円", "7.2億円"),
        ("720,000,000円", "720000000円"),
        ("令和３～７年度", "令和3-7年度"),
        ("令和3〜7年度", "令和3−7年度"),
        ("⻑期 計\n画", "長期計画"),
        ("戶⼾戸", "戸戸戸"),
        ("①", "1"),
        ("ｻｲﾊﾞｰ", "サイバー"),
        ("BCP\u200b", "BCP"),
    ],
)
def test_spellings_that_compare_as_equal(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("BCP", "bcp"), ("サーバー", "サーバ-"), ("1.5", "15")])
def test_spellings_that_do_not(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@given(st.text("7２.,，〜～~−—ー 　\n①㎡ｻザか戶⾭⻑Ａa\u200b"))
def test_comparing_twice_changes_nothing(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


def test_marks_are_not_said_and_numbers_side_by_side_stay_two() -> None:
    assert spoken("7.2億円です。[1]［２］") == "7.2億円です。"
    assert spoken("窓口は 103 17 か所") == "窓口は103、17か所"
    assert spoken("1,234円") == "1234円"


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("2億円", "7.2億円", False),
        ("2億円", "12億円", False),
        ("2億円", "約2億円", True),
        ("2億円", "7.2億円と2億円", True),
        ("2億円", "版.2億円", True),
        ("3000万円", "2億3000万円", False),
        ("5000円", "3万5000円", False),
        ("103", "1031件", False),
        ("103", "103.5件", False),
        ("103", "103.", True),
        ("103", "103件", True),
        ("7年度", "令和7年度", True),
        ("7年度", "令和17年度", False),
        ("窓口", "新窓口", True),
        ("", "何でも", False),
    ],
)
def test_a_number_is_found_only_whole(wanted: str, text: str, found: bool) -> None:
    assert occurs(wanted, text) is found


def test_a_document_is_named_by_the_end_of_its_path() -> None:
    assert same_document("a/b/plan.txt", "b/plan.txt")
    assert same_document("a/計画が.txt", "計画が.txt")
    assert not same_document("a/theplan.txt", "plan.txt")
    assert not same_document("plan.txt", "a/plan.txt")


TEXT = "あいうえおかきくけこさしすせそたちつてと"


def test_overlap_takes_ten_characters_or_all_of_the_shorter() -> None:
    assert MIN_OVERLAP == 10
    assert overlap(TEXT, TEXT[:15], TEXT[5:])
    assert not overlap(TEXT, TEXT[:15], TEXT[6:])
    assert overlap(TEXT, TEXT[3:6], TEXT[:12])
    assert not overlap(TEXT, TEXT[:3], TEXT[1:12])
    assert not overlap(TEXT, "", TEXT)


def test_overlap_looks_at_every_occurrence() -> None:
    text = "予算は次のとおりである。" + "。" * 30 + TEXT + "予算は次のとおりである。"
    assert overlap(text, TEXT[-8:] + "予算は次の", "予算は次のとおりである。") is False
    assert overlap(text, TEXT[-8:] + "予算は次のとおりである", "予算は次のとおりである。")


def shared_by_counting(text: str, quote: str, wanted: str) -> bool:
    """The same, by going through all pairs of places."""
    least = min(MIN_OVERLAP, len(quote), len(wanted))
    places = range(len(text))
    return any(
        text.startswith(quote, a)
        and text.startswith(wanted, b)
        and len(set(range(a, a + len(quote))) & set(range(b, b + len(wanted)))) >= least
        for a in places
        for b in places
    )


@given(st.text("あい", min_size=1, max_size=30), st.data())
def test_overlap_is_what_counting_characters_gives(text: str, data: st.DataObject) -> None:
    at = st.integers(0, len(text) - 1)
    one, other = data.draw(at), data.draw(at)
    quote = text[one : one + data.draw(st.integers(1, 16))]
    wanted = text[other : other + data.draw(st.integers(1, 16))]
    assert overlap(text, quote, wanted) is shared_by_counting(text, quote, wanted)
