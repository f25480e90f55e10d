"""Search tokens: what differs in print and means the same has the same tokens."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import identity, label_tokens, morphemes, tagged_words, tokens, words


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("2021年度", "令和3年度"),
        ("R3年度", "令和３年度"),
        ("720百万円", "約7.2億円"),
        ("７２０，０００千円", "7.2億円"),
        ("12億3,400万円", "1,234百万円"),
    ],
)
def test_question_and_text_share_a_token_for_the_same_year_or_amount(asked: str, printed: str) -> None:
    shared = set(tokens(asked)) & set(tokens(printed))
    assert any(token.startswith(("y20", "yen")) for token in shared), shared


def test_other_years_and_amounts_share_none() -> None:
    years = [token for token in tokens("2021年度") if token.startswith("y20")]
    assert years
    assert not set(years) & set(tokens("令和4年度"))


def test_words_carry_the_topic_only() -> None:
    assert words("窓口の手続を、デジタルにします。") == ["窓口", "手続き", "デジタル", "為る"]
    assert words("、。「」　") == words("") == []


@pytest.mark.parametrize(
    ("one", "other"), [("ＩＣＴ", "ict"), ("手続き", "手続"), ("⻄⽇本", "西日本"), ("ﾃﾞｼﾞﾀﾙ", "デジタル")]
)
def test_spellings_of_a_word_agree(one: str, other: str) -> None:
    assert words(one) == words(other) != []


def test_labels_are_not_numbers() -> None:
    assert label_tokens("①と⑳と(3)と（１２）と(平成)") == ["label1", "label20", "item3", "item12"]
    assert "1" not in words("①テーマ")
    assert "label1" in tokens("八策①")


def test_tokens_repeat_as_often_as_words_do() -> None:
    assert tokens("計画、計画、計画").count("計画") == 3


def test_parts_of_speech_and_surfaces() -> None:
    assert [(word, part[0]) for word, part in tagged_words("市は進める")] == [
        ("市", "名詞"),
        ("進める", "動詞"),
    ]
    assert [surface for surface, _, _ in morphemes("市は進める")] == ["市", "は", "進める"]


@pytest.mark.parametrize("text", ["計画" * 40_000, "計画。" * 30_000, "a" * 100_000, "𠮷野" * 20_000])
def test_long_texts_are_taken_in_pieces(text: str) -> None:
    assert words(text)


def test_pieces_are_cut_behind_sentences() -> None:
    sentence = "窓口の手続をデジタルへ移す。"
    assert words(sentence * 2000) == words(sentence) * 2000


@given(st.text())
def test_any_text_has_tokens_without_spaces(text: str) -> None:
    assert all(token and not any(map(str.isspace, token)) for token in tokens(text))


def test_halves_of_surrogate_pairs_and_nul_do_no_harm() -> None:
    assert "計画" in tokens("\0計画\ud800")


def test_threads_have_tokenizers_of_their_own() -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(words("窓口の手続" * 200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["窓口", "手続き"] * 200] * 8


def test_the_identity_names_the_dictionary() -> None:
    assert identity().startswith("sudachi-core-20")
