"""Fits the evidence gate: a logistic model of whether the hits hold an answer.

    python -m evals.calibrate --library DATA_DIR=CASES.jsonl …

For each library (a data folder with ingested documents) the cases that expect an answer are positives; those
out of scope and the questions of evals/data/off_topic.txt are negatives. Near misses are left out: whether the
kind of thing asked for is there is decided elsewhere. Writes assistant/evidence.json and
evals/data/evidence_curve.json.
"""

import argparse
import json
from dataclasses import astuple
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import candidates, evidence
from assistant.answer import Status
from assistant.chain import HITS
from assistant.evidence import Features
from assistant.followups import standalone
from assistant.guards import refusal_reason
from assistant.question import analyse
from assistant.relevance import Relevance
from corpus.settings import Settings
from evals.cases import Kind, read_cases
from index.library import Library

DATA = Path(__file__).with_name("data")
NAMES = Features.__slots__
USED = {"ja": ("sentence", "coverage", "unknown_names"), "other": ("topic", "coverage")}
STRENGTH = 1.0  # inverse of the L2 penalty on standardised features
Example = tuple[str, Features, bool]


def examples(data_dir: Path, cases_file: Path, off_topic: list[str]) -> list[Example]:
    """(language, features, has an answer) of the cases and the off-topic questions over one library."""
    questions = [
        (standalone(case.question, case.history), case.expect.status is Status.ANSWERED)
        for case in read_cases(cases_file)
        if case.expect.status is Status.ANSWERED or case.kind is Kind.OUT_OF_SCOPE
    ]
    questions += [(question, False) for question in off_topic if refusal_reason(question, 1000) is None]
    library = Library(Settings(data_dir=data_dir))
    library.open()
    found = []
    with library.reading() as searcher:
        for question, answerable in questions:
            ask = analyse(question)
            hits, _ = searcher.timed_search(question, HITS, with_sentences=candidates.HITS)
            relevance = Relevance(
                ask.terms,
                searcher.document_frequency,
                searcher.passage_count(),
                searcher.other_words(ask.text),
            )
            language = "ja" if ask.language == "ja" else "other"
            found.append((language, evidence.features(ask, hits, relevance), answerable))
    library.close()
    return found


def fit(rows: NDArray[np.float64], labels: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights (features,) and bias of a logistic regression with balanced classes, on raw features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced").fit(scaler.transform(rows), labels)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_)


def curve(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> list[dict[str, float]]:
    """For each threshold the share of answerable questions answered and of the others declined."""
    return [
        {
            "threshold": round(float(line), 2),
            "answered": round(float((scores[labels] >= line).mean()), 4),
            "declined": round(float((scores[~labels] < line).mean()), 4),
        }
        for line in np.arange(0.05, 1.0, 0.01)
    ]


def calibrate(found: list[Example]) -> tuple[dict[str, dict[str, float]], dict[str, object]]:
    """The model of each language and its curve; the threshold is where both shares sum highest."""
    models: dict[str, dict[str, float]] = {}
    curves: dict[str, object] = {}
    for language, used in USED.items():
        chosen = [(astuple(features), label) for one, features, label in found if one == language]
        columns = [NAMES.index(name) for name in used]
        rows = np.array([[values[column] for column in columns] for values, _ in chosen])
        labels = np.array([label for _, label in chosen])
        weights, bias = fit(rows, labels)
        scores = 1 / (1 + np.exp(-(rows @ weights + bias)))
        points = curve(scores, labels)
        best = max(points, key=lambda point: point["answered"] + point["declined"])
        models[language] = {
            "bias": round(bias, 4),
            "threshold": best["threshold"],
            **{name: round(float(weight), 4) for name, weight in zip(used, weights, strict=True)},
        }
        curves[language] = {"answerable": int(labels.sum()), "others": int((~labels).sum()), "points": points}
    return models, curves


def main() -> None:
    """Runs the fit and writes both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", required=True, metavar="DATA_DIR=CASES")
    given = parser.parse_args()
    lines = (DATA / "off_topic.txt").read_text("utf-8").splitlines()
    off_topic = [line for line in lines if line and not line.startswith("#")]
    found: list[Example] = []
    for pair in given.library:
        data_dir, _, cases = pair.partition("=")
        found += examples(Path(data_dir), Path(cases), off_topic)
    models, curves = calibrate(found)
    evidence.MODEL.write_text(json.dumps(models, indent=1) + "\n", "utf-8")
    (DATA / "evidence_curve.json").write_text(json.dumps(curves, indent=1) + "\n", "utf-8")
    print(json.dumps(models, indent=1))


if __name__ == "__main__":
    main()
