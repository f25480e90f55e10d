"""Reads one Japanese sentence or paragraph: what is it said of?"""

import re

from corpus.normalise import narrow
from corpus.wareki import find_years

# Words that say which attribute is stated, not of what.
_ATTRIBUTE_WORDS = (
    "当初予算額|当初予算|補正予算額|補正予算|予算規模|予算額|予算総額|予算|決算見込額?|決算額|決算|総事業費|事業費|概算|要求額|総額|合計額|合計|"
    "金額|年額|月額|日額|経費|費用|規模|額|上限額|上限|限度額|最高額|補助額|補助率|計画期間|事業期間|実施期間|期間|年次|計画年度|計|"
    "単価|料金|手数料|内訳|残高|見込額|見込み|主な取り?組み?"
)
_ATTRIBUTE = re.compile(rf"(?:{_ATTRIBUTE_WORDS})(?:の?(?:総額|合計|規模|内訳))?")
_OF_ATTRIBUTE = re.compile(rf"(?:[のはがもを、]\s?|\s+)(?:{_ATTRIBUTE_WORDS}|年間|最大|約)+$")
_SELF = re.compile(r"(?:この|その|当該|本|同)(?:計画|ビジョン|方針|戦略|プラン|事業|補正|予算案?|条例|改正)")
# Says nothing of what a figure is.
_EMPTY = re.compile(
    r"(?:年度?|月|日|末|年間|単年度|毎年度?|各年度|最大|最低|最高|平均|これ|それ|ここ|そこ|こちら|今回|今後|実績|現在|現状|全員|全体|実際|結果|目標|状況|仮|一方|例年|同時|以上|その他|内容|理由|場合|"
    r"うち|ほか|もの|こと|(?:本|今|昨|同|前|翌|当該?)(?:年度?|市|町|村|県|区)?|我が?国?|最も\w{1,4}の?|およそ|およその計算|歳入歳出|税込み?|税抜き?|消費税|"
    r"\d+\s?(?:人|件|回|割|校|か所|世帯))(?:として|で|に)?"
)
_POINTER = re.compile(r"^(?:その|この|同|当該|うち|また、?|なお、?|さらに、?|ただし、?)+")
_OPENER = re.compile(
    r"^(?:例えば|たとえば|また|なお|一方|さらに|次に|まず|そして|しかし|ただし|そこで|具体的には|加えて|併せて|このうち|このほか|つまり|"
    r"要するに|すると|そうすると|結果的に)、?\s*"
)
_PARTICLE = (
    r"(?:(?:と|につき|にお(?:き|いて)|に関)?(?:いた)?しまして(?:は|も)|につきまして(?:は|も)|におきまして(?:は|も)|"
    r"については|においては|に関しては|としては|(?<!ま)では|には|は)"
)
_TOPIC = re.compile(rf"([^。、]{{1,60}}?)(?:{_PARTICLE}|(?<![たすだるいな])が(?!ん))")
_ABOUT = re.compile(r"([^。、]{1,60})に(?:ついて|関して)")
_PARAGRAPH_TOPIC = re.compile(rf"([^。]{{1,70}}?){_PARTICLE}、")
_LABEL_TOPIC = re.compile(r"((?=[^:：]*[ぁ-んァ-ヶ一-龠])[^。:：]{2,40}?)\s?[:：]")
_AFTER_COLON = re.compile(r"\s*(?:の[増減])?\s*[:：]\s*([^。、:：\d]{2,40}?)(?:[（(。、:：]|$)")
# 国庫補助金1,920万円, 財政調整基金を5.6億円: the noun that an amount is joined to.
_JOINED_NOUN = re.compile(
    r"(?<![\d一-龠々ァ-ヶーA-Za-z・])(?P<noun>[一-龠々ァ-ヶーA-Za-z・]{2,30})(?P<link>を|に|として|(?<=[金費債料税源入出業])で|[:：]\s?|\s)?(?:約|およそ|おおむね|概ね|計|総額|合計|\s)*$"
)
# 200円（電子申請）の開示請求手数料: the noun that an amount qualifies.
_QUALIFIED_NOUN = re.compile(r"(?:\([^()]*\))?の([一-龠々ァ-ヶー]{1,20}(?:料金?|費|金|税|予算|債))")
# 7兆円を…一般会計に繰り入れ: where the money goes.
_TRANSFER = re.compile(
    r"[^。]{0,90}?([一-龠々ァ-ヶー]{2,20}(?:会計|基金))[にへ](繰り?入れ|繰り?出|積み?立て|拠出)"
)
_ARTICLE = re.compile(r"^(?:(?:第\s?\d+\s?条(?:の\d+)?|\d{1,2}[.．]?)\s+|[・○●◯〇◇◆■□※*⚫✓-]\s*)")
# 1自治体あたり200万円: how the sum is counted is no part of the name.
_PER = re.compile(r"\s*[\d一]+\s?[^\s\d]{1,5}(?:当たり|あたり|につき|ごと)$")
_LEFT_OVER = re.compile(
    r"^(?:の?\d+\s?[かカヵケ箇]?年間?[でにの]?|から|まで|より|末で|末の|末|ついては|ばかりの|よる|を以て|をもって|の|は|も|に)+"
)
_ASIDE = re.compile(r"[（(](?:以下|通称|略称|仮称|注)[^（）()]*[）)]")
_YEN = re.compile(r"\d[\d,.]*[万億兆千百]*円")
_ATTRIBUTIVE = re.compile(
    r"(?:する|した|された|される|している|されている|(?:を)?予定の)"
    r"(?:[^「」、。をがはにでの]{0,12}[「『](?P<quoted>[^」』]{2,60})[」』]|(?P<noun>[^「」、。をがはにでの()（）\s]{2,30}))"
)
_NO_NOUN = re.compile(r"予定|こと|もの|ため|見込|方針|必要|ほか|とき|場合|際|よう")
_BEFORE_BRACKET = re.compile(
    r"(?:[「『](?P<quoted>[^「」『』]{2,60})[」』]\d{0,3}|(?P<noun>[^、。「」『』（）()をがはにで\s]{2,40}))\s?[（(]$"
)
_LONG = 40
_DEADLINE_OBJECT = re.compile(
    r"(?:に(?:かけて|わたって|わたり)|に|の間)?、?\s?([^。、]{2,60}?)(?:を|が|は|に向け)"
)


def paragraph_topic(paragraph: str) -> str | None:
    """What a paragraph is about: its first Xでは、 or Xは、 or the label of (1)X：…, with its ① kept."""
    text = _OPENER.sub("", narrow_label(paragraph))
    label = _LABEL_TOPIC.match(text)
    topic = label or _PARAGRAPH_TOPIC.match(text)
    return _meaning(narrow_label(topic[1])) if topic else None


def narrow_label(text: str) -> str:
    """Text without asides such as （以下「本市」という。） and outer space."""
    return _ASIDE.sub("", text).strip(" 　、・-•")


def said_subject(sentence: str, position: int) -> str | None:
    """What the words at `position` are said of; None where only an attribute is named (その予算額は)."""
    prefix = _ASIDE.sub(lambda match: " " * len(match[0]), sentence[:position])
    if (inside := re.search(r"[（(]([^（）()]+は)$", prefix)) is not None:
        prefix = inside[1]  # 1件300円（電子申請は200円）
    for clause in reversed(re.split(r"[、。]", prefix)):
        spoken = _OPENER.sub("", clause.strip())
        topic = _ABOUT.fullmatch(spoken) or _TOPIC.match(spoken)
        if topic is None:
            continue
        name = _POINTER.sub("", narrow(topic[1]).strip())
        if _EMPTY.fullmatch(name) or _YEN.search(name):
            continue
        return _meaning(name)
    return None


def amount_subject(sentence: str, start: int, end: int) -> str | None:
    """What the amount at `start` to `end` is of: 7,500円：協力金, 国庫補助金1,920万円, else the topic."""
    if not re.search(r"[^\s\d・\W]", sentence[:start]) and (label := _AFTER_COLON.match(sentence, end)):
        return label[1].strip()
    plain = narrow(sentence)
    joined = _JOINED_NOUN.search(plain[:start])
    noun = _meaning(joined["noun"]) if joined and joined["link"] != "に" else None
    after = _QUALIFIED_NOUN.match(plain, end)
    if noun or (noun := after and _meaning(after[1])):
        return noun
    if said := said_subject(sentence, start):
        return said
    moved = _TRANSFER.match(plain, end)
    return f"{moved[1]}への{moved[2]}" if moved else None


def line_label(line: str, start: int) -> str | None:
    """The label of an item that ends in its amount: ○道路の更新（国土交通省）　２億円 -> 道路の更新（国土交通省）."""
    label = balanced(_ARTICLE.sub("", re.sub(r"[\s:：（(]*(?:約|計|総額)?$", "", line[:start])).strip())
    says = len(label) > 1 and not re.search(r"[。、]|[はがをにで]$", label)
    return _meaning(label) if says else None


def _meaning(name: str) -> str | None:
    """A subject without years, numbers and attribute words; None where nothing is left."""
    name = _LEFT_OVER.sub("", _without_years(_ARTICLE.sub("", balanced(name))))
    name = _PER.sub("", _OF_ATTRIBUTE.sub("", name)).strip(" ・-、")
    if not re.search(r"[^\W\d_ぁ-ん]", name) or _YEN.search(name):
        return None  # もともと, 約22億円
    if any(pattern.fullmatch(name) for pattern in (_ATTRIBUTE, _SELF, _EMPTY)):
        return None
    return name


def balanced(name: str) -> str:
    """A phrase cut out of a sentence without the half of a bracket that came along."""
    for opener, closer in ("（）", "()", "「」", "『』", "【】"):
        while name.count(closer) > name.count(opener):
            name = name.split(closer, 1)[1] or name.replace(closer, "", 1)
        while name.count(opener) > name.count(closer):
            before, after = name.rsplit(opener, 1)
            name = before or after
    return name.strip()


def noun_after(text: str) -> str | None:
    """The noun that a verb stands before: 公表された「特別報告書」 -> 特別報告書."""
    match = _ATTRIBUTIVE.match(text)
    name = match and (match["quoted"] or match["noun"])
    return name if name and not _EMPTY.fullmatch(name) and not _NO_NOUN.match(name) else None


def object_before(text: str) -> str | None:
    """待機児童数 of 「待機児童数を令和8年度までに」, given up to the date."""
    match = re.search(r"(?:^|[、。])([^、。]{2,60})を、?$", text)
    return _meaning(match[1]) if match else None


def noun_before_bracket(text: str) -> str | None:
    """資産所得倍増プラン of 「資産所得倍増プラン（2022年11月策定）」, given up to the date."""
    match = _BEFORE_BRACKET.search(text)
    return (match and (match["quoted"] or balanced(match["noun"]))) or None


def _without_years(text: str) -> str:
    """令和7年度の事業費 -> 事業費."""
    for span in reversed(find_years(text)):
        text = text[: span.start] + re.sub(r"^(?:の|における|、|に)", "", text[span.end :])
    return re.sub(r"[(（]\s*[-~～]?\s*[)）]", "", text).strip()


def labelled(text: str) -> str | None:
    """The noun phrase before a label: 計画の -> 計画; None inside brackets, where the label stands alone."""
    name = re.split(r"[、。]", re.sub(r"[のをがは]?\s*$", "", narrow_label(text)))[-1].strip()
    return None if not name or re.search(r"[(（]", name) else name


def object_after(text: str) -> str | None:
    """What a sentence that opens with its date goes on to speak of: 2035年までに電動車の割合を."""
    named = _DEADLINE_OBJECT.match(text)
    name = _LEFT_OVER.sub("", balanced(named[1])) if named else ""
    return name if len(name) > 1 and not _EMPTY.fullmatch(name) else None


_FILLER = re.compile(
    r"^(?:中に|新たに|新しく|初めて|正式に|全庁的に|共同で|年度?|には|に|は|の|から|で|より|、|\s)+"
)
_MANNER = re.compile(r"(?:に|で|へ|と|から|まで|より|も|て|として|つつ|中|末)$")


def object_of(text: str) -> str | None:
    """The noun phrase right before the verb: 『…推進本部』を -> …推進本部; None where there is none."""
    text = re.sub(r"[をがのは]?\s*$", "", _ASIDE.sub("", text))
    if named := re.search(r"[「『]([^「」『』]{2,60})[」』][にへで]?$", text):
        return named[1]
    name = re.split(r"[、。]|として|により|に向け|において|をもって", text)[-1]
    if inner := re.match(r"(.+?)[をが][^をが]*(?:に|で|で新たに|体制で)$", name):  # 担当を2名体制で
        name = re.split(r"(?<=[^\W\d])[にで]", inner[1])[-1]
    name = _FILLER.sub("", name)
    name = re.split(r"が(?!ら)|を(?:行う|実施する|進める)$", name)[0].strip()
    if _MANNER.search(name):
        return None
    name = _LEFT_OVER.sub("", balanced(name))
    return name if 1 < len(name) <= _LONG else None
