"""Is there enough evidence to answer? A logistic model over features of the hits.

The coefficients stand in evidence.json and are fitted by `python -m evals.calibrate`.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.places import places_in
from assistant.question import MUNICIPAL, Ask
from assistant.relevance import Relevance
from corpus.normalise import normalise
from index.search import Hit
from index.tokens import token_set

MODEL = Path(__file__).with_name("evidence.json")
FIRST = 5  # hits that are looked at
# 調査2023, Survey 2023; not 2023年, nor a word and a year in two cells of a table.
EDITION = re.compile(r"([a-z]{2,}(?= ?\d)|[a-zァ-ヶー一-鿿]{2,}(?=\d)) ?((?:19|20)\d\d)(?![\d年.,/-])")


@dataclass(frozen=True, slots=True)
class Features:
    """What the gate sees.

    `cosine`: of the nearest passage, `sentence`: of the nearest sentence, `topic`: of the question's topic with
    it (centred); `coverage`: share of the question's words, by rarity, in the best passage; `bm25`: best BM25
    score over the question's weight; `unknown`: share of its weight in words that stand nowhere in the library,
    `unknown_names`: how many of them are names.
    """

    cosine: float
    sentence: float
    topic: float
    coverage: float
    bm25: float
    unknown: float
    unknown_names: float


def features(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Features:
    """Features of a question's hits."""
    first = hits[:FIRST]
    total = relevance.total
    return Features(
        max((hit.reasons.get("dense", 0.0) for hit in hits), default=0.0),
        max((hit.reasons.get("sentence", 0.0) for hit in hits), default=0.0),
        max((hit.reasons.get("topic", 0.0) for hit in hits), default=0.0),
        max(
            (
                relevance.coverage(
                    f"{hit.passage.text}\n{hit.passage.context}", *hit.passage.section, hit.title
                )
                for hit in first
            ),
            default=0.0,
        ),
        max((hit.reasons.get("lexical", 0.0) for hit in hits), default=0.0) / total if total else 0.0,
        relevance.weight(relevance.unknown()) / total if total else 1.0,
        float(len(set(relevance.unknown()) & set(ask.names))),
    )


def probability(found: Features, language: str) -> float:
    """Probability that the hits answer; other languages than the documents' have a model of their own."""
    model = _model()["ja" if language == "ja" else "other"]
    score = model["bias"] + sum(model.get(name, 0.0) * getattr(found, name) for name in found.__slots__)
    return 1 / (1 + math.exp(-score))


def threshold(language: str) -> float:
    """The probability below which nothing is answered."""
    return _model()["ja" if language == "ja" else "other"]["threshold"]


def missing_place(ask: Ask, texts: Sequence[str]) -> str | None:
    """A place that the question names and no text does: the documents are about somebody else."""
    foreign = [] if ask.language == "ja" else places_in(ask.text)
    # A Chinese question may write a city as Japanese does (川口市), or as Chinese alone does (埼玉市 of さいたま市).
    written = [
        (name,)
        for name in ask.places
        if MUNICIPAL.fullmatch(name[-1]) and not any(one in name for names in foreign for one in names)
    ]
    named: list[tuple[str, ...]] = [*foreign, *written]
    unsaid = (names for names in named if not any(name in text for name in names for text in texts))
    return next(unsaid, (None,))[0]


def only_place_known(ask: Ask, relevance: Relevance) -> bool:
    """Whether of a Japanese question the library knows nothing but the city that it names."""
    named = token_set(" ".join(municipalities(ask))) if ask.language == "ja" else frozenset()
    return bool(named) and relevance.without(named).known_share() == 0


def missing_edition(ask: Ask, texts: Sequence[str]) -> str | None:
    """A name with a year in it (調査2023) that the texts say with other years only: they are about another one."""
    asked = EDITION.findall(normalise(ask.text))
    said = {found for text in texts if asked for found in EDITION.findall(normalise(text))}
    others = {name for name, _ in said}
    return next((name + year for name, year in asked if name in others and (name, year) not in said), None)


def municipalities(ask: Ask) -> list[str]:
    """The cities, towns and villages that the question names; prefectures where it names none."""
    places = [place for place in ask.places if MUNICIPAL.fullmatch(place[-1])]
    return [place for place in places if place[-1] in "市区町村"] or places


@cache
def _model() -> Mapping[str, Mapping[str, float]]:
    model: dict[str, dict[str, float]] = json.loads(MODEL.read_text("utf-8"))
    return model
