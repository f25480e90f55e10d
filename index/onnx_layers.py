"""The parts of a BERT encoder as int8 ONNX operators: embeddings, layers, norms.

Weights are quantised once, per output channel, to 8 bits; activations when the graph runs, per batch; sums,
norms and softmax stay in float32. All operators are standard ones. They are written directly, not traced:
seconds where an export through torch takes tens of seconds and gigabytes, and the same bytes each time.
The encoder: Devlin et al. 2019, "BERT", section 3; the scheme: ONNX DynamicQuantizeLinear and MatMulInteger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Dense:
    """The constants of a dense layer, by name: codes (inputs, outputs), scales and bias (outputs,)."""

    codes: str
    scales: str
    bias: str


@dataclass(frozen=True, slots=True)
class Norm:
    """The constants of a layer norm, by name, and its epsilon."""

    scale: str
    bias: str
    epsilon: float


class Graph:
    """Collects nodes and constants; every method returns the name of what it added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: npt.ArrayLike, kind: npt.DTypeLike = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=kind), name))
        return name

    def dense_constants(self, weight: Array, bias: Array) -> Dense:
        """Of weights (outputs, inputs) and biases (outputs,)."""
        codes, scales = quantise_rows(weight)
        return Dense(self.constant(codes.T, np.int8), self.constant(scales), self.constant(bias))

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self.split(operator, *inputs, outputs=1, **attributes)[0]

    def split(self, operator: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def give(self, name: str, result: str) -> None:
        """Makes a result an output of the graph under a name of its own."""
        self.nodes.append(helper.make_node("Identity", [result], [name]))

    def dense(self, x: str, own: Dense) -> str:
        """x @ weight.T + bias."""
        codes, scale, zero = self.split("DynamicQuantizeLinear", x, outputs=3)
        product = self.add("MatMulInteger", codes, own.codes, zero)
        factor = self.add("Mul", scale, own.scales)
        real = self.add("Mul", self.add("Cast", product, to=TensorProto.FLOAT), factor)
        return self.add("Add", real, own.bias)

    def norm(self, x: str, own: Norm) -> str:
        return self.add("LayerNormalization", x, own.scale, own.bias, axis=-1, epsilon=own.epsilon)

    def model(
        self,
        name: str,
        inputs: Mapping[str, Sequence[str]],
        outputs: Mapping[str, Sequence[str | int]],
    ) -> onnx.ModelProto:
        """All that was added, with int64 inputs and float32 outputs of these shapes, checked."""
        given = [
            helper.make_tensor_value_info(one, TensorProto.INT64, shape) for one, shape in inputs.items()
        ]
        found = [
            helper.make_tensor_value_info(one, TensorProto.FLOAT, shape) for one, shape in outputs.items()
        ]
        body = helper.make_graph(self.nodes, name, given, found, self.constants)
        model = helper.make_model(
            body, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="keikaku-navi"
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model


class Embeddings:
    """The table of pieces in 8 bits with that of positions: token numbers -> (batch, length, hidden)."""

    def __init__(self, graph: Graph, sizes: EncoderSizes, tensors: Mapping[str, Array]) -> None:
        table, scales = quantise_rows(tensors["embeddings.word_embeddings.weight"])
        self._graph = graph
        self._codes = graph.constant(table, np.int8)
        self._scales = graph.constant(scales[:, None])
        # A single text has one token type throughout, so its row is part of the position table.
        self._places = graph.constant(
            tensors["embeddings.position_embeddings.weight"]
            + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._zero = graph.constant([0], np.int64)
        self._norm = norm_constants(graph, sizes, tensors, "embeddings.LayerNorm")

    def __call__(self, ids: str) -> str:
        graph = self._graph
        codes = graph.add("Gather", self._codes, ids)
        scale = graph.add("Gather", self._scales, ids)
        words = graph.add("Mul", graph.add("Cast", codes, to=TensorProto.FLOAT), scale)
        length = graph.add("Shape", ids, start=1, end=2)
        positions = graph.add("Slice", self._places, self._zero, length, self._zero)
        return graph.norm(graph.add("Add", words, positions), self._norm)


class Layer:
    """A layer of the encoder: (batch, length, hidden) and the bias of the mask -> the same shape."""

    def __init__(self, graph: Graph, sizes: EncoderSizes, tensors: Mapping[str, Array], number: int) -> None:
        prefix = f"encoder.layer.{number}."
        own = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
        self._graph, self._sizes = graph, sizes
        self._width = sizes.hidden // sizes.heads
        self._parts = self._attention_constants(own)
        self._mixed, self._wide, self._narrow = (
            graph.dense_constants(own[f"{name}.weight"], own[f"{name}.bias"])
            for name in ("attention.output.dense", "intermediate.dense", "output.dense")
        )
        self._after_attention = norm_constants(graph, sizes, own, "attention.output.LayerNorm")
        self._after = norm_constants(graph, sizes, own, "output.LayerNorm")

    def __call__(self, x: str, bias: str) -> str:
        graph = self._graph
        mixed = graph.dense(self._attention(x, bias), self._mixed)
        x = graph.norm(graph.add("Add", mixed, x), self._after_attention)
        narrow = graph.dense(graph.add("Gelu", graph.dense(x, self._wide)), self._narrow)
        return graph.norm(graph.add("Add", narrow, x), self._after)

    def _attention_constants(self, own: Mapping[str, Array]) -> Dense:
        """Query, key and value side by side; the softmax temperature is part of the query's weights."""
        factors = {"query": np.float32(self._width**-0.5), "key": np.float32(1), "value": np.float32(1)}
        weight, bias = (
            np.concatenate([own[f"attention.self.{name}.{kind}"] * factors[name] for name in factors])
            for kind in ("weight", "bias")
        )
        return self._graph.dense_constants(weight, bias)

    def _attention(self, x: str, bias: str) -> str:
        graph = self._graph
        parts = graph.split("Split", graph.dense(x, self._parts), outputs=3, axis=-1, num_outputs=3)
        query, key, value = (
            self._heads(part, order)
            for part, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
        )
        scores = graph.add("Add", graph.add("MatMul", query, key), bias)
        context = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        joined = graph.add("Transpose", context, perm=[0, 2, 1, 3])
        return graph.add("Reshape", joined, graph.constant([0, 0, self._sizes.hidden], np.int64))

    def _heads(self, x: str, order: Sequence[int]) -> str:
        shape = self._graph.constant([0, 0, self._sizes.heads, self._width], np.int64)
        return self._graph.add("Transpose", self._graph.add("Reshape", x, shape), perm=list(order))


def norm_constants(graph: Graph, sizes: EncoderSizes, tensors: Mapping[str, Array], name: str) -> Norm:
    """The constants of the layer norm of that name."""
    scale, bias = graph.constant(tensors[f"{name}.weight"]), graph.constant(tensors[f"{name}.bias"])
    return Norm(scale, bias, sizes.epsilon)


def mask_bias(graph: Graph, mask: str) -> str:
    """(batch, length) float32 -> (batch, 1, 1, length): 0 where there is a token, MASKED where there is padding."""
    padding = graph.add("Sub", graph.constant(1.0), mask)
    scaled = graph.add("Mul", padding, graph.constant(MASKED))
    return graph.add("Unsqueeze", scaled, graph.constant([1, 2], np.int64))


def unit(graph: Graph, x: str) -> str:
    """Vectors along the last axis made length 1."""
    length = graph.add("ReduceL2", x, graph.constant([-1], np.int64), keepdims=1)
    return graph.add("Div", x, graph.add("Max", length, graph.constant(TINY)))
