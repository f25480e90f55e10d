"""Questions to go on with: from the section at hand, and each answered."""

from collections.abc import Iterator

import pytest
from library_made import made_library, made_settings

from assistant.answer import Question, Status
from assistant.chain import Assistant
from assistant.suggest import Suggester
from index.library import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)) as made:
        yield made


def test_suggestions_are_of_the_document_at_hand_and_answered(library: Library, tmp_path_factory) -> None:
    settings = made_settings(tmp_path_factory.mktemp("settings"))
    assistant = Assistant(library, settings)
    asked = "窓口デジタル化事業の2024年度の予算はいくらですか"
    answer = assistant.ask(Question(question=asked))
    suggested = Suggester(library, settings).after(answer, [asked])
    assert suggested
    for one in suggested:
        reply = assistant.ask(Question(question=one))
        assert reply.status is Status.ANSWERED
        assert reply.text != answer.text
    again = Suggester(library, settings).after(answer, [asked, *suggested])
    assert not set(again) & set(suggested)


def test_nothing_is_suggested_where_nothing_was_answered(library: Library, tmp_path_factory) -> None:
    settings = made_settings(tmp_path_factory.mktemp("settings"))
    answer = Assistant(library, settings).ask(Question(question="明日の天気は"))
    assert answer.status is Status.NO_EVIDENCE
    assert Suggester(library, settings).after(answer) == []
