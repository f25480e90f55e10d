"""What is refused before anything is searched: named reasons, in the order they are tried."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from assistant.answer import TURN_MAX_CHARS, Turn
from assistant.privacy import find_personal_data, mask
from assistant.rule_changes import changes_rules, changes_rules_closed
from corpus.normalise import normalise
from index.tokens import morphemes

# Control characters but tab and line ends; bidi overrides; the invisible copies of ASCII (Unicode tags).
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{16,}={0,2}")
HEX = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{2}[ :,]?){8,}(?![0-9a-f])", re.IGNORECASE)
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# Separators between letters, as in i-g-n-o-r-e; kana and kanji need none at all.
SEPARATOR = r"[\s・.\-_*|/]"
SPELT = re.compile(rf"(?<![a-z0-9])[a-z](?:{SEPARATOR}+[a-z])+(?![a-z0-9])")
SPELT_FIGURES = re.compile(r"(?<!\d)\d(?:[ ・.\-]\d){9,}(?!\d)")
BETWEEN_KANA = re.compile(rf"(?<=[ぁ-んァ-ヶー一-龠々]){SEPARATOR}+(?=[ぁ-んァ-ヶー一-龠々])")
# Letters that look like Latin ones (Unicode's confusables.txt), and figures put in their place.
LOOKS_LATIN = str.maketrans("аеорсухіјѕһԁԛԝɡɩαεοριντυκ", "aeopcyxijshdqwgiaeopivtuk")
FIGURES_AS_LETTERS = str.maketrans("013457@$", "oieastas")
WORD_WITH_FIGURE = re.compile(r"(?<![\w@$])(?=[\w@$]*[a-z])(?=[\w@$]*[013457@$])[a-z013457@$]{3,}", re.ASCII)
# Matters that are private whoever is meant, and those that are so of people who hold no office.
PRIVATE = (
    r"住所|住んで(?:い|る)|自宅|携帯(?:電話)?(?:の)?番号|電話番号|メールアドレス|マイナンバー(?!カード)|"
    r"個人番号|口座|年収|病歴|家族構成"
)
MATTERS = (
    rf"{PRIVATE}|携帯|連絡先|生年月日|誕生日|年齢|給料|何歳|phone number|home address|e-?mail|date of birth|"
    rf"电话|住址|전화번호|주소|số điện thoại|địa chỉ nhà"
)
PRIVATE_MATTERS, OTHER_MATTERS = re.compile(PRIVATE), re.compile(MATTERS)
# Of who holds an office only what belongs to the home, of who was spoken of before all that is private.
HOME = (
    r"の(?:個人の)?(?:(?:氏名|名前)と)?(?:自宅の?(?:住所|電話|場所|番地)|自宅は(?:どこ|どの)|(?:携帯|スマホ)(?:電話)?の?番号)|"
    r"[はが](?:今|いま|現在)?(?:どこに|どの[市区町])?住んで(?:い)?る"
)
OFFICE_HOLDER = re.compile(
    rf"(?:[市区町村部課局室係所校院会署]長|知事|議員|統括監|担当(?:者|の人)?|職員)(?:{HOME})"
    rf"|[そこあ]の(?:人|方)(?:{HOME}|の(?:{PRIVATE}))"
)
OF_THEM = rf"[^のをはが、。]{{0,6}}の(?:{PRIVATE})|[がは](?:今|いま|現在)[^。、]{{0,4}}住んで"
HONORIFICS = ("さん", "ちゃん", "くん", "君", "様", "さま", "氏", "先生", "씨", "女士")
OWN_NAME = re.compile(
    r"(?:^|[。、\s])(?:私|わたし|僕|ぼく|俺|自分)?の?(?:名前|氏名|本名)は([^。、]{2,12}?)(?:です|といい|"
    r"と言い|と申し|だ)"
    r"|(?:私|わたし|僕|ぼく|俺)は([^。、]{2,12}?)(?:と申し|といい|と言い)"
)
FOREIGN_PERSON = re.compile(
    r"\b(?:mr|ms|mrs|dr)\b\.? ?[a-z]+|\b[a-z]+ [a-z]+'s (?:home |private |personal |mobile |phone "
    r")+(?:address|number|phone)"
    r"|[가-힣]{2,4} ?씨(?=의|가|는|\s)|\b(?:ông|bà|anh|chị) [a-zà-ỹ]+"
    r"|\bwhere (?:does|do) (?!the\b)[a-z]+ (?:[a-z]+ )?live\b"
)
LIVES = re.compile(r"\blives?\b")


def refusal_reason(question: str, max_chars: int) -> str | None:
    """Why to refuse, or None: `empty`, `too_long`, `control_characters`, `personal_data`, `rule_change`."""
    if not question.strip():
        return "empty"
    if len(question) > max_chars:
        return "too_long"
    if CONTROL.search(question):
        return "control_characters"
    plain = normalise(question)
    if any(map(find_personal_data, (question, plain, _closed_figures(plain)))) or _about_a_private_person(
        plain
    ):
        return "personal_data"
    if any(changes_rules(text) for text in {plain, *map(normalise, _readings(question))}) or _spelt_out(
        plain
    ):
        return "rule_change"
    return None


def safe_history(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The conversation without exchanges whose question is refused, replies that order, and personal data."""
    kept, refused = [], False
    for turn in history:
        if turn.role == "user":
            refused = refusal_reason(turn.content, TURN_MAX_CHARS) is not None
        if not refused and not changes_rules(normalise(turn.content)):
            kept.append(turn.model_copy(update={"content": mask(turn.content)}))
    return tuple(kept)


def _about_a_private_person(plain: str) -> bool:
    """Whether the asker's own name is given, or a named person's private matters are asked for."""
    if OFFICE_HOLDER.search(plain):
        return True
    if said := OWN_NAME.search(plain):
        return any("人名" in part for _, _, part in morphemes(said[1] or said[2]))
    if not OTHER_MATTERS.search(plain) and not LIVES.search(plain):
        return False
    if FOREIGN_PERSON.search(plain):
        return True
    followers = _behind_names(morphemes(plain))
    return any(one.startswith(HONORIFICS) for one in followers) or (
        bool(PRIVATE_MATTERS.search(plain)) and any(re.match(OF_THEM, one) for one in followers)
    )


def _behind_names(parts: list[tuple[str, str, tuple[str, ...]]]) -> list[str]:
    """The text behind each name of a person, as far as one can be told from a place's."""
    is_name = ["人名" in part for _, _, part in parts] + [False]
    ends = [number + 1 for number in range(len(parts)) if is_name[number] and not is_name[number + 1]]
    return ["".join(surface for surface, _, _ in parts[end : end + 6]) for end in ends]


def _readings(question: str) -> Iterator[str]:
    """What the question says if it is read otherwise: decoded, backwards, with look-alike letters as they look."""
    plain = normalise(question)
    yield BETWEEN_KANA.sub("", plain)
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    yield ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(unquote(question)))
    latin = _without_accents(plain).translate(LOOKS_LATIN)
    yield WORD_WITH_FIGURE.sub(lambda found: found[0].translate(FIGURES_AS_LETTERS), latin)
    yield from _decoded(question)


def _without_accents(plain: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", plain))


def _closed_figures(plain: str) -> str:
    """The text with figures put together that stand apart one by one."""
    return SPELT_FIGURES.sub(lambda found: re.sub(r"\D", "", found[0]), plain)


def _decoded(question: str) -> Iterator[str]:
    """What Base64 and hexadecimal figures in the question say, where it is text."""
    for found in [*BASE64.findall(question), *HEX.findall(question)]:
        for decode in (_base64, _hexadecimal):
            try:
                yield decode(found).decode("utf-8")
            except (binascii.Error, ValueError):
                continue


def _base64(text: str) -> bytes:
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & set("-_") else None, validate=True
    )


def _hexadecimal(text: str) -> bytes:
    return binascii.unhexlify(re.sub("[ :,]", "", text))


def _spelt_out(plain: str) -> bool:
    """Whether letters that stand apart (i g n o r e) are an order once they are put together."""
    if not SPELT.search(plain):
        return False
    return changes_rules_closed(re.sub(rf"{SEPARATOR}+", "", plain))
