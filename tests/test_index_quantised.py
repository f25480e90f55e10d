import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models_made import FEED_FORWARD, HIDDEN, LAYERS, VOCABULARY, pack_block, packed_encoder

from index.quantised import LayoutError, dequantise, read_encoder


def test_dequantise_a_block_worked_out_by_hand():
    # float16 0.5 is 0x3800; byte 0xF0: weight 0 is nibble 0, weight 16 is nibble 15; the others are 8.
    block = bytes([0x00, 0x38, 0xF0]) + bytes([0x88] * 15)
    expected = np.zeros(32, dtype=np.float32)
    expected[0], expected[16] = (0 - 8) * 0.5, (15 - 8) * 0.5
    assert np.array_equal(dequantise(block, (32,)), expected)


def test_dequantise_keeps_rows_and_scales_apart():
    raw = pack_block(1.0, list(range(-8, 8)) * 2) + pack_block(-0.25, [4] * 32)
    out = dequantise(raw, (2, 32))
    assert out[0].tolist() == list(range(-8, 8)) * 2
    assert out[1].tolist() == [-1.0] * 32


@given(st.lists(st.integers(-8, 7), min_size=32, max_size=32), st.floats(-8, 8, width=16))
def test_dequantise_undoes_packing(weights: list[int], scale: float):
    assert dequantise(pack_block(scale, weights), (32,)).tolist() == [weight * scale for weight in weights]


@pytest.mark.parametrize(("raw", "shape"), [(b"\0" * 17, (32,)), (b"\0" * 18, (64,)), (b"\0" * 18, (31,))])
def test_dequantise_refuses_other_sizes(raw: bytes, shape: tuple[int, ...]):
    with pytest.raises(LayoutError):
        dequantise(raw, shape)


def test_dequantise_refuses_an_infinite_scale():
    with pytest.raises(LayoutError, match="finite"):
        dequantise(struct.pack("<H", 0x7C00) + bytes(16), (32,))


def test_read_encoder_gives_every_tensor_its_shape():
    sizes, tensors = read_encoder(packed_encoder())
    assert (sizes.hidden, sizes.layers, sizes.vocabulary) == (HIDDEN, LAYERS, VOCABULARY)
    assert sizes.epsilon == pytest.approx(1e-12)
    assert len(tensors) == 5 + 16 * LAYERS
    assert tensors["embeddings.word_embeddings.weight"].shape == (VOCABULARY, HIDDEN)
    assert tensors["encoder.layer.1.intermediate.dense.weight"].shape == (FEED_FORWARD, HIDDEN)
    assert tensors["encoder.layer.1.output.dense.weight"].shape == (HIDDEN, FEED_FORWARD)
    assert all(values.dtype == np.float32 for values in tensors.values())


def changed(offset: int, new: bytes) -> bytes:
    data = bytearray(packed_encoder())
    data[offset : offset + len(new)] = new
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"E5S1",
        changed(0, b"E5S2"),
        changed(4, struct.pack("<I", 2)),
        changed(8, struct.pack("<i", HIDDEN + 32)),
        changed(8, struct.pack("<i", -HIDDEN)),
        changed(12, struct.pack("<i", LAYERS + 1)),
        changed(24, struct.pack("<i", VOCABULARY - 1)),
        changed(40, struct.pack("<i", 64)),
        changed(44, struct.pack("<i", -5)),
        changed(44, struct.pack("<i", 2**30)),
        packed_encoder()[:-1],
        packed_encoder() + b"\0",
        packed_encoder().replace(b"l0.q.w", b"l0.z.w"),
        packed_encoder().replace(b"l0.q.w", b"l0.k.w"),
    ],
)
def test_read_encoder_refuses_what_is_off(data: bytes):
    with pytest.raises(LayoutError):
        read_encoder(data)


@given(st.integers(0, 1000))
def test_read_encoder_refuses_every_truncation(length: int):
    with pytest.raises(LayoutError):
        read_encoder(packed_encoder()[:length])
