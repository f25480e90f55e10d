"""Sentences out of a stream, with the marks that belong to them."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.marks import marked_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("予算は7.2億円です。[1]期間は5年です。[2]", ["予算は7.2億円です。[1]", "期間は5年です。[2]"]),
        ("予算は7.2億円です[1]。期間は5年です[2]。", ["予算は7.2億円です。[1]", "期間は5年です。[2]"]),
        ("予算です。 [1]\n次です。 [2][3]", ["予算です。[1]", "次です。[2][3]"]),
        ("予算です。\n[1]\n次です。", ["予算です。[1]", "次です。"]),
        ("- 窓口[1]\n・学校 [1, 2]\n3. 庁舎【３】", ["窓口[1]", "学校[1][2]", "庁舎[3]"]),
        ("「はい。いいえ。」と答えた（注。）です。[1]", ["「はい。いいえ。」と答えた（注。）です。[1]"]),
        ("**予算**は7円です。[1][1]", ["予算は7円です。[1]"]),
        ("<think>予算は0円です。[1]</think>予算は7円です。[1]", ["予算は7円です。[1]"]),
        ("<think>考えても終わらない。[1]", []),
        ("[1]\n\n", []),
        ("", []),
    ],
)
def test_sentences_keep_their_marks(text: str, sentences: list[str]) -> None:
    assert list(marked_sentences([text])) == sentences


@given(
    st.text(alphabet="あ計。！\n[]12 、「」（）【】*<think/>", max_size=60),
    st.lists(st.integers(0, 60), max_size=8),
)
def test_the_cut_of_the_stream_does_not_matter(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert list(marked_sentences(text[a:b] for a, b in pairwise(edges))) == list(marked_sentences([text]))


def test_a_sentence_is_given_as_soon_as_no_mark_can_follow() -> None:
    given_so_far: list[str] = []
    pieces = ["予算は7円です。", "[", "1]", "次"]

    def deltas() -> Iterator[str]:
        for number, piece in enumerate(pieces):
            assert given_so_far == [], f"given before piece {number}"
            yield piece
        assert given_so_far == ["予算は7円です。[1]"]

    for sentence in marked_sentences(deltas()):
        given_so_far.append(sentence)
    assert given_so_far == ["予算は7円です。[1]", "次"]


def test_text_without_an_end_is_cut() -> None:
    assert max(map(len, marked_sentences(["あ" * 5000]))) <= 601
