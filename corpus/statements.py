"""Reads one Japanese sentence: what happened, or is to happen, when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.normalise import narrow
from corpus.said_years import LAW
from corpus.subjects import (
    labelled,
    narrow_label,
    noun_after,
    noun_before_bracket,
    object_after,
    object_before,
    object_of,
    said_subject,
)
from corpus.wareki import YearSpan, find_periods, find_years

# What happened at a date; the verb must be one (導入し), not part of a longer noun (導入検討).
EVENT_KINDS = {
    "設置": "設置|新設|開設|設立|創設|発足|設け",
    "策定": "策定|制定|作成|定め|つくられ|作られ",
    "誕生": "誕生|合併|市制施行",
    "開始": "開始|スタート|始ま|始め|着手|施行|適用|稼働|供用|開業|開館|開校|開園",
    "期限": "期限|締切|締め切り|完了|終了|竣工|完成",
    "改定": "改正|改定|改訂|見直",
    "開催": "開催|登壇",
    "公表": "公表|発表|公開|更新",
    "導入": "導入",
    "廃止": "廃止",
    "移行": "移行",
    "提出": "提出",
    "決定": "決定|議決|可決",
    "予定": "予定",
}
_EVENT_OF = {word: kind for kind, words in EVENT_KINDS.items() for word in words.split("|")}
_EVENT_WORDS = "|".join(sorted(_EVENT_OF, key=len, reverse=True))
_DONE = re.compile(
    rf"(?P<event>{_EVENT_WORDS})(?=[しさすせたるて]|と[しすなさ]|を?予定|を(?:検討|行[いうっ]|実施|図)|以降|以来|後|です|であ|だ|[。、)）」』\s]|$)"
)
_DATED_LABEL = re.compile(
    rf"(?P<event>{_EVENT_WORDS})(?:予定)?(?:年月日|年月|年度|日|時期)?\s*(?:[:(]|は、?|が、?)\s*$"
)
_EVENT_LABEL = re.compile(rf"(?P<event>{_EVENT_WORDS})(?:予定)?(?:年月日|年月|年度|日|時期)?(?:\([^()]*\))?$")
_PERIOD_LABEL = re.compile(r"(?<=[（(])(?:計画|事業|実施|取組|設定)?期間\s?[:：]?\s?$")
# 目標（令和11年度） 330,000人; and below the heading 目標: 令和9年度末の整備率を100%とする。
_TARGET_LABEL = re.compile(r"目標(?:値|額|年度)?\s*(?:[:(]|は、?)\s*$")
_TARGET_SET = re.compile(r"\d\s?\S{0,4}(?:以上|以下)?(?:と|に)?(?:する|します|を目指|へ|引き上げ|減ら|増や)")
_BEGINS = re.compile(r"[にで](?:始ま[りっ]て?|始めて?|開始し|着手し|スタートし)、?")
_ENDS = re.compile(r"(?:末|中)?[にで](?:終わ|終了|完了|完成)")
_OF_THE_FILE = re.compile(r"(?:作成|更新)(?:年月)?日")  # when a sheet was filled in
_BY = re.compile(r"\s?(?:末|中|頃|内)?\s?(?:まで|迄|[をに]?(?:目途|目処|めど|目標)(?:に|と))")
# 8月31日以前のページ bounds; nothing happens then.
_BOUND = re.compile(r"\s?(?:以前|より前|以後|時点|現在)")
_AT_ONCE = re.compile(r"\s*(?:より|から|に|中に)?(?:運用|供用|サービス)?\s*")
_SINCE = re.compile(r"\s?(?:から|より)(?:は|、|(?=[「『一-龠ァ-ヶ]))(?!起算|見)")
_BEGAN = re.compile(r"(?:実施|導入|運用|交付|支給|適用|配置|収集|配信|実施|取り組|行)[しいっわん]")
_START_END = re.compile(
    r"開始(?:年度|年月日?|日|時期)?\s*:\s*(?P<a>[^:、]{2,20})[、\s]\s*終了(?:予定)?(?:年度|年月日?|日|時期)?\s*:\s*(?P<b>[^:、)]{2,20})"
)
# 用地補償　令和6年度～7年度: a line of a schedule.
_LINE_OF_SCHEDULE = re.compile(r"[^\w(]*(?P<label>[^\d、。:]{2,40}?)(?:\s*:\s*|\s+)(?=\S)")
_QUOTES = (("「", "」"), ("『", "』"))
_EVENT_REACH = 90  # an object with a long name in brackets fits; the next statement seldom does
# A date joined to a noun names the noun (令和5年度補正予算), unless the word is a time or the event itself.
_NOUN = re.compile(r"[一-龠ァ-ヶA-Za-z「]")
_TIME_WORD = re.compile(
    rf"末|中|頃|春|夏|秋|冬|上|下|前|後|以|第\d|当初|初|度|を?目途|目処|通常国会|より|現在|時点|\d|{_EVENT_WORDS}"
)
# Another clause with its own verb stands between a date and an event.
_OTHER_CLAUSE = re.compile(r"(?:[しりきみちべたるず]|[たる](?:際|ため|もと|ほか|結果|場合|こと))に?、")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of time: a period, a deadline or an event, and of what (None: not said here)."""

    kind: str
    subject: str | None
    fiscal_years: tuple[int, ...]


def time_statements(sentence: str) -> Iterator[Statement]:
    """Periods, deadlines and dated events of one sentence."""
    plain = narrow(sentence)
    if lasting := _from_start_to_end(plain):
        yield lasting
        return
    if line := _line_of_schedule(sentence, plain):
        yield line
        return
    periods = [
        p
        for p in find_periods(sentence)
        if re.search(r"期間|計画|年間|か年|事業|まで|かけて|わた[りる]", plain)
    ]
    periods += _begun_and_ended(plain, find_years(sentence))
    for period in periods:
        yield Statement("期間", _period_subject(sentence, period), period.fiscal_years)
    spans = [s for s in find_years(sentence) if not any(p.start <= s.start < p.end for p in periods)]
    spans = [s for s in spans if not _is_quoted(sentence, s)] or spans
    spans = [s for s in spans if not (LAW.match(plain, s.end) or _BOUND.match(plain, s.end))]
    for index, span in enumerate(spans):
        limit = spans[index + 1].start if index + 1 < len(spans) else len(plain)
        statement = _event(sentence, plain, span, min(limit, span.end + _EVENT_REACH))
        if statement:
            yield statement


def _is_quoted(sentence: str, span: YearSpan) -> bool:
    """Whether a year is part of a name: 「2030年頃を見据えた政策の在り方」."""
    return any(
        sentence.count(mark, 0, span.start) > sentence.count(close, 0, span.start) for mark, close in _QUOTES
    )


def _begun_and_ended(plain: str, spans: list[YearSpan]) -> list[YearSpan]:
    """令和3年度に始まり、令和7年度に終わる."""
    return [
        replace(first, end=last.end, last=last.last, last_month=last.month, last_day=last.day)
        for first, last in pairwise(spans)
        if _BEGINS.fullmatch(plain, first.end, last.start) and _ENDS.match(plain, last.end)
    ]


def target_below(sentence: str, path: Sequence[str]) -> list[Statement]:
    """The target that a sentence below the heading 目標 sets for a year."""
    spans = find_years(sentence)
    if not path or "目標" not in path[-1] or not spans:
        return []
    plain = narrow(sentence)
    span = next((one for one in spans if one.fiscal and _TARGET_SET.search(plain, one.end)), None)
    if span is None:
        return []
    after = re.sub(r"^(?:末|末時点|時点)?(?:まで)?の?", "", sentence[span.end :])
    return [Statement("目標", object_after(after), span.fiscal_years)]


def event_in(label: str) -> tuple[str, str] | None:
    """Kind and subject of an entry of a chronology: 最適化方針の策定 -> 策定, 最適化方針."""
    match = re.fullmatch(rf"(?P<of>[^。、]{{2,40}}?)の?(?P<event>{_EVENT_WORDS})", label.strip())
    return (_EVENT_OF[match["event"]], match["of"]) if match else None


def event_named(label: str) -> str | None:
    """The event that a heading or a column header names at its end: 達成期限, 設立年月日, 完了予定年度."""
    plain = narrow(label).strip()
    match = None if _OF_THE_FILE.search(plain) else _EVENT_LABEL.search(plain)
    return _EVENT_OF[match["event"]] if match else None


def _period_subject(sentence: str, period: YearSpan) -> str | None:
    opening = _PERIOD_LABEL.sub("", sentence[: period.start].rstrip())
    if opening.endswith(("（", "(")):  # 整備計画（令和7年度～令和9年度）
        whole = narrow_label(opening[:-1])
        return noun_before_bracket(opening) if re.search(r"[、。はがを]", whole) else whole or None
    if label := re.search(r"([^、。（）()：:]{2,30})[:：]\s?$", opening):
        return narrow_label(label[1])
    return said_subject(sentence, period.start) or object_after(sentence[period.end :])


def _from_start_to_end(plain: str) -> Statement | None:
    """開始年度: 令和6、終了年度: 令和7."""
    match = _START_END.search(plain)
    first, last = (find_years(match[group]) if match else [] for group in "ab")
    if not first or not last or first[0].first > last[0].last:
        return None
    start, end = first[0].fiscal_years[0], last[0].fiscal_years[-1]
    return Statement("期間", None, tuple(range(start, end + 1)))


def _line_of_schedule(sentence: str, plain: str) -> Statement | None:
    """A line of a label and nothing but fiscal years."""
    match = _LINE_OF_SCHEDULE.match(plain)
    spans = find_periods(sentence) or find_years(sentence)
    if not match or len(spans) != 1 or not spans[0].fiscal or "。" in plain:
        return None
    if re.search(r"(?:年度|年|日|時点|現在)$", match["label"]):
        return None
    alone = spans[0].start == match.end() and not re.search(r"[^\W\d_]", plain[spans[0].end :])
    return (
        Statement("期間", sentence[slice(*match.span("label"))].strip(), spans[0].fiscal_years)
        if alone
        else None
    )


def _event(sentence: str, plain: str, span: YearSpan, limit: int) -> Statement | None:
    """The event dated by `span`: named right before it (策定：令和3年3月), or the first that follows."""
    if by := _BY.match(plain, span.end):
        named = object_before(sentence[: span.start]) or said_subject(sentence, span.start)
        return Statement("期限", named or object_after(sentence[by.end() :]), span.fiscal_years)
    if target := _TARGET_LABEL.search(plain[: span.start]):
        name = re.split(r"\s{2,}|\s*現状|\s*基準値?", plain[: target.start()])[0].strip()
        return Statement("目標", labelled(name) if name else None, span.fiscal_years)
    label = _DATED_LABEL.search(plain[: span.start])
    if label and _OF_THE_FILE.search(label[0]):
        return None
    if label:
        return Statement(_EVENT_OF[label["event"]], labelled(sentence[: label.start()]), span.fiscal_years)
    if _NOUN.match(plain, span.end) and not _TIME_WORD.match(plain, span.end):
        return None
    if done := _DONE.search(plain, span.end, limit):
        kind = _EVENT_OF[done["event"]]
        between = sentence[span.end : done.start()]
        if _AT_ONCE.fullmatch(between) and (name := noun_before_bracket(sentence[: span.start])):
            return Statement(kind, name, span.fiscal_years)
        if between.startswith((")", "）")):  # 「…サミット」(主催:…、2024年5月)に登壇
            quoted = re.findall(r"[「『]([^「」『』]{2,60})[」』]", sentence[: span.start])
            return Statement(kind, quoted[-1] if quoted else None, span.fiscal_years)
        if _OTHER_CLAUSE.search(between):
            return _since(sentence, plain, span, limit)
        subject = _of_event(sentence, span, between, sentence[done.end("event") :])
        return Statement(kind, subject, span.fiscal_years)
    return _since(sentence, plain, span, limit)


def _of_event(sentence: str, span: YearSpan, between: str, after: str) -> str | None:
    name = object_before(sentence[: span.start]) or object_of(between)
    if name and name not in _EVENT_OF:
        return name
    return noun_after(after) or said_subject(between, len(between)) or said_subject(sentence, span.start)


def _since(sentence: str, plain: str, span: YearSpan, limit: int) -> Statement | None:
    """平成24年度から…を実施した: that is when it began."""
    since = _SINCE.match(plain, span.end)
    began = _BEGAN.search(plain, since.end(), limit) if since else None
    if since is None or began is None:
        return None
    quoted = re.match(r"[「『]([^」』]{2,40})[」』]", sentence[since.end() :])
    subject = (
        (quoted and quoted[1])
        or said_subject(sentence, span.start)
        or object_of(sentence[since.end() : began.start()])
        or object_after(sentence[since.end() :])
    )
    return Statement("開始", subject, span.fiscal_years)
