"""Numbers, marks and facts of an answer put together."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.compose import SOURCES, Composer
from assistant.draft import Draft, DraftSentence, Quote
from assistant.messages import ASK_AT, NEAREST, NOT_FOUND, NOTICES, REFUSALS, not_found, refusal
from corpus.document import Fact, Passage
from index.search import Hit


def quote(start: int, document: str = "d1") -> Quote:
    return Quote(document, "plan.md", "計画", ("第1章",), None, start, start + 4, f"本文{start:02}")


def fact(yen: int) -> Fact:
    return Fact(f"f{yen}", "d1", "p1", "窓口", "予算", yen, (2024,), 0, 4)


def test_the_same_quote_keeps_its_number() -> None:
    composer = Composer("ja")
    assert composer.say(DraftSentence("一つ目。", (quote(0), quote(9)))) == "一つ目。[1][2]"
    assert composer.say(DraftSentence("二つ目。", (quote(9), quote(9)))) == "\n二つ目。[2]"
    assert composer.say(DraftSentence("三つ目。", (quote(9, "d2"),))) == "\n三つ目。[3]"
    assert composer.text == "一つ目。[1][2]\n二つ目。[2]\n三つ目。[3]"
    assert [one.number for one in composer.citations] == [1, 2, 3]
    assert composer.citations[1].url == "/documents/d1?start=9&end=13#cite"


@given(
    st.sampled_from(["ja", "en", "zh", "ko", "vi", "fr"]),
    st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=1, max_size=5),
)
def test_what_streams_is_what_is_said_in_the_end(language: str, starts: list[list[int]]) -> None:
    composer = Composer(language)
    sentences = [DraftSentence(f"文{n}。", tuple(map(quote, group))) for n, group in enumerate(starts)]
    assert "".join(map(composer.say, sentences)) == composer.text
    known = {one.number for one in composer.citations}
    assert known == set(range(1, len(known) + 1))
    assert {number for one in composer.sentences for number in one.citations} == known


def test_other_languages_are_told_that_the_documents_are_japanese() -> None:
    for language in ("en", "zh", "ko", "vi"):
        composer = Composer(language)
        composer.say(DraftSentence("文。", ()))
        assert composer.text == f"{NOTICES[language]}\n文。"
    assert Composer("ja").text == ""


def test_facts_are_listed_once_with_their_citation() -> None:
    composer = Composer("ja")
    for _ in range(2):
        composer.say(DraftSentence("合計です。", (quote(0), quote(9)), (fact(700), fact(800)), computed=True))
    assert [(one.amount_yen, one.citation) for one in composer.facts] == [(700, 1), (800, 2)]


def test_sources_are_the_draft_s_quotes_or_the_best_hits() -> None:
    passages = [
        Passage(f"p{n}", "d1", n, "text", (), None, n * 9, n * 9 + 4, f"本文{n * 9:02}") for n in range(9)
    ]
    hits = [Hit(one, "plan.md", "計画", 1.0, {}) for one in passages]
    draft = Draft((DraftSentence("文。", (quote(9), quote(0), quote(9))),))
    assert [one.start for one in Composer("ja").sources(hits, draft)] == [9, 0]
    assert [one.start for one in Composer("ja").sources(hits, Draft(()))] == [n * 9 for n in range(SOURCES)]


def test_every_language_has_every_message() -> None:
    assert set(NOT_FOUND) == set(ASK_AT) == set(NEAREST) == {"ja", *NOTICES}


def test_messages_name_limit_sections_and_contact() -> None:
    assert "300" in refusal("too_long", "ja", 300)
    assert "300" in refusal("too_long", "ko", 300)
    assert all(refusal(reason, language, 9) for reason in REFUSALS for language in ("ja", "en", "vi"))
    said = not_found("ja", ["「第1章」", "「第2章」"], "計画課")
    assert "「第1章」、「第2章」" in said
    assert "計画課" in said
    assert "計画課" in not_found("xx", [], "計画課")
