"""What a question asks for is read off its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import Want, amended, analyse


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("①の予算はいくらですか", {Want.AMOUNT}),
        ("事業費をお示しください", {Want.AMOUNT}),
        ("③と⑧の予算の合計は", {Want.SUM}),
        ("⑧は③より何億円多いですか", {Want.AMOUNT, Want.DIFFERENCE}),
        ("③と⑧の予算はどれだけ違いますか", {Want.AMOUNT, Want.DIFFERENCE}),
        ("⑧は①の何倍ですか", {Want.RATIO}),
        ("方針ができてから本部ができるまで何年ですか", {Want.DATE, Want.DURATION}),
        ("本部はいつ設置されましたか", {Want.DATE}),
        ("計画期間はいつからいつまでですか", {Want.DATE, Want.PERIOD}),
        ("何年ごとに見直しますか", set()),
        ("講座には何人が参加しましたか", {Want.COUNT}),
        ("テーマを全部挙げてください", {Want.LIST}),
        ("情報統括監の氏名は", {Want.NAME}),
        ("BPRとは何の略ですか", {Want.DEFINITION}),
        ("予算の金額はもう決まっているんですか", set()),
        ("How much is the budget?", {Want.AMOUNT}),
        ("Có bao nhiêu nhóm?", {Want.COUNT}),
        ("Kế hoạch kéo dài bao nhiêu năm?", {Want.DURATION}),
        ("Ngân sách là bao nhiêu?", {Want.AMOUNT}),
        ("预算是多少？", {Want.AMOUNT}),
        ("언제 설치되었나요?", {Want.DATE}),
    ],
)
def test_wants(question: str, wants: set[Want]) -> None:
    found = analyse(question).wants
    assert wants <= found
    assert not (found - wants) & {Want.AMOUNT, Want.SUM, Want.DIFFERENCE, Want.RATIO, Want.COUNT, Want.NAME}


def test_what_came_first_is_no_question_of_amounts() -> None:
    assert not analyse("講座と講演では、どちらが先でしたか").computes


def test_an_amount_that_is_given_is_not_asked_for() -> None:
    ask = analyse("約7.2億円の予算がついているのはどのテーマですか")
    assert ask.amounts == (720_000_000,) and Want.AMOUNT not in ask.wants and Want.WHICH in ask.wants


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("八策③の予算", (("label3",),)),
        ("方針の(2)は何", (("item2",),)),
        ("6番目のテーマは", (("label6", "item6"),)),
        ("③と⑧を比べて", (("label3",), ("label8",))),
        ("①から⑧まで順に", ()),
        ("theme 8", (("label8", "item8"),)),
        ("chủ đề số 8", (("label8", "item8"),)),
    ],
)
def test_labels(question: str, labels: tuple[tuple[str, ...], ...]) -> None:
    assert analyse(question).labels == labels


def test_years_amounts_and_sizes() -> None:
    ask = analyse("令和6年度と2023年度の三つの基本方針")
    assert ask.years == (2024, 2023) and ask.size == 3
    assert analyse("①から⑧まで順に").size == 8


def test_places_take_their_suffix() -> None:
    assert analyse("川口市の計画は何年度までですか").places == ("川口市",)
    assert analyse("どのような都市を目指しますか").places == ()


def test_compounds_lose_titles_of_respect() -> None:
    assert "齋藤公二" in analyse("齋藤公二さんの記事の日付は").compounds


def test_words_that_only_ask_carry_no_weight() -> None:
    terms = analyse("基本理念とは何のことか教えてください").terms
    assert set(terms) == {"基本", "理念"}


@given(st.text(max_size=80))
def test_any_text_can_be_taken_apart(text: str) -> None:
    ask = analyse(text)
    assert all(weight > 0 for weight in ask.terms.values())


@pytest.mark.parametrize(
    ("question", "size"),
    [
        ("What are the eight basic themes?", 8),
        ("여덟 가지 테마는 무엇인가요?", 8),
        ("八个主题是什么？", 8),
        ("3つの方針は", 3),
        ("someone else", None),
    ],
)
def test_how_many_are_asked_for(question: str, size: int | None) -> None:
    assert analyse(question).size == size


@pytest.mark.parametrize(
    ("question", "polar", "bare"),
    [
        ("計画期間は令和8年度までですか？", True, False),
        ("計画期間はいつまでですか？", False, False),
        ("市の人口は", False, True),
        ("正確な数字なんですか", True, False),
        ("この数字はなんですか", False, False),
        ("市の人口は何人ですか", False, False),
        ("Is it eight?", False, False),
    ],
)
def test_yes_or_no_and_bare_questions(question: str, polar: bool, bare: bool) -> None:
    ask = analyse(question)
    assert (ask.is_polar, ask.is_bare) == (polar, bare)


def test_the_sentence_that_asks_says_what_about() -> None:
    ask = analyse("ほかの三つの班はもう聞きました。残りの情報推進班は何をしていますか。教えてください。")
    assert (ask.focus, ask.size, ask.compounds[0]) == ("情報推進班", None, "情報推進班")


def test_a_bare_question_for_a_quantity_wants_a_number() -> None:
    assert Want.COUNT in analyse("市の人口は").wants and Want.COUNT not in analyse("人口の推移は").wants


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("みほん市の人口は", ("みほん市",)),
        ("この市の人口は", ()),
        ("部の組織ですか。それとも市役所全体ですか", ()),
        ("各市町村の人口は", ()),
        ("大都市の人口は", ()),
        ("卸売市場の数は", ()),
    ],
)
def test_a_city_that_no_dictionary_knows(question: str, places: tuple[str, ...]) -> None:
    assert analyse(question).places == places


def test_which_section_is_no_question_of_money() -> None:
    assert not analyse("補助金はどの課が担当ですか").wants_any(Want.AMOUNT)
    assert analyse("補助金は担当課ごとにいくらですか").wants_any(Want.AMOUNT)


def test_any_number_of_things_is_counted() -> None:
    assert analyse("交付基数は？").wants_any(Want.COUNT)
    assert not analyse("経過年数は？").wants_any(Want.COUNT)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("2回目の補正の額は", "補正予算（第2号）の額は"),
        ("最初の補正予算の額は", "補正予算（第1号）の額は"),
        ("補正の額は", "補正の額は"),
    ],
)
def test_supplementary_budgets_are_numbered(question: str, said: str) -> None:
    assert amended(question) == said


def test_the_years_of_a_name_are_not_asked_for() -> None:
    assert analyse("植栽面積（H23以降累計）は令和5年度と令和6年度でどちらが多いですか").years == (2023, 2024)
    assert analyse("令和5年度（2023年度）の植栽面積は").years == (2023,)


def test_how_many_bodies_get_money_is_no_question_of_money() -> None:
    assert Want.AMOUNT not in analyse("補助金交付団体数はどれだけ増えましたか").wants
    assert Want.AMOUNT in analyse("補助金はどれだけ増えましたか").wants


def test_a_bare_noun_of_money_asks_how_much() -> None:
    assert analyse("みほん市の令和8年度の消防費は？").wants == {Want.AMOUNT}
    assert not analyse("消防費は？").is_polar and analyse("消防費は増えましたか？").is_polar


def test_a_noun_is_asked_about_without_the_clause_on_it() -> None:
    assert analyse("再調査をする地区はどこですか").focus == "地区"
    assert analyse("書かない窓口とは何ですか").focus == "書かない窓口"
