"""What is read off real documents, against what people read off their pages: the committed lines hold."""

from pathlib import Path

import pytest

from evals import facts, headings
from ui.eval_reading import LABELS, LEAST_HEADINGS, LEAST_PRECISION, LEAST_RECALL, PLANS

SHARED = Path(__file__).parents[2] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the documents lie beside the checkout")
FOLDERS = [PLANS, SHARED / "plans", SHARED / "realdocs"]


def test_facts() -> None:
    scores = facts.evaluate(facts.read_labels(LABELS / "facts.jsonl"), FOLDERS)
    share = scores.share()
    assert scores.not_eligible == ()
    assert (share.precision or 0) >= LEAST_PRECISION, facts.scores_text(scores)
    assert (share.recall or 0) >= LEAST_RECALL, facts.scores_text(scores)


def test_headings() -> None:
    scores = headings.evaluate(headings.read_labels(LABELS / "headings.jsonl"), FOLDERS)
    assert scores.count("no file") == 0
    assert scores.share("right") >= LEAST_HEADINGS, headings.scores_text(scores)
    assert scores.share("taken") <= 1 - LEAST_HEADINGS, headings.scores_text(scores)
