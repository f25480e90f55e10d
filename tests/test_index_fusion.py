"""Fusion of signals by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import FEW, FUSION, SIGNALS, Fusion, fused

COVERAGES = st.floats(0, 2)
MANY = 10**9  # documents: titles count in full


def fusion(low: float = 0.2, high: float = 0.6) -> Fusion:
    """A question in the documents' words is found by its words alone, a paraphrase by meaning alone."""
    return Fusion(
        dict.fromkeys(SIGNALS, 0.0) | {"lexical": 0.75, "pairs": 0.25},
        dict.fromkeys(SIGNALS, 0.0) | {"dense": 1.0},
        (low, high),
    )


def scores(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("coverage", "share"), [(0.0, 0), (0.2, 0), (0.3, 0.25), (0.4, 0.5), (0.5, 0.75), (0.6, 1), (1.5, 1)]
)
def test_weights_go_over_into_each_other(coverage: float, share: float) -> None:
    weights = fusion().weights(coverage, MANY)
    assert set(weights) == set(SIGNALS)
    assert weights["lexical"] == pytest.approx(0.75 * share)
    assert weights["pairs"] == pytest.approx(0.25 * share)
    assert weights["dense"] == pytest.approx(1 - share)


@given(COVERAGES)
def test_the_weights_in_use_share_one(coverage: float) -> None:
    weights = FUSION.weights(coverage, MANY)
    assert sum(weights.values()) == pytest.approx(1)
    assert all(weight >= 0 for weight in weights.values())
    assert FUSION.coverage[0] < FUSION.coverage[1]


def test_a_title_tells_less_among_few_documents() -> None:
    titles = Fusion(dict.fromkeys(SIGNALS, 0.1), dict.fromkeys(SIGNALS, 0.1), (0.2, 0.6))
    few, some, many = (titles.weights(0.4, documents) for documents in (0, FEW, MANY))
    assert [one["title"] for one in (few, some, many)] == pytest.approx([0, 0.05, 0.1])
    assert few | {"title": 0} == some | {"title": 0} == many | {"title": 0}


@given(COVERAGES, COVERAGES)
def test_the_more_is_said_in_its_words_the_more_words_count(one: float, other: float) -> None:
    less, more = (fusion().weights(coverage, MANY) for coverage in sorted((one, other)))
    assert less["lexical"] <= more["lexical"]
    assert less["dense"] >= more["dense"]


def test_each_signal_counts_as_a_share_of_the_best() -> None:
    signals = {"dense": scores(0.2, 0.4, 0.0), "lexical": scores(10, 0, 5)}
    found = fused(signals, {"dense": 0.75, "lexical": 0.25})
    assert found.tolist() == pytest.approx([0.375 + 0.25, 0.75, 0.125])
    assert found.dtype == np.float32


def test_below_zero_counts_as_zero() -> None:
    assert fused({"dense": scores(-0.9, 0.5, 0.25)}, {"dense": 1.0}).tolist() == [0, 1, 0.5]
    assert fused({"dense": scores(-0.9, -0.1)}, {"dense": 1.0}).tolist() == [0, 0]


def test_signals_without_candidates() -> None:
    assert fused({"dense": scores(), "lexical": scores()}, dict.fromkeys(SIGNALS, 0.5)).tolist() == []


@given(st.data(), st.integers(1, 6), COVERAGES, st.integers(1, 50_000))
def test_scores_are_shares(data: st.DataObject, size: int, coverage: float, documents: int) -> None:
    values = st.lists(st.floats(-1, 50, width=32), min_size=size, max_size=size)
    signals = {name: scores(*data.draw(values)) for name in SIGNALS}
    found = fused(signals, FUSION.weights(coverage, documents))
    assert found.shape == (size,)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-6


@given(st.lists(st.floats(0.125, 8, width=32), min_size=1, max_size=6), st.sampled_from([0.25, 2.0, 64.0]))
def test_the_unit_of_a_signal_does_not_count(values: list[float], unit: float) -> None:
    weights = dict.fromkeys(SIGNALS, 1.0)
    one = fused({"lexical": scores(*values)}, weights)
    assert fused({"lexical": scores(*values) * np.float32(unit)}, weights).tolist() == pytest.approx(
        one.tolist()
    )
    assert int(np.argmax(one)) == int(np.argmax(values))
