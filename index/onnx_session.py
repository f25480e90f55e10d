"""Runs a sentence encoder in ONNX Runtime: texts in, normalised vectors out. Loads no torch."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
Tokens = npt.NDArray[np.int64]

GRAPH_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "onnx_encoder.json"


class OnnxSession:
    """A tokenizer and a graph, both ready; safe to use from several threads."""

    def __init__(self, tokenizer: "Tokenizer", graph: Any, dimensions: int, max_tokens: int) -> None:
        self.tokenizer = tokenizer
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self._graph = graph

    @classmethod
    def open(cls, folder: Path, threads: int) -> Self:
        """Loads both files.

        Args:
            folder: holds model.onnx, tokenizer.json and onnx_encoder.json.
            threads: upper bound of the threads that compute one batch.
        """
        os.environ.setdefault(
            "TOKENIZERS_PARALLELISM", "false"
        )  # or it takes every core, whatever `threads` says
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(config["max_tokens"])
        pad = config["pad_token"]
        tokenizer.enable_padding(pad_id=tokenizer.token_to_id(pad), pad_token=pad)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # idle threads leave the core
        graph = onnxruntime.InferenceSession(
            str(folder / GRAPH_FILE), sess_options=options, providers=["CPUExecutionProvider"]
        )
        return cls(tokenizer, graph, config["dimensions"], config["max_tokens"])

    def tokenise(self, texts: Sequence[str]) -> tuple[Tokens, Tokens]:
        """Token ids and attention mask, both (texts, longest) with padding on the right."""
        encoded = self.tokenizer.encode_batch(list(texts))
        ids = np.array([text.ids for text in encoded], dtype=np.int64)
        mask = np.array([text.attention_mask for text in encoded], dtype=np.int64)
        return ids, mask

    def run(self, ids: Tokens, mask: Tokens) -> Vectors:
        """(texts, dimensions) float32, each of length 1."""
        vectors: Vectors = self._graph.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32 of texts that carry their prompt already."""
        return self.run(*self.tokenise(texts))
