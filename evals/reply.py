"""One answer to one case, the texts it is held against, and what a metric of it is."""

from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Answer, Status
from evals.cases import Case
from evals.matching import any_occurs, comparable, spoken

MAX_CHARACTERS = 700
"""A longer answer does not count as saying its facts: anything can be found in a long enough text."""
DECLINED = frozenset({Status.NO_EVIDENCE, Status.REFUSED})


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
        """Compares once what the metrics share."""
        said = spoken(answer.text)
        missing = tuple(group for group in case.expect.facts if not any_occurs(group, said))
        return cls(case, answer, said, missing)

    @property
    def to_answer(self) -> bool:
        """Whether the documents hold the answer."""
        return self.case.expect.status is Status.ANSWERED

    @property
    def too_long(self) -> bool:
        """Longer than MAX_CHARACTERS, marks and whitespace counted."""
        return len(self.answer.text) > MAX_CHARACTERS


class Metric(Protocol):
    """One figure of one answer. `label` is what a report calls it, in Japanese and English."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    def of(self, reply: Reply, texts: Texts) -> float | None:
        """A share from 0 to 1; None where the case is not eligible."""


class Mark(Metric, Protocol):
    """A metric that is either right or wrong."""

    def of(self, reply: Reply, texts: Texts) -> bool | None:
        """True, False, or None where the case is not eligible."""
