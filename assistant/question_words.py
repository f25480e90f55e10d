"""The words of question_words.toml as patterns and sets, read once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from index.tokens import tokens

ASKS_CLASS = "(?:どの|どちらの|どこの|どんな|どういう|何の|何という|何(?=課|係|室|省|庁))"
FILE = Path(__file__).with_name("question_words.toml")


@cache
def wants() -> Mapping[str, re.Pattern[str]]:
    """For each kind of thing that can be asked for the pattern that tells it."""
    money = "|".join(_file()["money"])
    return {
        name: re.compile("|".join(parts).replace("{money}", money), re.IGNORECASE)
        for name, parts in _file()["wants"].items()
    }


@cache
def counted() -> re.Pattern[str]:
    """何人 with the counter as group 1; いくつ without one."""
    words = [*map(re.escape, _file()["counters"]["words"]), "日(?=くらい|ぐらい|ほど|かか|以内)"]
    how_many = rf"(?:何|なん)(?:千|百|十|万)?({'|'.join(words)})"
    return re.compile("|".join([how_many, *_file()["counters"]["any"]]))


@cache
def events() -> Sequence[re.Pattern[str]]:
    """Words for the same kind of event, each group as a pattern: 終わる, 終了, 廃止."""
    return [re.compile(words) for words in _file()["events"]["groups"]]


@cache
def asking() -> frozenset[str]:
    """Normalised words that only ask."""
    return frozenset(_file()["silent"]["asking"].split())


@cache
def classes() -> Sequence[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Nouns of どの課, どこの会社 with what an answer of that class must hold."""
    return [
        (
            re.compile(
                rf"(?:どの|どちらの|どこの|どんな|どういう|何の|何という|何(?=課|係|室|省|庁))(?:{asks})"
            ),
            re.compile(holds),
        )
        for asks, holds in _file()["classes"]["nouns"]
    ]


@cache
def field_labels() -> Sequence[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Words of a question with the labels of a form that answer it: いつ with 日時, どこで with 会場."""
    return [(re.compile(asks), re.compile(labels)) for asks, labels in _file()["fields"]["labels"]]


@cache
def figure_words() -> frozenset[str]:
    """Search tokens of the words that only ask for a figure."""
    return frozenset(tokens(_file()["silent"]["figures"]))


@cache
def money_words() -> re.Pattern[str]:
    """Words for money in general, alone or joined: 予算, 当初予算額, 事業費."""
    return re.compile(
        rf"(?:{'|'.join([*_file()['money'], *_file()['silent']['figures'].split()])}|当初|補正|額|計)+"
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
