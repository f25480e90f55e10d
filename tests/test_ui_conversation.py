"""From the assistant's events to what the chat shows."""

from collections.abc import Iterator

from ui_made import Assistant, Made, answer

from assistant.answer import Question, Turn
from index.generation import GenerationError
from ui.conversation import REMEMBERED, Exchange, messages, replies, turns


def test_an_answer_grows_and_ends_complete() -> None:
    shown = list(replies(Assistant(), "予算は", (), "窓口"))
    assert "調べています" in shown[0].html
    assert "約7.2" in shown[1].html
    assert [one.text for one in shown] == ["", "", "", "約7.2億円です。[1]"]
    assert "kn-sources" in shown[-1].html


def test_marks_are_links_while_the_answer_is_written() -> None:
    assert 'href="/documents/plan' in list(replies(Assistant(), "予算は", (), ""))[2].html


def test_the_assistant_gets_question_and_history() -> None:
    assistant = Assistant()
    history = (Turn(role="user", content="前の質問"),)
    list(replies(assistant, "次は", history, ""))
    assert assistant.asked == [Question(question="次は", history=history, stream=True)]


def test_a_failure_is_shown_and_not_remembered() -> None:
    class Failing:
        def stream(self, question: Question) -> Iterator[Made]:
            yield Made("error", {"title": "混雑", "detail": "しばらくお待ちください。"})

    last = list(replies(Failing(), "予算は", (), ""))[-1]
    assert "しばらくお待ちください。" in last.html
    assert turns([last]) == ()


def test_an_index_that_cannot_be_read_is_said() -> None:
    class Closed:
        def stream(self, question: Question) -> Iterator[Made]:
            raise GenerationError("索引を作り直しています")

    assert "索引を作り直しています" in list(replies(Closed(), "予算は", (), ""))[-1].html


def test_only_the_latest_complete_exchanges_are_history() -> None:
    conversation = [Exchange(f"質問{number}", "", f"答え{number}") for number in range(REMEMBERED + 2)]
    history = turns([*conversation, Exchange("途中", "")])
    assert [turn.content for turn in history[:2]] == ["質問2", "答え2"]
    assert len(history) == 2 * REMEMBERED


def test_messages_alternate() -> None:
    shown = messages([Exchange("質問", "<div>答え</div>", answer().text)])
    assert [one["role"] for one in shown] == ["user", "assistant"]
    assert "質問" in shown[0]["content"]
