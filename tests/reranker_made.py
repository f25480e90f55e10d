"""A tiny reranker upon the tiny encoder, with a random adapter."""

import hashlib
import io
from pathlib import Path

import numpy as np
from models_made import FEED_FORWARD, HIDDEN, LAYERS, known_fields

from index.known import KnownReranker, RankProbe
from index.quantised import Array

RANK, ALONE = 2, 1
SHAPES = {
    **{f"attention.self.{name}": (HIDDEN, HIDDEN) for name in ("query", "key", "value")},
    "attention.output.dense": (HIDDEN, HIDDEN),
    "intermediate.dense": (FEED_FORWARD, HIDDEN),
    "output.dense": (HIDDEN, FEED_FORWARD),
}


def random_adapter() -> dict[str, Array]:
    """Of every dense layer an update, and weights of the score, none of them zero."""
    rng = np.random.default_rng(7)
    drawn = lambda *shape: rng.normal(0, 0.2, shape).astype(np.float32)  # noqa: E731
    found = {}
    for number in range(ALONE, LAYERS):
        for name, (outputs, inputs) in SHAPES.items():
            found[f"encoder.layer.{number}.{name}.down"] = drawn(RANK, inputs)
            found[f"encoder.layer.{number}.{name}.up"] = drawn(outputs, RANK)
    vectors = ("centre", "importance", "of_passage", "question_part", "passage_part")
    scales = {"of_means": np.float32(20), "of_words": np.float32(10), "of_first": np.float32(6)}
    return found | {name: drawn(HIDDEN) for name in vectors} | {n: np.array(v) for n, v in scales.items()}


def tiny_reranker(folder: Path, margin: float = -1e9) -> KnownReranker:
    """The registry's entry, its adapter written to the folder."""
    data = io.BytesIO()
    np.savez(data, allow_pickle=False, **random_adapter())
    path = folder / "adapter.npz"
    path.write_bytes(data.getvalue())
    return KnownReranker(
        name="tiny-reranker",
        adapter=str(path),
        adapter_sha256=hashlib.sha256(data.getvalue()).hexdigest(),
        alone=ALONE,
        question_tokens=10,
        passage_tokens=12,
        question_prompt="a: ",
        passage_prompt="b: ",
        first=3.0,
        probe=RankProbe("計画", "計画予算", "年度", margin),
        **known_fields(),
    )
