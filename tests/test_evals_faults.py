"""A deliberate fault in fusion, citation offsets, amounts and the evidence gate each turns the committed gate red."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from index_made import settings_at

import corpus
import evals
from assistant import compose, evidence, figures
from assistant.answer import Citation
from assistant.chain import Assistant
from corpus.settings import Settings
from evals.cases import Case, read_cases
from evals.compare import comparison_text, pair
from evals.gate import Gate, check, read_gate
from evals.reply import Texts
from evals.run import Library as Documents
from evals.run import read_scores
from evals.score import Score, score_one
from evals.summary import summarise
from index import search
from index.embedding import SentenceEmbedder
from index.library import Library

PLANS = Path(corpus.__file__).parent / "data" / "plans"
DATA = Path(evals.__file__).parent / "data"
BASELINE = read_scores(DATA / "baseline.jsonl")
EACH = {"budget": 5, "unanswerable": 4, "out_of_scope": 4}
FEW = 2  # cases of every other kind

pytestmark = pytest.mark.model


def chosen() -> list[Case]:
    """A few cases of each kind, of those that pass in the baseline."""
    passed = {score.id for score in BASELINE if score.passed}
    taken: Counter[str] = Counter()
    found = []
    for case in read_cases(DATA / "sample_cases.jsonl"):
        if case.id in passed and taken[case.kind] < EACH.get(case.kind, FEW):
            taken[case.kind] += 1
            found.append(case)
    return found


CASES = chosen()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder) -> Iterator[Library]:
    """The sample plans with the real model."""
    made = Library(settings_at(tmp_path_factory.mktemp("faults")), embedder)
    made.open(create=True)
    for _ in made.add([PLANS], "public"):
        pass
    made.repair()
    yield made
    made.close()


@pytest.fixture
def run(library: Library) -> Callable[[], list[Score]]:
    """Asks and scores the chosen cases."""

    def asked() -> list[Score]:
        assistant, texts = Assistant(library, Settings()), Texts(Documents(library.catalog))
        return [score_one(case, assistant.ask(case.asked()), 0.1, texts) for case in CASES]

    return asked


def committed() -> Gate:
    """The gate of the build, without the number of cases of the whole file."""
    gate = read_gate(Path(evals.__file__).with_name("gate.json"))
    return gate.model_copy(update={"min": gate.min.model_copy(update={"n": None})})


def fallen(scores: list[Score]) -> set[str]:
    """Names of the figures that fell."""
    return {line.split(":")[0] for line in check(summarise(scores), committed(), scores)}


def test_without_a_fault_the_gate_is_green(run: Callable[[], list[Score]]) -> None:
    scores = run()
    assert fallen(scores) == set()
    assert not pair(BASELINE, scores).turned


def _worst_first(signals, by):  # type: ignore[no-untyped-def]
    return -np.sum([values * by[name] for name, values in signals.items()], axis=0).astype(np.float32)


def _beside(number: int, quote: compose.Quote) -> Citation:
    moved = Citation(number=number, **compose.source_of(quote).model_dump())
    return moved.model_copy(update={"start": moved.start + 1, "end": moved.end + 1})


def _tenfold(yen: int) -> str:
    return f"{yen * 10 / 10**8:g}億円"


FAULTS = {
    "fusion": (search, "fused", _worst_first, {"passed", "facts_ok", "citation_ok"}),
    "citation offsets": (compose, "_citation", _beside, {"passed", "verbatim_ok", "fabricated"}),
    "amounts": (figures, "format_yen", _tenfold, {"amounts_ok", "wrong_number"}),
    "gate open": (evidence, "probability", lambda *_: 1.0, {"refusal_recall"}),
    "gate shut": (evidence, "probability", lambda *_: 0.0, {"passed", "status_ok", "refusal_precision"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_turns_the_gate_red(
    name: str, run: Callable[[], list[Score]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, attribute, fault, figures_hit = FAULTS[name]
    monkeypatch.setattr(place, attribute, fault)
    scores = run()
    assert figures_hit <= fallen(scores)
    against = pair(BASELINE, scores)
    assert against.regressed
    worse = [turn.after.id for turn in against.turned if not turn.better]
    assert worse and all(name in comparison_text(against) for name in worse)
