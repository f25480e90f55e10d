"""A language model on this machine: llama.cpp inside the process, at a loopback port, behind a key."""

import secrets
import threading
from pathlib import Path
from typing import Any, NamedTuple

from corpus.settings import PREFIX, Settings
from index.known import GGUF, ModelError, known_model
from index.model_folder import read_manifest, repair

NAME = "qwen2.5-1.5b"
CONTEXT_TOKENS = 2048
NO_ANSWER = "資料に記載がありません。"
LONGEST_SENTENCE = 120  # characters


class Endpoint(NamedTuple):
    """Where a chat model answers in OpenAI's protocol."""

    url: str
    model: str
    key: str


def endpoint(settings: Settings) -> Endpoint:
    """Where the language model of the settings answers; starts the local one on first need.

    Raises:
        ModelError: there is no local model, or it cannot be loaded.
    """
    if settings.llm:
        return local_endpoint(gguf_file(settings), settings.threads)
    return Endpoint(
        str(settings.llm_base_url), str(settings.llm_model), settings.llm_api_key.get_secret_value()
    )


def gguf_file(settings: Settings) -> Path:
    """The file of the local model: the one named, or the known one, whole as far as its size tells.

    Raises:
        ModelError: it is not there, or not as it was fetched; names the command that repairs it.
    """
    if settings.llm_gguf:
        if not settings.llm_gguf.is_file():
            raise ModelError(
                f"{PREFIX}LLM_GGUF={str(settings.llm_gguf)!r}: そのファイルはありません / no such file"
            )
        return settings.llm_gguf
    folder = settings.model_dir / NAME
    path = folder / GGUF
    if not path.is_file() or read_manifest(folder).identity != known_model(NAME).identity:
        raise ModelError(f"言語モデルがありません / no language model: {path}. {repair(NAME)}")
    if path.stat().st_size != known_model(NAME).assets[0].size:
        raise ModelError(f"{path} が壊れています / differs from what was fetched. {repair(NAME)}")
    return path


def model_name(path: Path) -> str:
    """What Answers call the model of a GGUF file: the file's name, or that of a known model's folder."""
    return path.parent.name if path.name == GGUF else path.stem


_lock = threading.Lock()
_running: dict[tuple[Path, int], tuple[Any, Endpoint]] = {}  # a server lives as long as it is kept here


def local_endpoint(path: Path, threads: int) -> Endpoint:
    """Serves a GGUF file, once in a process whoever asks; takes seconds the first time.

    Raises:
        ModelError: llama.cpp cannot load it.
    """
    with _lock:
        if (path, threads) not in _running:
            _running[path, threads] = _serve(path, threads)
        return _running[path, threads][1]


def _serve(path: Path, threads: int) -> tuple[Any, Endpoint]:
    import xllamacpp  # type: ignore[import-untyped]

    key = secrets.token_urlsafe(32)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    # Threads wait for each other after every step. Where one has to share its core, two write a hundred times slower
    # than one, so a core is left to all else; the prompt is read in few, large steps.
    params.cpuparams.n_threads, params.cpuparams_batch.n_threads = max(1, threads - 1), threads
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.offline = params.cache_prompt = True
    params.verbosity = 0
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(f"{path}: 言語モデルを読み込めません / cannot be loaded: {error}") from error
    return server, Endpoint(f"{server.listening_address}/v1", model_name(path), key)


def grammar(passages: int) -> str:
    """GBNF: one to three sentences, each ending with 。 and the number of a passage, or that there is no answer."""
    numbers = " | ".join(f'"{number}"' for number in range(1, passages + 1))
    return (
        f'root ::= "{NO_ANSWER}" | sentence sentence? sentence?\n'
        f'sentence ::= [^。\\[\\]\\n]{{2,{LONGEST_SENTENCE}}} "。[" ({numbers}) "]"\n'
    )


def is_cut(sentence: str) -> bool:
    """Whether the grammar ended a sentence at its longest, in the middle of what the model had to say."""
    return len(sentence.partition("。")[0]) >= LONGEST_SENTENCE
