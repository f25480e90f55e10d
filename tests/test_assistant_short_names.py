"""Short names are explained by what the documents themselves say."""

import pytest
from answers_made import asked, found

from assistant import short_names
from assistant.draft import Draft, DraftSentence, quote_all

PLAN = """# みほんの計画

主な取組には、さいたま市スマートスクールプロジェクト(SSSP)の推進や、ワーキンググループ(WG)があります。

## 研修

職員の研修を行います。
"""


def said(question: str) -> str | None:
    plan = found(PLAN)
    sentence = short_names.answer(asked(question), plan.hits)
    if sentence is None:
        return None
    assert all(plan.text[quote.start : quote.end] == quote.text for quote in sentence.quotes)
    return sentence.text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("SSSPとは何ですか", "「SSSP」は「さいたま市スマートスクールプロジェクト」のことです。"),
        ("ＷＧとは？", "「WG」は「ワーキンググループ」のことです。"),
        ("WGの予算はいくらですか", None),
        ("RPAとは何ですか", None),
    ],
)
def test_what_a_short_name_stands_for(question: str, expected: str | None) -> None:
    assert said(question) == expected


def test_what_else_answers_follows_if_it_is_short_and_stands_elsewhere() -> None:
    plan = found(PLAN)
    named = short_names.answer(asked("WGとは何ですか"), plan.hits)
    assert named is not None
    around = DraftSentence("主な取組には…", (quote_all(plan.hits[0]),))
    other = DraftSentence("職員の研修を行います。", (quote_all(plan.hits[-1]),))
    assert plan.hits[-1] is not plan.hits[0]
    assert short_names.before(named, Draft((around, other))).sentences == (named, other)
    assert short_names.before(named, None).sentences == (named,)


def test_a_row_of_a_glossary_says_the_name_and_what_it_means() -> None:
    glossary = found(
        "# みほんの方針\n\n| 用語 | 意味 |\n|---|---|\n| PaaS（Platform as a Service） | 開発環境も提供されるもの。 |\n"
    )
    ask = asked("PaaSとは何ですか")
    row = next(hit for hit in glossary.hits if hit.passage.kind == "row")
    named = short_names.answer(ask, glossary.hits)
    assert named is not None
    whole = DraftSentence(row.passage.context, (quote_all(row),))
    assert short_names.before(named, Draft((whole,))).sentences == (whole,)
