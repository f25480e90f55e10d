"""Writes the reranker as an int8 ONNX graph: a question and passages in, a score for each passage out.

The lower layers read question and passage each by itself, the upper ones both together (DeFormer: Cao et al.
2020). The score compares the mean of either part, and each word of the question with the nearest of the
passage (late interaction: Khattab, Zaharia 2020, "ColBERT"), weighed by a learnt importance of the word.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto

from index.onnx_layers import MASKED, Embeddings, Graph, Layer, mask_bias, unit
from index.quantised import Array, EncoderSizes

TUNED = "encoder.layer."  # the names of low-rank updates begin so and end with .down or .up
QUESTION, PASSAGES = "question", "passages"


def adapted(tensors: Mapping[str, Array], adapter: Mapping[str, Array]) -> dict[str, Array]:
    """The encoder's tensors with the adapter's low-rank updates added (Hu et al. 2021, "LoRA").

    `NAME.down` is (rank, inputs), `NAME.up` (outputs, rank).

    Raises:
        ValueError: an update is not of the shape of its tensor, or there is no such tensor.
    """
    changed = dict(tensors)
    for down in (name for name in adapter if name.startswith(TUNED) and name.endswith(".down")):
        name = f"{down.removesuffix('.down')}.weight"
        update = adapter[down.removesuffix("down") + "up"] @ adapter[down]
        if name not in tensors or tensors[name].shape != update.shape:
            raise ValueError(f"{name}: an update of shape {update.shape} does not fit")
        changed[name] = tensors[name] + update
    return changed


def build_reranker_graph(
    sizes: EncoderSizes, tensors: Mapping[str, Array], adapter: Mapping[str, Array], alone: int
) -> onnx.ModelProto:
    """`question` (1, tokens), `passages` (batch, length) and `mask` (batch, length), int64 -> `score` (batch,).

    Args:
        sizes: of the encoder.
        tensors: named as in a BERT encoder without pooler.
        adapter: low-rank updates of the upper layers and the weights of the score; see `adapted`.
        alone: how many layers read question and passage each by itself.
    """
    tensors = adapted(tensors, adapter)
    graph = Graph()
    embeddings = Embeddings(graph, sizes, tensors)
    layers = [Layer(graph, sizes, tensors, number) for number in range(sizes.layers)]
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    passages, bias = embeddings(PASSAGES), mask_bias(graph, mask)
    question, none = embeddings(QUESTION), graph.constant(np.zeros((1, 1, 1, 1)))
    for layer in layers[:alone]:
        passages, question = layer(passages, bias), layer(question, none)
    question = _each(graph, graph.add("Add", question, graph.constant(adapter["question_part"])), mask)
    passages = graph.add("Add", passages, graph.constant(adapter["passage_part"]))
    both = graph.add("Concat", question, passages, axis=1)
    asked = graph.add("Shape", QUESTION, start=1, end=2)  # number of the question's tokens
    bias = graph.add("Pad", bias, _before(graph, asked))
    for layer in layers[alone:]:
        both = layer(both, bias)
    graph.give("score", _score(graph, adapter, both, asked, mask))
    rows = ["batch", "length"]
    return graph.model(
        "reranker", {QUESTION: ["one", "tokens"], PASSAGES: rows, "mask": rows}, {"score": ["batch"]}
    )


def _each(graph: Graph, question: str, mask: str) -> str:
    """The question once for each passage."""
    batch = graph.add("Shape", mask, start=0, end=1)
    shape = graph.add("Concat", batch, graph.constant([1, 1], np.int64), axis=0)
    return graph.add("Expand", question, shape)


def _before(graph: Graph, asked: str) -> str:
    """The amounts of padding that put so many zeros before the last of four axes."""
    zeros = graph.constant([0, 0, 0], np.int64)
    return graph.add("Concat", zeros, asked, graph.constant([0, 0, 0, 0], np.int64), axis=0)


def _score(graph: Graph, adapter: Mapping[str, Array], both: str, asked: str, mask: str) -> str:
    """(batch,): the compared means, the compared words, and what the passage is like by itself."""
    zero, last = graph.constant([0], np.int64), graph.constant([-1], np.int64)
    one, end = graph.constant([1], np.int64), graph.constant([np.iinfo(np.int64).max], np.int64)
    weights = graph.add("Unsqueeze", mask, last)
    question = graph.add("Slice", both, zero, asked, one)
    passage = graph.add("Slice", both, asked, end, one)
    mean_question = graph.add("ReduceMean", question, one, keepdims=0)
    summed = graph.add("ReduceSum", graph.add("Mul", passage, weights), one, keepdims=0)
    mean_passage = graph.add("Div", summed, graph.add("ReduceSum", mask, one, keepdims=1))
    means = graph.add("Mul", unit(graph, mean_question), unit(graph, mean_passage))
    compared = graph.add(
        "Mul", graph.add("ReduceSum", means, last, keepdims=0), graph.constant(adapter["of_means"])
    )
    by_words = graph.add(
        "Mul", _words(graph, adapter, question, passage, mask), graph.constant(adapter["of_words"])
    )
    alone = graph.add("MatMul", mean_passage, graph.constant(adapter["of_passage"]))
    return graph.add("Add", graph.add("Add", compared, by_words), alone)


def _words(graph: Graph, adapter: Mapping[str, Array], question: str, passage: str, mask: str) -> str:
    """(batch,): mean over the question's tokens, each by its importance, of the cosine of the nearest one."""
    centre, last = graph.constant(adapter["centre"]), graph.constant([-1], np.int64)
    directions = [unit(graph, graph.add("Sub", part, centre)) for part in (question, passage)]
    cosines = graph.add("MatMul", directions[0], graph.add("Transpose", directions[1], perm=[0, 2, 1]))
    padding = graph.add("Mul", graph.add("Sub", mask, graph.constant(1.0)), graph.constant(-MASKED))
    cosines = graph.add("Add", cosines, graph.add("Unsqueeze", padding, graph.constant([1], np.int64)))
    nearest = graph.add("ReduceMax", cosines, last, keepdims=0)
    importance = graph.add(
        "Softmax", graph.add("MatMul", question, graph.constant(adapter["importance"])), axis=-1
    )
    return graph.add("ReduceSum", graph.add("Mul", importance, nearest), last, keepdims=0)
