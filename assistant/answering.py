"""Whether a sentence can be the answer: does it hold the kind of thing asked for, does it say anything new?"""

import re

from assistant.question import NOUN, Ask, Want
from assistant.question_words import classes
from corpus.amounts import find_amounts, find_counts
from corpus.document import Passage
from corpus.normalise import fold, narrow, normalise
from corpus.wareki import find_periods, find_years
from index.search import Hit
from index.tokens import morphemes, token_set

QUOTED = re.compile(r"[「『]([^」』]{2,30})[」』]")
EACH = re.compile(r"[1一１]人[当あ]たり")
RECURS = re.compile(r"毎[年月週日]|年に?[0-9０-９一二三四]+[回度]|[年月]ごと|随時|必要に応じて|四半期|半年")
FIRST_PLACE = re.compile(r"トップ|首位|最下位|筆頭|第?[1一１]位")
MONTH = re.compile(r"(?<![\d.])\d{1,2}月(?!間)")
WEEKDAY = re.compile(
    r"[月火水木金土日]曜|(?<![^\s：:])[月火水木金土日](?:[・、][月火水木金土日])*(?![^\s、（(])"
)
ASKS_WEEKDAY = re.compile(r"何曜|曜日")
ASKS_TIME = re.compile(r"何時(?!間)")
TIME = re.compile(r"\d{1,2}\s?(?:時(?!間)|:\d\d)|正午|終日|24時間")
ASKS_DAY = re.compile(r"[^曜平休]日(?:付)?(?:は|って)(?:いつ|何)|何月何日|何日(?!間)|年月日")
DAY = re.compile(r"\d{1,2}月\s?\d{1,2}日|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}")
BOUNDS = re.compile(r"開始[^。]{0,20}終了|始期[^。]{0,20}終期")
ASKS_SPAN = re.compile(r"から.{0,8}まで|期間|何年度?に始.*何年度?に終")
DUE = re.compile(r"期限|期日|締切|締め切り|基準日")
ASKS_END = re.compile(r"いつまで|(?:何年度?|何月|何日)まで|期限")
END = re.compile(r"(?:年|年度|月|日|末|[春夏秋冬])(?:\([^()]*\))?まで")
# In minutes and lists of questions the question itself is no answer: 耐用年数は。 導入の予定はあるか。
IS_QUESTION = re.compile(r"(?:は|か|とは)[。？?]?$|[？?]$")
EXACT_COUNTERS = {"位", "次", "回", "人", "件", "%", "倍", "点", "か所"}
# The year in the number of a law says when it was made, not when anything else happened to it.
LAW_NUMBER = re.compile(
    r"(?:明治|大正|昭和|平成|令和)(?:\d+|元)年[^\s、。()]{0,10}(?:法律|政令|省令|府令|条例|規則|告示|訓令)\s?第\s?\d+\s?号"
)
MADE = re.compile(r"制定|公布|成立|でき[たる]|作ら|つくら|定め")
PLACE_OF_DECIMAL = re.compile(r"小数(?:点以下)?第?[\d０-９一二三]+位")
ORDINAL = re.compile(r"第(?:\d+|[一二三四五六七八九十]+)[号回期次弾]")
FIGURE = re.compile(r"(?:[-－―▲△+]?\s?[\d,，.]+%?|[-－―…・])(?:\s+(?:[-－―▲△+]?\s?[\d,，.]+%?|[-－―…・]))*")
# A line that is a date alone does not say of what: the header of a column, the date of a letter.
ONLY_DATE = re.compile(
    r"(?:(?:令和|平成|昭和)(?:\d+|元)|\d{4})(?:年度?)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:現在|付け?)?"
)
# いくら未満: the answer is an amount with that word.
LIMIT = re.compile(r"いくら(未満|以上|以下|を超)")
# 1回あたりの費用 is told with 1回; averages by head or household are told once for all that follow.
PER = re.compile(r"[1１一](?!人|世帯)([一-鿿ァ-ヶー]{1,3})(?:あた|当た|当り|につき)")
# 参加しなかったのは何人: a number of those who did is no answer.
NEGATED = re.compile(r"(?:なかった|ない|なし)(?:もの|の|人|者|方|団体|[一-鿿]{1,4})?は、?(?:何|いくつ|どれ)")
NEGATION = re.compile(r"な[いかくし]|ぬ|ず|未|不|非|無")
LEVEL = re.compile(r"([一-鿿ァ-ヶー]{2,6})いくつ(?:以上|以下|未満|の|から|まで)")  # 震度いくつ以上
OF_DOCUMENT = re.compile(r"記事|文書|資料|通知|発表|公表|公開|掲載|発行|更新|作成|策定|告示|提出|シート|議案")
PART = re.compile(r"のうち(?:の|で|、)?([^はが、。]{1,20})(?:は|が|って)")
SHARE = re.compile(r"\d+分の\d+|\d割")
MOSTLY = 0.6  # of a row's cells are figures: it says nothing but those


def holds(ask: Ask, sentence: str) -> bool:
    """Whether a sentence has the kind of thing without which it cannot answer: an amount, a count, a date."""
    numbers = ask.wants_any(Want.COUNT, Want.AMOUNT) and ask.wants_any(Want.CONTRAST)
    if (ask.wants_any(Want.LIST, Want.CONTRAST) and not numbers) or _defines(ask, sentence):
        return True
    if ask.wants_any(Want.AMOUNT) and not ask.computes:
        return bool(find_amounts(sentence)) and is_of_measure(ask, sentence)
    if ASKS_TIME.search(ask.text):
        return bool(TIME.search(normalise(sentence)))
    if ask.wants_any(Want.COUNT):
        if level := LEVEL.search(ask.text):
            return re.search(rf"{level[1]}\s?\d", narrow(sentence)) is not None
        return _counts(ask, sentence) and _is_of_part(ask, sentence) and is_negated_alike(ask, sentence)
    if ask.wants_any(Want.DATE, Want.PERIOD):
        return _dates(ask, sentence)
    if ask.wants_any(Want.NAME):
        return any("人名" in part for _, _, part in morphemes(sentence))
    return all(wanted.search(sentence) for asks, wanted in classes() if asks.search(ask.text))


def is_of_measure(ask: Ask, text: str) -> bool:
    """Whether an amount is the limit, or of the one thing, that the question asks for: いくら未満, 1回あたり."""
    said = fold(text)
    limit, per = LIMIT.search(fold(ask.text)), PER.search(fold(ask.text))
    of_limit = limit is None or any(said.startswith(limit[1], one.end) for one in find_amounts(said))
    return of_limit and (per is None or f"1{per[1]}" in said)


def is_negated_alike(ask: Ask, text: str) -> bool:
    """Whether what gives a number of those who did not is negated too."""
    return not NEGATED.search(ask.text) or bool(NEGATION.search(text))


def says_something(ask: Ask, sentence: str, passage: Passage) -> bool:
    """Whether a sentence could tell anything: it is no question, no echo of the question, no bare row of figures."""
    if passage.kind == "row":
        cells = passage.text.split("\t")
        figures = sum(bool(FIGURE.fullmatch(cell.strip())) for cell in cells)
        return figures < MOSTLY * len(cells) or ask.computes or ask.wants_any(Want.AMOUNT, Want.COUNT)
    if "\t" in passage.text:
        return False  # the headers of a table
    plain = sentence.strip()
    echo = IS_QUESTION.search(plain) or token_set(plain) <= token_set(ask.text)
    told = OF_DOCUMENT.search(ask.text) or token_set(" ".join(passage.section[1:])) & set(ask.terms)
    return not echo and bool(told or not ONLY_DATE.fullmatch(normalise(plain)))


def exact_counts(text: str) -> set[tuple[str, str]]:
    """Ranks, numbers of people and the like that are said: an answer about the second is not one about the first."""
    return {
        (str(count.value), count.counter)
        for count in find_counts(PLACE_OF_DECIMAL.sub("", text))
        if count.counter in EXACT_COUNTERS
    }


def ordinals(text: str) -> set[str]:
    """第2号, 第8期: an answer about the first is not one about the second."""
    return set(ORDINAL.findall(fold(text)))


def is_of_other_year(ask: Ask, hit: Hit) -> bool:
    """Whether a number is asked for of a year, and all years that the passage and its headings say are others."""
    if not ask.years or not ask.wants_any(Want.COUNT, Want.AMOUNT):
        return False
    text = "\n".join([hit.title, *hit.passage.section, hit.passage.context or hit.passage.text])
    spans = [*find_years(text), *find_periods(text)]
    return bool(spans) and not any(span.first <= year <= span.last for span in spans for year in ask.years)


def _defines(ask: Ask, sentence: str) -> bool:
    """Whether a definition is asked for, of which a date may be a part: 「特定期間」とは、…をいう."""
    if not ask.wants_any(Want.DEFINITION):
        return False
    if not ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT, Want.AMOUNT):
        return True
    terms = [ask.focus or "", *QUOTED.findall(ask.text)]
    return any(term and re.search(rf"{re.escape(term)}[」』]?とは", sentence) for term in terms)


def values(text: str) -> set[str]:
    """The dates and numbers that a sentence gives, to tell whether another one gives the same."""
    years = {f"{span.first}-{span.last} {span.month} {span.day}" for span in find_years(text)}
    return years | {f"{count.value}{count.counter}" for count in find_counts(text)}


def _counts(ask: Ask, sentence: str) -> bool:
    if not ask.counter:
        return any(count.counter != "つ" or count.value > 1 for count in find_counts(sentence))
    like = {ask.counter, "%"} if ask.counter == "割" else {ask.counter}
    counted = any(count.counter in like for count in find_counts(EACH.sub("", sentence)))
    if ask.counter == "%" and SHARE.search(narrow(sentence)):
        return True
    return counted or (ask.counter == "位" and bool(FIRST_PLACE.search(sentence)))


def _is_of_part(ask: Ask, sentence: str) -> bool:
    """Whether a number is of the part that the question asks for: 講座の受講者のうち、男の人は何人."""
    found = PART.search(ask.text)
    if found is None or ask.computes:
        return True
    named = {term for term in token_set(found[1]) if ask.terms.get(term, 0.0) >= NOUN and term != ask.counter}
    return not named or bool(named & token_set(sentence))


def _dates(ask: Ask, sentence: str) -> bool:
    if ASKS_WEEKDAY.search(ask.text):
        return bool(WEEKDAY.search(sentence))
    if not ask.wants_any(Want.DATE):
        return True
    if not MADE.search(ask.text):
        sentence = LAW_NUMBER.sub("", narrow(sentence))
    if ASKS_SPAN.search(ask.text) or ASKS_END.search(ask.text):
        # An end without a beginning is told with まで, or in a table or section of deadlines.
        due = DUE.search(ask.text) or DUE.search(sentence)
        ends = END.search(normalise(sentence)) or (due and find_years(sentence))
        bounded = BOUNDS.search(sentence) and find_years(sentence)
        return bool(find_periods(sentence) or ends or bounded)
    if ASKS_DAY.search(ask.text):
        return bool(DAY.search(normalise(sentence)))
    return bool(find_years(sentence) or RECURS.search(sentence) or MONTH.search(normalise(sentence)))


def is_stale(ask: Ask, sentence: str, hit: Hit) -> bool:
    """Whether the only dates of a sentence are years that the question or its headings say already."""
    if not ask.wants_any(Want.DATE) or MONTH.search(normalise(sentence)):
        return False
    years = find_years(sentence)
    said = fold("\n".join([ask.text, hit.title, *hit.passage.section]))
    return bool(years) and all(fold(sentence[span.start : span.end]) in said for span in years)
