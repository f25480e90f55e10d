"""The gate: features by hand, the probability by hand, other cities."""

import json
import math

import pytest
from answers_made import asked, found

from assistant import evidence
from assistant.evidence import Features

PLAN = "# みほん市の計画\n\n計画期間は令和3年度から令和7年度までです。\n"


def test_features_of_hits() -> None:
    plan, ask = found(PLAN), asked("計画期間とiPhoneの話")
    seen = evidence.features(ask, plan.hits, plan.relevance(ask))
    assert seen.cosine == 0.85 and seen.sentence == 0.0
    assert 0 < seen.coverage < 1 and seen.unknown > 0 and seen.unknown_names == 1.0


def test_no_hits_no_evidence() -> None:
    ask = asked("計画期間は")
    seen = evidence.features(ask, [], found(PLAN).relevance(ask))
    assert (seen.cosine, seen.sentence, seen.coverage, seen.bm25) == (0.0, 0.0, 0.0, 0.0)
    assert evidence.probability(seen, "ja") < evidence.threshold("ja")


def test_the_probability_is_the_logistic_of_the_committed_weights() -> None:
    model = json.loads(evidence.MODEL.read_text("utf-8"))["ja"]
    seen = Features(
        cosine=0.8, sentence=0.86, topic=0.2, coverage=0.5, bm25=0.4, unknown=0.1, unknown_names=0.0
    )
    score = model["bias"] + model["sentence"] * 0.86 + model["coverage"] * 0.5
    assert evidence.probability(seen, "ja") == pytest.approx(1 / (1 + math.exp(-score)))


def test_more_evidence_is_more_likely_an_answer() -> None:
    few = Features(0.75, 0.80, 0.0, 0.0, 0.1, 0.8, 1.0)
    much = Features(0.9, 0.90, 0.4, 0.9, 1.0, 0.0, 0.0)
    for language in ("ja", "en"):
        line = evidence.threshold(language)
        assert evidence.probability(few, language) < line < evidence.probability(much, language)


def test_another_city_is_noticed() -> None:
    assert evidence.missing_place(asked("川口市の計画は何年度までですか"), [PLAN]) == "川口市"
    assert evidence.missing_place(asked("川口市の計画は何年度までですか"), ["川口市の計画"]) is None
    assert evidence.missing_place(asked("計画は何年度までですか"), [PLAN]) is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("市民調査2024の結果は", "市民調査2024"),
        ("市民調査2023の結果は", None),
        ("Survey 2024", "survey2024"),
        ("2024年の市民調査の結果は", None),
        ("職員調査2024の結果は", None),
        ("人口2024の推計は", None),
    ],
)
def test_another_years_edition_is_noticed(question: str, missing: str | None) -> None:
    assert (
        evidence.missing_edition(asked(question), ["市民調査2023、Survey 2023で首位。人口2023年、人口\t2022"])
        == missing
    )


def test_a_city_alone_is_no_evidence() -> None:
    plan = found(PLAN)
    tomorrow, period = asked("みほん市の天気は"), asked("みほん市の計画期間は")
    assert evidence.only_place_known(tomorrow, plan.relevance(tomorrow))
    assert not evidence.only_place_known(period, plan.relevance(period))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is Osaka's budget?", "大阪"),
        ("오사카시의 예산은?", "大阪"),
        ("横滨市的预算是多少？", "横浜"),
        ("川口市的数字化计划到哪一年为止？", "川口市"),
        ("埼玉市的预算是多少？", None),
        ("Ngân sách của thành phố Nagoya là bao nhiêu?", "名古屋"),
        ("What is the budget of Saitama City?", None),
        ("사이타마시의 예산은?", None),
        ("What is a chibaken?", None),
    ],
)
def test_another_city_is_noticed_in_other_languages(question: str, missing: str | None) -> None:
    assert evidence.missing_place(asked(question), ["さいたま市の計画"]) == missing
