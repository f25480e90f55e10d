"""The example questions of the pages are answered by the sample plans."""

from collections.abc import Iterator

import pytest

from assistant.answer import Question, Status
from assistant.chain import Assistant
from corpus.settings import Settings
from index.embedding import SentenceEmbedder
from index.library import Library
from ui.pages import EXAMPLES
from ui.serve import SAMPLES

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Assistant]:
    settings = Settings.model_validate({"data_dir": tmp_path_factory.mktemp("samples")})
    library = Library(settings, embedder=embedder)
    library.open(create=True)
    library.repair()
    added = list(library.add([SAMPLES], "public"))
    assert {one.source.rpartition(".")[2] for one in added if one.status == "added"} >= {"md", "html"}
    yield Assistant(library, settings.for_citizens)
    library.close()


@pytest.mark.parametrize("question", EXAMPLES)
def test_an_example_is_answered_with_quotes(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Question(question=question), "public")
    assert answer.status == Status.ANSWERED
    assert answer.citations
    assert answer.text
