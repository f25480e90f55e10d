"""How suggested questions are worded in each language; names stay as the documents print them, in 「」."""

from collections.abc import Mapping
from typing import NamedTuple

from assistant.language import base_language
from corpus.document import Fact
from corpus.wareki import to_wareki


class Words(NamedTuple):
    """A question about a heading, about a fact, about a fact of a year, and the kinds of facts by name."""

    heading: str
    fact: str
    of_year: str
    kinds: Mapping[str, str]


LANGUAGES = {
    "en": Words(
        "Please tell me about 「{name}」",
        "What is the {kind} of 「{name}」?",
        "What is the {kind} of 「{name}」 for fiscal year {year}?",
        {"予算": "budget", "決算": "settled amount", "期間": "period", "期限": "deadline"},
    ),
    "zh": Words(
        "请介绍「{name}」",
        "「{name}」的{kind}是多少？",
        "「{name}」{year}年度的{kind}是多少？",
        {"予算": "预算", "決算": "决算"},
    ),
    "ko": Words(
        "「{name}」에 대해 알려 주세요",
        "「{name}」의 {kind}은 얼마입니까?",
        "「{name}」의 {year}년도 {kind}은 얼마입니까?",
        {"予算": "예산", "決算": "결산"},
    ),
    "vi": Words(
        "「{name}」 là gì?",
        "{kind} của 「{name}」 là bao nhiêu?",
        "{kind} năm tài chính {year} của 「{name}」 là bao nhiêu?",
        {"予算": "Ngân sách", "決算": "Quyết toán"},
    ),
}


def about_heading(name: str, language: str) -> str:
    """A question about what stands under a heading."""
    if base_language(language) not in LANGUAGES:
        return f"「{name}」について教えてください"
    return LANGUAGES[base_language(language)].heading.format(name=name)


def about_fact(fact: Fact, language: str) -> str | None:
    """A question for a budget or schedule; None where the language has no word for its kind."""
    years = fact.fiscal_years
    if base_language(language) not in LANGUAGES:
        year = f"{to_wareki(years[0])}の" if len(years) == 1 else ""
        return f"{fact.subject}の{year}{fact.kind}は"
    words = LANGUAGES[base_language(language)]
    if fact.kind not in words.kinds:
        return None
    wording = words.of_year if len(years) == 1 else words.fact
    return wording.format(name=fact.subject, kind=words.kinds[fact.kind], year=years[0] if years else "")
