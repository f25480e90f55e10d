"""What the folder of an ONNX model holds, opened: its graph and its tokenizer. Loads no torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

Tokens = npt.NDArray[np.int64]

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
TOKENIZER_FILE = "sentencepiece.model"


def open_graph(folder: Path) -> Any:
    """The session of ONNX Runtime, which computes each call in the thread that calls."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(folder / GRAPH_FILE), sess_options=options, providers=["CPUExecutionProvider"]
    )


class Tokenizer:
    """Texts as numbers of pieces between those of begin and end; safe to use from several threads."""

    def __init__(self, model: "SentencePieceProcessor") -> None:
        self._model = model

    @classmethod
    def open(cls, folder: Path) -> Self:
        from sentencepiece import SentencePieceProcessor

        return cls(SentencePieceProcessor(model_file=str(folder / TOKENIZER_FILE)))

    def numbers(self, texts: Sequence[str], most: int) -> tuple[Tokens, Tokens]:
        """Token ids and attention mask, both (texts, longest) with padding on the right; no text above `most`."""
        begin, end, padding = self._model.bos_id(), self._model.eos_id(), self._model.pad_id()
        pieces = self._model.encode(list(texts), num_threads=1)
        cut = [[begin, *numbers[: most - 2], end] for numbers in pieces]
        ids = np.full((len(cut), max(map(len, cut), default=0)), padding, np.int64)
        for row, numbers in zip(ids, cut, strict=True):
            row[: len(numbers)] = numbers
        return ids, (ids != padding).astype(np.int64)
