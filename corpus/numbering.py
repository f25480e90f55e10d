"""Single lines: how they are numbered, whether they could be headings, whether they are captions."""

import re
import unicodedata

from corpus.normalise import narrow, read_number

_N = r"(\d{1,2}|[一二三四五六七八九十]{1,3}|[Ⅰ-Ⅻ])"
_GAP = r"(?:\s|[:、.]|(?=[^\w\s])|$)"
# Numbering styles from the outermost to the innermost by the custom of laws and municipal plans (after
# 公用文作成の要領: 第1, 1, (1), ア, (ア)). The custom only breaks ties: a document's own nesting goes first.
STYLES = {
    "編": re.compile(rf"第?\s?{_N}\s?編{_GAP}|()(?:資料編|参考資料|用語解説|用語集)$"),
    "部": re.compile(rf"(?:第\s?{_N}|([Ⅰ-Ⅻ]))\s?部{_GAP}"),
    "章": re.compile(rf"第?\s?{_N}\s?章{_GAP}|()(?:はじめに|おわりに|序章|終章)$"),
    "節": re.compile(rf"第?\s?{_N}\s?節{_GAP}"),
    "款": re.compile(rf"第\s?{_N}\s?款{_GAP}"),
    "条": re.compile(rf"第\s?{_N}\s?条(?:の\d+)?{_GAP}"),
    "第": re.compile(rf"第\s?{_N}\s+(?=\D)"),
    "Ⅰ": re.compile(r"([Ⅰ-Ⅻ])\s?[.、\s]\s?(?=\S)"),
    "基本": re.compile(rf"(?:基本|重点)?(?:方針|目標|施策|戦略|政策|柱)\s?{_N}{_GAP}"),
    "1": re.compile(r"(\d{1,2})(?:[.、]\s?|\s+)(?=[^\d\s年月日時分円%人件回点か箇])"),
    "1-1": re.compile(r"\d{1,2}[-.](\d{1,2})(?![-.\d])[.\s]\s?(?=[^\d\s])"),
    "1-1-1": re.compile(r"\d{1,2}[-.]\d{1,2}[-.](\d{1,2})(?![-.\d])[.\s]?\s?(?=[^\d\s])"),
    "plain": re.compile(r"(?!)"),
    "【】": re.compile(r"()(?=【[^】]+】$)"),
    "■": re.compile(r"()[■◆●◎□◇○]\s?(?=\S)"),
    "(1)": re.compile(r"\(\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?\)\s?(?=\S)"),
    "1)": re.compile(r"(\d{1,2})\)\s?(?=\S)"),
    "①": re.compile(r"([\u2460-\u2473\u3251-\u325f\u2776-\u277f])\s?(?=\S)"),
    "ア": re.compile(r"([ア-ン])[.、\s]\s?(?=\S)"),
    "(ア)": re.compile(r"\(([ア-ンｱ-ﾝ])\)\s?(?=\S)"),
    "a": re.compile(r"([a-z])[.)\s]\s?(?=[^a-z\s])"),
    "(a)": re.compile(r"\(([a-z])\)\s?(?=\S)"),
}
RANK = {style: rank for rank, style in enumerate(STYLES)}
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_CAPTION = re.compile(
    r"[【\[(<〈]?\s*(?:(?:図表|図|表|写真|グラフ|別表)\s?\d{1,3}(?:[-.]\d{1,3})*|第\s*\d{1,3}\s*[図表])(?!\d)[\s:.。】\])>〉]"
)
_BULLET = re.compile(
    r"[・•◦●○◎◆◇■□▪▶※→⇒*-]\s?|https?:|[(\[]?(?:注|出典|資料|出所|備考|担当|問い?合わ?せ)\d*[)\]]?\s?[:：]?"
)
_ENDS_IN_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:円)?$|\d{4,}$")
FIGURES_ONLY = re.compile(r"[\d\s,.%()△▲-]+")
_DATE_LINE = re.compile(
    r"(?:更新日?|公開日?|作成日?)?[\s:]*(?:令和|平成|昭和|R|H)?\s?(?:\d{1,4}|元)\s?[年./-][\d\s月日年./-]*(?:現在|提出)?"
)
_PERSON_LINE = re.compile(r".*\s(?:氏|様|記者|著|文)$|[一-龠]{1,4}\s[一-龠ぁ-ん]{1,4}(?:\s[一-龠])?")


def is_caption(text: str) -> bool:
    """Whether a line names a figure, table or photograph: 【図表1 …】, 図2 …, 写真1:…, 第１表 …."""
    plain = narrow(text).strip()
    return "。" not in plain and _CAPTION.match(plain) is not None


def label_of(text: str) -> tuple[str, int, str] | None:
    """(style, number, what follows) of a numbered, narrowed line; number 0 where it has none."""
    for style, pattern in STYLES.items():
        if match := pattern.match(text):
            label = next((group for group in match.groups() if group), "")
            return style, _number(label), text[match.end() :]
    return None


def _number(label: str) -> int:
    """1 of 1, 一, Ⅰ, ①, ア or a; 0 of what has no number."""
    if label in _KANA and label:
        return _KANA.index(label) + 1
    if label.isascii() and label.isalpha():
        return ord(label) - ord("a") + 1
    if len(label) == 1 and not label.isdecimal():
        return int(unicodedata.numeric(label, 0))
    return int(read_number(label) or 0)


def is_headline(text: str, longest: int) -> bool:
    """Whether a line could be a heading by its own looks."""
    return not (
        not 0 < len(text) <= longest
        or "。" in re.sub(r"「[^」]*」", "", text)
        or "\t" in text
        or " > " in text
        or text[-1] in "、,:;・"
        or (text[0] in "(「" and text[-1] in ")」")
        or _BULLET.match(text)
        or _ENDS_IN_FIGURE.search(text)
        or FIGURES_ONLY.fullmatch(text)
        or _DATE_LINE.fullmatch(text)
        or _PERSON_LINE.fullmatch(text)
        or is_caption(text)
    )
