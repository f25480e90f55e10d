"""Which language a question is in, by its script."""

import re

from corpus.normalise import normalise

KANA, HANGUL = re.compile(r"[ぁ-んァ-ヶ]"), re.compile(r"[가-힣]")
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-zÀ-ỹ]")
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
# Characters and words that Chinese questions have and Japanese ones without kana do not.
CHINESE = re.compile(
    r"[吗嗎呢什么麼这们們时为个间请谁哪预划亿计对关应样认]|多少|是否|是(?![非正認])|的(?=[是预计第])"
)
# Words of an English sentence: two of them make one, even where it names Japanese things.
ENGLISH = re.compile(
    r"\b(?:what|when|where|which|who|whose|how|why|is|are|was|were|do|does|did|the|of|in|tell|please|list)\b"
)
SIMPLE = "ja-simple"  # やさしい日本語: the registered variant of BCP 47 for simplified form
PHRASES = re.compile(r"[ぁ-んァ-ヶー0-9①-⑳]+(?: [ぁ-んァ-ヶー0-9①-⑳]+)+[。?]?")
PARTICLE = re.compile(r"[はをがにでへ]|です|ます|って")


def detect(question: str) -> str:
    """ISO 639-1 code: ja, en, zh, ko or vi; ja where it cannot be told; ja-simple for kana in phrases set apart."""
    plain = normalise(question)
    if PHRASES.fullmatch(plain.strip()) and KANA.search(plain):
        return SIMPLE
    if HANGUL.search(plain):
        return "ko"
    if len(set(ENGLISH.findall(plain))) > 1 and not PARTICLE.search(plain):
        return "en"
    if KANA.search(plain):
        return "ja"
    if HAN.search(plain):
        return "zh" if CHINESE.search(plain) else "ja"
    if VIETNAMESE.search(plain):
        return "vi"
    return "en" if LATIN.search(plain) else "ja"


def fitting(question: str, reader: str) -> str:
    """The reader's language where the question can be in it, else the one that its script tells."""
    found = detect(question)
    if reader == SIMPLE and base_language(found) == "ja":
        return SIMPLE
    if reader == "zh" and found == "ja" and HAN.search(question) and not KANA.search(question):
        return "zh"
    if reader == "vi" and found == "en" and len(set(ENGLISH.findall(normalise(question)))) < 2:
        return "vi"
    return found


def base_language(language: str) -> str:
    """The language without its variant: ja of ja-simple."""
    return language.partition("-")[0]
