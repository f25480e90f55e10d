"""Runs a sentence encoder in ONNX Runtime: texts in, normalised vectors out. Loads no torch."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

Vectors = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int64]

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
TOKENIZER_FILE = "sentencepiece.model"
CONFIG_FILE = "onnx_encoder.json"


class OnnxSession:
    """A tokenizer and a graph, both ready; safe to use from several threads, each computing for itself.

    Small batches in `workers` threads side by side are faster than large ones that the threads share: what
    a layer hands to the next stays in the core's own cache.
    """

    batch_chars = 1024

    def __init__(
        self,
        tokenizer: "SentencePieceProcessor",
        graph: Any,
        dimensions: int,
        max_tokens: int,
        workers: int = 1,
    ) -> None:
        self.tokenizer = tokenizer
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.workers = workers
        self._graph = graph

    @classmethod
    def open(cls, folder: Path, threads: int) -> Self:
        """Loads the model.

        Args:
            folder: holds model.onnx with its weights, sentencepiece.model and onnx_encoder.json.
            threads: how many threads may compute side by side.
        """
        import onnxruntime  # type: ignore[import-untyped]
        from sentencepiece import SentencePieceProcessor

        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        tokenizer = SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = onnxruntime.InferenceSession(
            str(folder / GRAPH_FILE), sess_options=options, providers=["CPUExecutionProvider"]
        )
        return cls(tokenizer, graph, config["dimensions"], config["max_tokens"], threads)

    def tokenise(self, texts: Sequence[str]) -> tuple[Tokens, Tokens]:
        """Token ids and attention mask, both (texts, longest) with padding on the right."""
        begin, end = self.tokenizer.bos_id(), self.tokenizer.eos_id()
        pieces = self.tokenizer.encode(list(texts), num_threads=1)
        cut = [[begin, *numbers[: self.max_tokens - 2], end] for numbers in pieces]
        ids = np.full((len(cut), max(map(len, cut), default=0)), self.tokenizer.pad_id(), np.int64)
        for row, numbers in zip(ids, cut, strict=True):
            row[: len(numbers)] = numbers
        return ids, (ids != self.tokenizer.pad_id()).astype(np.int64)

    def run(self, ids: Tokens, mask: Tokens) -> Vectors:
        """(texts, dimensions) float32, each of length 1."""
        vectors: Vectors = self._graph.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32 of texts that carry their prompt already."""
        return self.run(*self.tokenise(texts))
