"""Exact cosines of candidates: as they are, and centred on the mean of their kind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.forward import ForwardIndex
from index.ragged import Rows

Vector = NDArray[np.float32]
Scores = NDArray[np.float32]
SMALLEST = 1e-3  # of a centred vector: what is the mean itself has no direction


@dataclass(frozen=True, slots=True)
class Cosines:
    """(rows,) of the question with each passage, its best sentence, its section and its document's title."""

    dense: Scores
    sentence: Scores
    section: Scores
    title: Scores


def cosines(index: ForwardIndex, rows: Rows, question: Vector, topic: Vector) -> tuple[Cosines, Cosines]:
    """The cosines of a question as they are, and of its topic (see index/topic.py) with centred vectors."""
    sections, of_section = np.unique(index.section[rows], return_inverse=True)
    titles, of_title = np.unique(index.document[rows], return_inverse=True)
    items, owners = index.sentences.items(rows)
    means = index.means
    dense = _both(index.passages[rows], question, topic, means["passage"])
    sentence = _both(index.sentences.flat[items], question, topic, means["sentence"])
    section = _both(index.sections[sections], question, topic, means["section"])
    title = _both(index.titles[titles], question, topic, means["title"])
    plain, centred = (
        Cosines(
            dense[kind],
            _best(sentence[kind], owners, len(rows)),
            section[kind][of_section],
            title[kind][of_title],
        )
        for kind in (0, 1)
    )
    return plain, centred


def sentence_cosines(index: ForwardIndex, row: int, topic: Vector) -> list[float]:
    """Centred cosine of a topic with each sentence of one passage, in order."""
    _, centred = _both(index.sentences.one(row), topic, topic, index.means["sentence"])
    return [float(value) for value in centred]


def _both(
    matrix: NDArray[np.float16], question: Vector, topic: Vector, mean: Vector
) -> tuple[Scores, Scores]:
    products = matrix.astype(np.float32) @ np.stack([question, topic, mean], axis=1)
    length = np.sqrt(np.maximum(1 - 2 * products[:, 2] + mean @ mean, SMALLEST**2))
    centred = (products[:, 1] - topic @ mean) / length
    return products[:, 0], centred.astype(np.float32)


def _best(values: Scores, owners: Rows, rows: int) -> Scores:
    best = np.full(rows, -1.0, np.float32)
    np.maximum.at(best, owners, values)
    return best
