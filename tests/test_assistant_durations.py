"""Lengths of time are worked out from what the documents state."""

import pytest
from answers_made import asked, found

from assistant import durations

PLAN = """# 計画

計画期間は、令和3年度から令和7年度までです。

平成13年5月に市が誕生しました。平成15年11月にはシステム最適化方針を策定しました。
"""


def said(question: str, text: str = PLAN) -> str | None:
    plan, ask = found(text), asked(question)
    draft = durations.answer(ask, plan.hits, plan.relevance(ask))
    if draft is None:
        return None
    assert all(plan.text[q.start : q.end] == q.text for sentence in draft.sentences for q in sentence.quotes)
    return draft.sentences[0].text


def test_length_of_a_period() -> None:
    assert said("計画期間は何年間ですか") == "令和3年度（2021年度）から令和7年度（2025年度）までの5年間です。"


def test_middle_of_a_period() -> None:
    assert said("計画期間の真ん中の年度は") == "真ん中は令和5年度（2023年度）です。"


def test_a_period_of_even_length_has_no_middle_year() -> None:
    assert (
        said("計画期間の真ん中の年度は", "# 計画\n\n計画期間は、令和4年度から令和7年度までです。\n") is None
    )


def test_between_two_events() -> None:
    expected = "2001年5月から2003年11月までで、2年6か月です。"
    assert said("市の誕生からシステム最適化方針の策定まで何年何か月ですか") == expected


@pytest.mark.parametrize("question", ["市の誕生から宇宙基地の完成まで何年何か月ですか", "計画の名前は"])
def test_what_is_not_stated_is_not_worked_out(question: str) -> None:
    assert said(question) is None
