"""What the service is asked: counted by day, votes on answers, and the gaps that the documents have.

Of citizens only counts are kept. Of staff the words of a question are kept where nothing was found, with personal
data masked: they name what the documents lack.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles
from typing import Literal, NamedTuple

from sqlalchemy import delete, func, select

from assistant.accounts import Person
from assistant.answer import Answer, Status
from assistant.privacy import mask
from corpus.catalog import Catalog
from corpus.schema import AskedRow, VoteRow

Audience = Literal["staff", "public"]
Vote = Literal["up", "down"]
GAPS = 20  # questions without an answer that a report names


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day by who asked, `staff` or `public`, and by status."""

    day: date
    by_audience: dict[str, int]
    by_status: dict[str, int]


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote with the question and answer that it is about: both None where a citizen gave it."""

    question: str | None
    answer: Answer | None
    vote: Vote
    comment: str
    voted_at: datetime

    @property
    def of_citizen(self) -> bool:
        """Whether a citizen gave it."""
        return self.question is None


class Counted(NamedTuple):
    day: date
    audience: str
    status: str
    number: int


@dataclass(frozen=True, slots=True)
class Use:
    """A period: days in order, counts by status, p50 and p95 in ms, most asked without evidence, votes."""

    days: list[Day]
    by_status: dict[str, int]
    p50_ms: float | None
    p95_ms: float | None
    gaps: list[tuple[str, int]]
    votes: dict[str, int]
    reasons: dict[str, int]  # of citizens' votes against an answer

    @property
    def total(self) -> int:
        """All questions of the period."""
        return sum(self.by_status.values())

    def share(self, status: Status) -> float | None:
        """The part of the questions that ended so, 0 to 1; None where there were none."""
        return self.by_status.get(status.value, 0) / self.total if self.total else None


class Usage:
    """Counts questions and keeps votes in the catalog's database."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def count(self, audience: Audience, question: str, answer: Answer) -> None:
        """Counts a question.

        Raises:
            sqlalchemy.exc.DBAPIError: the database cannot be written.
        """
        lacking = audience == "staff" and answer.status is Status.NO_EVIDENCE
        with self._catalog.writing() as session:
            session.add(
                AskedRow(
                    day=datetime.now(UTC).date(),
                    audience=audience,
                    status=answer.status.value,
                    reason=answer.reason,
                    total_ms=answer.timings_ms.get("total", 0.0),
                    question=mask(answer.standalone_question or question) if lacking else None,
                )
            )

    def count_vote(self, answer_id: str, vote: Vote, reason: str | None = None) -> None:
        """Counts a citizen's vote and the name of its reason; nothing of the question or answer is kept."""
        now = datetime.now(UTC)
        with self._catalog.writing() as session:
            session.merge(
                VoteRow(
                    answer_id=answer_id,
                    person_id="",
                    vote=vote,
                    comment=reason or "",
                    day=now.date(),
                    voted_at=now,
                )
            )

    def vote(self, person: Person, question: str, answer: Answer, vote: Vote, comment: str = "") -> None:
        """Keeps a vote in place of the person's earlier one on the same answer."""
        now = datetime.now(UTC)
        with self._catalog.writing() as session:
            session.merge(
                VoteRow(
                    answer_id=answer.id,
                    person_id=person.id,
                    vote=vote,
                    comment=mask(comment),
                    question=mask(question),
                    answer=answer.model_dump(mode="json"),
                    day=now.date(),
                    voted_at=now,
                )
            )

    def votes(self, first: date = date.min, last: date = date.max) -> list[Voted]:
        """The votes from one day to another, both included, latest first."""
        query = select(VoteRow).where(VoteRow.day.between(first, last))
        query = query.order_by(VoteRow.voted_at.desc())
        with self._catalog.session() as session:
            return [
                Voted(
                    row.question,
                    Answer.model_validate(row.answer) if row.answer else None,
                    "up" if row.vote == "up" else "down",
                    row.comment,
                    row.voted_at,
                )
                for row in session.scalars(query)
            ]

    def of(self, first: date, last: date) -> Use:
        """The use of the service from one day to another, both included; days without a question count 0."""
        within = AskedRow.day.between(first, last)
        number = func.count()
        counted = select(AskedRow.day, AskedRow.audience, AskedRow.status, number).where(within)
        lacking = select(AskedRow.question, number).where(within, AskedRow.question.is_not(None))
        with self._catalog.session() as session:
            groups = [
                Counted(*row)
                for row in session.execute(counted.group_by(AskedRow.day, AskedRow.audience, AskedRow.status))
            ]
            times = sorted(session.scalars(select(AskedRow.total_ms).where(within)))
            gaps = session.execute(
                lacking.group_by(AskedRow.question).order_by(number.desc(), AskedRow.question).limit(GAPS)
            ).all()
        return Use(
            _days(groups, first, last),
            _sums((group.status, group.number) for group in groups),
            _percentile(times, 50),
            _percentile(times, 95),
            [(str(question), count) for question, count in gaps],
            dict(Counter(one.vote for one in self.votes(first, last))),
            dict(Counter(one.comment for one in self.votes(first, last) if one.of_citizen and one.comment)),
        )

    def forget(self, before: date) -> int:
        """Deletes what is counted of citizens on days before, questions and votes; gives how many."""
        asked = delete(AskedRow).where(AskedRow.audience == "public", AskedRow.day < before)
        voted = delete(VoteRow).where(VoteRow.person_id == "", VoteRow.day < before)
        with self._catalog.writing() as session:
            gone = [
                *session.execute(asked.returning(AskedRow.number)),
                *session.execute(voted.returning(VoteRow.answer_id)),
            ]
            return len(gone)


def exported(votes: list[Voted]) -> str:
    """Votes as lines of JSON, as `keikaku eval from-feedback` reads them."""
    lines = (
        {
            "question": one.question,
            "answer": one.answer.model_dump(mode="json"),
            "vote": one.vote,
            "comment": one.comment,
        }
        for one in votes
        if one.question and one.answer
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _days(groups: list[Counted], first: date, last: date) -> list[Day]:
    by_day: dict[date, list[Counted]] = {}
    for group in groups:
        by_day.setdefault(group.day, []).append(group)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(
            day,
            _sums((one.audience, one.number) for one in by_day.get(day, [])),
            _sums((one.status, one.number) for one in by_day.get(day, [])),
        )
        for day in days
    ]


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for name, number in pairs:
        sums[name] += number
    return dict(sums)


def _percentile(ordered: list[float], percent: int) -> float | None:
    """Percentile of sorted values; None where there are none."""
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    return quantiles(ordered, n=100, method="inclusive")[percent - 1]
