"""A second look at the first hits, where a setting names a model for it."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from corpus.settings import Settings
from index.known import ModelError

RERANKED = 20  # hits that are looked at again


class Reranker(Protocol):
    """Judges how well each passage answers a question."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One figure a passage, higher is better."""
        ...


class CrossEncoderReranker:
    """Any CrossEncoder of sentence-transformers: a folder or a hub name; loads on first use."""

    def __init__(self, name: str, model_dir: Path, threads: int) -> None:
        self._name, self._model_dir, self._threads = name, model_dir, threads

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Relevance of each passage, as the model gives it.

        Raises:
            ModelError: there is no such model, or it is no CrossEncoder with one output.
        """
        pairs = [(question, passage) for passage in passages]
        found: list[float] = self._model.predict(pairs, show_progress_bar=False).tolist()
        return found

    @cached_property
    def _model(self) -> Any:
        import torch
        from sentence_transformers import CrossEncoder

        torch.set_num_threads(self._threads)
        try:
            model = CrossEncoder(self._name, cache_folder=str(self._model_dir / "hub"), device="cpu")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"KEIKAKU_RERANKER={self._name}: モデルを開けません。"
                "CrossEncoder のフォルダーかハブの名前にしてください"
                f" / cannot open the model, expected a folder or hub name of a CrossEncoder: {error}"
            ) from error
        if model.num_labels != 1:
            raise ModelError(
                f"KEIKAKU_RERANKER={self._name}: 出力が{model.num_labels}個のモデルは使えません"
                f" / expected a model with one output, got {model.num_labels}"
            )
        return model


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, if any."""
    if settings.reranker is None:
        return None
    return CrossEncoderReranker(settings.reranker, settings.model_dir, settings.threads)
