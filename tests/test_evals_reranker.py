"""The training of the reranker: its examples, the sums in torch, what an adapter becomes."""

import random
from pathlib import Path

import numpy as np
import pytest
from index_made import open_library
from models_made import HIDDEN, packed_encoder, tokenizer_json
from reranker_made import ALONE, RANK, random_adapter, tiny_reranker

from evals.reranker_examples import Example, examples
from evals.retrieval import Query
from index.onnx_files import Tokenizer
from index.quantised import read_encoder
from index.reranker_graph import build_reranker_graph
from index.sentencepiece_model import sentencepiece_model

TOPICS = ("予算", "窓口", "職員", "防災", "図書館", "公園", "水道", "学校", "道路", "農業", "観光", "福祉")


def test_an_example_is_a_right_passage_and_wrong_ones(tmp_path: Path):
    (tmp_path / "plans").mkdir()
    for number, topic in enumerate(TOPICS):
        text = f"{topic}の計画\n{topic}の計画は令和{number + 1}年度に始まり、市長が定めます。"
        (tmp_path / "plans" / f"{number}.txt").write_text(text, "utf-8")
    library = open_library(tmp_path / "library")
    list(library.add([tmp_path / "plans"], "public"))
    queries = [
        Query("防災の計画はいつ始まりますか", ("3.txt",), holds=("令和4年度",)),
        Query("防災の計画はいつ始まりますか", ("3.txt",), holds=("決してない言葉",)),
    ]
    with library.reading() as searcher:
        (found,) = examples(searcher, queries, random.Random(0))  # noqa: S311
    library.close()
    assert "令和4年度" in found.texts[0]
    assert not any("令和4年度" in text for text in found.texts[1:])
    assert len(set(found.texts)) == len(found.texts) == len(found.scores) == 8


def test_its_lead_tells_a_hard_example():
    assert Example("問", ("正", "誤", "誤"), (0.4, 0.9, 0.1)).lead == pytest.approx(-0.5)


@pytest.mark.model
def test_torch_and_the_graph_agree(tmp_path: Path):
    import onnxruntime
    import torch

    from evals.reranker_model import Layer, UpperLayers
    from evals.reranker_states import LowerLayers
    from evals.reranker_train import _batch

    sizes, tensors = read_encoder(packed_encoder())
    model, adapter = tiny_reranker(tmp_path), random_adapter()
    upper = UpperLayers(sizes, tensors, ALONE, rank=RANK)
    with torch.no_grad():
        for number, layer in enumerate(upper.layers, ALONE):
            assert isinstance(layer, Layer)
            for name, dense in layer.named_dense():
                for half in ("down", "up"):
                    value = adapter[f"encoder.layer.{number}.{name}.{half}"]
                    getattr(dense, half).copy_(torch.from_numpy(value))
        for name, parameter in upper.named_parameters(recurse=False):
            parameter.copy_(torch.from_numpy(np.asarray(adapter[name])))
    learnt = upper.adapter()
    assert learnt.keys() == adapter.keys()
    (tmp_path / "lower").mkdir()
    tokenizer = sentencepiece_model(tokenizer_json())
    lower = LowerLayers.made(tmp_path / "lower", model, sizes, tensors, tokenizer, threads=1)
    question, passages = "計画予算", ["計画", "予算年度アイウエオ", "年"]
    asked, read = lower.states([question], "question"), lower.states(passages, "passage")
    with torch.no_grad():
        expected = upper(*_batch([(asked[question], read[text]) for text in passages])).numpy()
    graph = build_reranker_graph(sizes, tensors, {n: v.astype(np.float32) for n, v in learnt.items()}, ALONE)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    pieces = Tokenizer.open(tmp_path / "lower")
    ids, mask = pieces.numbers([f"b: {text}" for text in passages], 20)
    numbers, _ = pieces.numbers([f"a: {question}"], 20)
    (scores,) = session.run(None, {"question": numbers, "passages": ids, "mask": mask})
    assert np.abs(scores - expected).max() < 0.05 * np.abs(expected).max()


@pytest.mark.model
def test_training_learns_what_its_examples_tell(capsys: pytest.CaptureFixture[str]):
    import torch

    from evals.reranker_model import UpperLayers
    from evals.reranker_train import train

    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    drawn = lambda: rng.normal(0, 1, (4, HIDDEN)).astype(np.float16)  # noqa: E731
    some = [Example(f"q{n}", tuple(f"p{n}.{m}" for m in range(7)), (0.5,) * 7) for n in range(8)]
    read = {
        "question": {one.question: drawn() for one in some},
        "passage": {text: drawn() for one in some for text in one.texts},
    }
    sizes, tensors = read_encoder(packed_encoder())
    train(UpperLayers(sizes, tensors, ALONE), some, some, read, steps=60)
    lines = capsys.readouterr().out.splitlines()
    before, after = (float(line.split()[1]) for line in (lines[0], lines[-1]))
    assert before < 0.6
    assert after == 1.0
