"""A reranker reads the first sentences again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from answers_made import asked, found

from assistant import extract
from assistant.candidates import Candidate, best_candidates
from assistant.read_again import FIRST, read_again

PLAN = "# 計画\n\n" + "\n\n".join(
    f"## {name}\n\n{name}の見直しは{name}の係が進めます。"
    for name in ("窓口", "書庫", "会議", "契約", "旅費", "広報", "統計")
)


@dataclass
class Liking:
    """Finds what holds the word better, by so much."""

    word: str
    by: float
    first: float = 10.0
    read: list[str] = field(default_factory=list)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += passages
        return [self.by * (self.word in passage) for passage in passages]


def ranked(question: str) -> list[Candidate]:
    plan, ask = found(PLAN), asked(question)
    return best_candidates(ask, plan.hits, plan.relevance(ask))


def test_the_first_sentences_are_read_below_their_headings() -> None:
    candidates, judge = ranked("見直しは誰が進めますか"), Liking("会議", 0.0)
    assert len(candidates) > FIRST
    read_again("見直しは誰が進めますか", candidates, judge)
    assert len(judge.read) == FIRST
    assert all(text.startswith("計画\n") for text in judge.read)
    assert [text.split("\n")[-1] for text in judge.read] == [one.text for one in candidates[:FIRST]]


def test_what_it_likes_better_comes_first_and_the_rest_stays_behind() -> None:
    candidates = ranked("見直しは誰が進めますか")
    liked = candidates[FIRST - 1]
    word = liked.hit.passage.section[-1]
    again = read_again("見直しは誰が進めますか", candidates, Liking(word, 100.0))
    assert again[0].text == liked.text
    assert again[0].score == liked.score
    assert [one.text for one in again[FIRST:]] == [one.text for one in candidates[FIRST:]]
    scores = [one.score for one in again]
    assert scores == sorted(scores, reverse=True)


def test_a_small_difference_leaves_a_better_sentence_first() -> None:
    candidates = ranked("窓口の見直しは誰が進めますか")
    assert candidates[0].score > candidates[1].score + 0.1
    other = candidates[1].hit.passage.section[-1]
    again = read_again("窓口の見直しは誰が進めますか", candidates, Liking(other, 0.5))
    assert again[0].text == candidates[0].text


def test_without_a_reranker_or_with_one_of_unknown_scale_nothing_changes() -> None:
    candidates = ranked("見直しは誰が進めますか")
    assert read_again("問", candidates, None) == candidates
    unknown = Liking("会議", 100.0, first=0.0)
    assert read_again("問", candidates, unknown) == candidates
    assert unknown.read == []


def test_the_answer_follows_it() -> None:
    plan, ask = found(PLAN), asked("見直しは誰が進めますか")
    plain = extract.answer(ask, plan.hits, plan.relevance(ask))
    again = extract.answer(ask, plan.hits, plan.relevance(ask), Liking("契約", 100.0))
    assert plain is not None
    assert again is not None
    assert "契約" not in plain.sentences[0].text
    assert "契約" in again.sentences[0].text
