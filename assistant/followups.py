"""Follow-up questions become standalone questions, by rule: labels, years, order words, pronouns, bare questions."""

import re
from collections.abc import Sequence
from itertools import takewhile

from assistant.answer import Turn
from assistant.messages import is_not_found
from index.tokens import morphemes

MAX_TURNS = 20
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
LABEL = re.compile(rf"[{CIRCLED}]")
LABELS = re.compile(rf"[{CIRCLED}]+")
YEAR = re.compile(r"(?:(?:令和|平成|R|H)\s?(?:元|\d{1,2})|\d{4})年度?")
LEAD = re.compile(
    r"^(?:じゃあ?|では|それでは|それじゃあ?|ちなみに|あと|なら|で、|and |then )[、,\s]*", re.IGNORECASE
)
YEAR_ON = re.compile(
    r"^(?:その)?(?:(?P<back>前の?年度?|昨年度?)|(?P<on>翌年度?|次の年度?))(?:の(?P<what>[^はの?？。]{2,20}))?"
    r"(?:は|って|だと|では?)?(?:どう(?:です|でし)た?か|いくら(?:です|でした)か)?[?？。]*$"
)
BARE_TOPIC = re.compile(r"^(.{1,40}?)(?:は|の方は|のほうは|って|については?|だと|なら|の場合は?)?[?？。]*$")
PRONOUN = re.compile(
    r"(?:それ|これ|あれ|そっち|こっち)(?=って|は|を|が|に|の|で|と|も|、|から|まで|っていつ)|そこ(?=は|で|に|の|を)"
)
THE = re.compile(r"(?:その|この|あの)(?=[^ぁ-ん]|ひと|人)")
PERSON = re.compile(r"(?:その|この|あの)(?:人|方)")
ORDER = re.compile(
    r"(?:その)?(?:(?P<back>一つ前|ひとつ前|1つ前|前のやつ|前のもの)|(?P<on>一つ後|次のやつ|次のもの|その次|次の(?=テーマ|項目|方針|策)|一つ先)"
    r"|(?P<last>最後の(?:やつ|もの|一つ|項目)|最後)|(?P<first>最初の(?:やつ|もの|一つ|項目)|一番目の?(?:やつ|もの)?)"
    r"|(?P<nth>[二三四五六七八九十2-9])(?:つ目|番目)の?(?:やつ|もの|方針|項目|テーマ)?)"
)
REST = re.compile(
    r"(?:残り|ほか|他|そのほか|それ以外)の?(?:[一二三四五六七八九\d]+[つ個]?)?(?=は|を|も|って|[?？]|$)"
)
CHANGE = re.compile(
    r"(?:どれ(?:くらい|ぐらい|だけ|ほど)|どの(?:くらい|程度)|いくら)?(?:増え|減[っりる]|伸び|変わ)"
)
MOST = re.compile(r"(?:一番|いちばん|最も)(?:大き|多|高|小さ|少な|低)")
# What is asked of all of them, behind their name: の推移, が一番多かったのはいつ, の合計.
OF_ALL = re.compile(
    r"(?:の(?:年度ごとの)?(?:推移|合計|総額|差額?)|(?:が|の|で)?(?:一番|いちばん|最も)(?:大き|多|高|小さ|少な|低)).*$"
)
TOTAL = re.compile(
    r"^(?:一番|いちばん|最も)(?:大き|多|高|小さ|少な|低)|合計|総額|合わせ|足すと|差額|どちらが|どっちが|比べ"
)
MORE = re.compile(
    r"^(?:もう少し|もっと|さらに)?(?:詳し|くわし|細か)[くい]|詳しく教え|^(?:その)?詳細|^円(?:単位)?で|^(?:西暦|和暦)で"
)
QUOTED = re.compile(r"[「『]([^」』]{2,60})[」』]")
TOPIC_END = re.compile(
    r"(?:って|とは|は(?!じめ)|について|に関して|を教え|を知り|をお|を示|が知り|を答え|はどれ|の名前)"
)
ANSWER_END = re.compile(r"(?:のこと)?(?:です|でした|である|だ|になります|とされています).*$", re.DOTALL)
ASKS_WHAT = re.compile(r"何|なに|誰|だれ|どこ|どの|どれ|いつ|どんな|いくつ")
ASKS = re.compile(rf"{ASKS_WHAT.pattern}|いくら")
ASKS_THING = re.compile(r"(?:何|なに)(?![年月日人円回件%か])|誰|だれ|どこ|どの|どれ|どんな")
DEFINES = re.compile(r"^(?!(?:それ|これ|あれ|その|この|あの)).{2,}?(?:とは|って(?:何|なに|なん))")
ITEM_BREAK = re.compile(rf"、|と(?=[^、]{{1,30}}$)|(?=[{CIRCLED}])|(?=[(（]\d{{1,2}}[)）])")
ITEM_MARK = re.compile(rf"^(?:[{CIRCLED}]|[(（]\d{{1,2}}[)）]|・)\s*")
WHAT = re.compile(r"(?:は|って|に|を)?(?:いくら|いくつ|どのくらい|どれ|何[^か])")
PART = re.compile(r"^(?:そのうち|その中で|そのなかで|うち)(?:の|で|、)?")
THAT_YEAR = re.compile(r"その年度?")
CITED = re.compile(r"\[\d+\]")
NOUN_BREAK = re.compile(r"[のがでは、\s]|における|に(?:対する|関する|おける)?")
HIRAGANA = re.compile(r"[ぁ-ん]")
ONE_OF = re.compile(r"^(?:一つ|ひとつ|1つ|もう一つ)(?=は|が|って)")
CONTENT_PARTS = {"名詞", "動詞", "形容詞", "形状詞", "代名詞"}


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation before it; itself if it needs none."""
    asked, answered, labels = "", "", ""
    for turn in history[-MAX_TURNS:]:
        if turn.role == "user":
            asked, answered = _resolve(turn.content.strip(), asked, answered, labels), ""
            labels += asked
        else:
            answered = "" if is_not_found(turn.content) else turn.content.strip()
    return _resolve(question.strip(), asked, answered, labels)


def _resolve(question: str, asked: str, answered: str, labels: str) -> str:
    if not asked:
        return question
    plain = LEAD.sub("", question)
    had_lead = plain != question and not DEFINES.match(plain)
    if resolved := _total(plain, asked, labels + answered):
        return resolved
    for rule in (_rest, _order, _more, _other_year, _most, _change):
        if resolved := rule(plain, asked, answered):
            return resolved
    if part := PART.match(plain):
        return f"{WHAT.split(_topic(asked))[0]}のうち、{plain[part.end() :]}"
    if (named := THAT_YEAR.search(plain)) and (year := YEAR.findall(f"{asked}{answered}")):
        plain = f"{plain[: named.start()]}{year[-1]}{plain[named.end() :]}"
        return f"{YEAR.sub('', _topic(asked))}について、{plain}"
    if ONE_OF.search(plain):
        return f"{_topic(asked)}の{plain}"
    if PERSON.search(plain):
        return PERSON.sub(_said_thing(answered) or _topic(asked), plain, count=1)
    if PRONOUN.search(plain):
        return PRONOUN.sub(lambda found: _referent(asked, answered, found.group()), plain, count=1)
    if THE.search(plain):
        return f"{_referent(asked, answered)}について、{plain}"
    if had_lead or _is_bare(plain) or _is_one_more(plain, asked):
        return _swapped(plain, asked, answered)
    return question


def _rest(question: str, asked: str, _answered: str) -> str | None:
    """「残りの二つは？」: what was asked, without what has been named."""
    if not REST.search(question) or len(question) > 20:
        return None
    named = "".join(f"「{name}」" for name in QUOTED.findall(asked))
    topic = _topic(QUOTED.sub("", asked)).removesuffix("の一つ")
    return f"{topic}のうち{named}以外をすべて教えてください" if named else f"{topic}をすべて教えてください"


def _order(question: str, asked: str, answered: str) -> str | None:
    """「その一つ前は？」 counts from the label asked about; 「最後のやつは…」 takes it from the list answered."""
    found = ORDER.search(question)
    if not found:
        return None
    label = LABEL.search(asked)
    if label and (found["back"] or found["on"]):
        number = CIRCLED.index(label.group()) + (1 if found["on"] else -1)
        return asked.replace(label.group(), CIRCLED[number]) if 0 <= number < len(CIRCLED) else None
    items = _items(answered)
    place = -1 if found["last"] else 0 if found["first"] else _count(found["nth"]) - 1
    if len(items) < 2 or place >= len(items) or found["back"] or found["on"]:
        return None
    return question[: found.start()] + items[place] + question[found.end() :]


def _count(numeral: str) -> int:
    return "一二三四五六七八九十".index(numeral) + 1 if numeral in "一二三四五六七八九十" else int(numeral)


def _items(answered: str) -> list[str]:
    """The items of an answer that is a list: 「(1)窓口、(2)業務です。」 -> 窓口, 業務; or each on a line of its own."""
    lines = [
        ITEM_MARK.sub("", ITEM_MARK.sub("", line)) for line in answered.split("\n") if line.startswith("・")
    ]
    if lines:
        return [CITED.sub("", line).split("：")[0].strip() for line in lines]
    listed = ANSWER_END.sub("", answered.split("。")[0])
    return [name for part in ITEM_BREAK.split(listed) if (name := ITEM_MARK.sub("", part).strip())]


def _total(question: str, asked: str, talked: str) -> str | None:
    """「合計は？」 over the labels that the conversation has named."""
    if not TOTAL.search(question) or LABEL.search(question):
        return None
    labels = "".join(sorted(set(LABEL.findall(talked)), key=CIRCLED.index))
    return f"{labels}の{_attribute(_of_one(asked))}の{question}" if len(labels) > 1 else None


def _most(question: str, asked: str, _answered: str) -> str | None:
    """「一番多かったのはいつ？」 of what was asked about before."""
    return f"{_of_one(asked)}が{question}" if MOST.match(question) else None


def _change(question: str, asked: str, _answered: str) -> str | None:
    """「どれくらい増えた？」 after a figure of one year: since the year before."""
    year, topic = YEAR.search(asked), _topic(asked)
    if year is None or not CHANGE.match(question):
        return None
    when = "" if year.group() in topic else f"{year.group()}は"
    return f"{topic}は{when}前年度と比べて{question}"


def _of_one(asked: str) -> str:
    """What a question is about, without what it asks of all years or items of it: 貸出点数 of 貸出点数の推移."""
    return OF_ALL.sub("", _topic(asked))


def _more(question: str, asked: str, _answered: str) -> str | None:
    return f"{asked} {question}" if MORE.search(question) else None


def _other_year(question: str, asked: str, _answered: str) -> str | None:
    """「前の年の決算額は？」: the question before with its year moved by one, and what is asked of it exchanged."""
    found, year = YEAR_ON.match(question), YEAR.search(asked)
    number = year and re.search(r"\d+", year.group())
    if not found or not year or not number or int(number.group()) < 2:
        return None
    moved = int(number.group()) + (1 if found["on"] else -1)
    fresh = year.group().replace(number.group(), str(moved), 1)
    topic = _topic(asked)
    if found["what"] and year.end() <= len(topic):
        return f"{asked[: year.start()]}{fresh}の{found['what']}{asked[len(topic) :]}"
    return asked[: year.start()] + fresh + asked[year.end() :]


def _swapped(question: str, asked: str, answered: str) -> str:
    """「じゃあ③は？」: the question before with its label, year or subject exchanged; else both together."""
    topic = BARE_TOPIC.match(question)
    new = topic.group(1) if topic else question
    subject = YEAR.sub("", LABEL.sub("", new)).strip("のは、 ")
    if topic and (year := YEAR.search(new)) and len(subject) > 1:
        whole = _topic(asked)
        if YEAR.search(asked) and _of_same_kind(_attribute(asked), _topic(subject)):
            other = asked.replace(_attribute(asked), _topic(subject), 1)
            return YEAR.sub(year.group(), other, count=1)
        if ASKS.search(new):
            return question
        return f"{new}の{_attribute(asked)}{asked[len(whole) :] if asked.startswith(whole) else 'は'}"
    if YEAR.fullmatch(new) and not YEAR.search(asked):
        return f"{new}の{_of_one(asked)}は？"
    labels = LABELS.search(asked)
    if LABEL.fullmatch(new) and labels and len(labels.group()) > 1:
        return f"{new}の{_attribute(_of_one(asked))}は？"
    for pattern in (LABEL, YEAR):
        if (fresh := pattern.findall(new)) and pattern.search(asked):
            return pattern.sub(fresh[0], asked, count=1)
    name = _topic(question) if ASKS.search(question) else new
    if topic and (swapped := _exchanged(asked, name)):
        return f"{_topic(swapped)}{question[len(name) :]}" if name != new else swapped
    if question.isascii():
        return f"{asked} {question}"
    if ASKS_WHAT.search(question) or not topic:
        return (
            f"{_topic(asked)}について「{answered[:80]}」とのことですが、{question}"
            if answered
            else f"{asked} {question}"
        )
    return f"{new}について、{asked}"


def _exchanged(asked: str, name: str) -> str | None:
    """The question before with the noun of the name's kind in place of its own; of AのB with both."""
    *owners, noun = name.split("の")
    exchanged = _of_same_kind(_topic(asked), noun)
    if not exchanged:
        return None
    start = asked.index(exchanged)
    end = start + len(exchanged)
    if owners:
        owner = _of_same_kind(asked[:start], owners[0])
        start = asked.index(owner) if owner else 0
    return asked[:start] + name + asked[end:]


def _of_same_kind(topic: str, name: str) -> str:
    """The noun of the topic that ends as the name does, if one does: 民生費 for 土木費, 人材WG for 窓口WG."""
    if name.isascii() or HIRAGANA.match(name[-1]):
        return ""
    nouns = reversed(NOUN_BREAK.split(topic))
    nearest = max(nouns, key=lambda noun: _shared_end(noun, name))
    return nearest if _shared_end(nearest, name) else ""


def _shared_end(one: str, other: str) -> int:
    """How many characters both end with."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _referent(asked: str, answered: str, pronoun: str = "") -> str:
    """What a pronoun stands for: the answer where the question asked for a thing, else the topic asked about.

    そこ is a place or a body: the one that an answer to 「どれ」「どこ」 names.
    """
    if pronoun == "そこ" and ASKS_THING.search(asked) and (named := _said_thing(answered)):
        return named
    if ASKS_THING.search(asked) and (thing := QUOTED.search(answered[:80])):
        return thing.group()
    return _topic(asked)


def _said_thing(answered: str) -> str:
    first = answered.split("。")[0]
    return ANSWER_END.sub("", first) if len(first) < 60 else ""


def _topic(question: str) -> str:
    """What a question is about: the words before its topic marker."""
    plain = LEAD.sub("", question).rstrip("?？。")
    end = TOPIC_END.search(plain)
    return plain[: end.start()] if end and end.start() > 0 else plain


def _attribute(question: str) -> str:
    """What is asked of the topic: 予算規模 in ①の予算規模は."""
    topic = _topic(question)
    return topic.rsplit("の", 1)[-1] if "の" in topic else topic


def _is_bare(question: str) -> bool:
    """Whether the question has hardly a word of its own: 「いつ？」「どこで？」「名前は？」「③は？」."""
    if len(question) > 15 or DEFINES.match(question):
        return False
    if YEAR.match(question):
        return True
    content = [
        surface
        for surface, _, part in morphemes(question)
        if part[0] in CONTENT_PARTS and not ASKS_WHAT.fullmatch(surface)
    ]
    return len(content) <= 1


def _is_one_more(question: str, asked: str) -> bool:
    """Whether the question is a name alone, of the kind of one that was asked about: 「川口市は？」."""
    topic = BARE_TOPIC.match(question)
    return (
        topic is not None
        and "の" not in topic.group(1)
        and bool(_of_same_kind(_topic(asked), topic.group(1)))
    )
