"""The names in the subject of a figure, and the name of money that a question asks for."""

import re

from assistant.question import Ask
from assistant.question_words import money_words
from corpus.normalise import fold
from index.tokens import LABEL

MIN_PART = 2
# A name that a budget book has a figure for; of the question's last one the figure must be.
MONEY_NAME = re.compile(
    r"(?:費|税|料|金|債|収入|支出|給付|基金|繰入|年金|給料|手当|報酬|公債|所得|収益|利益)$"
)
# A name of something counted or measured, which no amount of money is.
COUNTED_NAME = re.compile(r"(?:数|率|割合|延長|面積|人口|人員|箇所|か所|時間|距離)$")
OF_A_TAX = re.compile(r"(?<=[税料債金])(?:収入額?|歳入)$")  # 市税収入 is 市税
TOTAL = re.compile(r"歳入歳出(?:予算|決算)?(?:総額)?|(?:歳[入出])?(?:予算|決算)?(?:合計|総計|総額)")
PART_BREAK = re.compile(r"[\s　（）()「」『』・：:]+")


def beside(subject: str, asked: str) -> float:
    """Share of a subject's names that the question does not say."""
    names = [part for part in all_parts(subject) if len(part) >= MIN_PART]
    return sum(name not in asked for name in names) / len(names) if names else 0.0


def parts(subject: str) -> list[str]:
    """The names in a subject: みほん市, 見守り事業 and 一般財源; without words for figures in general."""
    return [
        name for name in all_parts(subject) if len(name) >= MIN_PART and not money_words().fullmatch(name)
    ]


def all_parts(subject: str) -> list[str]:
    """The folded words of a subject between spaces and brackets, without their labels."""
    return [fold(LABEL.sub("", part)) for part in PART_BREAK.split(subject)]


def counted_names(ask: Ask) -> list[str]:
    """来館者数 of 来館者数はどれだけ増えたか: the names in a question of what is counted or measured."""
    return [fold(name) for name in ask.compounds if COUNTED_NAME.search(name)]


def is_money(name: str) -> bool:
    """Whether a name is money in general: 予算, 事業費."""
    return money_words().fullmatch(fold(name)) is not None


def is_named(subject: str, asked: str) -> bool:
    """Whether a folded question says a name of the subject, or the subject is the sum of an account."""
    return bool(TOTAL.fullmatch(subject)) or any(name in asked for name in parts(subject))


def money_name(ask: Ask) -> str | None:
    """教育費 of 当初予算の教育費はいくら: the last name of money in the question, if it is more than 事業費 or 予算."""
    names = [fold(OF_A_TAX.sub("", name)) for name in ask.compounds if MONEY_NAME.search(name)]
    return next((name for name in reversed(names) if not money_words().fullmatch(name)), None)
