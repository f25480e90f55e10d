"""Yes or no only where it can be worked out, and never of a figure that is too near to tell."""

import operator

import pytest
from answers_made import asked, found

from assistant import durations, figures
from assistant.confirm import Supposed, agrees, supposed_amount, yes_or_no
from corpus.wareki import find_periods

PLAN = """# みほん市のテーマ

## 予算

①窓口の電子化では、申請の電子化を進め、予算規模は2024年度に約7.2億円である。

⑧市役所の改革では、研修を行う。予算規模は41億4,000万円である。

## 計画期間

計画期間は、令和3年度から令和7年度までです。

見直しの方針は、別に定めます。
"""


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("①の予算は5億円を超えますか？", "はい。「①窓口の電子化」の2024年度"),
        ("①の予算は10億円以上ですか", "いいえ。「①窓口の電子化」の2024年度"),
        ("⑧の予算は41.4億円以上ですか", "はい。「⑧市役所の改革」の予算"),
        ("⑧の予算は41.4億円を上回りますか", "いいえ。「⑧市役所の改革」の予算"),
        ("⑧の予算は41.4億円より少ないですか", "いいえ。「⑧市役所の改革」の予算"),
        ("⑧の予算は4,140,000千円ですか", "はい。「⑧市役所の改革」の予算"),
        ("⑧の予算は7.2億円だと聞きましたが、本当ですか", "いいえ。「⑧市役所の改革」の予算"),
        ("①の予算は7.2億円ですか", "はい。「①窓口の電子化」の2024年度"),
        ("①の予算は7.3億円以上ですか", "「①窓口の電子化」の2024年度"),
    ],
)
def test_an_amount_against_the_one_supposed(question: str, begins: str) -> None:
    plan, ask = found(PLAN), asked(question)
    draft = figures.answer(ask, plan.figures(), plan.relevance(ask))
    assert draft is not None and draft.sentences[0].text.startswith(begins)
    assert draft.sentences[0].computed == begins.startswith(("はい", "いいえ"))


@pytest.mark.parametrize(
    "question", ["7.2億円はどのテーマの予算ですか", "①の予算はいくらですか", "①の予算は1億円か2億円ですか"]
)
def test_what_supposes_nothing(question: str) -> None:
    assert supposed_amount(asked(question)) is None


def test_an_approximate_figure_near_the_limit_decides_nothing() -> None:
    assert Supposed(100, operator.ge).verdict(104, approximate=True) is None
    assert Supposed(100, operator.ge).verdict(104, approximate=False) is True
    assert Supposed(100, operator.ge).verdict(94, approximate=True) is False
    assert [yes_or_no(verdict) for verdict in (True, False, None)] == ["はい。", "いいえ。", ""]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("計画期間は令和7年度までですか？", True),
        ("計画期間は2026年度までですか？", False),
        ("計画期間は令和3年度からですか", True),
        ("計画期間は令和4年度に始まりますか", False),
        ("計画期間に令和6年度は含まれますか", True),
        ("計画期間に令和8年度は入りますか", False),
        ("計画期間はいつまでですか", None),
        ("令和6年度の計画期間を教えてください", None),
    ],
)
def test_a_year_against_a_period(question: str, verdict: bool | None) -> None:
    assert agrees(asked(question), find_periods("令和3年度から令和7年度まで")[0]) is verdict


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "計画期間は令和8年度までですか",
            "いいえ。令和3年度（2021年度）から令和7年度（2025年度）までの5年間です。",
        ),
        ("アクション・プランの計画期間は令和8年度までですか", None),
    ],
)
def test_only_a_period_of_what_is_named_is_compared(question: str, expected: str | None) -> None:
    plan, ask = found(PLAN), asked(question)
    draft = durations.answer(ask, plan.hits, plan.relevance(ask))
    assert (draft.sentences[0].text if draft else None) == expected
