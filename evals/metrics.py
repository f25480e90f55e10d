"""Marks for one answer: True, False, or None where the case is not eligible for the mark."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Answer, Citation, Status
from corpus.amounts import find_amounts
from evals.cases import Case, Evidence, Kind
from evals.matching import (
    FIGURE,
    all_occurring,
    any_occurs,
    comparable,
    overlap,
    same_document,
    spoken,
    without_marks,
)

MAX_CHARACTERS = 700
"""A longer answer does not count as saying its facts: anything can be found in a long enough text."""
DECLINED = frozenset({Status.NO_EVIDENCE, Status.REFUSED})

_YEN = re.compile(f"({FIGURE})円")
_COUNTED_OR_DATED = re.compile(r"\d[百千万億兆円年]|(?:昭和|平成|令和|20|\A[SHR])\d")


class Documents(Protocol):
    """The library, as far as scoring needs it."""

    def text_of(self, source: str) -> str | None:
        """Canonical text of the Document with this source; None where there is none."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Canonical texts, each read and folded once."""

    documents: Documents
    _read: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def canonical(self, source: str) -> str | None:
        """As in the catalog."""
        known = self._known(source)
        return known[0] if known else None

    def compared(self, source: str) -> str:
        """As compared; empty where the Document does not exist."""
        known = self._known(source)
        return known[1] if known else ""

    def _known(self, source: str) -> tuple[str, str] | None:
        if source not in self._read:
            text = self.documents.text_of(source)
            self._read[source] = None if text is None else (text, comparable(text))
        return self._read[source]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to one case, with what is looked at more than once."""

    case: Case
    answer: Answer
    said: str
    missing: tuple[tuple[str, ...], ...]
    """Groups of expected facts of which no alternative is said, as the case has them."""

    @classmethod
    def of(cls, case: Case, answer: Answer) -> "Reply":
        """Compares once what the marks below share."""
        said = spoken(answer.text)
        missing = tuple(group for group in case.expect.facts if not any_occurs(group, said))
        return cls(case, answer, said, missing)

    @property
    def to_answer(self) -> bool:
        """Whether the documents hold the answer."""
        return self.case.expect.status is Status.ANSWERED


def status_ok(reply: Reply, _: Texts) -> bool | None:
    """The expected status; partial will do with every fact said, either refusal for what is out of scope."""
    wanted, got = reply.case.expect.status, reply.answer.status
    if wanted is Status.ANSWERED and got is Status.PARTIAL:
        return not reply.missing
    if wanted is Status.NO_EVIDENCE and reply.case.kind is Kind.OUT_OF_SCOPE:
        return got in DECLINED
    return got is wanted


def facts_ok(reply: Reply, _: Texts) -> bool | None:
    """Every expected fact is said, within MAX_CHARACTERS."""
    return not reply.missing and not too_long(reply.answer) if reply.to_answer else None


def absent_ok(reply: Reply, _: Texts) -> bool | None:
    """Nothing is said that must not be."""
    return not forbidden(reply)


def verbatim_ok(reply: Reply, texts: Texts) -> bool | None:
    """Every quote stands in its Document at exactly its offsets."""
    return not fabricated(reply.answer, texts) if reply.answer.citations else None


def citation_ok(reply: Reply, texts: Texts) -> bool | None:
    """Some citation points at some evidence."""
    if not reply.to_answer or not reply.case.evidence:
        return None
    return any(
        points_at(citation, proof, reply.case.expect.facts, texts)
        for citation in reply.answer.citations
        for proof in reply.case.evidence
    )


Mark = Callable[[Reply, Texts], bool | None]
MARKS: dict[str, Mark] = {
    mark.__name__: mark for mark in (status_ok, facts_ok, absent_ok, verbatim_ok, citation_ok)
}
"""The marks that decide whether a case passes: none of them False."""


def amounts_ok(reply: Reply, _: Texts) -> bool | None:
    """Every expected sum of money is said, to the yen, however it is written: 150,000千円 for 1.5億円."""
    if not reply.to_answer:
        return None
    wanted = [_yen(*group) for group in reply.case.expect.facts]
    said = _yen(without_marks(reply.answer.text))
    eligible = [yen for yen in wanted if yen]
    return all(yen & said for yen in eligible) if eligible else None


def _yen(*texts: str) -> set[int]:
    return {amount.yen for text in texts for amount in find_amounts(text)}


EXTRA_MARKS: dict[str, Mark] = {"amounts_ok": amounts_ok}
"""Marks that are reported and can be gated, but do not decide whether a case passes."""


def too_long(answer: Answer) -> bool:
    """Longer than MAX_CHARACTERS, marks and whitespace counted."""
    return len(answer.text) > MAX_CHARACTERS


def forbidden(reply: Reply) -> tuple[str, ...]:
    """The strings of `absent` that the answer says."""
    return all_occurring(reply.case.expect.absent, reply.said)


def fabricated(answer: Answer, texts: Texts) -> tuple[int, ...]:
    """Numbers of the citations whose quote does not stand in the canonical text at [start, end)."""
    return tuple(citation.number for citation in answer.citations if not _verbatim(citation, texts))


def _verbatim(citation: Citation, texts: Texts) -> bool:
    text = texts.canonical(citation.source)
    if text is None or not comparable(citation.quote) or citation.start < 0:
        return False
    return text[citation.start : citation.end] == citation.quote


def points_at(citation: Citation, proof: Evidence, facts: tuple[tuple[str, ...], ...], texts: Texts) -> bool:
    """Whether a citation of the evidence's Document shares its place, or its quote says every fact itself."""
    if not same_document(citation.source, proof.doc):
        return False
    quote, wanted = comparable(citation.quote), comparable(proof.quote)
    if wanted in quote or (facts and all(any_occurs(group, quote) for group in facts)):
        return True
    return overlap(texts.compared(citation.source) or wanted, quote, wanted)


def wrong_number(reply: Reply) -> bool:
    """Whether an expected amount or year is missing while an unexpected amount is said."""
    if not reply.to_answer or reply.answer.status is not Status.ANSWERED:
        return False
    missing = (comparable(alternative) for group in reply.missing for alternative in group)
    if not any(_COUNTED_OR_DATED.search(text) for text in missing):
        return False
    expected = [alternative for group in reply.case.expect.facts for alternative in group]
    texts = map(comparable, (reply.case.question, *expected))
    known = {figure for text in texts for figure in re.findall(FIGURE, text)}
    return not known.issuperset(_YEN.findall(reply.said))
