"""The topic of a question: its vector without what all questions in its language have in common.

Citizens' questions lie near each other whatever they ask: politeness, complaint and language weigh more in the
vector than the thing asked for. Taking most of their mean away leaves the topic, as centring does for words
(Mu, Viswanath: All-but-the-Top, ICLR 2018) and against hubs (Suzuki et al., EMNLP 2013).
"""

import hashlib
import io
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.atomic import write_atomically
from index.embedding import Embedder

SAMPLES = Path(__file__).with_name("question_samples.toml")
SHARE = 0.75  # of the mean that is taken away: see DECISIONS.md

Vector = NDArray[np.float32]


def topic_of(question: Vector, means: NDArray[np.float32]) -> Vector:
    """The vector (dimensions,) of a question without most of the nearest of the means (languages, dimensions)."""
    nearest: Vector = means[int(np.argmax(means @ question))]
    return question - np.float32(SHARE) * nearest


def question_means(embedder: Embedder) -> NDArray[np.float32]:
    """Mean vector of the sample questions of each language, (languages, dimensions)."""
    return np.stack(
        [
            np.array([embedder.embed_query(question) for question in questions], np.float32).mean(axis=0)
            for questions in samples().values()
        ]
    )


def kept_means(embedder: Embedder, folder: Path) -> NDArray[np.float32]:
    """The means, worked out once for a model and kept in a folder: some hundred embeddings take seconds."""
    made_by = hashlib.sha256(f"{embedder.identity}\0".encode() + SAMPLES.read_bytes()).hexdigest()[:12]
    path = folder / f"question-means-{made_by}.npy"
    if path.is_file():
        means: NDArray[np.float32] = np.load(path)
        return means
    means = question_means(embedder)
    content = io.BytesIO()
    np.save(content, means)
    write_atomically(path, content.getvalue())
    return means


@cache
def samples() -> dict[str, list[str]]:
    """Questions that citizens and staff put to any city, by language."""
    found: dict[str, list[str]] = tomllib.loads(SAMPLES.read_text("utf-8"))
    return found
