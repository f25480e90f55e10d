"""A second look at the first hits, where a setting names a model for it."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from corpus.settings import Settings
from index.known import KNOWN, KnownReranker, ModelError
from index.models import at_hand
from index.onnx_reranker import OnnxReranker

RERANKED = 10  # hits that are looked at again


class Reranker(Protocol):
    """Judges how well each passage answers a question.

    `first` is the weight of the search's own score in [0, 1] beside its figures; 0 where what a difference of
    its figures means is not known: then they alone decide the order of hits, and no sentence is judged by them.
    """

    first: float

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One figure a passage, higher is better."""
        ...


class CrossEncoderReranker:
    """Any CrossEncoder of sentence-transformers: a folder or a hub name; loads on first use."""

    first = 0.0

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


class KnownModelReranker:
    """A reranker that we know by name; loads on first use, and is fetched if it is not here."""

    def __init__(self, model: KnownReranker, model_dir: Path, threads: int) -> None:
        self.first = model.first
        self._model, self._model_dir, self._threads = model, model_dir, threads

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """How well each passage answers, as the model gives it.

        Raises:
            ModelError: the model cannot be fetched, or its folder is not as it was made.
        """
        return self._opened.scores(question, passages)

    @cached_property
    def _opened(self) -> OnnxReranker:
        return OnnxReranker.open(at_hand(self._model.name, self._model_dir), self._threads)


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, if any."""
    if settings.reranker is None:
        return None
    known = KNOWN.get(settings.reranker)
    if isinstance(known, KnownReranker):
        return KnownModelReranker(known, settings.model_dir, settings.threads)
    return CrossEncoderReranker(settings.reranker, settings.model_dir, settings.threads)
