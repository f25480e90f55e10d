"""Follow-up questions stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Turn
from assistant.followups import standalone


def talk(*said: str) -> list[Turn]:
    """Turns of user and assistant by turns, the user first."""
    return [
        Turn(role="assistant" if number % 2 else "user", content=text) for number, text in enumerate(said)
    ]


PLAIN = ("八策①の予算は？", "約7.2億円です。")


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (PLAIN, "じゃあ③は？", "八策③の予算は？"),
        (
            ("出動は令和6年度に何回？", "9回です。"),
            "どれだけ減った？",
            "出動は令和6年度は前年度と比べてどれだけ減った？",
        ),
        (
            ("令和8年度の消防費は？", "6億円です。"),
            "どれくらい増えた？",
            "令和8年度の消防費は前年度と比べてどれくらい増えた？",
        ),
        (
            ("方針は何がありますか", "次の2つです。[1]\n・(1) 上質な環境\n・(2) 上質な経営"),
            "2つ目は？",
            "上質な経営は？",
        ),
        (
            ("各班の役割は？", "次の2つです。\n・(1)窓口班：受け付ける[1]\n・(2)案内班：案内する[2]"),
            "最後のものは？",
            "案内班は？",
        ),
        (("①③の予算の一番大きいのは？", "③です。"), "合計は？", "①③の予算の合計は？"),
        (("①③の予算の合計は？", "5億円です。"), "じゃあ③は？", "③の予算は？"),
        (
            ("図書館の貸出点数の推移を教えて", "次のとおりです。"),
            "一番多かったのはいつ？",
            "図書館の貸出点数が一番多かったのはいつ？",
        ),
        (
            ("図書館の貸出点数が一番多かったのはいつ？", "令和4年度です。"),
            "令和5年度は？",
            "令和5年度の図書館の貸出点数は？",
        ),
        (
            ("テーマ別の予算は？", "①は2億円です。③は3億円です。"),
            "一番大きいのは？",
            "①③の予算の一番大きいのは？",
        ),
        (
            ("窓口の改修に令和8年度いくらかける？", "7,400万円です。"),
            "そのうち国のお金はいくら？",
            "窓口の改修に令和8年度のうち、国のお金はいくら？",
        ),
        (
            ("講座は令和6年度に何人が受けた？", "22人です。"),
            "その年の男の人は何人？",
            "講座について、令和6年度の男の人は何人？",
        ),
        (PLAIN, "③だとどう？", None),
        (("2024年度の予算は？", "約7.2億円です。"), "2023年度は？", "2023年度の予算は？"),
        (("令和6年度の予算は？", "約7.2億円です。"), "では令和5年度は？", "令和5年度の予算は？"),
        (("テーマ①って何をするの？", "手続きの電子化です。"), "それはいくら？", "テーマ①はいくら？"),
        (
            ("計画期間を教えて", "令和3年度からです。"),
            "それって何年間ってこと？",
            "計画期間って何年間ってこと？",
        ),
        (("八策の⑤は何ですか", "災害の話です。"), "その一つ前は？", "八策の④は何ですか"),
        (("八策の⑤は何ですか", "災害の話です。"), "では、その次のテーマは？", "八策の⑥は何ですか"),
        (
            ("班の名前は？", "(1)窓口班、(2)業務班、(3)人材班です。"),
            "最後のやつは何をする？",
            "人材班は何をする？",
        ),
        (
            ("班の名前は？", "(1)窓口班、(2)業務班、(3)人材班です。"),
            "最初のものは何をする？",
            "窓口班は何をする？",
        ),
        (("班の名前は？", "窓口班、業務班と人材班です。"), "二つ目は何をする？", "業務班は何をする？"),
        (
            ("法律では何を作る？", "「活用推進計画」です。"),
            "それを作るのは義務？",
            "「活用推進計画」を作るのは義務？",
        ),
        (("①の予算は？", "7億円です。", "③の予算は？", "27億円です。"), "合計は？", "①③の予算の合計は？"),
        (
            ("窓口事業の2024年度の予算はいくらですか", "7億円です。"),
            "では、学校事業の2023年度は？",
            "学校事業の2023年度の予算はいくらですか",
        ),
        (
            ("班はいくつ？", "5つです。", "増えたのはどれですか", "人材班です。"),
            "そこは何をする？",
            "人材班は何をする？",
        ),
        (
            ("増えたのはどれですか", "人材班です。"),
            "では、窓口班は？",
            "窓口班について、増えたのはどれですか",
        ),
        (
            ("How many teams were there at first?", "There were four."),
            "And how many now?",
            "How many teams were there at first? how many now?",
        ),
        (PLAIN, "もっと詳しく", "八策①の予算は？ もっと詳しく"),
        (PLAIN, "円で言うと？", "八策①の予算は？ 円で言うと？"),
        (PLAIN, "DXとは", "DXとは"),
        (PLAIN, "では、BPRって何？", "では、BPRって何？"),
        (
            ("この計画はいつまでですか", "「実施計画」に合わせ令和7年度まで。"),
            "それは何年間？",
            "この計画は何年間？",
        ),
        (
            ("市の人口は何人ですか", "お尋ねの内容は、登録されている資料には書かれていませんでした。"),
            "いつの調査？",
            "市の人口は何人ですか いつの調査？",
        ),
    ],
)
def test_follow_ups_are_resolved(history: tuple[str, ...], question: str, expected: str | None) -> None:
    resolved = standalone(question, talk(*history))
    if expected is None:
        assert resolved != "" and "③" in resolved
    else:
        assert resolved == expected


def test_the_rest_of_a_list_leaves_out_what_was_named() -> None:
    history = talk("計画の基本方針はいくつ？", "3つです。", "一つは「上質なサービス」で合ってる？", "はい。")
    assert (
        standalone("残りの二つは？", history)
        == "計画の基本方針のうち「上質なサービス」以外をすべて教えてください"
    )


@pytest.mark.parametrize(
    "question",
    [
        "行政デジタル化計画の計画期間はいつからいつまでですか",
        "DX推進本部の設置年月を教えてください。",
        "How large is the budget?",
    ],
)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert standalone(question, talk("八策の⑤は何ですか", "災害の話です。")) == question


def test_without_history_nothing_changes() -> None:
    assert standalone(" じゃあ③は？ ", []) == "じゃあ③は？"


@given(st.lists(st.text(max_size=40), max_size=6), st.text(max_size=40))
def test_any_conversation_gives_a_text(said: list[str], question: str) -> None:
    assert isinstance(standalone(question, talk(*said)), str)


def test_a_label_that_runs_off_the_list_is_left_alone() -> None:
    assert "①" in standalone("その一つ前は？", talk("八策の①は何ですか", "手続きの話です。"))


@pytest.mark.parametrize(
    ("asked", "question", "expected"),
    [
        ("令和8年度予算の民生費はいくらですか", "土木費は？", "令和8年度予算の土木費はいくらですか"),
        (
            "見守り事業の令和4年度要求額はいくらですか",
            "前の年の当初予算は？",
            "見守り事業の令和3年度の当初予算はいくらですか",
        ),
        ("令和8年度の教育費はいくらですか", "前年度は？", "令和7年度の教育費はいくらですか"),
        ("2024年度の教育費はいくらですか", "翌年度は？", "2025年度の教育費はいくらですか"),
        ("人材WGの役割と設置を教えて", "じゃあ窓口WGは？", "窓口WGの役割と設置を教えて"),
        ("図書館の開館時間は？", "公民館", "公民館の開館時間は？"),
        ("図書館の開館時間は？", "住民票の手数料は？", "住民票の手数料は？"),
        ("さいたま市の人口は？", "川口市は？", "川口市の人口は？"),
        ("防災WGとは何ですか", "では、窓口WGは？", "窓口WGとは何ですか"),
        ("窓口WGの座長は誰ですか", "じゃあ人材WGの座長は？", "人材WGの座長は誰ですか"),
        ("市長は誰ですか", "副市長は何人ですか", "副市長は何人ですか"),
        ("令和6年度の土木費はいくら", "じゃあ民生費はいくら？", "令和6年度の民生費はいくら？"),
        ("令和6年度の特別会計の予算額は？", "決算額は？", "令和6年度の特別会計の決算額は？"),
        ("令和6年度の特別会計の予算額は？", "令和5年度の決算額は？", "令和5年度の特別会計の決算額は？"),
        ("令和6年度の予算額はいくら", "令和5年度の予算額はいくら", "令和5年度の予算額はいくら"),
    ],
)
def test_a_name_or_year_is_exchanged(asked: str, question: str, expected: str) -> None:
    assert standalone(question, talk(asked, "1億円です。")) == expected
