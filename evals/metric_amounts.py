"""Amounts and years of an answer, compared by value: 150,000千円 is 1.5億円, 令和6年度 is 2024年度."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer import Status
from corpus.amounts import find_amounts
from corpus.wareki import find_years
from evals.matching import FIGURE, comparable, without_marks
from evals.reply import Reply, Texts

_YEN = re.compile(f"({FIGURE})円")
_COUNTED_OR_DATED = re.compile(r"\d[百千万億兆円年]|(?:昭和|平成|令和|20|\A[SHR])\d")


@dataclass(frozen=True, slots=True)
class AmountsOk:
    """Every expected sum of money is said, to the yen, however it is written."""

    name: str = "amounts_ok"
    label: str = "金額 / exact amounts"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        return _all_said(reply, amounts)


@dataclass(frozen=True, slots=True)
class YearsOk:
    """Every expected year is said, as a fiscal year, in whichever calendar."""

    name: str = "years_ok"
    label: str = "年度 / exact years"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        return _all_said(reply, years)


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """True is bad: an expected amount or year is missing while an unexpected amount is said."""

    name: str = "wrong_number"
    label: str = "誤った数値 / wrong numbers"

    def of(self, reply: Reply, _: Texts) -> bool | None:
        if not reply.to_answer:
            return None
        if reply.answer.status is not Status.ANSWERED:
            return False
        missing = (comparable(alternative) for group in reply.missing for alternative in group)
        if not any(_COUNTED_OR_DATED.search(text) for text in missing):
            return False
        expected = [alternative for group in reply.case.expect.facts for alternative in group]
        texts = map(comparable, (reply.case.question, *expected))
        known = {figure for text in texts for figure in re.findall(FIGURE, text)}
        return not known.issuperset(_YEN.findall(reply.said))


def amounts(text: str) -> frozenset[int]:
    """The sums of money in a text, in yen."""
    return frozenset(amount.yen for amount in find_amounts(text))


def years(text: str) -> frozenset[int]:
    """The fiscal years in a text, in the Western calendar."""
    return frozenset(year for span in find_years(text) for year in span.fiscal_years)


def _all_said(reply: Reply, values: Callable[[str], frozenset[int]]) -> bool | None:
    """Whether of each group that has values some alternative's are all said; None where no group has any."""
    if not reply.to_answer:
        return None
    groups = [[values(alternative) for alternative in group] for group in reply.case.expect.facts]
    eligible = [[wanted for wanted in group if wanted] for group in groups if any(group)]
    said = values(without_marks(reply.answer.text))
    return all(any(wanted <= said for wanted in group) for group in eligible) if eligible else None
