"""What the lower layers of the encoder make of texts, each read by itself: computed once, then trained upon."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto

from index.known import KnownReranker
from index.onnx_files import GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE, Tokenizer, open_graph
from index.onnx_layers import Embeddings, Graph, Layer, mask_bias
from index.quantised import Array, EncoderSizes

Part = Literal["question", "passage"]
States = npt.NDArray[np.float16]  # (tokens, hidden)

TOKENS_AT_ONCE, TEXTS_AT_ONCE = 600, 16


def lower_graph(sizes: EncoderSizes, tensors: Mapping[str, Array], layers: int) -> onnx.ModelProto:
    """`ids` and `mask` (batch, length), int64 -> `states` (batch, length, hidden) after so many layers."""
    graph = Graph()
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    states, bias = Embeddings(graph, sizes, tensors)("ids"), mask_bias(graph, mask)
    for number in range(layers):
        states = Layer(graph, sizes, tensors, number)(states, bias)
    graph.give("states", states)
    rows = ["batch", "length"]
    return graph.model("lower", {"ids": rows, "mask": rows}, {"states": [*rows, sizes.hidden]})


class LowerLayers:
    """Reads texts as the reranker's lower layers do."""

    def __init__(self, tokenizer: Tokenizer, graph: Any, model: KnownReranker, threads: int) -> None:
        self._tokenizer, self._graph, self._threads = tokenizer, graph, threads
        self._prompts = {"question": model.question_prompt, "passage": model.passage_prompt}
        self._most = {"question": model.question_tokens, "passage": model.passage_tokens}

    @classmethod
    def made(
        cls,
        folder: Path,
        model: KnownReranker,
        sizes: EncoderSizes,
        tensors: Mapping[str, Array],
        tokenizer: bytes,
        threads: int,
    ) -> "LowerLayers":
        """Writes the graph and its tokenizer to an empty folder, and opens them."""
        onnx.save_model(
            lower_graph(sizes, tensors, model.alone),
            folder / GRAPH_FILE,
            save_as_external_data=True,
            location=WEIGHTS_FILE,
        )
        (folder / TOKENIZER_FILE).write_bytes(tokenizer)
        return cls(Tokenizer.open(folder), open_graph(folder), model, threads)

    def states(self, texts: Iterable[str], part: Part) -> dict[str, States]:
        """By text. Texts of like length are read together."""
        ordered = sorted(set(texts), key=len)
        size = max(1, min(TEXTS_AT_ONCE, TOKENS_AT_ONCE // self._most[part]))
        batches = [ordered[at : at + size] for at in range(0, len(ordered), size)]
        with ThreadPoolExecutor(self._threads) as pool:
            return {
                text: states
                for found in pool.map(lambda batch: self._read(batch, part), batches)
                for text, states in found
            }

    def _read(self, batch: list[str], part: Part) -> list[tuple[str, States]]:
        ids, mask = self._tokenizer.numbers([self._prompts[part] + text for text in batch], self._most[part])
        found = self._graph.run(None, {"ids": ids, "mask": mask})[0].astype(np.float16)
        return [
            (text, states[:length])
            for text, states, length in zip(batch, found, mask.sum(axis=1), strict=True)
        ]
