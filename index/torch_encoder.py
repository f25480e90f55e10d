"""Any sentence-transformers folder on torch: for models that another setting names."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from index.onnx_session import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TorchEncoder:
    """A loaded model; one text batch at a time, since its tokenizer is not safe to share between threads."""

    workers = 1
    batch_chars = 4096  # padding included: bounds the memory that long texts take

    def __init__(self, model: "SentenceTransformer", dimensions: int) -> None:
        self.dimensions = dimensions
        self._model = model
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, threads: int) -> Self:
        """Loads from the disk only; code that a folder may bring is not run."""
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        dimensions = model.get_embedding_dimension()
        if dimensions is None:
            dimensions = len(model.encode("1", prompt=""))
        return cls(model, dimensions)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32 of length 1, of texts that carry their prompt already."""
        with self._lock:
            vectors = self._model.encode(
                list(texts),
                prompt="",
                batch_size=len(texts),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)
