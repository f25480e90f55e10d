"""The language of a question, by script and by a few words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import detect


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("ja", "計画の期間はいつからですか"),
        ("ja", "計画目的"),
        ("ja", "対象個数"),
        ("ja", "是正勧告件数"),
        ("ja", "個人情報保護"),
        ("ja", "ﾃﾞｼﾞﾀﾙ DX"),
        ("ja", "CIO/CISO Japan Summit 2024に登壇したのは誰"),
        ("ja", "What isはどういう意味ですか"),
        ("ja", "2024"),
        ("ja", ""),
        ("ja", "けいかくのきかんは"),
        ("ja", "カタカナ ダケ デハ nai"),
        ("ja-simple", "けいかくは　いつまで　ですか？"),
        ("ja-simple", "デジタルの よさんは いくらですか"),
        ("en", "What is the budget of theme 8?"),
        ("en", "ＷＨＡＴ　ＩＳ　ＴＨＥ　ＢＵＤＧＥＴ"),
        ("en", "What is the budget of 八策①?"),
        ("en", "What is さいたまデジタル八策?"),
        ("en", "DX"),
        ("zh", "八策①的预算是多少"),
        ("zh", "行政数字化计划的三项基本方针是什么？"),
        ("zh", "數位化計劃的目的是什麼"),
        ("ko", "계획 기간은 언제까지인가요?"),
        ("vi", "Ngân sách là bao nhiêu"),
    ],
)
def test_languages(language: str, question: str) -> None:
    assert detect(question) == language


@given(st.text())
def test_always_one_of_six(question: str) -> None:
    assert detect(question) in {"ja", "ja-simple", "en", "zh", "ko", "vi"}
