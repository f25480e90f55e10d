"""Writes a BERT sentence encoder as an int8 ONNX graph: tokens in, normalised mean of the last layer out.

Weights are quantised once, per output channel, to 8 bits; activations when the graph runs, per batch; sums,
norms and softmax stay in float32. All operators are standard ones. It is written directly, not traced:
seconds where an export through torch takes tens of seconds and gigabytes, and the same bytes each time.
The encoder: Devlin et al. 2019, "BERT", section 3; the scheme: ONNX DynamicQuantizeLinear and MatMulInteger.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.quantised import Array, EncoderSizes

OPSET = 20
IR_VERSION = 10
MASKED = -10_000.0  # added to the score of a padding token: its softmax is 0 in float32
TINY = 1e-12
ROWS_AT_ONCE = 8192  # bounds the memory taken beside the vocabulary's table


def quantise_rows(weights: Array) -> tuple[npt.NDArray[np.int8], Array]:
    """Symmetric int8 per row of (rows, columns), and the scales (rows,): weights = quantised * scales."""
    quantised = np.empty(weights.shape, dtype=np.int8)
    scales = np.empty(len(weights), dtype=np.float32)
    for start in range(0, len(weights), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        scales[rows] = np.maximum(np.abs(weights[rows]).max(axis=1), TINY) / np.float32(127)
        quantised[rows] = np.rint(weights[rows] / scales[rows, None])
    return quantised, scales


class _Graph:
    """Collects nodes and constants; every method returns the name of what it added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: npt.ArrayLike, kind: npt.DTypeLike = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=kind), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self.split(operator, *inputs, outputs=1, **attributes)[0]

    def split(self, operator: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def dense(self, x: str, weight: Array, bias: Array) -> str:
        """x @ weight.T + bias; weight is (outputs, inputs)."""
        quantised, scales = quantise_rows(weight)
        codes, scale, zero = self.split("DynamicQuantizeLinear", x, outputs=3)
        product = self.add("MatMulInteger", codes, self.constant(quantised.T, np.int8), zero)
        factor = self.add("Mul", scale, self.constant(scales))
        real = self.add("Mul", self.add("Cast", product, to=TensorProto.FLOAT), factor)
        return self.add("Add", real, self.constant(bias))

    def norm(self, x: str, scale: Array, bias: Array, epsilon: float) -> str:
        return self.add(
            "LayerNormalization", x, self.constant(scale), self.constant(bias), axis=-1, epsilon=epsilon
        )


def build_graph(sizes: EncoderSizes, tensors: Mapping[str, Array]) -> onnx.ModelProto:
    """`input_ids`, `attention_mask` (batch, length) int64 -> `sentence_embedding` (batch, hidden) float32.

    Args:
        sizes: of the encoder; `positions` is the longest input in tokens.
        tensors: named as in a BERT encoder without pooler.
    """
    graph = _Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = _embed(graph, sizes, tensors)
    bias = _mask_bias(graph, mask)
    for layer in range(sizes.layers):
        prefix = f"encoder.layer.{layer}."
        own = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        hidden = _layer(graph, sizes, own, hidden, bias)
    _pool(graph, hidden, mask)
    return _model(graph, sizes)


def _embed(graph: _Graph, sizes: EncoderSizes, tensors: Mapping[str, Array]) -> str:
    table, scales = quantise_rows(tensors["embeddings.word_embeddings.weight"])
    codes = graph.add("Gather", graph.constant(table, np.int8), "input_ids")
    scale = graph.add("Gather", graph.constant(scales[:, None]), "input_ids")
    words = graph.add("Mul", graph.add("Cast", codes, to=TensorProto.FLOAT), scale)
    # A single text has one token type throughout, so its row is part of the position table.
    places = (
        tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.add("Shape", "input_ids", start=1, end=2)
    zero = graph.constant([0], np.int64)
    positions = graph.add("Slice", graph.constant(places), zero, length, zero)
    summed = graph.add("Add", words, positions)
    return graph.norm(
        summed, tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"], sizes.epsilon
    )


def _mask_bias(graph: _Graph, mask: str) -> str:
    """(batch, 1, 1, length): 0 where there is a token, MASKED where there is padding."""
    padding = graph.add("Sub", graph.constant(1.0), mask)
    scaled = graph.add("Mul", padding, graph.constant(MASKED))
    return graph.add("Unsqueeze", scaled, graph.constant([1, 2], np.int64))


def _layer(graph: _Graph, sizes: EncoderSizes, own: Mapping[str, Array], x: str, bias: str) -> str:
    mixed = graph.dense(
        _attention(graph, sizes, own, x, bias),
        own["attention.output.dense.weight"],
        own["attention.output.dense.bias"],
    )
    x = graph.norm(
        graph.add("Add", mixed, x),
        own["attention.output.LayerNorm.weight"],
        own["attention.output.LayerNorm.bias"],
        sizes.epsilon,
    )
    wide = graph.add("Gelu", graph.dense(x, own["intermediate.dense.weight"], own["intermediate.dense.bias"]))
    narrow = graph.dense(wide, own["output.dense.weight"], own["output.dense.bias"])
    return graph.norm(
        graph.add("Add", narrow, x),
        own["output.LayerNorm.weight"],
        own["output.LayerNorm.bias"],
        sizes.epsilon,
    )


def _attention(graph: _Graph, sizes: EncoderSizes, own: Mapping[str, Array], x: str, bias: str) -> str:
    width = sizes.hidden // sizes.heads
    factors = (width**-0.5, 1.0, 1.0)  # the softmax temperature is part of the query's weights
    names = [f"attention.self.{name}" for name in ("query", "key", "value")]
    weight = np.concatenate(
        [own[f"{name}.weight"] * np.float32(f) for name, f in zip(names, factors, strict=True)]
    )
    biases = np.concatenate(
        [own[f"{name}.bias"] * np.float32(f) for name, f in zip(names, factors, strict=True)]
    )
    parts = graph.split("Split", graph.dense(x, weight, biases), outputs=3, axis=-1, num_outputs=3)
    query, key, value = (
        _heads(graph, part, [0, 0, sizes.heads, width], order)
        for part, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    scores = graph.add("Add", graph.add("MatMul", query, key), bias)
    context = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    joined = graph.add("Transpose", context, perm=[0, 2, 1, 3])
    return graph.add("Reshape", joined, graph.constant([0, 0, sizes.hidden], np.int64))


def _heads(graph: _Graph, x: str, shape: Sequence[int], order: Sequence[int]) -> str:
    return graph.add("Transpose", graph.add("Reshape", x, graph.constant(shape, np.int64)), perm=list(order))


def _pool(graph: _Graph, hidden: str, mask: str) -> None:
    """Mean over the tokens that are not padding, made length 1 (the sum does: their number cancels)."""
    weights = graph.add("Unsqueeze", mask, graph.constant([-1], np.int64))
    summed = graph.add(
        "ReduceSum", graph.add("Mul", hidden, weights), graph.constant([1], np.int64), keepdims=0
    )
    length = graph.add("ReduceL2", summed, graph.constant([-1], np.int64), keepdims=1)
    safe = graph.add("Max", length, graph.constant(TINY))
    graph.nodes.append(helper.make_node("Div", [summed, safe], ["sentence_embedding"]))


def _model(graph: _Graph, sizes: EncoderSizes) -> onnx.ModelProto:
    tokens = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    vectors = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", sizes.hidden])
    body = helper.make_graph(graph.nodes, "sentence_encoder", tokens, [vectors], graph.constants)
    model = helper.make_model(
        body, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="keikaku-navi"
    )
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    return model
