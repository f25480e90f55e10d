"""Texts to vectors: one class for questions and passages, whatever model the settings name."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus.settings import Settings
from index.known import KNOWN, KnownEncoder, ModelError
from index.model_folder import MANIFEST, Prompts, identify, read_manifest, read_prompts, verify
from index.models import at_hand
from index.onnx_session import CONFIG_FILE, OnnxSession, Vectors
from index.progress import Progress, silent
from index.torch_encoder import TorchEncoder

BATCH = 16
CACHED_QUERIES = 1024
HUB_NAME = re.compile(r"[a-z0-9][\w.-]*/[\w.-]+", re.ASCII | re.IGNORECASE)
HUB_IGNORED = [
    "onnx/*",
    "openvino/*",
    "*.h5",
    "*.msgpack",
    "*.ot",
    "*.gguf",
]  # weights in forms we do not read


@runtime_checkable
class Embedder(Protocol):
    """What the indexes need of a model."""

    @property
    def identity(self) -> str:
        """Tells this model, its weights and prompts from any other; costs no model load."""
        ...

    @property
    def dimensions(self) -> int:
        """Number of values of a vector."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, of length 1."""
        ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of passages, of length 1."""
        ...

    def encode_documents(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """The same as (texts, dimensions) float32, in the order given."""
        ...


class Encoder(Protocol):
    """A loaded model: `workers` batches may be computed side by side, each of so many characters with padding."""

    dimensions: int
    workers: int
    batch_chars: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) float32 of length 1, of texts that carry their prompt already."""
        ...


class SentenceEmbedder(Embeddings):
    """A sentence-transformers folder as an embedder; loads on first use, safe to share between threads.

    A folder with our ONNX module is run without torch, which takes seconds to import; any other through
    sentence-transformers. The vectors are those that library gives, with the model's prompts.
    """

    def __init__(
        self, folder: Path, *, name: str | None = None, threads: int = 2, remembered: int = CACHED_QUERIES
    ) -> None:
        self.folder = folder
        self.name = name or folder.resolve().name
        self.threads = threads
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._query: Callable[[str], tuple[float, ...]] = lru_cache(remembered)(self._embed_query)

    @cached_property
    def identity(self) -> str:
        """Name and digest of weights and prompts, read from the folder's files."""
        return identify(self.folder, self.name)

    @cached_property
    def prompts(self) -> Prompts:
        """What is put in front of questions and passages."""
        return read_prompts(self.folder, self.name)

    @property
    def dimensions(self) -> int:
        """Number of values of a vector; loads a model that has no manifest."""
        if (self.folder / MANIFEST).is_file() and (known := read_manifest(self.folder).dimensions):
            return known
        return self.load().dimensions

    def load(self) -> Encoder:
        """Loads the model unless it is loaded.

        Raises:
            ModelError: the folder is not as it was made; names the command that repairs it.
        """
        with self._lock:
            if self._encoder is None:
                self._encoder = self._open()
            return self._encoder

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, of length 1; recent questions are remembered."""
        return list(self._query(text))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of passages, of length 1."""
        vectors: list[list[float]] = self.encode_documents(texts).tolist()
        return vectors

    def encode_documents(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """(texts, dimensions) float32 in the order given; progress counts texts.

        Texts of like length share a batch, so that little of it is padding; the longest go first, so that
        what does not fit into memory shows at once.
        """
        encoder = self.load()
        vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
        done = 0

        def encoded(batch: list[int]) -> Vectors:
            return encoder.encode([self.prompts.passage + _readable(texts[number]) for number in batch])

        with ThreadPoolExecutor(encoder.workers) as pool:
            batches = list(_batches(texts, encoder.batch_chars))
            try:
                for batch, found in zip(batches, pool.map(encoded, batches), strict=True):
                    vectors[batch] = found
                    done += len(batch)
                    progress("ベクトル化 / embedding", done, len(texts))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return vectors

    def _embed_query(self, text: str) -> tuple[float, ...]:
        vector = self.load().encode([self.prompts.query + _readable(text)])[0]
        return tuple(vector.tolist())

    def _open(self) -> Encoder:
        if (self.folder / MANIFEST).is_file():
            verify(self.folder)
        if (self.folder / CONFIG_FILE).is_file():
            return OnnxSession.open(self.folder, self.threads)
        return TorchEncoder.open(self.folder, self.threads)


def open_embedder(settings: Settings, progress: Progress = silent) -> SentenceEmbedder:
    """The embedder that the settings name: a known model (fetched if absent), a folder, or a hub name.

    Raises:
        ModelError: there is no such model, or it cannot be fetched.
    """
    wanted = settings.embedder
    if isinstance(KNOWN.get(wanted), KnownEncoder):
        folder = at_hand(wanted, settings.model_dir, progress)
        return SentenceEmbedder(folder, name=wanted, threads=settings.threads)
    folder = Path(wanted).expanduser()
    if folder.is_dir():
        return SentenceEmbedder(folder, threads=settings.threads)
    if not HUB_NAME.fullmatch(wanted):
        raise ModelError(
            f"KEIKAKU_EMBEDDER={wanted!r}: そのフォルダーはありません / no such folder. "
            f"使えるもの / use a folder, a hub name (owner/name) or one of: {', '.join(_encoders())}"
        )
    return SentenceEmbedder(_hub_folder(wanted, settings.model_dir), name=wanted, threads=settings.threads)


def _encoders() -> list[str]:
    return [name for name, model in KNOWN.items() if isinstance(model, KnownEncoder)]


def _hub_folder(name: str, model_dir: Path) -> Path:
    """The copy under `model_dir`; the hub is asked only while there is none."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    cache = model_dir / "hub"
    try:
        return Path(snapshot_download(name, cache_dir=cache, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name, cache_dir=cache, ignore_patterns=HUB_IGNORED))
    except (OSError, HFValidationError) as error:
        raise ModelError(
            f"KEIKAKU_EMBEDDER={name!r}: モデルを取得できません / cannot fetch the model: {error}"
        ) from error


def _batches(texts: Sequence[str], chars: int) -> Iterator[list[int]]:
    """Numbers of the texts, the longest first, in batches of no more than BATCH texts and so many characters."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]), reverse=True)
    start = 0
    while start < len(order):
        longest = max(1, len(texts[order[start]]))
        end = start + max(1, min(BATCH, chars // longest))
        yield order[start:end]
        start = end


def _readable(text: str) -> str:
    """The text without what a tokenizer refuses or takes for an end: NUL, halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", errors="replace").decode("utf-8")
