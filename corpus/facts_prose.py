"""Facts of running text: sums of money with what they are for, periods, deadlines and events."""

import re
from collections.abc import Iterator

from corpus.amount_words import amount_kind, changed
from corpus.amounts import Amount, find_amounts, unit_of
from corpus.facts_around import Around, Found, cut, without_note
from corpus.normalise import narrow
from corpus.said_years import says_another_year, years_of
from corpus.sentences import split
from corpus.statements import Statement, event_named, target_below, time_statements
from corpus.subjects import amount_subject, line_label, paragraph_topic
from corpus.wareki import YearSpan, find_years

# 接種費用約9億円の内訳は: a question states nothing.
_QUESTION = re.compile(
    r"(?:[?？]|(?:です|ます|の|う|る|い|た|だ|し|ない|何[^。、]{0,6})か[。?？]?|(?:理由|内訳|方法|内容|見解|効果|詳細|意味|影響|予算と)は[。?？]?|詳しく|解説を|教えて)$"
)
_SAYS = re.compile(r"\d|円|億|兆|令和|平成|昭和|大正|明治|元年")
# 5～7億円: the figure before the wave has no unit of its own, so neither end is taken.
_OPEN_RANGE = re.compile(r"[\d,.]\s?[~-]\s?(?:約\s?)?$")
# 1,000万円以上 is a bound, not a sum.
_BOUND = re.compile(r"\s?(?:以上|未満|を?超|台(?![帳数風])|単位)")
_GENERIC = re.compile(
    r"(?:本|当該|この|同|該当)?(?:事業|業務|事務|制度|計画|施設|工事|取組み?|運用|運行|路線|委託内容|事業期間)|[^\s]{0,2}(?:限度|貸付|支給|補助|委託)額"
)
# また、うち新規は3億円: of the year that the sentence before states.
_GOES_ON = re.compile(r"(?:また|さらに|このうち|うち|なお|一方)、?")
_SHORT_HEADING = 12
_DATE_CHARS = 30
_CUT = re.compile(r"を減額")
# 収入が200万円以下の世帯 is a bound; 収入は5億円 is none.
_LIMIT = re.compile(r"\s?(?:以[上下内]|未満|を?超|まで|の(?:者|方|人|世帯|場合|とき|事業者))")
_BOUND_BEFORE = re.compile(r"(?:所得|年収|収入|売上高?|資本金|取引額?)(?:金額)?(?:が|は|の額が)?\s?$")


def in_block(text: str, start: int, end: int, around: Around) -> Iterator[Found]:
    """Facts of the sentences of one paragraph."""
    if not _SAYS.search(text, start, end):
        return
    topic = paragraph_topic(text[start:end])
    carried: tuple[int, ...] = ()
    for first, last in split(text, start, end):
        sentence = text[first:last]
        if not _SAYS.search(sentence) or _QUESTION.search(sentence.strip()):
            continue
        carried = _stated_years(sentence) or (carried if _GOES_ON.match(sentence) else ())
        yield from _money(sentence, first, topic, around, carried)
        if date := _date_alone(sentence):
            heading = around.path[-1] if around.path else ""
            kind = event_named(heading) if len(heading) <= _SHORT_HEADING else None
            if kind or around.title:  # below 達成期限 it is that deadline, else the date of the document
                subject = around.subject if kind else around.title
                yield Found(cut(subject), kind or "日付", None, date.fiscal_years, first, last)
        statements = list(time_statements(sentence)) or target_below(sentence, around.path)
        for statement in statements:
            if statement.kind == "期限" and not (statement.subject or topic or "。" in sentence):
                continue  # a fragment of a table
            subject = _whose(statement.subject or topic or _implied(statement, around), around)
            yield Found(cut(subject), statement.kind, None, statement.fiscal_years, first, last)


def _stated_years(sentence: str) -> tuple[int, ...]:
    """The years of a sentence that states one year or span of years."""
    said = {span.fiscal_years for span in find_years(sentence)}
    return said.pop() if len(said) == 1 else ()


def _money(
    sentence: str, start: int, topic: str | None, around: Around, carried: tuple[int, ...]
) -> Iterator[Found]:
    """Amounts of a sentence; `carried` are the years of the sentence that it goes on from."""
    plain = narrow(sentence)
    unit = _unit_of_label(plain)
    for amount in find_amounts(sentence, unit):
        if amount.yen == 0 or _is_no_sum(plain, amount):
            continue
        said = None if unit else _said_of(sentence, amount, topic)
        kind = amount_kind(sentence, amount, (*reversed(around.outermost), around.caption, *around.path))
        less = (
            _CUT.match(plain, amount.end)
            if kind == "補正予算"
            else kind == "増減" and changed(sentence, amount) < 0
        )
        yen = -amount.yen if less else amount.yen
        years = years_of(sentence, amount.start, around.base, around.era)
        if not years and not says_another_year(sentence):
            years = carried or around.years
        yield Found(
            cut(_whose(said or around.subject, around)), kind, yen, years, start, start + len(sentence)
        )


def _said_of(sentence: str, amount: Amount, topic: str | None) -> str | None:
    rest = re.sub(r"の内数|等$", "", sentence[amount.end :].strip())
    label = None if re.search(r"[^\W\d_]", rest) else line_label(sentence, amount.start)
    return label or amount_subject(sentence, amount.start, amount.end) or topic


def _is_no_sum(plain: str, amount: Amount) -> bool:
    """Whether the amount is the end of a range or a bound."""
    before = plain[: amount.start]
    limit = _LIMIT.match(plain, amount.end) and _BOUND_BEFORE.search(before)
    bound = _BOUND.match(plain, amount.end) or limit
    return bool(bound or _OPEN_RANGE.search(before))


def _unit_of_label(plain: str) -> str | None:
    """千円 of 「令和4年度概算要求額（千円）: 542632」."""
    label, colon, _ = plain.partition(":")
    return unit_of(label) if colon else None


def _date_alone(line: str) -> YearSpan | None:
    """The date of a line that holds nothing else: that of the document."""
    if len(line) > _DATE_CHARS:
        return None
    spans = find_years(line)
    alone = len(spans) == 1 and spans[0].day is not None and spans[0].end - spans[0].start == len(line)
    return spans[0] if alone else None


def _whose(subject: str, around: Around) -> str:
    """事業 and 補助限度額 say something only with what they belong to."""
    return f"{around.section} {subject}".strip() if _GENERIC.fullmatch(subject) else subject


def _implied(statement: Statement, around: Around) -> str:
    """What a period or a date without subject is of: the plan itself; an event is of its section."""
    of_document = statement.kind in ("期間", "提出") and around.title
    return without_note(around.title) if of_document else around.subject
