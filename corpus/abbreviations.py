"""Short names that a text itself explains: 「…（以下「X」という。）」, ワーキンググループ（WG）, X：Yの略称.

Left out on purpose is what search would gain nothing from: a short name that is a piece of the long one
(総合計画 of みほん市総合計画) shares its words already, and what points (本市, 同条例) or names a part
played (受託者) holds in one document only.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.normalise import narrow, normalise

MOST_MEANINGS = 3
"""A short name that stands for more names than this says too little to search for."""


@dataclass(frozen=True, slots=True)
class Alias:
    """`short` stands for `long`, both in half-width ASCII; `text[start:end]` is the place that says so."""

    short: str
    long: str
    start: int
    end: int


_KANJI = "一-鿿々〆"
_KATAKANA = "ァ-ヺー"
_NAME = rf"{_KANJI}{_KATAKANA}A-Za-z0-9&・ヶ-"
_ACRONYM = r"(?:[A-Z]{2}\d|[A-Z]+(?:[&-][A-Z]+)*(?:-\d+)?)"  # CO2; a longer one with a digit has a footnote
_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_BEFORE = 120

_DEFINED = re.compile(
    r"以下[、, ]*(?:単に|総称して)?[、, ]*[「『\"](?P<quoted>[^「」『』\"]{2,20})[」』\"]"
    r"|以下[、, ]*(?P<bare>[^「」『』\"、。, ]{2,20}?)と(?:いう|いいます|略|表記|記載|する)"
)
_CALLED = re.compile(
    r"^(?:略称|通称|愛称|略して)[はを、:, ]*[「『\"]?(?P<short>[^「」『』\"、。,]{2,20})[」』\"]?$"
)
_ABBREVIATES = re.compile(
    rf"(?<![{_NAME}])[「『\"]?(?P<short>[{_NAME}]{{2,20}})[」』\"]?"
    r"(?:(?:とは|は)[、, ]*|\s{0,3}[:=\t\n、,]\s{0,3}|\s{1,3})"
    r"[「『\"]?(?P<long>[^。、「」『』\"\n\t:]{4,60}?)[」』\"]?の略(?=[称語記字で。、,)\s]|$)"
)
_LATIN_EXPANSION = re.compile(
    r"(?<![A-Za-z&/-])(?P<short>[A-Z][A-Za-z-]*[A-Z]) ?[:=\t] ?(?P<long>[A-Z][a-z]+(?:[ -][A-Za-z]+){1,7})"
)

_QUOTED_NAME = re.compile(r"[「『\"]([^「」『』\"]{4,80})[」』\"] ?$")
_NAME_BEFORE = re.compile(rf"[{_NAME}]+$")
_LAW = re.compile(r"(?:法律?|条例|規則|規程|要綱|要領|政令|省令|指針)$")
# A particle of the sentence stands between words, so 子ども and ふるさと are left whole.
_LAW_BEGINS = re.compile(
    rf".*(?:[、。「」『』\"()\n:※●○■→ ]|(?<![ぁ-ん])[はがへやとでも](?=[{_NAME}])|づ[くき]|より"
    r"|定める|掲げる|規定する|[っれし]た)",
    re.S,
)
# Behind a hiragana word these kanji are its tail: みほん市…, みほん版….
_MUNICIPALITY = re.compile(r"^[市町村区県](?=..)")
_TAIL = re.compile(r"^[版的]")
_DATED = re.compile(r"^.*\d(?:年度?|月|日|条|項|号|次|期)")
_POINTING = re.compile(r"^(?:本|当|同|この|その|前記|上記|下記)")
# Laws that change others, and states of a law before or after: names of their own text only.
_VERSION = re.compile(r"^[新旧]|^整備|改正|廃止|施行の際|現に|規定による|の整備等に関する")
_ARTICLE = re.compile(
    r"^(?:.*第[一二三四五六七八九十百0-9]+[章条項号][のに中はを]*)?(?:(?:よる|うち|おいて|及び)(?:準用する)?)?"
)

# Formats, units, contact lines and numerals stand in brackets behind what they do not abbreviate.
_NO_ACRONYMS = re.compile(
    r"PDF|HTML|CSV|XLSX?|DOCX?|ZIP|WORD|EXCEL|URL|HP|WEB|TEL|FAX|ID|PW|DB|OK|NG|AM|PM|NO|HA|[CKM]M|KG|ML|[KMGT]B"
    r"|[KMGTP](?:WH?|J)|[IVX]+"
)
# What is done with a thing is no name of it: 公用車導入（EV）.
_DOING = re.compile(r"(?:導入|整備|推進|活用|実施|促進|強化|検討|取組|設置|購入|対応|改修|改革|更新|化|等)$")
_LONGEST_ACRONYM = 10
_OWN_NAME = 6  # characters of a name that a nickname may stand for: shorter ones are words, or were cut
_SHORTENED_BY = 4  # characters that a contraction in brackets leaves out at least


def find_aliases(text: str) -> Iterator[Alias]:
    """The short names that the text explains, in the order of their places; precision before recall."""
    plain = narrow(text)
    found = [*_bracketed(plain), *_abbreviated(plain), *_expanded(plain)]
    yield from sorted(found, key=lambda alias: (alias.start, alias.end))


def merge(names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """What each short name (normalised) of a library stands for, the commonest first, of (short, long) names.

    A long name that is the end of another one is taken as the same name. Short names of one character, and of
    more than `MOST_MEANINGS` meanings, are dropped.
    """
    longs: dict[str, Counter[str]] = defaultdict(Counter)
    for short, long in names:
        longs[normalise(short)][long] += 1
    meanings = {short: _distinct(counts) for short, counts in longs.items() if len(short) > 1}
    return {short: names for short, names in meanings.items() if len(names) <= MOST_MEANINGS}


def _distinct(counts: Counter[str]) -> tuple[str, ...]:
    kept: list[tuple[str, str]] = []
    for name in sorted(counts, key=lambda name: (-counts[name], len(name), name)):
        key = normalise(name).replace("・", "")
        if not any(key.endswith(other) or other.endswith(key) for other, _ in kept):
            kept.append((key, name))
    return tuple(name for _, name in kept)


def _bracketed(plain: str) -> Iterator[Alias]:
    for match in _BRACKET.finditer(plain):
        before = plain[max(0, match.start() - _BEFORE) : match.start()].rstrip(" ")
        inside = match[1].strip()
        defined, called = _DEFINED.search(inside), _CALLED.match(inside)
        if defined:
            pairs = _defined(defined["quoted"] or defined["bare"], before)
        elif called:
            pairs = _called(called["short"].strip(), before)
        else:
            pairs = _paired([_compound(before), *_parts(inside)])
        for short, long in pairs:
            near = max(
                plain.rfind(name, max(0, match.start() - _BEFORE), match.start()) for name in (short, long)
            )
            yield Alias(short, long, near if near >= 0 else match.start(), match.end())


def _defined(short: str, before: str) -> Iterator[tuple[str, str]]:
    long = _named(before)
    if _POINTING.match(short) or short in long or _VERSION.search(short) or _VERSION.search(long):
        return
    if _is_acronym(short):
        if _stands_for(short, long) or _LAW.search(long):
            yield short, long
    elif _contracts(short, long) or (_is_nickname(short) and len(long) >= _OWN_NAME):
        yield short, long


def _called(short: str, before: str) -> Iterator[tuple[str, str]]:
    long = _named(before)
    known = len(long) >= _OWN_NAME or _contracts(short, long)
    if known and short not in long and not _POINTING.match(short):
        yield short, long


def _abbreviated(plain: str) -> Iterator[Alias]:
    for match in _ABBREVIATES.finditer(plain):
        short, outer = match["short"], re.fullmatch(r"([^()]+?) ?\(([^()]+)\)", match["long"].strip())
        for long in outer.groups() if outer else (match["long"].strip(),):
            if _stands_for(short, long) if _is_acronym(short) else _contracts(short, long):
                yield Alias(short, long, match.start("short"), match.end())


def _expanded(plain: str) -> Iterator[Alias]:
    for match in _LATIN_EXPANSION.finditer(plain):
        if _is_acronym(match["short"], of_words=True) and _stands_for(match["short"], match["long"]):
            yield Alias(match["short"], match["long"], match.start(), match.end())


def _paired(names: list[str]) -> Iterator[tuple[str, str]]:
    """The pairs of an acronym and what it stands for, where there is just one; else of a contraction and its name."""
    short = [name for name in names if _is_acronym(name, of_words=True)]
    if len(short) == 1:
        yield from ((short[0], name) for name in names if name != short[0] and _stands_for(short[0], name))
    elif len(names) == 2:
        contraction, name = sorted(names, key=len)
        if (
            len(name) - len(contraction) >= _SHORTENED_BY
            and _is_compound(name)
            and _contracts(contraction, name)
        ):
            yield contraction, name


def _parts(inside: str) -> list[str]:
    """A bracket's names: `Digital Transformation:DX`; none where it is a sentence, a list or a remark."""
    parts = [part.strip() for part in re.split(r"[:,;、]", inside)]
    listed = not re.fullmatch(r"[^,;、]*", inside) and not any(
        _is_latin(part) and " " in part for part in parts
    )
    if len(parts) > 2 or listed:
        return []
    known = all(
        _is_acronym(part, of_words=True) or _is_latin(part) or _is_compound(part, 2) for part in parts
    )
    return parts if known else []


def _named(before: str) -> str:
    """The name that ends here: a quotation, the title of a law with its particles, else a compound."""
    quoted = _QUOTED_NAME.search(before)
    if quoted:
        return quoted[1]
    if _LAW.search(before):
        return _MUNICIPALITY.sub("", _ARTICLE.sub("", _LAW_BEGINS.sub("", before)))
    return _compound(before)


def _compound(before: str) -> str:
    """The run of kanji, katakana and letters that ends here, without a date in front; "" where its head is cut."""
    latin = re.search(rf"(?<![A-Za-z0-9&/-]){_ACRONYM}$", before)
    if latin:
        return latin[0]
    run = _NAME_BEFORE.search(before)
    name = _MUNICIPALITY.sub("", _DATED.sub("", run[0])) if run else ""
    return "" if _TAIL.match(name) else name.strip("・")


def _is_acronym(name: str, of_words: bool = False) -> bool:
    """Capitals such as DX, J-LIS, COVID-19; with `of_words` also MaaS, which only Latin words may explain."""
    letters = re.sub(r"[^A-Za-z]", "", name)
    if not 2 <= len(letters) <= _LONGEST_ACRONYM or _NO_ACRONYMS.fullmatch(name.upper()):
        return False
    mixed = of_words and letters[0].isupper() and letters[-1].isupper() and name.isalpha() and name.isascii()
    return bool(re.fullmatch(_ACRONYM, name)) or mixed


def _stands_for(acronym: str, name: str) -> bool:
    """Whether the name may be what the capitals abbreviate: its letters do, or it is long enough."""
    letters = re.sub(r"[^a-z]", "", acronym.lower())
    if _is_latin(name):
        words = name.lower().replace("trans", "x").split()  # X is written for trans, as in DX
        return (
            1 < len(words) <= len(letters) + 3
            and words[0][0] == letters[0]
            and _in_order(letters, "".join(words))
        )
    if not acronym.isupper() or not _is_compound(name) or _DOING.search(name):
        return False
    if "・" in name and not _is_katakana(name):
        return name.count("・") + 1 == len(letters)
    if _is_katakana(name):
        return len(name) >= 2.5 * len(letters)
    return len(name) >= max(4, 2 * len(letters) - 1)


def _contracts(short: str, long: str) -> bool:
    """温対法 of 地球温暖化対策の推進に関する法律: its characters in order, from more than two pieces of the name."""
    pieces = any(short[:cut] in long and short[cut:] in long for cut in range(2, len(short) - 1))
    return not short.isdecimal() and short not in long and not pieces and _in_order(short, long)


def _in_order(characters: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in characters)


def _is_nickname(short: str) -> bool:
    return re.fullmatch(rf"[ぁ-ん{_KATAKANA}・]{{5,}}", short) is not None


def _is_katakana(name: str) -> bool:
    return re.fullmatch(rf"[{_KATAKANA}・]+", name) is not None


def _is_latin(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z '&.-]*", name) is not None


def _is_compound(name: str, at_least: int = 4) -> bool:
    return re.fullmatch(rf"[{_NAME}]{{{at_least},}}", name) is not None and not name.isascii()
