"""Lists come whole, in the document's order."""

import pytest
from answers_made import asked, found

from assistant import lists


def said(text: str, question: str) -> list[str] | None:
    plan, ask = found(text), asked(question)
    draft = lists.applies(ask) and lists.answer(ask, plan.hits, plan.places(), plan.relevance(ask))
    if not draft:
        return None
    for sentence in draft.sentences:
        for quote in sentence.quotes:
            assert plan.text[quote.start : quote.end] == quote.text
    return [sentence.text for sentence in draft.sentences]


LABELLED = """# 方針

市は次の三つのテーマに取り組みます。

①窓口の改革

②学びの支援

③災害への備え

ほかの文章がここに続きます。
"""
HEADINGS = """# 計画

## 基本方針

方針を定めます。

### (1) よい環境

環境の説明です。

### (2) よい経営

経営の説明です。
"""
TABLE = "# 計画\n\n| 上位計画 | 内容 |\n|---|---|\n| 振興計画 | 都市の像 |\n| 成長戦略 | 選ばれる都市 |\n"


def test_labelled_lines() -> None:
    assert said(LABELLED, "テーマを三つとも教えてください") == [
        "次の3つです。",
        "・①窓口の改革",
        "・②学びの支援",
        "・③災害への備え",
    ]


def test_a_list_of_another_length_is_not_taken() -> None:
    assert said(LABELLED, "テーマを五つとも教えてください") is None


def test_sibling_headings() -> None:
    assert said(HEADINGS, "基本方針を全部挙げてください") == [
        "次の2つです。",
        "・(1) よい環境",
        "・(2) よい経営",
    ]


def test_what_the_question_leaves_out() -> None:
    assert said(HEADINGS, "基本方針のうち「よい環境」以外をすべて教えてください") == [
        "次の1つです。",
        "・(2) よい経営",
    ]


def test_items_within_a_sentence() -> None:
    text = "# 体制\n\n当初は、(1)窓口、(2)業務、(3)人材の3つの班を設けた。\n"
    assert said(text, "当初の班を三つ全部教えて") == ["次の3つです。", "・(1)窓口", "・(2)業務", "・(3)人材"]


def test_a_column_of_a_table() -> None:
    assert said(TABLE, "上位計画をすべて挙げてください") == ["次の2つです。", "・振興計画", "・成長戦略"]


def test_lines_behind_a_sentence_that_leads_on() -> None:
    text = "# 技術\n\nこの間に、次のような変化がありました。\n\n- AIが発展した\n- 通信が速くなった\n\n別の話です。\n"
    assert said(text, "どんな変化がありましたか。列挙してください") == [
        "次の2つです。",
        "・AIが発展した",
        "・通信が速くなった",
    ]


def test_captions() -> None:
    text = "# 計画\n\n【図表1 位置づけ】\n\n説明の文です。\n\n【図表2 全体像】\n\n説明の文です。\n"
    assert said(text, "図表の題名を全部教えて") == [
        "次の2つです。",
        "・【図表1 位置づけ】",
        "・【図表2 全体像】",
    ]


def test_one_item_that_is_asked_about_is_quoted() -> None:
    text = (
        "# 班\n\n各班の取り組みは次の通りです。\n\n"
        "(1)窓口班:申請の電子化を進め、案内を改めるほか、相談の仕組みも見直して待ち時間を短くします\n\n"
        "(2)人材班:研修を行い、採用を広げるほか、専門の知識を持つ人を外から迎えて職員を支えます\n"
    )
    assert said(text, "人材班の取り組みを列挙してください") == [
        "(2)人材班:研修を行い、採用を広げるほか、専門の知識を持つ人を外から迎えて職員を支えます"
    ]


@pytest.mark.parametrize("question", ["①の予算は", "計画期間はいつまで"])
def test_other_questions_are_left_to_others(question: str) -> None:
    assert said(LABELLED, question) is None


def test_yes_comes_first_where_the_number_is_right() -> None:
    assert (said(LABELLED, "テーマは3つですか？") or [""])[0] == "はい。次の3つです。"


def test_a_heading_that_is_just_what_is_asked_for_gives_its_list() -> None:
    expected = ["次の2つです。", "・(1) よい環境", "・(2) よい経営"]
    assert said(HEADINGS, "計画の基本方針を教えてください") == expected
    assert said(HEADINGS, "計画の数値目標を教えてください") is None


def test_items_that_a_sentence_counts() -> None:
    text = "# 制度\n\n資金の供給手法には、融資†、投資†、保証†の３種類があります。ほかは別に定めます。\n"
    assert said(text, "資金の供給手法の3種類を挙げてください") == [
        "次の3つです。",
        "・融資",
        "・投資",
        "・保証",
    ]


def test_chapters_are_no_list_of_what_they_are_not_called() -> None:
    text = (
        "# みほん計画\n\n## 第1章 基本\n\n目的を定める。\n\n## 第2章 施策\n\n転入と転出の届出を対象とする。\n"
    )
    assert said(text, "みほん計画で対象の届出を全部挙げてください") is None


def test_what_is_quoted_is_asked_about_and_not_listed() -> None:
    text = "# 窓口\n\n## 施策\n\n(1) 電子申請\n\n(2) 書かない窓口\n\n転入の届出を対象とする。\n"
    assert said(text, "施策の「書かない窓口」の対象を全部挙げてください") is None


def test_those_of_a_kind_among_other_things_in_a_column() -> None:
    text = (
        "# みほん市の組織\n\n| 組織名 | 上の組織 |\n|---|---|\n| 総務グループ | 市長 |\n"
        "| 総務グループ 次長 | 総務グループ |\n| 福祉グループ | 市長 |\n| 福祉グループ 次長 | 福祉グループ |\n"
    )
    assert said(text, "みほん市の組織にはどんなグループがありますか。2つとも挙げて。") == [
        "次の2つです。",
        "・総務グループ",
        "・福祉グループ",
    ]


def test_figures_and_marks_are_no_list() -> None:
    table = "# 事業\n\n| 区分 | 令和5年度 |\n|---|---|\n| 国費 | 0 |\n| 市費 | 1,087 |\n"
    assert said(table, "令和5年度は？") is None
    assert said("# 認証\n\n- ・\n- ・\n", "認証の2つの要素を全部教えて") is None


def test_a_comma_in_brackets_parts_no_items() -> None:
    text = "# 認証\n\n記憶（合言葉、番号）、所持（鍵、カード）の2要素を求める。\n"
    assert said(text, "認証の2つの要素を全部教えて") == [
        "次の2つです。",
        "・記憶（合言葉、番号）",
        "・所持（鍵、カード）",
    ]


def test_many_items_are_counted_without_tsu() -> None:
    text = "# 方針\n\n次の施策に取り組みます。\n\n" + "\n".join(
        f"- 施策の{mark}" for mark in "甲乙丙丁戊己庚辛壬癸"
    )
    assert (said(text, "方針の施策を全部挙げてください") or [""])[0] == "次の10項目です。"


def test_one_that_a_clause_tells_is_asked_for_not_the_list() -> None:
    assert said(HEADINGS, "表に出てくる基本方針は何ですか") is None
    assert said(HEADINGS, "基本方針は何ですか") is not None


def test_what_was_the_list_once_is_none() -> None:
    text = "# 体制\n\n班は、はじめは窓口、業務、人材の3つでした。\n"
    assert said(text, "班を三つとも教えて") is None


def test_a_list_asked_for_in_english() -> None:
    assert lists.applies(asked("How many working groups are there and what are they called?"))
    assert lists.applies(asked("Name the working groups"))


def test_items_with_lines_of_their_own_below_them() -> None:
    text = (
        "みほん市交通計画\n\n第１章　目的\n　通院の足を確保する。\n\n"
        "第２章　施策\n①　バスの再編\n　　予約制に切り替える。\n"
        "②　バス停の改善\n　　屋根を12か所に設ける。\n③　運行への補助\n　　上限は年8,000千円とする。\n"
    )
    given, ask = found(text, "計画.txt"), asked("みほん市交通計画の施策を3つ教えてください")
    draft = lists.answer(ask, given.hits, given.places(), given.relevance(ask))
    assert draft is not None
    assert [line.text for line in draft.sentences] == [
        "次の3つです。",
        "・①　バスの再編",
        "・②　バス停の改善",
        "・③　運行への補助",
    ]


DUTIES = """# みほん市 支援計画事業

## 概要

支援計画を作る事業である。
主な業務は次のとおり。
①支援計画の契約
②計画書の作成
③評価
"""


@pytest.mark.parametrize(
    "question", ["支援計画事業の主な業務は何ですか", "支援計画事業の主な業務を挙げてください"]
)
def test_a_list_behind_a_sentence_about_just_what_is_asked(question: str) -> None:
    assert said(DUTIES, question) == ["次の3つです。", "・①支援計画の契約", "・②計画書の作成", "・③評価"]
