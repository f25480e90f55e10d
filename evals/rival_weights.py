"""The weights that our embedding model is made of, as a plain sentence-transformers folder in float32 for torch.

It is laid out as the model's publisher does it, so that others load it as they would load the published one; in
particular it names no prompts.
"""

import json
import shutil
import tempfile
from pathlib import Path

from index.download import obtain
from index.known import PACKED_ENCODER, TOKENIZER, known_model
from index.progress import Progress, silent
from index.quantised import EncoderSizes, read_encoder

MODEL = "multilingual-e5-small"
POOLING, NORMALISING = "1_Pooling", "2_Normalize"
SPECIAL = {
    "bos": "<s>",
    "cls": "<s>",
    "eos": "</s>",
    "sep": "</s>",
    "unk": "<unk>",
    "pad": "<pad>",
    "mask": "<mask>",
}


def torch_folder(target: Path, progress: Progress = silent) -> Path:
    """Makes the folder unless it is there: downloads the packed weights, verifies and dequantises them.

    Raises:
        ModelError: no download, or data that is not the model.
    """
    if target.is_dir():
        return target
    from safetensors.numpy import save_file

    model = known_model(MODEL)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        assets, made = Path(scratch) / "assets", Path(scratch) / "made"
        obtain(model.assets, assets, progress, model.download_bytes)
        sizes, tensors = read_encoder((assets / PACKED_ENCODER).read_bytes())
        write_configuration(sizes, made)
        save_file(tensors, made / "model.safetensors", {"format": "pt"})
        shutil.move(assets / TOKENIZER, made / "tokenizer.json")
        made.rename(target)
    return target


def write_configuration(sizes: EncoderSizes, folder: Path) -> None:
    """The files by which sentence-transformers and transformers know what the weights are."""
    module = "sentence_transformers.models"
    names = {"Transformer": "", "Pooling": POOLING, "Normalize": NORMALISING}
    files: dict[str, object] = {
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"{module}.{name}"}
            for number, (name, path) in enumerate(names.items())
        ],
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config.json": encoder_configuration(sizes),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            **{f"{name}_token": token for name, token in SPECIAL.items()},
        },
        f"{POOLING}/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
    }
    (folder / NORMALISING).mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def encoder_configuration(sizes: EncoderSizes) -> dict[str, object]:
    """config.json of a BERT encoder of these sizes."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": sizes.epsilon,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": 0,
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.vocabulary,
    }
