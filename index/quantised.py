"""Reads a BERT encoder packed in 4-bit blocks (`E5S1` layout, Q4_0 weights) into float32 arrays.

The layout, little endian and in this order: magic, version, seven sizes, epsilon, block length; a tokenizer
(skipped here: the exact one comes as its own file); a directory of tensors with name, type, count, offset and
bytes. Every number is checked against what the sizes imply: a file that differs in anything is refused.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

MAGIC = b"E5S1"
VERSION = 1
BLOCK_WEIGHTS = 32
BLOCK_BYTES = 18  # one float16 scale, then 16 bytes of two nibbles
NIBBLE_ZERO = 8
FLOAT32, Q4_0 = 0, 1
ALIGNMENT = 64

EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class LayoutError(ValueError):
    """The file is not the packed encoder it should be."""


@dataclass(frozen=True)
class EncoderSizes:
    """What a BERT configuration needs; `epsilon` is that of its layer norms."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class _Reader:
    """A cursor that refuses to read past the end."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def skip(self, count: int) -> memoryview:
        end = self.position + count
        if count < 0 or end > len(self.data):
            raise LayoutError(f"{count} bytes expected at {self.position}, the file ends at {len(self.data)}")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.skip(struct.calcsize(layout)))


def dequantise(blocks: bytes | memoryview, shape: tuple[int, ...]) -> Array:
    """Q4_0 blocks as float32 of `shape`: scale x (nibble - 8); low nibbles are weights 0-15, high ones 16-31.

    Raises:
        LayoutError: the bytes are not those of so many weights, or a scale is not finite.
    """
    weights = int(np.prod(shape))
    if weights % BLOCK_WEIGHTS or len(blocks) != weights // BLOCK_WEIGHTS * BLOCK_BYTES:
        raise LayoutError(f"{len(blocks)} bytes cannot hold {weights} weights in blocks of {BLOCK_WEIGHTS}")
    table = np.frombuffer(blocks, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    scales = table["scale"].astype(np.float32)
    if not np.isfinite(scales).all():
        raise LayoutError("a block has a scale that is not a finite number")
    half = BLOCK_WEIGHTS // 2
    out = np.empty((len(table), BLOCK_WEIGHTS), dtype=np.float32)
    out[:, :half] = table["nibbles"] & 0x0F
    out[:, half:] = table["nibbles"] >> 4
    out -= NIBBLE_ZERO
    out *= scales[:, None]
    return out.reshape(shape)


def read_encoder(data: bytes | memoryview) -> tuple[EncoderSizes, dict[str, Array]]:
    """Sizes and tensors, named as in a BERT encoder without pooler (`embeddings.…`, `encoder.layer.0.…`).

    Raises:
        LayoutError: says what was expected and what came.
    """
    reader = _Reader(memoryview(data))
    sizes = _read_header(reader)
    _skip_tokenizer(reader)
    directory = _read_directory(reader)
    expected = dict(_expected(sizes))
    names = [name for name, *_ in directory]
    if len(set(names)) != len(names) or set(names) != set(expected):
        raise LayoutError(f"tensors {sorted(set(names) ^ set(expected))} are missing, twice or unknown")
    tensors: dict[str, Array] = {}
    end = reader.position
    for name, kind, count, offset, length in directory:
        if not end <= offset < end + ALIGNMENT:
            raise LayoutError(f"{name} starts at {offset}, expected within {ALIGNMENT} bytes of {end}")
        end = offset + length
        if end > len(reader.data):
            raise LayoutError(f"{name} ends at {end}, the file at {len(reader.data)}")
        target, shape = expected[name]
        tensors[target] = _tensor(name, kind, count, shape, reader.data[offset:end])
    if end != len(reader.data):
        raise LayoutError(f"{len(reader.data) - end} bytes are left over behind the last tensor")
    return sizes, tensors


def _read_header(reader: _Reader) -> EncoderSizes:
    if bytes(reader.skip(4)) != MAGIC:
        raise LayoutError(f"the file does not begin with {MAGIC!r}")
    (version,) = reader.unpack("<I")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.unpack("<7i")
    (epsilon,) = struct.unpack("<f", reader.skip(4))
    (block,) = reader.unpack("<i")
    sizes = EncoderSizes(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)
    if version != VERSION or block != BLOCK_WEIGHTS:
        raise LayoutError(f"version {version} with blocks of {block}; known: {VERSION} with {BLOCK_WEIGHTS}")
    whole = min(hidden, layers, heads, feed_forward, vocabulary, positions, types) > 0
    if not (
        whole
        and hidden % heads == 0
        and hidden % block == 0
        and feed_forward % block == 0
        and 0 < epsilon < 1
    ):
        raise LayoutError(f"sizes that no encoder has: {sizes}")
    return sizes


def _skip_tokenizer(reader: _Reader) -> None:
    pieces, _begin, _end, _pad, _unknown = reader.unpack("<5i")
    (letters,) = reader.unpack("<Q")
    reader.skip((pieces + 1) * 4 + pieces * 4 + letters)
    _rules, rule_bytes = reader.unpack("<iI")
    reader.skip(rule_bytes)


def _read_directory(reader: _Reader) -> list[tuple[str, int, int, int, int]]:
    """Name, type, count of weights, offset and bytes of each tensor, in file order."""
    (entries,) = reader.unpack("<i")
    directory = []
    for _ in range(entries):
        (letters,) = reader.unpack("<H")
        name = bytes(reader.skip(letters)).decode("ascii", errors="replace")
        kind, count, offset, length = reader.unpack("<BIQQ")
        directory.append((name, kind, count, offset, length))
    return directory


def _expected(sizes: EncoderSizes) -> Iterator[tuple[str, tuple[str, tuple[int, ...]]]]:
    """Packed name -> (BERT name, shape)."""
    hidden, feed_forward = sizes.hidden, sizes.feed_forward
    rows = {"emb.word": sizes.vocabulary, "emb.pos": sizes.positions, "emb.type": sizes.types}
    for name, target in EMBEDDING_NAMES.items():
        yield name, (target, (rows[name], hidden) if name in rows else (hidden,))
    for layer in range(sizes.layers):
        for name, target in LAYER_NAMES.items():
            outputs, inputs = {"fi": (feed_forward, hidden), "fo": (hidden, feed_forward)}.get(
                name, (hidden, hidden)
            )
            weight = (hidden,) if name.endswith("ln") else (outputs, inputs)
            yield f"l{layer}.{name}.w", (f"encoder.layer.{layer}.{target}.weight", weight)
            yield f"l{layer}.{name}.b", (f"encoder.layer.{layer}.{target}.bias", (outputs,))


def _tensor(name: str, kind: int, count: int, shape: tuple[int, ...], raw: memoryview) -> Array:
    quantised = len(shape) == 2 and name not in ("emb.pos", "emb.type")
    if count != np.prod(shape) or kind != (Q4_0 if quantised else FLOAT32):
        raise LayoutError(f"{name}: {count} weights of type {kind}, expected shape {shape}")
    if quantised:
        return dequantise(raw, shape)
    if len(raw) != count * 4:
        raise LayoutError(f"{name}: {len(raw)} bytes for {count} float32 weights")
    values = np.frombuffer(raw, dtype="<f4").reshape(shape)
    if not np.isfinite(values).all():
        raise LayoutError(f"{name} holds a value that is not a finite number")
    return values
