"""Builds the folder of the reranker: the encoder's data with what was learnt upon it."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from index.known import PACKED_ENCODER, TOKENIZER, KnownReranker, ModelError
from index.model_folder import write_notice
from index.onnx_files import GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from index.onnx_reranker import CONFIG_FILE, OnnxReranker
from index.progress import Progress
from index.quantised import Array, LayoutError, read_encoder
from index.sentencepiece_model import TokenizerError, sentencepiece_model

STEPS = 4


def build_reranker(model: KnownReranker, assets: Path, target: Path, progress: Progress) -> None:
    """Makes `target`: an int8 ONNX graph, its tokenizer and its configuration.

    Args:
        assets: holds the model's assets, verified.
        target: does not exist yet.

    Raises:
        ModelError: the data is not that of an encoder, the adapter is not the one that ships, or the result
            does not tell an answer from what is none.
    """
    import onnx

    from index.reranker_graph import build_reranker_graph

    target.mkdir()
    progress("dequantise", 0, STEPS)
    try:
        sizes, tensors = read_encoder((assets / PACKED_ENCODER).read_bytes())
        tokenizer = sentencepiece_model((assets / TOKENIZER).read_bytes())
    except (LayoutError, TokenizerError) as error:
        raise ModelError(f"{model.name}: {error}") from error
    progress("export", 1, STEPS)
    graph = build_reranker_graph(sizes, tensors, _adapter(model), model.alone)
    onnx.save_model(graph, target / GRAPH_FILE, save_as_external_data=True, location=WEIGHTS_FILE)
    (target / WEIGHTS_FILE).chmod((target / GRAPH_FILE).stat().st_mode)  # onnx makes it private
    (target / TOKENIZER_FILE).write_bytes(tokenizer)
    progress("configure", 2, STEPS)
    settings = {
        "question_tokens": model.question_tokens,
        "passage_tokens": model.passage_tokens,
        "question_prompt": model.question_prompt,
        "passage_prompt": model.passage_prompt,
    }
    (target / CONFIG_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    write_notice(model, target, "Changed: layers tuned to rerank, converted to an int8 ONNX graph.")
    progress("check", 3, STEPS)
    _check(model, target)
    progress("check", STEPS, STEPS)


def _adapter(model: KnownReranker) -> dict[str, Array]:
    """What was learnt, in float32."""
    data = (Path(__file__).parent / model.adapter).read_bytes()
    if hashlib.sha256(data).hexdigest() != model.adapter_sha256:
        raise ModelError(f"{model.name}: {model.adapter} が壊れています / is not the file that ships")
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {name: found[name].astype(np.float32) for name in found.files}


def _check(model: KnownReranker, target: Path) -> None:
    """Judges the probe: a processor or runtime that computes wrongly is found here."""
    probe = model.probe
    right, wrong = OnnxReranker.open(target, threads=1).scores(probe.question, [probe.passage, probe.other])
    if not right - wrong >= probe.margin:
        raise ModelError(
            f"{model.name}: この計算機では正しく動きません / wrong scores on this machine: "
            f"{right:.2f} and {wrong:.2f}, expected {probe.margin} between them"
        )
