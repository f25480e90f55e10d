"""Cosines of candidates against numpy on float32, and by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.records import Indexed, IndexedPassage, Record
from index.cosines import Cosines, cosines, sentence_cosines
from index.forward import ForwardIndex
from index.forward_build import forward_of

Vector = NDArray[np.float32]
KINDS = ("dense", "sentence", "section", "title")
NEAR = 2e-3  # vectors are held as float16


@pytest.fixture(autouse=True)
def _few_vectors_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain mean, so that figures can be worked out by hand."""
    monkeypatch.setattr("index.forward.FEW", 0)


@dataclass(frozen=True)
class Made:
    """Vectors of passage number `at` in float32: its own, its sentences', its section's, its title's."""

    dense: list[Vector]
    sentence: list[list[Vector]]
    section: list[Vector]
    title: list[Vector]


def indexed(key: str, title: Vector, passages: Sequence[tuple[int, Vector, list[Vector]]]) -> Indexed:
    record = Record(key, f"{key}.md", "", "v", "public", "text/plain", datetime(2026, 1, 1, tzinfo=UTC), 0)
    found = [
        IndexedPassage(f"{key}-{at}", f"{key}-s{section}", "\n", vector, sentences)
        for at, (section, vector, sentences) in enumerate(passages)
    ]
    return Indexed(record, title, found, [])


def unit(*values: float) -> Vector:
    vector = np.array(values, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def library(seed: int, dimensions: int = 16) -> tuple[list[Indexed], Made]:
    """Four documents of three passages, one in the first section, two in the second; of one to three sentences."""
    random = np.random.default_rng(seed)

    def some() -> Vector:
        return unit(*(random.normal(size=dimensions) + 0.5))  # not centred, as real vectors are not

    made, documents = Made([], [], [], []), []
    for key in "abcd":
        title = some()
        passages = [
            (section, some(), [some() for _ in range(1 + at)]) for at, section in enumerate((0, 1, 1))
        ]
        documents.append(indexed(key, title, passages))
        made.title.extend([title] * 3)
        second = unit(*(passages[1][1] + passages[2][1]))
        made.section.extend([passages[0][1], second, second])
        made.dense.extend(vector for _, vector, _ in passages)
        made.sentence.extend(sentences for _, _, sentences in passages)
    return documents, made


def question_of(seed: int, dimensions: int = 16) -> tuple[Vector, Vector]:
    """A question and its topic, which is shorter."""
    random = np.random.default_rng(1000 + seed)
    question = unit(*random.normal(size=dimensions))
    return question, question - np.float32(0.5) * unit(*random.normal(size=dimensions))


def by_kind(found: Cosines) -> dict[str, list[float]]:
    return {kind: getattr(found, kind).tolist() for kind in KINDS}


@pytest.mark.parametrize("seed", range(3))
def test_plain_cosines_are_those_of_numpy(seed: int) -> None:
    documents, made = library(seed)
    question, topic = question_of(seed)
    rows = np.array([7, 0, 11, 2, 3])
    plain, _ = cosines(forward_of(documents, 16), rows, question, topic)
    for kind in ("dense", "section", "title"):
        expected = [float(getattr(made, kind)[row] @ question) for row in rows]
        assert by_kind(plain)[kind] == pytest.approx(expected, abs=NEAR)
    best = [max(float(one @ question) for one in made.sentence[row]) for row in rows]
    assert plain.sentence.tolist() == pytest.approx(best, abs=NEAR)


@pytest.mark.parametrize("seed", range(3))
def test_centred_cosines_are_those_of_the_formula(seed: int) -> None:
    documents, made = library(seed)
    question, topic = question_of(seed)
    rows = np.array([7, 0, 11, 2, 3])
    _, centred = cosines(forward_of(documents, 16), rows, question, topic)

    def expected(vector: Vector, all_of_its_kind: Sequence[Vector]) -> float:
        away = vector - np.mean(np.stack(all_of_its_kind), axis=0)
        return float(away @ topic / np.linalg.norm(away))

    every = {
        "dense": made.dense,
        "sentence": [one for sentences in made.sentence for one in sentences],
        "section": [vector for at, vector in enumerate(made.section) if at % 3 < 2],
        "title": [document.title for document in documents],
    }
    for kind in ("dense", "section", "title"):
        wanted = [expected(getattr(made, kind)[row], every[kind]) for row in rows]
        assert by_kind(centred)[kind] == pytest.approx(wanted, abs=NEAR)
    best = [max(expected(one, every["sentence"]) for one in made.sentence[row]) for row in rows]
    assert centred.sentence.tolist() == pytest.approx(best, abs=NEAR)


def test_by_hand() -> None:
    right, up = unit(1, 0), unit(0, 1)
    index = forward_of(
        [
            indexed("a", right, [(0, right, [up, right])]),
            indexed("b", up, [(0, up, [up, up])]),
        ],
        2,
    )
    plain, centred = cosines(index, np.array([0, 1]), unit(3, 4), unit(1, 0))
    assert by_kind(plain) == {
        "dense": pytest.approx([0.6, 0.8]),
        "sentence": pytest.approx([0.8, 0.8]),
        "section": pytest.approx([0.6, 0.8]),
        "title": pytest.approx([0.6, 0.8]),
    }
    # Two vectors at right angles lie on either side of their mean; of four sentences one points to the topic.
    half = 0.5**0.5
    assert centred.dense.tolist() == pytest.approx([half, -half], abs=NEAR)
    assert centred.title.tolist() == pytest.approx([half, -half], abs=NEAR)
    assert centred.sentence.tolist() == pytest.approx([half, -half], abs=NEAR)


def test_what_is_the_mean_itself_has_no_direction() -> None:
    index = one_passage(unit(1, 2))
    _, centred = cosines(index, np.array([0]), unit(1, 2), unit(1, 2))
    assert by_kind(centred) == {kind: pytest.approx([0], abs=0.05) for kind in KINDS}


def one_passage(*sentences: Vector) -> ForwardIndex:
    first = sentences[0]
    return forward_of([indexed("a", first, [(0, first, list(sentences))])], len(first))


def test_each_row_is_scored_for_itself() -> None:
    documents, _ = library(5)
    index, (question, topic) = forward_of(documents, 16), question_of(5)
    together = cosines(index, np.array([4, 4, 9, 1]), question, topic)
    for at, row in enumerate([4, 4, 9, 1]):
        alone = cosines(index, np.array([row]), question, topic)
        for both, one in zip(together, alone, strict=True):
            for kind in KINDS:
                assert by_kind(both)[kind][at] == pytest.approx(by_kind(one)[kind][0], abs=1e-5)


def test_no_rows() -> None:
    question, topic = question_of(0)
    for found in cosines(forward_of(library(0)[0], 16), np.zeros(0, np.int64), question, topic):
        assert by_kind(found) == {kind: [] for kind in KINDS}


def test_the_sentences_of_a_passage_in_order() -> None:
    index = one_passage(unit(1, 0), unit(0, 1), unit(-1, 0), unit(0, -1))  # their mean is 0
    assert sentence_cosines(index, 0, unit(3, 4)) == pytest.approx([0.6, 0.8, -0.6, -0.8], abs=NEAR)


@pytest.mark.parametrize("row", [2, 4, 11])
def test_the_best_of_its_sentences_is_what_a_passage_is_scored_by(row: int) -> None:
    index, (question, topic) = forward_of(library(1)[0], 16), question_of(1)
    _, centred = cosines(index, np.array([row]), question, topic)
    values = sentence_cosines(index, row, topic)
    assert len(values) == 1 + row % 3
    assert max(values) == pytest.approx(float(centred.sentence[0]), abs=1e-5)
