"""From the assistant's events to what the chat shows."""

from collections.abc import Iterator
from threading import Event

from ui_made import Assistant, Made, answer

from assistant.answer import Question
from index.generation_error import GenerationError
from ui.conversation import REMEMBERED, Exchange, Talk, messages, replies, turns


def test_an_answer_grows_and_ends_complete() -> None:
    shown = list(replies(Assistant(), Question(question="予算は"), "窓口"))
    assert "調べています" in shown[0].html
    assert "約7.2" in shown[1].html
    assert [one.answer and one.answer.text for one in shown] == [None, None, None, "約7.2億円です。[1]"]
    assert "kn-sources" in shown[-1].html


def test_marks_are_links_while_the_answer_is_written() -> None:
    assert 'href="/documents/plan' in list(replies(Assistant(), Question(question="予算は"), ""))[2].html


def test_a_failure_is_shown_and_not_remembered() -> None:
    class Failing:
        def stream(self, question: Question) -> Iterator[Made]:
            yield Made("error", {"title": "混雑", "detail": "しばらくお待ちください。"})

    last = list(replies(Failing(), Question(question="予算は"), ""))[-1]
    assert "しばらくお待ちください。" in last.html
    assert turns([last]) == ()


def test_an_index_that_cannot_be_read_is_said() -> None:
    class Closed:
        def stream(self, question: Question) -> Iterator[Made]:
            raise GenerationError("索引を作り直しています")

    assert "索引を作り直しています" in list(replies(Closed(), Question(question="予算は"), ""))[-1].html


def test_only_the_latest_complete_exchanges_are_history() -> None:
    conversation = [
        Exchange(f"質問{number}", "", answer(text=f"答え{number}")) for number in range(REMEMBERED + 2)
    ]
    history = turns([*conversation, Exchange("途中", "")])
    assert [turn.content for turn in history[:2]] == ["質問2", "答え2"]
    assert len(history) == 2 * REMEMBERED


def test_messages_alternate() -> None:
    shown = messages([Exchange("質問", "<div>答え</div>", answer())])
    assert [one["role"] for one in shown] == ["user", "assistant"]
    assert "質問" in shown[0]["content"]


def test_an_answer_broken_off_says_so_and_a_complete_one_stays() -> None:
    complete = Exchange("質問", "<div>答え</div>", answer())
    assert Talk("c", [complete]).stopped() == Talk("c", [complete])
    assert "止めました" in Talk("c", [complete, Exchange("次", "途中")]).stopped().exchanges[1].html
    assert Talk().stopped() == Talk()
    halt = Event()
    Talk("c").grown(Exchange("次", "途中"), halt).stopped()
    assert halt.is_set()
