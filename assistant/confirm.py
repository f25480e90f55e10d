"""Yes or no, where it can be worked out: an amount against the one supposed, a year against a stated period."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt

from assistant.question import Ask
from corpus.amounts import find_amounts
from corpus.wareki import YearSpan, find_years

CLOSE = 0.05  # of the amount supposed: nearer than this 約 leaves open on which side of it a figure is
RISES, FALLS = re.compile(r"増|伸び|上が"), re.compile(r"減|下が")
LIMIT = re.compile(
    r"(?:の|を|より(?:も)?)?(?P<how>以上|以下|未満|超え|超過|上回|下回|多[いくか]|大き[いくか]|高[いくか]|少な[いくか]|小さ[いくか]|低[いくか])"
)
EXACT = re.compile(
    r"(?:ちょうど|丁度|ぴったり)?(?:です|でしょう|な(?:の|ん)です|でよい|で合って|で正し)"
    r"|(?:だ|である)?と[^、。]{1,14}[、。](?:それは|これは)?(?:本当|事実|正し|合って|間違い(?:ない|あり))"
)
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "以上": ge,
    "以下": le,
    "未満": lt,
    "超": gt,
    "上": gt,
    "多": gt,
    "大": gt,
    "高": gt,
    "下": lt,
    "少": lt,
    "小": lt,
    "低": lt,
}
UNTIL, FROM, WITHIN = (
    re.compile(r"(?:末)?まで(?:です|でしょう|なの|続|か)"),
    re.compile(r"から(?:です|でしょう|なの|始|か)|に(?:始ま|開始)"),
    re.compile(r"[はもが](?:計画)?(?:の)?(?:期間|対象)?(?:に|内に)?(?:含|入|対象|期間内|当て)"),
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What a question supposes of a figure: that it compares so with `yen`."""

    yen: int
    holds: Callable[[float, float], bool]

    def verdict(self, yen: int, approximate: bool) -> bool | None:
        """Whether it is so; None where an approximate figure is too near to tell."""
        if approximate and self.holds is eq and yen == self.yen:
            return True
        if approximate and abs(yen - self.yen) <= CLOSE * abs(self.yen):
            return None
        return self.holds(yen, self.yen)


def supposed_amount(ask: Ask) -> Supposed | None:
    """What a yes/no question supposes of an amount: 「③の予算は30億円を超えますか」; else None."""
    found = find_amounts(ask.text)
    if not ask.is_polar or len(found) != 1:
        return None
    tail = ask.text[found[0].end :]
    if limit := LIMIT.match(tail):
        how = limit["how"]
        return Supposed(found[0].yen, COMPARE.get(how) or COMPARE[how[0]])
    return Supposed(found[0].yen, eq) if EXACT.match(tail) else None


def agrees(ask: Ask, period: YearSpan) -> bool | None:
    """Whether a period ends, begins or lies as a yes/no question supposes; None where it supposes nothing."""
    years = find_years(ask.text)
    if not ask.is_polar or len(years) != 1 or years[0].first != years[0].last:
        return None
    year, tail = years[0].first, ask.text[years[0].end :]
    if UNTIL.match(tail):
        return period.last == year
    if FROM.match(tail):
        return period.first == year
    return period.first <= year <= period.last if WITHIN.match(tail) else None


def yes_or_no(verdict: bool | None) -> str:
    """How an answer begins: はい。, いいえ。 or not at all."""
    return "" if verdict is None else "はい。" if verdict else "いいえ。"


def change(ask: Ask, rose: bool) -> str:
    """How the answer to 「増えましたか」 begins; nothing where both or neither is asked."""
    rises, falls = bool(RISES.search(ask.text)), bool(FALLS.search(ask.text))
    return yes_or_no(rises == rose) if ask.is_polar and rises != falls else ""
