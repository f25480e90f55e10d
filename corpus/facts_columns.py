"""What the headers, labels and dates of a table say about its figures."""

import re
from dataclasses import dataclass

from corpus.amount_words import without_kinds
from corpus.amounts import unit_of
from corpus.facts_around import Around
from corpus.normalise import narrow
from corpus.said_years import years_of
from corpus.statements import event_named
from corpus.wareki import find_periods, find_years

_ROW_NUMBER = re.compile(r"^\d{1,3}[.．]?\s+(?=[^\W\d])")
_COUNTED = (
    "人|名|件|回|%|割|時間|日|月|年|歳|才|㎡|m2|ha|km|m|t|トン|kg|台|戸|世帯|校|[箇か]所|棟|冊|点|本|枚|団体|社|店|組|施設|"
    "ポイント|pt|倍|度|kWh|kW|g|経営体|種類|室|頭|床|隻|便|基"
)
# Columns and rows that hold no money whatever the unit of the table.
_COUNTING = rf"[(（\[](?:単位[:：]?\s?)?(?:{_COUNTED})[)）\]]|(?:[^関]数人?|人員|率|割合|年齢|面積)$"
_COUNTS = re.compile(_COUNTING)
_NO_MONEY = re.compile(rf"{_COUNTING}|(?:番号|№|No\.?|比|件|回|%|期間)$|^(?:年度|年次|年)$")
_MONEY_AT_END = re.compile(r"(?:額|費|計|債|金)\s?(十億円|百万円|千円|万円|億円|円)$")
UNIT_NOTE = re.compile(r"[(\[]\s?(?:単位\s?[:：]?\s?)?(?:十億|百万|千|万|億)?円\s?[)\]]")
# What is left of a column header without these says of what its figures are.
_PLAIN_COLUMN = re.compile(
    r"本年度|当年度|当該年度|前々年度|前年度|翌年度|当初|最終|補正[前後]の|補正|現額|査定|金額|総額|合計|事業|区分|決定|実績|実施|"
    r"年度末|年度|末|までの|以降の|支出|見込み?|予定|規模|概算|約|説明|備考|内容|事項|摘要|左の|[額計款項目節]|\d+|[^\w]|の$"
)
_WESTERN_YEAR = re.compile(r"(?:19|20)\d\d年?")
TARGET = "目標"
_CHANGE = re.compile(r"比較|増減額?|差引|差額")
_BUDGET_PART = re.compile(r"\d+\s?[款項目]\s([^\s\d(]+)")

_NAME_CHARS = 30


@dataclass(frozen=True, slots=True)
class Column:
    """What a column header says: the unit of its figures, their years, what they are of and whether money."""

    header: str
    unit: str | None
    money: bool
    years: tuple[int, ...]
    name: str
    group: str
    event: str | None
    change: bool


def column_of(header: str, around: Around) -> Column:
    """Reads one header (all levels of it, outermost first); `around` tells which year 本年度 is."""
    plain = narrow(" ".join(header.split()))
    bare = UNIT_NOTE.sub("", plain).strip()
    at_end = _MONEY_AT_END.search(plain)
    return Column(
        header,
        unit_of(plain) or (at_end[1] if at_end else None),
        _NO_MONEY.search(bare) is None,
        cell_years(bare, around),
        _column_name(bare),
        bare.rpartition(" ")[0],
        _event_of(bare),
        _CHANGE.fullmatch(bare) is not None,
    )


def _event_of(header: str) -> str | None:
    """What the dates below a header are; below 目標値（令和10年度） stand targets for that year."""
    if TARGET in header and find_years(header):
        return TARGET
    return "期間" if header.endswith("期間") else event_named(header)


def _column_name(plain: str) -> str:
    """The words of a header that say of what the figures are; none in 令和6年度 予算額."""
    for span in reversed(find_years(plain)):
        plain = plain[: span.start] + plain[span.end :]
    rest = [
        part
        for part in plain.split()
        if re.search(r"[^\W\d_ぁ-ん]", _PLAIN_COLUMN.sub("", without_kinds(part)))
    ]
    return " ".join(rest)


def cell_years(said: str, around: Around) -> tuple[int, ...]:
    if _WESTERN_YEAR.fullmatch(narrow(said).strip()):
        return (int(narrow(said).strip()[:4]),)
    return years_of(said, 0, around.base, around.era)


def counts_things(label: str) -> bool:
    """Whether a row label says that its figures are no money: 延べ業務時間（時間）, 来庁者数."""
    return _COUNTS.search(label) is not None


def table_name(caption: str) -> str:
    """What a caption names: 市民税 of １款 市税 １項 市民税 18,719,000千円; nothing of a bare unit or number."""
    plain = re.sub(r"\s+", " ", narrow(caption))
    if parts := _BUDGET_PART.findall(plain):
        return str(parts[-1])
    name = re.sub(r"\(単位[^()]*\)", "", plain).strip()
    return name if len(name) <= _NAME_CHARS and re.search(r"[一-龠]{2}", name) else ""


def plain_label(said: str) -> str:
    """A label without its number and unit, kanji that were spaced out joined: 2 総 務 費（千円） -> 総務費."""
    said = _ROW_NUMBER.sub("", narrow(said) if UNIT_NOTE.search(narrow(said)) else said)
    said = UNIT_NOTE.sub("", said).strip()
    parts = said.split()
    return "".join(parts) if len(parts) > 1 and all(len(part) == 1 for part in parts) else said


def is_time(plain: str) -> bool:
    """Whether a cell holds nothing but a year, a date or a period: ９年度から 11年度まで."""
    if re.fullmatch(r"(?:本|前|当|前々|翌)年度|比較", plain):
        return True
    if _WESTERN_YEAR.fullmatch(plain):
        return True
    spans = [*find_periods(plain, "令和"), *find_years(plain, "令和")]
    kept = list(plain)
    for span in spans:
        kept[span.start : span.end] = " " * (span.end - span.start)
    return bool(spans) and not re.search(
        r"[^\W\d_]", re.sub(r"から|まで|以降|末|現在|分|[春夏秋冬]|頃|中|[上下]半?期|予定", "", "".join(kept))
    )
