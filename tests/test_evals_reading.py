"""What is read off real documents, against what people read off their pages: the committed lines hold.

Long PDFs take a minute: `make eval-real` has them.
"""

from pathlib import Path

import pytest

from evals import facts, headings
from ui.eval_reading import LABELS, LEAST_HEADINGS, LEAST_PRECISION, LEAST_RECALL, PLANS

SHARED = Path(__file__).parents[2] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the documents lie beside the checkout")
SHORT = 300_000  # bytes of a PDF
FOLDERS = [PLANS, SHARED / "plans", SHARED / "realdocs"]


def is_short(source: str) -> bool:
    """Whether the file is read in a moment."""
    found = (folder / source for folder in FOLDERS)
    return not source.endswith(".pdf") or any(one.is_file() and one.stat().st_size < SHORT for one in found)


def test_facts() -> None:
    places = [one for one in facts.read_labels(LABELS / "facts.jsonl") if is_short(one.source)]
    scores = facts.evaluate(places, FOLDERS)
    share = scores.share()
    assert scores.not_eligible == ()
    assert (share.precision or 0) >= LEAST_PRECISION, facts.scores_text(scores)
    assert (share.recall or 0) >= LEAST_RECALL, facts.scores_text(scores)


def test_headings() -> None:
    places = [one for one in headings.read_labels(LABELS / "headings.jsonl") if is_short(one.source)]
    scores = headings.evaluate(places, FOLDERS)
    assert scores.count("no file") == 0
    assert scores.share("right") >= LEAST_HEADINGS, headings.scores_text(scores)
    assert scores.share("taken") <= 1 - LEAST_HEADINGS, headings.scores_text(scores)
