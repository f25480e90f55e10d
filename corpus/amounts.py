"""Amounts of money and counts in text: 約7.2億円, 12億3,400万円, （単位：千円）, 103か所."""

import re
from dataclasses import dataclass
from decimal import Decimal

from corpus.normalise import NUMERAL_CHARACTERS, narrow, read_number

# Units of budget tables (単位：千円), in yen.
MONEY_UNITS = {
    "円": 1,
    "千円": 10**3,
    "万円": 10**4,
    "百万円": 10**6,
    "千万円": 10**7,
    "億円": 10**8,
    "十億円": 10**9,
    "兆円": 10**12,
}
_ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_ABOUT = (
    r"(?:(?P<about>約|およそ|おおよそ|概ね|おおむね|ほぼ|约|大约|약|(?i:about|approximately|around)\s)\s?)?"
)
# ▲ and △ mark a decrease in public accounts; a dash is a minus only where no word or figure stands before it.
_SIGN = r"(?:(?P<sign>[▲△]|マイナス|(?<![\w)\]])-)\s?(?:約|およそ)?)?"
_START = "[\\d〇零一二三四五六七八九十百千]"
_NUMBER = rf"(?P<number>{_START}[{NUMERAL_CHARACTERS}]*(?:\s[千百万億兆亿억만][{NUMERAL_CHARACTERS}]*)?)"
_NOT_INSIDE = rf"(?<![{NUMERAL_CHARACTERS}数何幾第問])"
# 円滑, 円形, 円グラフ and the like are words.
_YEN = r"\s?(?:余?円(?![滑形卓筒柱盤周心]|グラフ)|日元|日圆|日圓|엔)"
_AFTER = r"(?P<after>\s?(?:程度|ほど|前後|余り?|弱|強(?!化)))?"
# 7.2億 without 円 is money only where no counted thing follows (1億人).
_UNSAID_YEN = r"(?<=[億兆亿万])(?=\s*(?:$|[、。，．,.)）」』\]?？!！~\-のをはがでにともやか]|です|だ|程度))"
_YEN_AMOUNT = re.compile(
    rf"{_ABOUT}{_SIGN}{_NOT_INSIDE}[¥￥]?{_NUMBER}(?:(?P<yen>{_YEN})|{_UNSAID_YEN}){_AFTER}"
)
_ENGLISH_AMOUNT = re.compile(
    rf"{_ABOUT}{_SIGN}(?<![\d.,])(?:(?P<mark>[¥￥]|JPY)\s?)?(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?:\s?(?P<scale>(?i:thousand|million|billion|trillion)))?(?:\s?(?P<yen>(?i:yen)|JPY)(?![A-Za-z]))?"
)
# A figure alone in a table: no word joined to it (7年度, R7, 第3), unless it is grouped by commas (計1,234).
_BARE_AMOUNT = re.compile(
    rf"{_SIGN}(?:(?<![\w.,/:])|(?<=[^\W\dA-Za-z_])(?=\d{{1,3}},\d{{3}}))(?P<number>\d[\d,]*(?:\.\d+)?)(?![\w%.:/]|,\d)"
)
# 款 and 項 numbers, list labels: a short number that opens a line with words after it.
_ROW_LABEL = re.compile(r"^\s*\(?\d{1,2}\)?[\s.]+(?=[^\W\d])", re.M)
_UNIT = re.compile(
    r"(?:単位\s?[:：]?\s?|[(\[［])\s?(十億円|百万円|千万円|千円|万円|億円|兆円|円)\s?(?:[)\]］、,・]|$|\s)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed sum: `text[start:end] == printed`, with 約 or 程度 where it stands there."""

    start: int
    end: int
    yen: int
    approximate: bool
    printed: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its counter word (人, 件, か所, % …), the counter in one spelling."""

    start: int
    end: int
    value: Decimal
    counter: str


def unit_of(caption: str) -> str | None:
    """The money unit of a caption, header or unit cell: （単位：千円）, 要求額（百万円）, 千円; else None."""
    plain = narrow(caption)
    match = _UNIT.search(plain)
    if match is None and plain.strip() in MONEY_UNITS:
        return plain.strip()
    return match[1] if match else None


def _amount(text: str, match: re.Match[str], value: Decimal | None, unit_yen: int = 1) -> list[Amount]:
    if value is None or (yen := value * unit_yen) != int(yen):
        return []
    groups = match.groupdict()
    start, end = match.span()
    signed = -int(yen) if groups.get("sign") else int(yen)
    return [Amount(start, end, signed, bool(groups.get("about") or groups.get("after")), text[start:end])]


def _said_in_japanese(text: str, plain: str) -> list[Amount]:
    found = []
    for match in _YEN_AMOUNT.finditer(plain):
        number = match["number"]
        # 市内一円 means all of the city; 27万 without 億 or 円 counts anything.
        if number == "一" or (not match["yen"] and not re.search("[億兆亿]", number)):
            continue
        found += _amount(text, match, read_number(re.sub(r"\s", "", number)))
    return found


def _said_in_english(text: str, plain: str) -> list[Amount]:
    found = []
    for match in _ENGLISH_AMOUNT.finditer(plain):
        if match["mark"] or match["yen"]:
            scale = _ENGLISH_SCALES[match["scale"].lower()] if match["scale"] else 1
            found += _amount(text, match, read_number(match["number"]), scale)
    return found


def _bare(text: str, plain: str, unit: str) -> list[Amount]:
    labels = [match.span() for match in _ROW_LABEL.finditer(plain)]
    found = []
    for match in _BARE_AMOUNT.finditer(plain):
        if not any(start <= match.start("number") < end for start, end in labels):
            found += _amount(text, match, read_number(match["number"]), MONEY_UNITS[unit])
    return found


def find_amounts(text: str, unit: str | None = None) -> list[Amount]:
    """Sums of money printed in `text`, in order, not overlapping, exact in yen.

    With a money `unit` (that of the table) figures without 円 count too; any other unit is as none. What
    is no whole number of yen is left out.
    """
    plain = narrow(text)
    found = _said_in_japanese(text, plain) + _said_in_english(text, plain)
    if unit in MONEY_UNITS:
        found += _bare(text, plain, unit)
    found.sort(key=lambda amount: (amount.start, -amount.end))
    kept: list[Amount] = []
    for amount in found:
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


def format_yen(yen: int) -> str:
    """720000000 -> 7.2億円, 1234000000 -> 12億3,400万円, 54000000 -> 5,400万円; ▲ for minus."""
    sign, rest = ("▲" if yen < 0 else ""), abs(yen)
    for name, size in (("兆", 10**12), ("億", 10**8)):
        if rest >= size and rest % (size // 10) == 0:
            return f"{sign}{Decimal(rest) / size:,f}{name}円"
    parts = []
    for name, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("", 1)):
        count, rest = divmod(rest, size)
        parts += [f"{count:,}{name}"] if count else []
    return f"{sign}{''.join(parts) or '0'}円"


def format_yen_exact(yen: int) -> str:
    """720000000 -> 720,000,000円; ▲ for minus."""
    return f"{'▲' if yen < 0 else ''}{abs(yen):,}円"


def amount_tokens(text: str, unit: str | None = None) -> list[str]:
    """Words for lexical search that are the same for 720百万円 and 7.2億円, in order of appearance."""
    return [f"yen{amount.yen}" for amount in find_amounts(text, unit)]


# Counter words, each followed by what it must not be the beginning of (人口, 点検, 回線, 3 本市は…).
_COUNTERS = {
    "人": r"人(?![口材権間工件格命類物事])",
    "名": r"名(?![称簿義前物所刺誉])",
    "件": r"件(?!費)",
    "点": r"点(?![検字灯在線火])",
    "回": r"回(?![線復答収避転路覧帰])",
    "か所": r"(?:[かカヵヶケヶ箇個]|か)所",
    "か月": r"[かカヵヶケ箇]月",
    "年間": r"(?:[かカヵヶケ箇]年(?!度)|年間)",
    "か国": r"[かカヵヶケ箇]国",
    "日間": r"(?:日間|日(?=以内|以上|以下|程度|ほど)|(?<=\.\d)日)",
    "週間": r"週間",
    "時間": r"時間",
    "分間": r"分間",
    "分": r"分(?![のか間野割析類担離別布配譲岐])",
    "%": r"(?:%|パーセント|퍼센트)",
    "ポイント": r"ポイント",
    "倍": r"倍(?!増)",
    "割": r"割(?![合引り])",
    "位": r"位(?!置)",
    "次": r"次(?![元第期長代ぐい]|世代)",
    "つ": r"つ(?![いつまくなれてきけぎたど])",
    "台": r"台(?![帳風所地頭])",
    "校": r"校(?![舎務長区庭歌内外門則])",
    "園": r"園(?![児芸庭舎長])",
    "本": r"本(?=[、。）)のをがにでと]|$)",
    "枚": r"枚",
    "冊": r"冊(?!子)",
    "個": r"個(?![人別性々])",
    "基": r"基(?![本づ盤金準礎幹調地に])",
    "棟": r"棟",
    "戸": r"戸(?![籍建別])",
    "社": r"社(?![会員協内長団屋])",
    "団体": r"団体",
    "世帯": r"世帯",
    "歳": r"歳(?![入出計末])",
    "票": r"票(?!数)",
    "食": r"食(?![品育料事糧費堂器材生])",
    "区": r"区(?![分域役政民画間長内切])",
    "市町村": r"市町村",
    "自治体": r"自治体",
    "ページ": r"ページ",
    "km": r"(?:km|㎞|キロメートル|キロ)(?![A-Za-z])",
    "㎡": r"(?:㎡|m2|平方メートル)",
    "m": r"(?:m|メートル)(?![A-Za-z2])",
    "ha": r"(?:ha|ヘクタール)(?![A-Za-z])",
    "トン": r"(?:トン|t(?![A-Za-z]))",
    "kg": r"(?:kg|キログラム)(?![A-Za-z])",
}
# Things counted without a counter word, and never after a space (2 計画の方針 is a heading).
_THINGS = (
    "事業者|事業所|事業(?![費名系])|業務|施策|施設|項目|分野|機関|地区|路線|系統|種類|拠点|段階|指標|目標|方針|計画|制度|"
    "手続|テーマ|グループ|ワーキンググループ|システム|プロジェクト|サービス|コース|講座|教室|チーム|エリア|回線|柱"
)
_COUNTER_GROUPS = {f"c{index}": counter for index, counter in enumerate(_COUNTERS)}
_COUNTED = "|".join(f"(?P<c{index}>{pattern})" for index, pattern in enumerate(_COUNTERS.values()))
_COUNT = re.compile(
    rf"(?<![{NUMERAL_CHARACTERS}数何幾\-])(?P<ordinal>第?)"
    rf"(?P<number>{_START}[{NUMERAL_CHARACTERS}]*)"
    rf"(?:(?P<thing>{_THINGS})|\s?(?:{_COUNTED}))"
)
# 誰一人取り残さない and 一人ひとり count nobody.
_NOBODY = re.compile(r"[誰各]$|一人(?:ひとり|一人|暮らし)")


def find_counts(text: str) -> list[Count]:
    """Numbers with a counter word, in order: 103件, 4つ, 3か所, 17業務; of ordinals only 第1位 and 第四次."""
    plain = narrow(text)
    found = []
    for match in _COUNT.finditer(plain):
        counter = match["thing"] or next(name for group, name in _COUNTER_GROUPS.items() if match[group])
        value = read_number(match["number"])
        idiom = match["number"] == "一" and (
            plain[: match.start()].endswith(("誰", "各")) or _NOBODY.match(plain, match.start())
        )
        calendar = counter == "年間" and value is not None and value >= 1000
        if value is None or idiom or calendar or (match["ordinal"] and counter not in ("次", "位")):
            continue
        found.append(Count(match.start("number"), match.end(), value, "人" if counter == "名" else counter))
    return found
