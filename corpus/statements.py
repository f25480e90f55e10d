"""Reads one Japanese sentence: what an amount in it is for, and what happened when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.amounts import Amount
from corpus.normalise import narrow
from corpus.wareki import YearSpan, find_periods, find_years

# What an amount is, by the word nearest to it; the longest word wins (補正予算 before 予算).
AMOUNT_KINDS = {
    "補正予算": "補正予算",
    "補正額": "補正予算",
    "補正前": "予算",
    "概算要求": "要求",
    "要求額": "要求",
    "予算": "予算",
    "決算": "決算",
    "事業費": "事業費",
    "工事費": "事業費",
    "経費": "経費",
    "費用": "経費",
    "人件費": "経費",
    "トータルコスト": "経費",
    "財源": "財源",
    "支出金": "財源",
    "地方債": "財源",
    "市債": "財源",
    "限度額": "限度額",
    "上限": "限度額",
    "補助": "補助",
    "交付金": "補助",
    "基金": "基金",
    "手数料": "料金",
    "使用料": "料金",
    "利用料": "料金",
    "料金": "料金",
    "契約": "契約",
    "累計": "累計",
}
DEFAULT_KIND = "金額"
ACCOUNTS = {"予算", "補正予算", "決算", "要求"}
# 歳入歳出それぞれ983,580千円を追加し: the wording of supplementary budgets.
_SUPPLEMENT = re.compile(r"を(?:追加|増額|減額)")
_AMOUNT_WORD = re.compile("|".join(sorted(map(re.escape, AMOUNT_KINDS), key=len, reverse=True)))

# What happened at a date; the verb must be one (導入し), not part of a longer noun (導入検討).
EVENT_KINDS = {
    "設置": "設置|新設|開設|設立|創設|発足|設け",
    "策定": "策定|制定|作成",
    "誕生": "誕生|合併|市制施行",
    "開始": "開始|スタート|始ま|始め|着手|施行|稼働|供用",
    "期限": "期限|締切|締め切り|完了|終了|竣工|完成",
    "改定": "改正|改定|改訂|見直",
    "開催": "開催|登壇",
    "公表": "公表|発表|公開|更新",
    "導入": "導入",
    "廃止": "廃止",
    "移行": "移行",
    "提出": "提出",
    "予定": "予定",
}
_EVENT_OF = {word: kind for kind, words in EVENT_KINDS.items() for word in words.split("|")}
_EVENT_WORDS = "|".join(sorted(_EVENT_OF, key=len, reverse=True))
_DONE = re.compile(
    rf"(?P<event>{_EVENT_WORDS})(?=[しさすせたるて]|を?予定|以降|以来|後|です|であ|だ|[。、)）」』\s]|$)"
)
_DATED_LABEL = re.compile(
    rf"(?P<event>{_EVENT_WORDS})(?:予定)?(?:年月日|年月|年度|日|時期)?\s*(?:[:(]|は、?|が、?)\s*$"
)
_LAW = re.compile(r"\s?(?:\d+月\d+日)?\s?(?:法律|政令|条例|規則|告示|訓令|省令|勅令)第")
_BY = re.compile(r"\s?(?:末|中|頃)?\s?(?:まで|迄)")
_EVENT_REACH = 90  # an object with a long name in brackets fits; the next statement seldom does

# Words that say which attribute is stated, not of what.
_ATTRIBUTE_WORDS = (
    "当初予算額|当初予算|補正予算額|予算規模|予算額|予算総額|予算|決算額|決算|総事業費|事業費|概算|要求額|総額|合計額|合計|金額|年額|"
    "月額|経費|費用|規模|額|上限額|上限|限度額|補助額|補助率|計画期間|事業期間|実施期間|期間|年次|計画年度|計|単価|料金|手数料|内訳|主な取り?組み?"
)
_ATTRIBUTE = re.compile(rf"(?:{_ATTRIBUTE_WORDS})(?:の?(?:総額|合計|規模|内訳))?")
_OF_ATTRIBUTE = re.compile(rf"の(?:{_ATTRIBUTE_WORDS})$")
_SELF = re.compile(r"(?:この|その|当該|本|同)(?:計画|ビジョン|方針|戦略|プラン|事業)")
_POINTER = re.compile(r"^(?:その|この|同|当該|うち|また、?|なお、?|さらに、?|ただし、?)+")
_OPENER = re.compile(
    r"^(?:例えば|たとえば|また|なお|一方|さらに|次に|まず|そして|しかし|ただし|そこで|具体的には|加えて|併せて|このうち)、\s*"
)
_TOPIC = re.compile(
    r"([^。、]{1,60}?)(?:については|においては|に関しては|では|には|は|(?<![たすだるいな])が)"
)
_PARAGRAPH_TOPIC = re.compile(r"([^。]{1,70}?)(?:については|においては|に関しては|では|には|は)、")
_LABEL_TOPIC = re.compile(r"((?=[^:：]*[ぁ-んァ-ヶ一-龠])[^。:：]{2,40}?)\s?[:：]")
_ARTICLE = re.compile(r"^(?:第\s?\d+\s?条(?:の\d+)?|\d{1,2})\s+")
_ASIDE = re.compile(r"[（(](?:以下|通称|略称|仮称|注)[^（）()]*[）)]")
_OBJECT_CHARS = 40
_FILLER = re.compile(r"^(?:新たに|新しく|初めて|正式に|全庁的に|共同で|には|に|は|の|から|で|より|、|\s)+")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of time: a period, a deadline or an event, and of what (None: not said here)."""

    kind: str
    subject: str | None
    fiscal_years: tuple[int, ...]


def amount_kind(sentence: str, amount: Amount, headings: tuple[str, ...] = ()) -> str:
    """予算, 決算, … by the word nearest before the amount, else after it, else of the innermost heading."""
    plain = narrow(sentence)
    if _SUPPLEMENT.match(plain, amount.end):
        return "補正予算"
    before = list(_AMOUNT_WORD.finditer(plain, 0, amount.start))
    if before:
        return AMOUNT_KINDS[before[-1][0]]
    after = _AMOUNT_WORD.search(plain, amount.end)
    if after:
        return AMOUNT_KINDS[after[0]]
    return kind_named(*reversed(headings))


def kind_named(*texts: str) -> str:
    """The kind that the first of these texts with an amount word names; 金額 where none does."""
    for text in texts:
        words = _AMOUNT_WORD.findall(narrow(text))
        if words:
            return AMOUNT_KINDS[words[-1]]
    return DEFAULT_KIND


def years_of(sentence: str, position: int) -> tuple[int, ...]:
    """Fiscal years that a sentence gives what stands at `position`: the nearest before, else after it."""
    periods = find_periods(sentence)
    spans = periods + [
        year for year in find_years(sentence) if not any(p.start <= year.start < p.end for p in periods)
    ]
    spans = [span for span in spans if not _LAW.match(narrow(sentence), span.end)]
    before = [span for span in spans if span.end <= position]
    after = [span for span in spans if span.end > position]
    if before:
        return max(before, key=lambda span: span.end).fiscal_years
    return min(after, key=lambda span: span.start).fiscal_years if after else ()


def paragraph_topic(paragraph: str) -> str | None:
    """What a paragraph is about: its first Xでは、 or Xは、 or the label of (1)X：…, with its ① kept."""
    text = _OPENER.sub("", narrow_label(paragraph))
    label = _LABEL_TOPIC.match(text)
    topic = label or _PARAGRAPH_TOPIC.match(text)
    if topic is None:
        return None
    name = _without_years(_ARTICLE.sub("", narrow_label(topic[1])))
    name = _OF_ATTRIBUTE.sub("", name)
    return None if not name or _ATTRIBUTE.fullmatch(name) or _SELF.fullmatch(name) else name


def narrow_label(text: str) -> str:
    """Text without asides such as （以下「本市」という。） and outer space."""
    return _ASIDE.sub("", text).strip(" 　、・-•")


def said_subject(sentence: str, position: int) -> str | None:
    """What the words at `position` are said of; None where only an attribute is named (その予算額は)."""
    prefix = _ASIDE.sub(lambda match: " " * len(match[0]), sentence[:position])
    for clause in reversed(re.split(r"[、。]", prefix)):
        topic = _TOPIC.match(_OPENER.sub("", clause.strip()))
        if topic is None:
            continue
        name = _POINTER.sub("", _without_years(_ARTICLE.sub("", narrow(topic[1]).strip())))
        name = _OF_ATTRIBUTE.sub("", name).strip(" ・-")
        if not name or _ATTRIBUTE.fullmatch(name) or _SELF.fullmatch(name):
            return None
        return name
    return None


def _without_years(text: str) -> str:
    """令和7年度の事業費 -> 事業費."""
    for span in reversed(find_years(text)):
        text = text[: span.start] + re.sub(r"^(?:の|における|、|に)", "", text[span.end :])
    return text.strip()


def time_statements(sentence: str) -> Iterator[Statement]:
    """Periods, deadlines and dated events of one sentence."""
    plain = narrow(sentence)
    periods = [p for p in find_periods(sentence) if re.search(r"期間|計画|年間|か年|事業|まで", plain)]
    for period in periods:
        yield Statement("期間", _period_subject(sentence, period), period.fiscal_years)
    spans = [s for s in find_years(sentence) if not any(p.start <= s.start < p.end for p in periods)]
    spans = [s for s in spans if not _LAW.match(plain, s.end)]
    for index, span in enumerate(spans):
        limit = spans[index + 1].start if index + 1 < len(spans) else len(plain)
        statement = _event(sentence, plain, span, min(limit, span.end + _EVENT_REACH))
        if statement:
            yield statement


def _period_subject(sentence: str, period: YearSpan) -> str | None:
    opening = sentence[: period.start].rstrip()
    if opening.endswith(("（", "(")):  # 整備計画（令和7年度～令和9年度）
        return narrow_label(opening[:-1]) or None
    return said_subject(sentence, period.start)


def _event(sentence: str, plain: str, span: YearSpan, limit: int) -> Statement | None:
    """The event dated by `span`: named right before it (策定：令和3年3月), or the first that follows."""
    if _BY.match(plain, span.end):
        return Statement("期限", said_subject(sentence, span.start), span.fiscal_years)
    if label := _DATED_LABEL.search(plain[: span.start]):
        return Statement(_EVENT_OF[label["event"]], _labelled(sentence[: label.start()]), span.fiscal_years)
    if done := _DONE.search(plain, span.end, limit):
        kind = _EVENT_OF[done["event"]]
        between = sentence[span.end : done.start()]
        if between.startswith((")", "）")):  # 「…サミット」(主催:…、2024年5月)に登壇
            named = re.findall(r"[「『]([^「」『』]{2,60})[」』]", sentence[: span.start])
            return Statement(kind, named[-1] if named else None, span.fiscal_years)
        return Statement(kind, _object(between), span.fiscal_years)
    return None


def _labelled(text: str) -> str | None:
    """The noun phrase before a label: 計画の -> 計画; None inside brackets, where the label stands alone."""
    name = re.split(r"[、。]", re.sub(r"[のをがは]?\s*$", "", narrow_label(text)))[-1].strip()
    return None if not name or re.search(r"[(（]", name) else name


def _object(text: str) -> str | None:
    """The noun phrase right before the verb: 『…推進本部』を -> …推進本部."""
    text = re.sub(r"[をがのは]?\s*$", "", _ASIDE.sub("", text))
    if named := re.search(r"[「『]([^「」『』]{2,60})[」』]$", text):
        return named[1]
    name = _FILLER.sub("", re.split(r"[、。]|として|により|に向け", text)[-1])
    name = re.split(r"が(?!ら)|を(?:行う|実施する|進める)$", name)[0].strip()
    return name if 0 < len(name) <= _OBJECT_CHARS else None
