"""The reranker's upper layers in torch, to be trained: the same sums as index/reranker_graph.py writes.

The encoder's own weights stay; each dense layer learns an update of low rank (Hu et al. 2021, "LoRA").
"""

import math
from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.quantised import Array, EncoderSizes

RANK = 16
MASKED = -1e4
DENSE = (
    *(f"attention.self.{name}" for name in ("query", "key", "value")),
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class Dense(nn.Module):  # type: ignore[misc]
    """x @ weight.T + bias, with an update of low rank that begins as none."""

    def __init__(self, weight: Array, bias: Array, rank: int) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.register_buffer("weight", torch.tensor(weight))
        self.register_buffer("bias", torch.tensor(bias))
        self.down = nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
        self.up = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        plain = functional.linear(x, cast(Tensor, self.weight), cast(Tensor, self.bias))
        return plain + functional.linear(functional.linear(x, self.down), self.up)


class Layer(nn.Module):  # type: ignore[misc]
    """A layer of a BERT encoder."""

    def __init__(self, sizes: EncoderSizes, tensors: Mapping[str, Array], number: int, rank: int) -> None:
        super().__init__()
        own = {
            name: (
                tensors[f"encoder.layer.{number}.{name}.weight"],
                tensors[f"encoder.layer.{number}.{name}.bias"],
            )
            for name in (*DENSE, *NORMS)
        }
        self.heads, self.epsilon = sizes.heads, sizes.epsilon
        self.dense = nn.ModuleList(Dense(*own[name], rank) for name in DENSE)
        for name in NORMS:
            for kind, values in zip(("scale", "bias"), own[name], strict=True):
                self.register_buffer(f"{name.split('.')[0]}_{kind}", torch.tensor(values))

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, length, hidden) and (batch, 1, 1, length) -> (batch, length, hidden)."""
        query, key, value, mixed, wide, narrow = self.dense
        context = functional.scaled_dot_product_attention(
            self._heads(query(x)), self._heads(key(x)), self._heads(value(x)), attn_mask=bias
        )
        x = self._norm("attention", x + mixed(context.transpose(1, 2).reshape(x.shape)))
        return self._norm("output", x + narrow(functional.gelu(wide(x))))

    def named_dense(self) -> Iterator[tuple[str, nn.Module]]:
        """Its dense layers by their names in a BERT encoder."""
        return zip(DENSE, self.dense, strict=True)

    def _heads(self, x: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        return x.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

    def _norm(self, name: str, x: Tensor) -> Tensor:
        scale, bias = (self.get_buffer(f"{name}_{kind}") for kind in ("scale", "bias"))
        return functional.layer_norm(x, (x.shape[-1],), scale, bias, self.epsilon)


class UpperLayers(nn.Module):  # type: ignore[misc]
    """Reads question and passage together, from what the lower layers made of each, and gives a score."""

    def __init__(
        self, sizes: EncoderSizes, tensors: Mapping[str, Array], alone: int, rank: int = RANK
    ) -> None:
        super().__init__()
        self.alone = alone
        self.layers = nn.ModuleList(
            Layer(sizes, tensors, number, rank) for number in range(alone, sizes.layers)
        )
        self.of_means, self.of_words, self.of_first = (
            nn.Parameter(torch.tensor(value)) for value in (20.0, 10.0, 6.0)
        )
        self.centre, self.importance, self.of_passage, self.question_part, self.passage_part = (
            nn.Parameter(torch.zeros(sizes.hidden)) for _ in range(5)
        )

    def forward(self, states: Tensor, asked: Tensor, lengths: Tensor) -> Tensor:
        """(batch,): how well each passage answers.

        Args:
            states: (batch, length, hidden), the question's tokens, then those of the passage, then padding.
            asked: (batch,), number of the question's tokens.
            lengths: (batch,), number of tokens of both.
        """
        at = torch.arange(states.shape[1])[None]
        of_question = at < asked[:, None]
        of_passage = ~of_question & (at < lengths[:, None])
        bias = ((of_question | of_passage).float() - 1)[:, None, None] * -MASKED
        both = (
            states + of_question[..., None] * self.question_part + of_passage[..., None] * self.passage_part
        )
        for layer in self.layers:
            both = layer(both, bias)
        question, passage = _mean(both, of_question), _mean(both, of_passage)
        compared = functional.cosine_similarity(question, passage)
        return (
            self.of_means * compared
            + self.of_words * self._words(both, of_question, of_passage)
            + passage @ self.of_passage
        )

    def _words(self, both: Tensor, of_question: Tensor, of_passage: Tensor) -> Tensor:
        longest = int(of_question.sum(1).max())
        directions = functional.normalize(both - self.centre, dim=-1)
        cosines = directions[:, :longest] @ directions.transpose(1, 2)
        nearest = cosines.masked_fill(~of_passage[:, None], -2).amax(-1)
        importance = (both[:, :longest] @ self.importance).masked_fill(~of_question[:, :longest], MASKED)
        return (importance.softmax(-1) * nearest).sum(-1)

    def adapter(self) -> dict[str, npt.NDArray[np.floating]]:
        """All that was learnt, named as `build_reranker_graph` reads it; updates in float16."""
        found = {
            f"encoder.layer.{number}.{name}.{half}": getattr(dense, half).detach().numpy().astype(np.float16)
            for number, layer in enumerate(self.layers, self.alone)
            for name, dense in cast(Layer, layer).named_dense()
            for half in ("down", "up")
        }
        return found | {
            name: parameter.detach().numpy() for name, parameter in self.named_parameters(recurse=False)
        }


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
