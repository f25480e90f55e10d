"""Answers for citizens: repeated ones out of memory until the documents change; easy words; suggestions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from library_made import PUBLIC_PLAN, made_library, made_settings

from assistant.answer import Question, Status
from assistant.language import fitting
from assistant.public_assistant import PublicAssistant
from assistant.public_suggestions import Suggestions
from assistant.recorder import Recorder
from index.library import Library

BUDGET = "窓口デジタル化事業の2024年度の予算はいくらですか"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with made_library(tmp_path, made_settings(tmp_path)) as made:
        yield made


def asked(assistant: PublicAssistant, question: str = BUDGET, **more: Any) -> Any:
    return assistant.ask(Question(question=question, **more), "public")


def test_a_repeated_question_is_answered_from_memory_until_the_documents_change(
    library: Library, tmp_path: Path
) -> None:
    recorder = Recorder(library.catalog)
    assistant = PublicAssistant(library, made_settings(tmp_path, public_cache=1), recorder)
    first, again = asked(assistant), asked(assistant, BUDGET.replace("2024", "２０２４"))
    assert "7.2億円" in first.text
    assert (again.text, again.citations) == (first.text, first.citations)
    assert set(again.timings_ms) == {"total"}
    assert len(first.timings_ms) > 1
    assert again.id != first.id
    assert recorder.vote_of_citizen(again.id, "up")
    assert len(asked(assistant, BUDGET, history=[{"role": "user", "content": "x"}]).timings_ms) > 1
    asked(assistant, "計画期間は")  # there is room for one only
    assert len(asked(assistant).timings_ms) > 1
    (tmp_path / "plan.md").write_text(PUBLIC_PLAN.replace("7.2億円", "8.1億円"), "utf-8")
    assert [one.status for one in library.add([tmp_path / "plan.md"], "public")] == ["updated"]
    assert "8.1億円" in asked(assistant).text


def test_personal_data_is_refused_and_remembered_nowhere(library: Library, tmp_path: Path) -> None:
    assistant = PublicAssistant(library, made_settings(tmp_path), Recorder(library.catalog))
    question = "電話は090-1234-5678です。予算はいくらですか"
    for _ in range(2):
        reply = asked(assistant, question)
        assert (reply.status, reply.reason) == (Status.REFUSED, "personal_data")
        assert len(reply.text) and "090" not in reply.text
    assert not assistant._answers


def test_easy_words_come_with_readings_and_the_same_figures(library: Library, tmp_path: Path) -> None:
    assistant = PublicAssistant(library, made_settings(tmp_path), Recorder(library.catalog))
    plain, easy = asked(assistant), asked(assistant, language="ja-simple")
    assert plain.easy is None
    assert easy.easy is not None
    assert "".join(base for base, _ in easy.easy.text) == easy.text
    assert easy.citations == plain.citations
    assert ("予算", "よさん") in easy.easy.quotes[1]
    assert easy.easy.terms


@pytest.mark.parametrize(
    ("question", "reader", "language"),
    [
        ("予算はいくら", "ja-simple", "ja-simple"),
        ("予算多少", "zh", "zh"),
        ("予算はいくら", "zh", "ja"),
        ("ngan sach nam 2024", "vi", "vi"),
        ("what is the budget", "vi", "en"),
        ("예산은", "ja", "ko"),
    ],
)
def test_the_reader_is_answered_in_a_language_the_question_can_be_in(
    question: str, reader: str, language: str
) -> None:
    assert fitting(question, reader) == language


def test_suggestions_are_answered_by_public_documents(library: Library, tmp_path: Path) -> None:
    recorder, settings = Recorder(library.catalog), made_settings(tmp_path)
    assistant = PublicAssistant(library, settings, recorder)
    examples, busy = ["秘密保管庫の移転の2024年度の予算は", BUDGET], [True]
    suggestions = Suggestions(library, settings, recorder, examples, busy.pop)
    assert suggestions.of("", "ja") == []
    suggestions = Suggestions(library, settings, recorder, examples, lambda: assistant.is_busy)
    first = suggestions.of("", "ja")
    assert first[0] == BUDGET
    after = suggestions.of(asked(assistant).id, "ja")
    assert after
    assert BUDGET not in after
    for question in {*first, *after}:
        reply = asked(assistant, question)
        assert reply.status is Status.ANSWERED
        assert "秘密" not in reply.text
    assert suggestions.of("unknown", "ja") == []
    assert not any("秘密" in one for one in suggestions.of("", "en"))
