"""What is refused before anything is searched: named reasons, in the order they are tried."""

import base64
import binascii
import re

from assistant.privacy import find_personal_data
from assistant.rule_changes import changes_rules
from corpus.normalise import normalise
from index.tokens import morphemes

# Control characters but tab and line ends; bidi overrides; the invisible copies of ASCII (Unicode tags).
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
HIDDEN = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{16,}={0,2}")
# Matters that are private whoever is meant, and those that are so of people who hold no office.
PRIVATE = (
    r"住所|住んで(?:い|る)|自宅|携帯(?:電話)?(?:の)?番号|電話番号|メールアドレス|マイナンバー(?!カード)|"
    r"個人番号|口座|年収|病歴|家族構成"
)
MATTERS = (
    rf"{PRIVATE}|携帯|連絡先|生年月日|誕生日|年齢|給料|何歳|phone number|home address|e-?mail|date of birth|"
    rf"电话|住址|전화번호|주소"
)
PRIVATE_MATTERS, OTHER_MATTERS = re.compile(PRIVATE), re.compile(MATTERS)
HONORIFICS = ("さん", "ちゃん", "くん", "君", "様", "さま", "氏", "先生", "씨", "女士")
OWN_NAME = re.compile(
    r"(?:^|[。、\s])(?:私|わたし|僕|ぼく|俺|自分)?の?(?:名前|氏名|本名)は([^。、]{2,12}?)(?:です|といい|"
    r"と言い|と申し|だ)"
    r"|(?:私|わたし|僕|ぼく|俺)は([^。、]{2,12}?)(?:と申し|といい|と言い)"
)
FOREIGN_PERSON = re.compile(
    r"\b(?:mr|ms|mrs|dr)\b\.? ?[a-z]+|\b[a-z]+ [a-z]+'s (?:home |private |personal |mobile |phone "
    r")+(?:address|number|phone)"
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
    if find_personal_data(question) or _about_a_private_person(plain):
        return "personal_data"
    if changes_rules(plain) or any(changes_rules(normalise(text)) for text in _hidden_texts(question)):
        return "rule_change"
    return None


def _about_a_private_person(plain: str) -> bool:
    """Whether the asker's own name is given, or a named person's private matters are asked for."""
    parts = morphemes(plain)
    if said := OWN_NAME.search(plain):
        return any("人名" in part for _, _, part in morphemes(said[1] or said[2]))
    if not OTHER_MATTERS.search(plain) and not LIVES.search(plain):
        return False
    if FOREIGN_PERSON.search(plain):
        return True
    followers = _behind_names(parts)
    return any(one.startswith(HONORIFICS) for one in followers) or (
        bool(PRIVATE_MATTERS.search(plain))
        and any(re.match(rf"[^のをはが、。]{{0,6}}の(?:{PRIVATE})", one) for one in followers)
    )


def _behind_names(parts: list[tuple[str, str, tuple[str, ...]]]) -> list[str]:
    """The text behind each name of a person, as far as one can be told from a place's."""
    is_name = ["人名" in part for _, _, part in parts] + [False]
    ends = [number + 1 for number in range(len(parts)) if is_name[number] and not is_name[number + 1]]
    return ["".join(surface for surface, _, _ in parts[end : end + 6]) for end in ends]


def _hidden_texts(question: str) -> list[str]:
    """What Base64 in the question says, where it is text."""
    found = []
    for match in HIDDEN.findall(question):
        try:
            found.append(base64.b64decode(match + "=" * (-len(match) % 4), validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found
