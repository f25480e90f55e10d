"""Writes a BERT sentence encoder as an int8 ONNX graph: tokens in, normalised mean of the last layer out."""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from index.onnx_layers import Embeddings, Graph, Layer, mask_bias, unit
from index.quantised import Array, EncoderSizes


def build_graph(sizes: EncoderSizes, tensors: Mapping[str, Array]) -> onnx.ModelProto:
    """`input_ids`, `attention_mask` (batch, length) int64 -> `sentence_embedding` (batch, hidden) float32.

    Args:
        sizes: of the encoder; `positions` is the longest input in tokens.
        tensors: named as in a BERT encoder without pooler.
    """
    graph = Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = Embeddings(graph, sizes, tensors)("input_ids")
    bias = mask_bias(graph, mask)
    for number in range(sizes.layers):
        hidden = Layer(graph, sizes, tensors, number)(hidden, bias)
    graph.give("sentence_embedding", unit(graph, _summed(graph, hidden, mask)))
    shape = ["batch", "length"]
    return graph.model(
        "sentence_encoder",
        {"input_ids": shape, "attention_mask": shape},
        {"sentence_embedding": ["batch", sizes.hidden]},
    )


def _summed(graph: Graph, hidden: str, mask: str) -> str:
    """Sum over the tokens that are not padding: of the direction of their mean, their number cancels."""
    weights = graph.add("Unsqueeze", mask, graph.constant([-1], np.int64))
    tokens = graph.add("Mul", hidden, weights)
    return graph.add("ReduceSum", tokens, graph.constant([1], np.int64), keepdims=0)
