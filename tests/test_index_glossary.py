"""The editable glossary: what a question says searches the official words too."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.glossary import Glossary, GlossaryError, Group, read_glossary

SMALL = Glossary(
    (
        Group(("高齢者",), ("お年寄り", "老人", "elderly")),
        Group(("介護老人福祉施設",), ("老人ホーム", "nursing home")),
        Group(("情報通信技術", "ICT")),
        Group(("飼い犬",), ("ペット", "pet")),
        Group(("資源物",), ("ペットボトル",)),
    )
)


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("お年寄りの支援は？", ["高齢者"]),
        ("高齢者の支援は？", ["高齢者"]),
        ("Help for the ELDERLY?", ["高齢者"]),
        ("ｅｌｄｅｒｌｙの支援", ["高齢者"]),
        ("老人ホームはどこ", ["介護老人福祉施設"]),
        ("老人ホームと老人", ["介護老人福祉施設", "高齢者"]),
        ("ペットボトルの日", ["資源物"]),
        ("two pets", ["飼い犬"]),
        ("a petition, a carpet", []),
        ("ペットのpetの登録", ["飼い犬"]),
        ("ICTとは", ["情報通信技術"]),
        ("Pictures", []),
        ("Ứng dụng ICT và ICTữ", ["情報通信技術"]),
        ("", []),
    ],
)
def test_the_words_of_a_question(question: str, official: list[str]) -> None:
    assert list(dict.fromkeys(words[0] for _, words in SMALL.expansions(question))) == official


def test_a_word_is_given_as_the_question_has_it() -> None:
    assert [word for word, _ in SMALL.expansions("two Pets")] == ["pets"]


def test_words_without_a_bar_are_equal() -> None:
    assert SMALL.expansions("ICTを") == [("ict", ("情報通信技術", "ICT"))]
    assert SMALL.expansions("情報通信技術を") == [("情報通信技術", ("情報通信技術", "ICT"))]


def test_a_word_of_two_groups_gives_both() -> None:
    glossary = Glossary((Group(("転入届",), ("引っ越し",)), Group(("転出届",), ("引っ越し",))))
    assert glossary.expansions("引っ越しの手続") == [("引っ越し", ("転入届",)), ("引っ越し", ("転出届",))]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("学校へ行けなくなった子の勉強", "学校へ行けなく"),
        ("学校に行けませんでした", "学校に行けません"),
        ("学校のない町", None),
        ("学校に行ける道", None),
        ("現金を使わずに払いたい", "現金を使わず"),
        ("市外に引っ越したい", "市外に引っ越し"),
        ("市内に引っ越したい", None),
    ],
)
def test_a_phrase_with_a_verb_matches_in_all_its_forms(question: str, said: str | None) -> None:
    phrases = ("学校に行けない", "現金を使わない", "市外へ引っ越す")
    glossary = Glossary(tuple(Group((f"公的な言葉{number}",), (one,)) for number, one in enumerate(phrases)))
    assert [word for word, _ in glossary.expansions(question)] == ([said] if said else [])


WORDS = st.lists(st.text("アイウカキ漢字ab", min_size=2, max_size=4), min_size=1, max_size=6, unique=True)


@given(WORDS, st.text("アイウカキ漢字ab ", max_size=20))
def test_every_match_that_no_longer_one_covers_is_found(words: list[str], question: str) -> None:
    glossary = Glossary(tuple(Group((word,)) for word in words))
    text = " ".join(question.split())
    spans = [(at, at + len(word)) for word in words for at in range(len(text)) if whole(text, word, at)]
    widest = [(a, b) for a, b in spans if not any(c <= a and b <= d and (a, b) != (c, d) for c, d in spans)]
    assert {words[0] for _, words in glossary.expansions(question)} == {text[a:b] for a, b in widest}


def whole(text: str, word: str, at: int) -> bool:
    """Written the other way round: no Latin letter touches a Latin end of the word, but for a last s."""
    before, behind = text[:at][-1:], text[at + len(word) :][:1]
    latin = "ab"
    begins = not (word[0] in latin and before and before in latin)
    ends = not (word[-1] in latin and behind and behind in latin)
    return text.startswith(word, at) and begins and ends


def write(folder: Path, text: str) -> Path:
    path = folder / "words.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    text = "\ufeff# notes\n\n高齢者, シニア | お年寄り, elderly # more\n電子申請、オンライン申請\n"
    assert read_glossary(write(tmp_path, text)).groups == (
        Group(("高齢者", "シニア"), ("お年寄り", "elderly")),
        Group(("電子申請", "オンライン申請")),
    )


@pytest.mark.parametrize(
    ("line", "english"),
    [
        ("高齢者 | お年寄り | 老人", "one bar"),
        ("高齢者", "two words"),
        ("高齢者, ", "characters"),
        ("| お年寄り", "characters"),
        ("飼い犬 | 犬", "characters"),
        ("ICT | ＩＣＴ", "twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, english: str) -> None:
    with pytest.raises(GlossaryError, match=rf"^2行目.*line 2: .*{english}"):
        read_glossary(write(tmp_path, f"# notes\n{line}\n"))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("高齢者 | お年寄り".encode("cp932"))
    with pytest.raises(GlossaryError, match="UTF-8"):
        read_glossary(path)
    with pytest.raises(GlossaryError, match="cannot be read"):
        read_glossary(tmp_path / "none.txt")


def test_the_glossary_that_ships() -> None:
    glossary = read_glossary()
    assert len(glossary.groups) >= 400
    for question in ("おばあちゃんの見守り", "support for elderly people", "老年人的支援", "노인 지원"):
        assert "高齢者" in {word for _, words in glossary.expansions(question) for word in words}


@pytest.mark.parametrize(
    "question",
    [
        "会議において",
        "What is it?",
        "コンサルタントの選び方",
        "バスケットボール",
        "マンホール",
        "ステロイド",
        "協議会",
        "地下水",
        "などの課題",
    ],
)
def test_the_glossary_that_ships_leaves_pieces_of_words_alone(question: str) -> None:
    assert read_glossary().expansions(question) == []
