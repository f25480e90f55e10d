"""Counts by day, the gaps of the documents, and votes that become cases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from index_made import new_catalog
from ui_made import answer

from assistant import usage as module
from assistant.accounts import Person
from assistant.answer import Status
from assistant.usage import Usage, exported
from evals.feedback import cases_of, kept_votes, read_votes

ME = Person("p1", "山田", "staff")
NOTHING = answer(Status.NO_EVIDENCE, "見つかりません。", citations=(), timings_ms={"total": 40.0})


@pytest.fixture
def usage(tmp_path: Path) -> Usage:
    return Usage(new_catalog(tmp_path))


def today() -> date:
    return datetime.now(UTC).date()


def test_questions_are_counted_by_day_audience_and_status(usage: Usage) -> None:
    for milliseconds in (10.0, 20.0, 30.0):
        usage.count("staff", "予算は", answer(timings_ms={"total": milliseconds}))
    usage.count("public", "天気は", NOTHING)
    use = usage.of(today() - timedelta(days=2), today())
    assert [sum(day.by_audience.values()) for day in use.days] == [0, 0, 4]
    assert use.days[-1].by_audience == {"staff": 3, "public": 1}
    assert use.by_status == {"answered": 3, "no_evidence": 1}
    assert use.share(Status.ANSWERED) == 0.75
    assert (use.p50_ms, use.total) == (25.0, 4)


def test_a_period_without_questions_has_no_shares(usage: Usage) -> None:
    use = usage.of(date(2026, 1, 1), date(2026, 1, 3))
    assert (len(use.days), use.total, use.share(Status.ANSWERED), use.p95_ms) == (3, 0, None, None)


def test_only_words_of_staff_that_found_nothing_are_kept(usage: Usage) -> None:
    usage.count("public", "市民の質問", NOTHING)
    usage.count("staff", "見つかる質問", answer())
    for _ in range(2):
        usage.count("staff", "090-1234-5678の天気は", NOTHING)
    ((question, times),) = usage.of(today(), today()).gaps
    assert times == 2
    assert "1234" not in question


def test_the_last_vote_counts_and_becomes_a_draft_case(tmp_path: Path) -> None:
    usage = Usage(catalog := new_catalog(tmp_path))
    usage.vote(ME, "予算は", answer(), "up")
    usage.vote(ME, "予算は", answer(), "down", "数が違う。連絡は taro@example.jp まで")
    usage.count_vote("a9", "up")
    assert usage.of(today(), today()).votes == {"down": 1, "up": 1}
    export = tmp_path / "votes.jsonl"
    export.write_text(exported(usage.votes()), "utf-8")
    assert kept_votes(catalog) == read_votes(export)
    (case,) = cases_of(read_votes(export))
    assert (case.question, case.draft) == ("予算は", True)
    assert "数が違う" in case.note
    assert "taro" not in export.read_text("utf-8")


def test_old_counts_and_votes_of_citizens_are_forgotten(
    usage: Usage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Long(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Long":
            return cls(2020, 4, 1, tzinfo=UTC)

    monkeypatch.setattr(module, "datetime", Long)
    for audience in ("staff", "public"):
        usage.count(audience, "予算は", answer())
    usage.count_vote("a1", "down", "wrong")
    monkeypatch.undo()
    usage.count("public", "予算は", answer())
    assert usage.forget(date(2021, 1, 1)) == 2
    left = usage.of(date(2020, 1, 1), today())
    assert [one.by_audience for one in left.days if one.by_audience] == [{"staff": 1}, {"public": 1}]
    assert left.votes == {}
