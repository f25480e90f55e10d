import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from models_made import packed_encoder

from index.onnx_graph import build_graph
from index.onnx_layers import quantise_rows
from index.quantised import read_encoder

IDS = np.array(
    [[0, 9, 8, 7, 6, 5, 4, 2], [0, 11, 12, 2, 1, 1, 1, 1], [0, 20, 21, 22, 2, 1, 1, 1]], dtype=np.int64
)
MASK = (IDS != 1).astype(np.int64)


def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    import onnxruntime

    graph = build_graph(*read_encoder(packed_encoder()))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


@given(arrays(np.float32, (3, 40), elements=st.floats(-100, 100, width=32)))
def test_quantise_rows_is_off_by_half_a_step_at_most(weights: np.ndarray):
    quantised, scales = quantise_rows(weights)
    steps = np.maximum(scales[:, None], 1e-12)
    assert (np.abs(quantised * scales[:, None] - weights) <= 0.501 * steps).all()
    assert np.abs(quantised).max() <= 127


def test_graph_gives_unit_vectors_that_ignore_padding():
    vectors = run(IDS, MASK)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = run(IDS[1:2, :4], MASK[1:2, :4])
    assert alone[0] @ vectors[1] > 0.999


def test_graph_is_the_same_bytes_each_time():
    sizes, tensors = read_encoder(packed_encoder())
    first, second = (build_graph(sizes, tensors).SerializeToString(deterministic=True) for _ in range(2))
    assert first == second


@pytest.mark.model
def test_graph_agrees_with_a_bert_of_transformers():
    import torch
    from transformers import BertConfig, BertModel

    sizes, tensors = read_encoder(packed_encoder())
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        layer_norm_eps=sizes.epsilon,
    )
    bert = BertModel(config, add_pooling_layer=False).eval()
    bert.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in tensors.items()})
    mask = torch.from_numpy(MASK)
    with torch.no_grad():
        hidden = bert(input_ids=torch.from_numpy(IDS), attention_mask=mask).last_hidden_state
    pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    expected = torch.nn.functional.normalize(pooled, dim=1).numpy()
    assert ((run(IDS, MASK) * expected).sum(axis=1) > 0.999).all()
