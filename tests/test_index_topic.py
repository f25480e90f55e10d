"""The topic of a question: what questions of its language share is taken away."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from index_made import DIMENSIONS, WordEmbedder, bytes_under

from index import topic
from index.topic import SHARE, kept_means, question_means, samples, topic_of


@dataclass
class Counting(WordEmbedder):
    """Notes the questions that it embeds."""

    asked: list[str] = field(default_factory=list)

    def embed_query(self, text: str) -> list[float]:
        self.asked.append(text)
        return super().embed_query(text)


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of three questions in two languages."""
    path = tmp_path / "samples.toml"
    path.write_text('ja = ["計画", "備蓄"]\nen = ["plan"]\n', "utf-8")
    monkeypatch.setattr(topic, "SAMPLES", path)
    samples.cache_clear()
    yield path
    samples.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kept"
    made.mkdir()
    return made


def test_most_of_the_nearest_mean_is_taken_away() -> None:
    means = np.array([[1, 0, 0], [0, 0.5, 0]], np.float32)
    assert topic_of(np.array([0.8, 0.6, 0], np.float32), means).tolist() == pytest.approx(
        [0.8 - SHARE, 0.6, 0]
    )
    assert topic_of(np.array([0.2, 0.6, 0.1], np.float32), means).tolist() == pytest.approx(
        [0.2, 0.6 - SHARE / 2, 0.1]
    )
    assert 0 < SHARE <= 1


def test_means_of_the_languages_by_hand(few: Path) -> None:
    embedder = WordEmbedder()
    means = question_means(embedder)
    assert means.shape == (2, DIMENSIONS)
    assert means.dtype == np.float32
    expected = np.zeros((2, DIMENSIONS))
    for language, word, share in ((0, "計画", 0.5), (0, "備蓄", 0.5), (1, "plan", 1)):
        expected[language, embedder.place(word)] += share
    np.testing.assert_allclose(means, expected, atol=1e-6)


def test_the_language_of_the_question_is_the_nearest(few: Path) -> None:
    embedder = WordEmbedder()
    means = question_means(embedder)
    for word, share in (("計画", SHARE / 2), ("plan", SHARE)):
        question = np.array(embedder.embed_query(word), np.float32)
        left = topic_of(question, means)
        assert left[embedder.place(word)] == pytest.approx(1 - share)
    # 備蓄 stands in the mean of its language: what is left of 計画 points away from it.
    japanese = topic_of(np.array(embedder.embed_query("計画"), np.float32), means)
    assert japanese[embedder.place("備蓄")] == pytest.approx(-SHARE / 2)
    assert japanese[embedder.place("plan")] == 0


def test_means_are_worked_out_once_and_read_again(few: Path, folder: Path) -> None:
    first = Counting()
    means = kept_means(first, folder)
    assert sorted(first.asked) == ["plan", "備蓄", "計画"]
    written = bytes_under(folder)
    again = Counting()
    np.testing.assert_array_equal(kept_means(again, folder), means)
    np.testing.assert_array_equal(means, question_means(first))
    assert again.asked == []
    assert bytes_under(folder) == written
    assert [path.suffix for path in folder.iterdir()] == [".npy"]


def test_another_model_has_means_of_its_own(few: Path, folder: Path) -> None:
    one = kept_means(WordEmbedder(), folder)
    other = kept_means(WordEmbedder("others"), folder)
    assert len(list(folder.iterdir())) == 2
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(kept_means(Counting(), folder), one)


def test_other_questions_give_means_anew(few: Path, folder: Path) -> None:
    kept_means(WordEmbedder(), folder)
    few.write_text('ja = ["防災"]\n', "utf-8")
    samples.cache_clear()
    embedder = Counting()
    assert kept_means(embedder, folder).shape == (1, DIMENSIONS)
    assert embedder.asked == ["防災"]


def test_questions_that_fail_leave_nothing_behind(few: Path, folder: Path) -> None:
    class Failing(WordEmbedder):
        def embed_query(self, text: str) -> list[float]:
            raise MemoryError(text)

    with pytest.raises(MemoryError):
        kept_means(Failing(), folder)
    assert list(folder.iterdir()) == []


def test_the_questions_that_ship() -> None:
    found = samples()
    assert {"ja", "en", "zh", "ko"} <= set(found)
    every = [question for questions in found.values() for question in questions]
    assert len(set(every)) == len(every)
    assert all(question.strip() == question != "" for question in every)
    assert min(map(len, found.values())) >= 30, "a mean of few questions is that of their topics"
