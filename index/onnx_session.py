"""Runs a sentence encoder in ONNX Runtime: texts in, normalised vectors out. Loads no torch."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.onnx_files import Tokenizer, Tokens, open_graph

Vectors = npt.NDArray[np.float32]

CONFIG_FILE = "onnx_encoder.json"


class OnnxSession:
    """A tokenizer and a graph, both ready; safe to use from several threads, each computing for itself.

    Small batches in `workers` threads side by side are faster than large ones that the threads share: what
    a layer hands to the next stays in the core's own cache.
    """

    batch_chars = 1024

    def __init__(
        self, tokenizer: Tokenizer, graph: Any, dimensions: int, max_tokens: int, workers: int = 1
    ) -> None:
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.workers = workers
        self._tokenizer = tokenizer
        self._graph = graph

    @classmethod
    def open(cls, folder: Path, threads: int) -> Self:
        """Loads the model.

        Args:
            folder: holds model.onnx with its weights, sentencepiece.model and onnx_encoder.json.
            threads: how many threads may compute side by side.
        """
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        return cls(
            Tokenizer.open(folder), open_graph(folder), config["dimensions"], config["max_tokens"], threads
        )

    def tokenise(self, texts: Sequence[str]) -> tuple[Tokens, Tokens]:
        """Token ids and attention mask, both (texts, longest) with padding on the right."""
        return self._tokenizer.numbers(texts, self.max_tokens)

    def run(self, ids: Tokens, mask: Tokens) -> Vectors:
        """(texts, dimensions) float32, each of length 1."""
        vectors: Vectors = self._graph.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32 of texts that carry their prompt already."""
        return self.run(*self.tokenise(texts))
