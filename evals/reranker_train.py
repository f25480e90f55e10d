"""Trains the reranker that ships: `make reranker` (about two hours on two cores). See docs/reranker.md.

Listwise: of each question, the right passage against wrong ones that search took for it, by their score and the
score of search together, softmax cross-entropy (Cao et al. 2007, "Learning to Rank: From Pairwise to Listwise").
"""

import argparse
import random
import tempfile
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from corpus.settings import load_settings
from evals.reranker_examples import Example, hard_examples
from evals.reranker_model import UpperLayers
from evals.reranker_states import LowerLayers, Part, States
from index.download import obtain
from index.known import PACKED_ENCODER, RERANKER, TOKENIZER
from index.progress import silent
from index.quantised import read_encoder
from index.sentencepiece_model import sentencepiece_model

QUESTIONS_AT_ONCE, PASSAGES = 8, 6  # of a step: questions, and passages of each, the first one right
RATES = {"updates": 8e-4, "vectors": 1e-3, "weights": 2e-2}
WEIGHT_DECAY = 0.01
WARM_UP, LAST_RATE, GRADIENT = 40, 0.02, 1.0  # steps; share of the rate at the end; longest gradient
STEPS = 1_680
HELD = 18  # of so many examples one is held back
SAID_EVERY = 100  # steps
PAIRS_AT_ONCE = 12

Read = Mapping[Part, Mapping[str, States]]


def train(
    model: UpperLayers, learnt: Sequence[Example], held: Sequence[Example], read: Read, steps: int
) -> None:
    """Changes the model in so many steps; says what comes of it."""
    optimizer = _optimizer(model)
    rates = [group["lr"] for group in optimizer.param_groups]
    chance = random.Random(0)  # noqa: S311 (no secret)
    print(f"0: {_share(model, held, read):.3f} of the held questions", flush=True)
    for step in range(steps):
        share = min(1, (step + 1) / WARM_UP) * max(LAST_RATE, 1 - step / steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share
        at = step * QUESTIONS_AT_ONCE
        some = [_fewer(learnt[(at + number) % len(learnt)], chance) for number in range(QUESTIONS_AT_ONCE)]
        scores = _scores(model, some, read).view(len(some), PASSAGES)
        loss = functional.cross_entropy(scores, torch.zeros(len(some), dtype=torch.long))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), GRADIENT)
        optimizer.step()
        if (step + 1) % SAID_EVERY == 0:
            print(f"step {step + 1} of {steps}: loss {loss.item():.3f}", flush=True)
    print(f"{steps}: {_share(model, held, read):.3f} of the held questions", flush=True)


def _optimizer(model: UpperLayers) -> torch.optim.Optimizer:
    own = list(model.parameters(recurse=False))
    return torch.optim.AdamW(
        [
            {"params": model.layers.parameters(), "lr": RATES["updates"], "weight_decay": WEIGHT_DECAY},
            {"params": [one for one in own if one.ndim], "lr": RATES["vectors"], "weight_decay": 0.0},
            {"params": [one for one in own if not one.ndim], "lr": RATES["weights"], "weight_decay": 0.0},
        ]
    )


def _fewer(example: Example, chance: random.Random) -> Example:
    """The right passage and some of the wrong ones."""
    kept = [0, *chance.sample(range(1, len(example.texts)), PASSAGES - 1)]
    return Example(
        example.question,
        tuple(example.texts[number] for number in kept),
        tuple(example.scores[number] for number in kept),
    )


def _scores(model: UpperLayers, some: Sequence[Example], read: Read) -> Tensor:
    """Of every passage of the examples, one after the other, with the score of search."""
    pairs = [(read["question"][one.question], read["passage"][text]) for one in some for text in one.texts]
    order = sorted(range(len(pairs)), key=lambda number: len(pairs[number][1]))
    batches = [order[at : at + PAIRS_AT_ONCE] for at in range(0, len(order), PAIRS_AT_ONCE)]
    found = torch.cat([model(*_batch([pairs[number] for number in batch])) for batch in batches])
    first = torch.tensor([score for one in some for score in one.scores])
    return found[torch.tensor(order).argsort()] + model.of_first * first


def _batch(pairs: Sequence[tuple[States, States]]) -> tuple[Tensor, Tensor, Tensor]:
    both = [torch.from_numpy(np.concatenate(pair)).float() for pair in pairs]
    return (
        torch.nn.utils.rnn.pad_sequence(both, batch_first=True),
        torch.tensor([len(question) for question, _ in pairs]),
        torch.tensor([len(one) for one in both]),
    )


@torch.no_grad()  # type: ignore[untyped-decorator]
def _share(model: UpperLayers, held: Sequence[Example], read: Read) -> float:
    """Of the examples, those whose right passage has the highest score."""
    right = [int(_scores(model, [one], read).argmax()) == 0 for one in held]
    return sum(right) / max(1, len(right))


def main() -> None:
    """Finds examples, reads them with the lower layers, trains the upper ones and writes what they learnt."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--squad", type=Path, required=True, help="what is learnt from, in the format of SQuAD"
    )
    parser.add_argument("--libraries", type=Path, help="folder that keeps the libraries of the paragraphs")
    parser.add_argument("--steps", type=int, default=STEPS, help="of training")
    parser.add_argument("--out", type=Path, required=True, help="the adapter, .npz")
    given = parser.parse_args()
    threads = load_settings().threads
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    found = hard_examples(given.squad, given.libraries)
    held = found[::HELD]
    learnt = [example for number, example in enumerate(found) if number % HELD]
    print(f"{len(learnt)} examples, {len(held)} held back", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        obtain(RERANKER.assets, folder, silent, RERANKER.download_bytes)
        sizes, tensors = read_encoder((folder / PACKED_ENCODER).read_bytes())
        tokenizer = sentencepiece_model((folder / TOKENIZER).read_bytes())
        graph = folder / "lower"
        graph.mkdir()
        lower = LowerLayers.made(graph, RERANKER, sizes, tensors, tokenizer, threads)
        read: Read = {
            "question": lower.states((one.question for one in found), "question"),
            "passage": lower.states(chain.from_iterable(one.texts for one in found), "passage"),
        }
    model = UpperLayers(sizes, tensors, RERANKER.alone)
    train(model, learnt, held, read, given.steps)
    np.savez(given.out, allow_pickle=False, **model.adapter())


if __name__ == "__main__":
    main()
