"""What a question asks for: amounts, dates, counts, lists, comparisons; its labels, years and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant import question_words
from assistant.language import detect
from corpus.amounts import amount_tokens, find_amounts, find_counts
from corpus.normalise import normalise
from corpus.wareki import find_periods, find_years, year_tokens
from index.tokens import label_tokens, morphemes, tagged_words


class Want(StrEnum):
    """A kind of thing that is asked for; a question may want several."""

    AMOUNT = "amount"
    SUM = "sum"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    LARGER = "larger"
    DATE = "date"
    PERIOD = "period"
    DURATION = "duration"
    MIDDLE = "middle"
    COUNT = "count"
    LIST = "list"
    WHICH = "which"
    NAME = "name"
    CONTRAST = "contrast"
    DEFINITION = "definition"
    DETAIL = "detail"
    YEN = "yen"


SIZE = re.compile(
    r"([一二三四五六七八九十]|\d{1,2})(?:つ|個|本の?柱|点|項目|種類|類型|项|个|大| ?가지)"
    r"|\b(two|three|four|five|six|seven|eight|nine|ten) (?=[a-z ]+s\b)|(두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?가지"
)
NUMBER_WORDS = {
    word: value
    for words in ("two three four five six seven eight nine ten", "두 세 네 다섯 여섯 일곱 여덟 아홉 열")
    for value, word in enumerate(words.split(), 2)
}
POLAR = re.compile(r"(?:か|の|かな|よね|でしょう|だよね)?[?？]$|か[。]?$")
BARE_END = re.compile(r"(?:は|って)[?？]$")  # 消防費は？ asks how much
INTERROGATIVE = re.compile(
    r"何|なに|(?<![一-鿿ァ-ヶー])なん|いつ|いくら|いくつ|どの|どれ|どこ|どちら|どっち|どう|どんな|誰|だれ|なぜ|教え|示し|挙げ|列挙"
)
SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
KANJI_NUMBERS = {kanji: value for value, kanji in enumerate("一二三四五六七八九十", 1)}
NTH = re.compile(
    r"(?:第?([一二三四五六七八九十]|\d{1,2})(?:番目|つ目|個目)"
    r"|(?:テーマ|方針|柱|策|項目|目標|theme|policy|pillar|主题|주제|chủ đề(?: số)?)の? ?([0-9]{1,2})(?![0-9年]))"
)
MONEY_ASKED = re.compile(r"いくら|何(?:千|百|十)?[億万千]?円|金額|how much")
# 教育費は？ asks for its amount.
MONEY_END = re.compile(
    r"[^\s、。]{2,}(?:費|税|債|交付金|補助金|負担金|支出金|財源|収入|支出)(?:は|って)?[?。]*$"
)
SINGLE = re.compile(r"いつ(?!から)|何年度?(?:です|でし|に|の)|いくら")
# A ratio of two figures is 何倍; 率は何% and 何割以下 are stated.
OF_OTHER = re.compile(r"何倍|times|几倍|몇 ?배")
CHANGED = re.compile(r"増え|増加|減っ|減り|減少|伸び")
WHAT_MONEY = re.compile(
    r"(?:どんな|どういう|どのような|何の)(?:費用|経費|補助|財源|収入|支出|手当|基金)"
)  # not how much
MARKS = re.compile(r"[①-⑳]")
LEAST = re.compile(r"小さ|少な|低|small|least|最少")
LABEL_RANGE = re.compile(r"([①-⑳])(?:から([①-⑳])まで|[～〜\-ー]([①-⑳]))")
# How much a word says about what is meant, by its part of speech (UniDic): names most, verbs and adverbs little.
PART_WEIGHTS = {"名詞": 1.0, "形状詞": 0.8, "形容詞": 0.25, "動詞": 0.25, "接尾辞": 0.4, "接頭辞": 0.4}
OTHER_PART, NAME_WEIGHT, NUMERAL_WEIGHT = 0.15, 1.3, 0.5
NOUN = 0.8  # weight from which a word names something
COMPOUND_PARTS, MIN_COMPOUND = {"名詞", "接頭辞", "接尾辞", "形状詞"}, 2
TITLE_OF_RESPECT = re.compile(r"(?:さん|氏|様|君|先生)$")
LATIN_WORD = re.compile(r"[a-z]{3,}")
MUNICIPAL = re.compile(r"[都道府県市区町村郡]")
# A city that the dictionary does not know, where a question or clause begins; not 都市, 各市, この市, 市町村, 市場.
CITY = re.compile(
    r"(?:^|[、。「\s])(?!各|同|本|当|全|他|政令|指定|特別|それとも|または|もしくは)([ぁ-んァ-ヶー一-鿿]{2,5}?(?<![都のがるいなうた])市)(?![町区場街])"
)
# The years of a name are not asked for: 植栽面積（平成23年以降累計）.
SINCE = re.compile(r"[（(][^（）()]*(?:以降|以後|から|[～〜~])[^（）()]*[)）]")
# 2回目の補正 is 補正予算（第2号）.
AMENDED = re.compile(r"(?:第?([0-9０-９一二三四五六七八九十]{1,2})[回度]目|(最初))の補正(?:予算)?")
CLAUSE = re.compile(r"[うくぐすつぬぶむるた]$")  # ends in a verb
# What is left of a clause on a noun: 地区 of 調査をする地区は.
SUPPORT_VERB = re.compile(r"^(?:する|した|している|していた|される|された|なる|なった|できる|できた)(?=.)")
FOCUS = re.compile(
    r"([^\s、。「」『』（）()?？のはがをにでとも]{2,20})(?:[」』）)]*)"
    r"(?:は|って|とは|を(?:全部|すべて|全て)?(?:教え|示|知|答|お|挙)|が知り|について|と(?:いう|は))"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question taken apart. Years are Western; labels are search tokens: `label3` of ③, `item3` of (3),

    both of 三番目. `terms` are search tokens with weights; `focus` is the noun that the question is about.
    """

    text: str
    language: str
    wants: frozenset[Want]
    labels: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    amounts: tuple[int, ...]
    counter: str | None
    size: int | None
    terms: Mapping[str, float]
    places: tuple[str, ...]
    compounds: tuple[str, ...]
    names: tuple[str, ...]
    focus: str | None

    def wants_any(self, *wants: Want) -> bool:
        """Whether the question wants one of these."""
        return bool(self.wants & set(wants))

    @property
    def topics(self) -> tuple[str, ...]:
        """All nouns before a topic marker: 入館料, 大人 in 入館料は、大人はいくらですか."""
        return tuple(FOCUS.findall(self.text))

    @property
    def is_bare(self) -> bool:
        """Whether it says no more than what it is about: 「さいたま市の人口は？」."""
        found = FOCUS.search(self.text)
        return found is not None and not self.text[found.end() :].strip("?？。、 ")

    @property
    def counts_things(self) -> bool:
        """Whether it asks how many of the noun that it is about there are: 「手続きはいくつありますか」."""
        return (
            Want.COUNT in self.wants and self.counter is None and self.language == "ja" and bool(self.focus)
        )

    @property
    def asks_how_many(self) -> bool:
        """Whether it asks how many of the noun that it is about there were: 「火災は何件でしたか」."""
        counted = Want.COUNT in self.wants and self.counter != "%"
        return counted and bool(self.focus) and f"{self.focus}は何" in self.text

    @property
    def asks_least(self) -> bool:
        """Whether the smallest is asked for rather than the largest."""
        return bool(LEAST.search(self.text))

    @property
    def is_polar(self) -> bool:
        """Whether a Japanese question is for yes or no."""
        return self.language == "ja" and _is_polar(normalise(self.text).strip())

    @property
    def computes(self) -> bool:
        """Whether an answer has to be worked out from facts."""
        return self.wants_any(Want.SUM, Want.DIFFERENCE, Want.RATIO, Want.LARGER, Want.DURATION, Want.MIDDLE)


def analyse(question: str, language: str | None = None) -> Ask:
    """Takes a standalone question apart, by rule; the language is detected where none is given."""
    plain, proper = normalise(question), _proper(question)
    spoken = language or detect(question)
    counted = question_words.counted().search(plain)
    wants = {Want(name) for name, pattern in question_words.wants().items() if pattern.search(plain)}
    share = Want.RATIO in wants and not OF_OTHER.search(plain) and len(_labels(question)) < 2
    if share:
        wants.discard(Want.RATIO)
    amounts = tuple(amount.yen for amount in find_amounts(question))
    if counted and not wants & {Want.DURATION, Want.RATIO}:
        wants.add(Want.COUNT)
    if share:
        wants.add(Want.COUNT)
    if not wants and MONEY_END.search(plain):
        wants.add(Want.AMOUNT)
    if SINGLE.search(plain) and "それぞれ" not in plain:
        wants.discard(Want.LIST)  # 全部つくのはいつ asks for one date
    asks_other = (counted and counted.group(1)) or any(
        noun.search(plain) for noun, _ in question_words.classes()
    )
    if asks_other and not MONEY_ASKED.search(plain):
        wants.discard(Want.AMOUNT)
    if WHAT_MONEY.search(plain):
        wants.discard(Want.AMOUNT)
    if amounts and not wants & {Want.SUM, Want.DIFFERENCE, Want.RATIO}:
        wants.discard(Want.AMOUNT)
    if len(_labels(question)) == 1:
        wants.discard(Want.LIST)
    if spoken == "ja" and not _labels(question) and _is_polar(plain) and not CHANGED.search(plain):
        wants.discard(Want.AMOUNT)  # 予算の額は決まっていますか
    return Ask(
        question,
        spoken,
        frozenset(wants),
        _labels(question),
        _years(SINCE.sub(" ", question), Want.SUM in wants),
        amounts,
        _counter(counted.group(1)) if counted and counted.group(1) else "%" if share else None,
        _size(proper, normalise(proper)),
        _terms(question),
        _places(question),
        tuple(dict.fromkeys([*_compounds(proper), *_compounds(question)])),
        _names(question),
        _focus(proper),
    )


def _years(question: str, added: bool) -> tuple[int, ...]:
    """The years said, in their order; where they are added up 令和7年度から令和9年度まで means those between too."""
    spans = find_years(question)
    said = dict.fromkeys(year for span in spans for year in range(span.first, span.last + 1))
    periods = find_periods(question) if added else ()
    return tuple(said | dict.fromkeys(year for one in periods for year in range(one.first, one.last + 1)))


def amended(question: str) -> str:
    """The question with a supplementary budget named as documents name it: 補正予算（第2号） for 2回目の補正."""
    return AMENDED.sub(lambda found: f"補正予算（第{_number(normalise(found[1] or '1'))}号）", question)


def _is_polar(plain: str) -> bool:
    asks_what = INTERROGATIVE.search(plain) or BARE_END.search(plain)
    return bool(POLAR.search(plain) and not asks_what)


def _proper(question: str) -> str:
    """The sentence that asks, the last of several, where it names something; else the whole.

    What comes before tells why somebody asks: ほかの三つはもう聞きました。残りの一つは何ですか。
    """
    sentences = [one for one in SENTENCE.findall(question) if one.strip()]
    asking = (one for one in reversed(sentences) if INTERROGATIVE.search(one) or POLAR.search(one.strip()))
    return next((one for one in asking if _focus(one) or _compounds(one)), question)


def _labels(question: str) -> tuple[tuple[str, ...], ...]:
    """For each thing named by its label the tokens that it may carry."""
    if LABEL_RANGE.search(question):
        return ()
    marked = [(token,) for token in label_tokens(question)]
    numbers = [_number(first or second) for first, second in NTH.findall(normalise(MARKS.sub(" ", question)))]
    return tuple(dict.fromkeys([*marked, *((f"label{n}", f"item{n}") for n in numbers)]))


def _number(text: str) -> int:
    return KANJI_NUMBERS.get(text) or int(text)


def _counter(word: str) -> str:
    """A counter word in the spelling of `find_counts`."""
    found = find_counts("3日間" if word == "日" else f"3{word}")
    return found[0].counter if found else word


def _size(question: str, plain: str) -> int | None:
    if run := LABEL_RANGE.search(question):
        return ord(run.group(2) or run.group(3)) - ord(run.group(1)) + 1
    found = SIZE.search(plain)
    if found is None:
        return None
    return _number(found[1]) if found[1] else NUMBER_WORDS[found[2] or found[3]]


def _terms(question: str) -> dict[str, float]:
    """Search tokens of the question with the weight of their kind; words that only ask are left out."""
    weights = {
        word: _part_weight(part)
        for word, part in tagged_words(question)
        if word not in question_words.asking()
    }
    exact = [*year_tokens(question), *amount_tokens(question), *label_tokens(question)]
    return weights | dict.fromkeys(exact, 1.0)


def _part_weight(part: tuple[str, ...]) -> float:
    if part[1] == "固有名詞":
        return NAME_WEIGHT
    if part[1] == "数詞":
        return NUMERAL_WEIGHT
    return PART_WEIGHTS.get(part[0], OTHER_PART)


def _places(question: str) -> tuple[str, ...]:
    """Place names that the dictionary knows, with 市 or 県 behind them if it stands there."""
    found, parts = [], morphemes(question)
    for number, (surface, _, part) in enumerate(parts):
        if "地名" in part:
            following = parts[number + 1][0] if number + 1 < len(parts) else ""
            found.append(surface + (following if MUNICIPAL.fullmatch(following) else ""))
    unknown = (name for name in CITY.findall(question) if not any(one in name for one in found))
    return tuple(dict.fromkeys([*found, *unknown]))


def _names(question: str) -> tuple[str, ...]:
    """Search tokens that are proper names, and Latin words."""
    return tuple(
        word for word, part in tagged_words(question) if part[1] == "固有名詞" or LATIN_WORD.fullmatch(word)
    )


def _compounds(question: str) -> tuple[str, ...]:
    """Names made of several nouns: 第四次さいたま市情報化計画, 業務デジタル化WG."""
    runs, run = [], []
    for surface, _, part in [*morphemes(question), ("", "", ("",))]:
        if part[0] in COMPOUND_PARTS:
            run.append(surface)
        else:
            runs.append(run)
            run = []
    return tuple(
        dict.fromkeys(TITLE_OF_RESPECT.sub("", "".join(one)) for one in runs if len(one) >= MIN_COMPOUND)
    )


def _focus(question: str) -> str | None:
    """The noun before the topic marker, without a clause on it: 基本理念 of 計画に出てくる基本理念は何か."""
    found = FOCUS.search(question)
    if found is None:
        return None
    noun = SUPPORT_VERB.sub("", found.group(1))
    names = (name for name in _compounds(noun) if noun.endswith(name))
    return next((name for name in names if CLAUSE.search(noun[: -len(name)])), noun)
