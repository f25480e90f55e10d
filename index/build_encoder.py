"""Builds the folder of an embedding model from its downloaded data."""

import json
from pathlib import Path

import numpy as np

from index.known import PACKED_ENCODER, TOKENIZER, KnownEncoder, ModelError
from index.model_folder import PROMPTS_FILE, write_notice
from index.onnx_files import GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from index.onnx_session import CONFIG_FILE, OnnxSession
from index.progress import Progress
from index.quantised import LayoutError, read_encoder
from index.sentencepiece_model import TokenizerError, sentencepiece_model

MODULE = "index.onnx_module.OnnxEncoder"
STEPS = 4


def build_encoder(model: KnownEncoder, assets: Path, target: Path, progress: Progress) -> None:
    """Makes `target`: a sentence-transformers folder whose only module is our int8 ONNX encoder.

    Args:
        assets: holds the model's assets, verified.
        target: does not exist yet.

    Raises:
        ModelError: the data is not that of an encoder, or the result gives other vectors than it should.
    """
    import onnx

    from index.onnx_graph import build_graph

    target.mkdir()
    progress("dequantise", 0, STEPS)
    try:
        sizes, tensors = read_encoder((assets / PACKED_ENCODER).read_bytes())
        tokenizer = sentencepiece_model((assets / TOKENIZER).read_bytes())
    except (LayoutError, TokenizerError) as error:
        raise ModelError(f"{model.name}: {error}") from error
    if (sizes.hidden, sizes.positions) != (model.dimensions, model.max_tokens):
        raise ModelError(
            f"{model.name}: {sizes} is not {model.dimensions} dimensions, {model.max_tokens} tokens"
        )
    progress("export", 1, STEPS)
    # Weights in a file of their own are mapped into memory: what no text needs is never read.
    onnx.save_model(
        build_graph(sizes, tensors), target / GRAPH_FILE, save_as_external_data=True, location=WEIGHTS_FILE
    )
    (target / WEIGHTS_FILE).chmod((target / GRAPH_FILE).stat().st_mode)  # onnx makes it private
    (target / TOKENIZER_FILE).write_bytes(tokenizer)
    progress("configure", 2, STEPS)
    _write_configuration(model, target)
    progress("check", 3, STEPS)
    _check(model, target)
    progress("check", STEPS, STEPS)


def _write_configuration(model: KnownEncoder, target: Path) -> None:
    """The files by which sentence-transformers opens the folder, and those by which we do."""
    settings = {"max_tokens": model.max_tokens, "dimensions": model.dimensions}
    prompts = {"query": model.query_prompt, "passage": model.passage_prompt, "document": model.passage_prompt}
    files = {
        "modules.json": [{"idx": 0, "name": "0", "path": "", "type": MODULE}],
        PROMPTS_FILE: {"prompts": prompts, "default_prompt_name": None, "similarity_fn_name": "cosine"},
        CONFIG_FILE: settings,
    }
    for name, content in files.items():
        (target / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    write_notice(model, target, "Changed: converted to an int8 ONNX graph.")


def _check(model: KnownEncoder, target: Path) -> None:
    """Embeds the probe: a processor or runtime that computes int8 wrongly is found here, not in answers."""
    probe = model.probe
    texts = [model.query_prompt + probe.query, model.passage_prompt + probe.passage]
    vectors = OnnxSession.open(target, threads=1).encode(texts)
    cosine = float(vectors[0] @ vectors[1])
    if not (np.isfinite(cosine) and abs(cosine - probe.cosine) <= probe.tolerance):
        raise ModelError(
            f"{model.name}: この計算機では正しく動きません / wrong vectors on this machine: "
            f"cosine {cosine:.4f}, expected {probe.cosine:.4f} ± {probe.tolerance}"
        )
