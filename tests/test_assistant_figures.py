"""Budget questions are answered from facts, and only by the fact that was asked for."""

import pytest
from answers_made import Found, asked, found

from assistant import figures

PLAN = """# みほん市のテーマ

## 予算

①窓口の電子化では、申請の電子化を進め、予算規模は2024年度に約7.2億円である。

③学びの支援では、端末の更新を進め、予算規模は約27.5億円である。

⑧市役所の改革では、研修を行う。予算規模は41億4,000万円である。

②くらしの支援では、窓口の案内を改める。
"""


@pytest.fixture(scope="module")
def plan() -> Found:
    return found(PLAN)


def said(plan: Found, question: str) -> str | None:
    ask = asked(question)
    draft = figures.applies(ask) and figures.answer(ask, plan.figures(), plan.relevance(ask))
    return "\n".join(sentence.text for sentence in draft.sentences) if draft else None


def test_an_amount_by_label(plan: Found) -> None:
    assert (
        said(plan, "①の予算はいくらですか")
        == "「①窓口の電子化」の2024年度（令和6年度）の予算は約7.2億円です。"
    )


def test_an_amount_by_what_the_subject_does(plan: Found) -> None:
    assert "41億4,000万円" in (said(plan, "研修を行うテーマの予算はいくらですか") or "")


def test_a_part_that_the_figure_is_said_of(plan: Found) -> None:
    assert "約27.5億円" in (said(plan, "③の予算のうち、端末の更新はいくらですか") or "")
    assert "約27.5億円" in (said(plan, "三つのテーマのうち、③の予算はいくらですか") or "")


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("令和3年度の一般会計予算の総額はいくらですか", None),
        ("令和3年度の介護保険事業特別会計の予算の総額はいくらですか", "147億円"),
        ("令和3年度の介護保険の特別会計の予算の総額はいくらですか", "147億円"),
    ],
)
def test_a_figure_of_another_account_is_no_answer(question: str, amount: str | None) -> None:
    care = found(
        "# 令和3年度みほん市介護保険事業特別会計予算\n\n令和3年度の歳入歳出予算の総額は、147億円である。"
    )
    assert (amount or "") in (said(care, question) or "")
    assert (said(care, question) is None) == (amount is None)


def test_the_quote_is_verbatim(plan: Found) -> None:
    ask = asked("③の予算は")
    draft = figures.answer(ask, plan.figures(), plan.relevance(ask))
    assert draft is not None
    quote = draft.sentences[0].quotes[0]
    assert plan.text[quote.start : quote.end] == quote.text and "27.5億円" in quote.text


@pytest.mark.parametrize(
    "question",
    [
        "②の予算はいくらですか",
        "①の2023年度の予算はいくらですか",
        "宇宙開発の予算はいくらですか",
        "③の予算のうち、プールに使われるのはいくらですか",
    ],
)
def test_a_figure_that_is_not_there_is_not_said(plan: Found, question: str) -> None:
    assert said(plan, question) is None


def test_one_operand_without_a_figure_leaves_the_sum_unsaid(plan: Found) -> None:
    assert said(plan, "①と②の予算の合計は") is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "①③⑧の予算の合計はいくらですか",
            "合計は約76.1億円です（約7.2億円 ＋ 約27.5億円 ＋ 41億4,000万円）。",
        ),
        ("⑧の予算は③より何億円多いですか", "⑧の方が③より約13.9億円多いです（41億4,000万円 − 約27.5億円）。"),
        ("⑧の予算は①の何倍ですか", "⑧は①の約5.8倍です（41億4,000万円 ÷ 約7.2億円）。"),
        ("③と⑧の予算はどちらが大きいですか", "最も大きいのは⑧の方で、41億4,000万円です。"),
        (
            "⑧は予算全体の何パーセントですか",
            "⑧は、金額が書かれている3件の合計の約54.4%です"
            "（41億4,000万円 ÷ (約7.2億円 ＋ 約27.5億円 ＋ 41億4,000万円)）。",
        ),
        ("予算がいちばん小さいのはどれですか", "最も小さいのは①の方で、約7.2億円です。"),
    ],
)
def test_calculations_show_their_operands(plan: Found, question: str, expected: str) -> None:
    assert (said(plan, question) or "").split("\n")[0] == expected


def test_whose_amount_it_is(plan: Found) -> None:
    assert "③学びの支援" in (said(plan, "約27.5億円がついているのはどのテーマですか") or "")
    assert "2024年度" in (said(plan, "①の7.2億円は何年度の予算ですか") or "")


def test_a_year_that_the_document_does_not_give_is_not_said(plan: Found) -> None:
    assert said(plan, "③の27.5億円は何年度の予算ですか") is None


def test_other_questions_are_left_to_others(plan: Found) -> None:
    ask = asked("①では何をしますか")
    assert not figures.applies(ask) and not figures.needs_figures(ask)


def test_a_section_that_states_one_amount_is_about_it() -> None:
    plan = found(
        "# 計画\n\n## ③学びの支援\n\nメタバースで学べるようにします。\n\nこのほかにも取り組みます。\n\n"
        "③の予算規模は約27.5億円です。\n"
    )
    assert "③学びの支援" in (said(plan, "メタバースで学べるテーマの予算はいくらですか") or "")


def test_a_year_that_is_asked_for_and_not_stated_is_left_open(plan: Found) -> None:
    expected = "「③学びの支援」の予算は約27.5億円です（何年度の金額かは書かれていません）。"
    assert said(plan, "③の2024年度の予算は") == expected


def test_subjects_with_a_figure_are_named_once() -> None:
    twice = found(f"{PLAN}\n\n# 別の表\n\n①窓口の電子化では、予算規模は2024年度に約7.2億円である。\n")
    assert figures.subjects(twice.figures()) == ["①窓口の電子化", "③学びの支援", "⑧市役所の改革"]


SHEET = """# 見守り事業

## 事業費（単位：千円）

| 区分 | 令和6年度 |
|---|---|
| 国庫支出金 | 300 |
| 一般財源 | 700 |
| 事業費計 | 1,000 |
"""


@pytest.mark.parametrize(("asked_for", "printed"), [("事業費", "100万円"), ("一般財源", "70万円")])
def test_the_kind_asked_for_counts_before_its_parts(asked_for: str, printed: str) -> None:
    answer = said(found(SHEET), f"見守り事業の令和6年度の{asked_for}はいくらですか")
    assert answer is not None
    assert answer.endswith(f"は{printed}です。")


TWO_TABLES = """# みほん市の予算

## 令和6年度の予算

| テーマ | 令和6年度の予算 |
| --- | --- |
| ①窓口の電子化 | 7億円 |
| ②学びの支援 | 5億円 |

## まとめ

①窓口の電子化の予算は7億円です。②学びの支援の予算は5億円です。
"""


def test_what_two_places_state_is_added_once() -> None:
    assert "12億円" in (said(found(TWO_TABLES), "テーマの予算の合計はいくらですか") or "")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("③の予算を円で教えてください", "約27.5億円（約2,750,000,000円）です。"),
        ("①と⑧の予算の合計を円単位で", "合計は約48.6億円（約4,860,000,000円）です"),
    ],
)
def test_yen_where_it_is_asked_for(plan: Found, question: str, expected: str) -> None:
    assert expected in (said(plan, question) or "")


@pytest.mark.parametrize(
    ("header", "printed"),
    [
        ("金額（約）", "約27.5億円"),
        ("概算額", "約27.5億円"),
        ("金額", "27.5億円"),
        ("（約30人分）金額", "27.5億円"),
    ],
)
def test_a_cell_is_rounded_where_its_header_says_so(header: str, printed: str) -> None:
    table = (
        f"# みほん市の予算\n\n（単位：億円）\n\n| テーマ | {header} |\n| --- | --- |\n| 学びの支援 | 27.5 |\n"
    )
    assert f"は{printed}です" in (said(found(table), "学びの支援の予算はいくらですか") or "")


def test_what_a_citizen_gets_is_no_budget() -> None:
    text = "# 出産の支援\n\n出産の支援の予算は1億5,000万円である。\n\n出産した人には一律に42万円を支給している。\n"
    assert "42万円" in (said(found(text), "出産するといくらもらえますか") or "42万円")
    assert "1億" not in (said(found(text), "出産するといくらもらえますか") or "")
    assert not figures.needs_figures(asked("出産するといくらもらえますか"))
    assert "1億5,000万円" in (said(found(text), "出産の支援の予算はいくらですか") or "")


def test_money_does_not_answer_what_counts_other_things() -> None:
    text = (
        "# 図書館\n\n| 区分 | 令和5年度 | 令和6年度 |\n|---|---|---|\n"
        "| 図書館の事業費（千円） | 900 | 800 |\n"
    )
    assert not said(found(text), "図書館の来館者数は令和5年度と令和6年度でどちらが多いですか")
    assert said(found(text), "図書館の事業費は令和5年度と令和6年度でどちらが多いですか")


def test_a_fee_is_no_cost_of_the_city() -> None:
    text = "# 火葬場\n\n火葬場の事業費は9,315万8,000円である。\n"
    assert not said(found(text), "火葬場を使う料金はいくらですか")
    assert said(found(text), "火葬場の事業費はいくらですか")


def test_two_years_are_added() -> None:
    text = (
        "# みほん市の水路改修事業\n\n## 事業費の推移（単位：千円）\n\n"
        "| 区分 | 令和6年度 | 令和7年度 |\n|---|---:|---:|\n| 事業費計 | 4,719 | 132,800 |\n"
    )
    answer = (
        said(found(text), "みほん市の水路改修事業の事業費は令和6年度と令和7年度を合わせていくらですか") or ""
    )
    assert "1億3,751万9,000円" in answer


YEARS = """# みほん市の事業

| 事業 | 令和6年度 予算額（千円） | 令和6年度 決算額（千円） | 令和7年度 要求額（千円） |
|---|---:|---:|---:|
| 空調の整備 | 96,000 | 41,250 | 120,000 |
| 案内板の整備 | 500 | 500 | 700 |
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "空調の整備は令和6年度の予算と決算でどれだけ差が出ましたか",
            "「空調の整備」の2024年度（令和6年度）の予算は決算より5,475万円多いです（9,600万円 − 4,125万円）。",
        ),
        (
            "案内板の整備の令和6年度の予算額と決算額の差はいくらですか",
            "「案内板の整備」の2024年度（令和6年度）の予算と決算は同じです（50万円）。",
        ),
        (
            "空調の整備の令和7年度の要求額は、前年度の予算と比べていくら多いですか",
            "「空調の整備」は、2025年度（令和7年度）の要求の方が2024年度（令和6年度）の予算より2,400万円多いです"
            "（1.2億円 − 9,600万円）。",
        ),
    ],
)
def test_what_was_planned_is_compared_with_what_was_spent(question: str, answer: str) -> None:
    assert (said(found(YEARS), question) or "").split("\n")[0] == answer


AMENDED = """# 令和8年度みほん市一般会計補正予算（第2号）

（単位：千円）

| 区分 | 補正前の額 | 補正額 | 計 |
|---|---:|---:|---:|
| 民生費 | 5,000 | 300 | 5,300 |
| 歳出合計 | 71,000 | 1,000 | 72,000 |
"""


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("令和8年度の一般会計は補正予算（第2号）のあと、総額いくらですか", "7,200万円"),
        ("令和8年度の民生費は補正した後いくらですか", "530万円"),
        ("令和8年度の民生費の補正額はいくらですか", "30万円"),
    ],
)
def test_a_supplementary_budget_before_and_after(question: str, amount: str) -> None:
    assert f"は{amount}です" in (said(found(AMENDED), question) or "")


INVESTED = """# みほん市水道計画

## 投資計画（単位：百万円）

| 年度 | 金額 |
|---|---|
| 令和7年度 | 820 |
| 令和8年度 | 940 |
| 令和9年度 | 1,130 |
"""


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("水道の投資計画は令和7年度から令和9年度まで合わせていくらですか", "28.9億円"),
        ("水道の投資計画の令和7～9年度の合計はいくらですか", "28.9億円"),
        ("水道の投資計画は令和6年度から令和9年度まで合わせていくらですか", None),
    ],
)
def test_years_from_to_are_added_with_those_between(question: str, total: str | None) -> None:
    answer = said(found(INVESTED), question)
    assert (total or "") in (answer or "")
    assert (answer is None) == (total is None)


GOODS = """# 令和2年度みほん市一般会計補正予算（第10号）

## ポイント

研修は1校当たり10万円で、計270万円

感染症対策の備品は1校当たり80万円から135万円で、計3,570万円

## 提案理由

補正予算の規模は歳入歳出それぞれ3,840万円を増額し、予算の総額をそれぞれ949億3,288万円とするものです。
"""


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("令和2年度補正予算（第10号）で、感染症対策の備品は合計いくらですか", "3,570万円"),
        ("令和2年度補正予算（第10号）の後、予算の総額はいくらになりましたか", "949億3,288万円"),
    ],
)
def test_a_total_that_a_sentence_states(question: str, amount: str) -> None:
    answer = said(found(GOODS), question) or ""
    assert amount in answer
    assert "\n" not in answer


def test_what_one_costs_is_not_what_all_cost() -> None:
    tests = found("# みほん市の検査\n\n## 費用\n\n衛生用品の費用は、計2,310万円\n\n検査の費用は1回2万円")
    assert "2万円" in (said(tests, "検査の1回あたりの費用はいくらですか") or "")
    assert "2,310" not in (said(tests, "衛生用品の1回あたりの費用はいくらですか") or "")


GRANTED = """# みほん市の施策

## 交通

地域公共交通維持改善事業の令和5年度補正予算額は279億円である。

## 道路

道路システムの電子化（国土交通省）の令和5年度補正予算額は65億円である。
"""


def test_the_amount_beside_the_long_name_in_the_question() -> None:
    answer = (
        said(found(GRANTED), "国土交通省の地域公共交通維持改善事業の令和5年度補正予算額はいくらですか") or ""
    )
    assert "279億円" in answer and "65億円" not in answer


def test_what_costs_there_are_is_not_how_much() -> None:
    assert not figures.applies(asked("広報に係る費用には、どんな費用が含まれますか"))


@pytest.mark.parametrize(("question", "verdict"), [("減りましたか", "いいえ。"), ("増えましたか", "はい。")])
def test_whether_an_amount_rose(question: str, verdict: str) -> None:
    text = (
        "# みほん市の水路改修事業\n\n## 事業費の推移（単位：千円）\n\n"
        "| 区分 | 令和6年度 | 令和7年度 |\n|---|---:|---:|\n| 事業費計 | 4,719 | 132,800 |\n"
    )
    answer = said(found(text), f"みほん市の水路改修事業の事業費は令和6年度から令和7年度に{question}") or ""
    assert answer.startswith(verdict)


SETTLED = """# 令和2年度みほん市国民健康保険事業特別会計歳入歳出決算

## 概況

歳入総額は167億2,187万円、歳出総額は165億705万9,000円で、実質収支は2億1,481万1,000円となりました。
"""


def test_an_amount_of_an_account_that_is_not_its_total() -> None:
    answer = said(
        found(SETTLED), "みほん市の令和2年度国民健康保険事業特別会計の決算で、実質収支はいくらでしたか"
    )
    assert "2億1,481万1,000円" in (answer or "")


def test_a_line_with_another_name_is_no_answer() -> None:
    book = found("# みほん市の継続費（単位：千円）\n\n継続費の表\n\nバスターミナル  330,000\n")
    assert said(book, "みほん市の新庁舎整備実施設計事業の継続費の総額はいくらですか") is None
