"""Conversations are kept for whom they belong to, found by words and deleted for good."""

from pathlib import Path

import pytest
from index_made import new_catalog
from ui_made import answer

from assistant.accounts import Person
from assistant.conversations import Conversations
from assistant.privacy import MASK

ME, OTHER = Person("p1", "山田", "staff"), Person("p2", "鈴木", "admin")


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(new_catalog(tmp_path))


def test_a_conversation_grows_in_order(kept: Conversations) -> None:
    key = kept.keep(ME, None, "予算は", answer(id="a1"))
    assert kept.keep(ME, key, "期間は", answer(id="a2", text="5年間です。")) == key
    assert [(one.question, one.answer.text) for one in kept.exchanges(ME, key)] == [
        ("予算は", "約7.2億円です。[1]"),
        ("期間は", "5年間です。"),
    ]
    (listed,) = kept.of(ME)
    assert (listed.id, listed.title, listed.exchanges) == (key, "予算は", 2)
    assert listed.updated_at.tzinfo is not None


def test_the_latest_is_first_and_pages_go_on(kept: Conversations) -> None:
    keys = [kept.keep(ME, None, f"質問{number}", answer(id=f"a{number}")) for number in range(3)]
    kept.keep(ME, keys[0], "また", answer(id="again"))
    assert [one.id for one in kept.of(ME)] == [keys[0], keys[2], keys[1]]
    assert [one.id for one in kept.of(ME, limit=1, offset=1)] == [keys[2]]


def test_words_are_looked_for_in_questions_and_answers(kept: Conversations) -> None:
    first = kept.keep(ME, None, "窓口の予算は", answer(id="a1"))
    second = kept.keep(ME, None, "100%を目指す施策は", answer(id="a2", text="学校の施策です。"))
    assert [one.id for one in kept.of(ME, "億円 窓口")] == [first]
    assert [one.id for one in kept.of(ME, "学校")] == [second]
    assert [one.id for one in kept.of(ME, "100%")] == [second]
    assert kept.of(ME, "窓口 学校") == []


def test_nobody_reaches_another_s(kept: Conversations) -> None:
    key = kept.keep(ME, None, "予算は", answer())
    assert kept.of(OTHER) == []
    assert kept.answered(OTHER, "a1") is None
    for reach in (kept.exchanges, kept.delete):
        with pytest.raises(KeyError):
            reach(OTHER, key)
    with pytest.raises(KeyError):
        kept.keep(OTHER, key, "続き", answer(id="a2"))
    assert len(kept.exchanges(ME, key)) == 1


def test_personal_data_is_masked_before_it_is_kept(kept: Conversations) -> None:
    key = kept.keep(ME, None, "電話は048-829-1111です", answer())
    assert MASK in kept.of(ME)[0].title
    assert "829" not in kept.exchanges(ME, key)[0].question


def test_deleted_is_gone_with_its_answers(kept: Conversations) -> None:
    keys = [kept.keep(ME, None, f"質問{number}", answer(id=f"a{number}")) for number in range(3)]
    others = kept.keep(OTHER, None, "予算は", answer(id="b"))
    kept.delete(ME, keys[0])
    assert kept.answered(ME, "a0") is None
    assert kept.delete_all(ME) == 2
    assert kept.of(ME) == []
    assert [one.id for one in kept.of(OTHER)] == [others]
