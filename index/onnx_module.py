"""Our ONNX encoder as a module of sentence-transformers: tokenises and gives `sentence_embedding`.

`SentenceTransformer(folder, trust_remote_code=True)` opens a folder we made where this package is installed.
That library wants the flag for every module class outside itself; no code is read from the folder.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.base.modules import InputModule

from index.onnx_files import GRAPH_FILE, TOKENIZER_FILE, WEIGHTS_FILE
from index.onnx_session import CONFIG_FILE, OnnxSession


class OnnxEncoder(InputModule):
    """A whole encoder with pooling and normalising; runs on the processor whatever the device."""

    config_file_name = CONFIG_FILE

    def __init__(self, session: OnnxSession, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.session = session
        self.folder = folder

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_args: Any, **_kwargs: Any) -> Self:
        """Opens the folder with as many threads as torch uses."""
        folder = Path(model_name_or_path) / subfolder
        return cls(OnnxSession.open(folder, torch.get_num_threads()), folder)

    @property
    def max_seq_length(self) -> int:
        """Longest input in tokens; longer ones are cut."""
        return self.session.max_tokens

    def get_embedding_dimension(self) -> int:
        """Number of values of a vector."""
        return self.session.dimensions

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_kwargs: Any) -> dict[str, Any]:
        """Token ids and attention mask, both (texts, longest) int64."""
        ids, mask = self.session.tokenise([(prompt or "") + text for text in inputs])
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`, (texts, dimensions) float32 of length 1."""
        ids, mask = (features[name].cpu().numpy() for name in ("input_ids", "attention_mask"))
        features["sentence_embedding"] = torch.from_numpy(self.session.run(ids, mask))
        return features

    def save(self, output_path: str, *_args: Any, **_kwargs: Any) -> None:
        """Copies the files the module is made of."""
        for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE, CONFIG_FILE):
            shutil.copyfile(self.folder / name, Path(output_path) / name)
