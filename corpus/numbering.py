"""Single lines: how they are numbered, whether they could be headings, whether they are captions."""

import re
import unicodedata

from corpus.normalise import narrow, read_number

_KANJI = "[一二三四五六七八九十]{1,3}"
_N = rf"(\d{{1,2}}|{_KANJI}|[Ⅰ-Ⅻ])"
_GAP = r"(?:\s|[:、.]|(?=[^\w\s])|$)"
_ROMAN = "[Ⅰ-Ⅻ]|(?:I{1,3}|I?V|VI{1,3}|I?X)(?=[.、\\s]\\s?[ぁ-んァ-ヶ一-龠「])"
# A title set in two lines has lost the gap after 第1章; 第1章では and 第1章以降 are no titles.
_TITLE = r"(?![及以全参中等内])(?=[一-龠ァ-ヶA-Z「])"
# Words that plans count their aims by: 基本方針1, 施策1-2, 重点対策①.
_AIMS = "方針|目標|施策|戦略|政策|柱|対策|取組|課題|視点|事業|プロジェクト|プログラム|アクション|テーマ"
_AIM_NUMBER = rf"(?:\d{{1,2}}[-.])*({_N[1:-1]}|[①-⑳A-Z])"
# Numbering styles from the outermost to the innermost by the custom of laws and municipal plans (after
# 公用文作成の要領: 第1, 1, (1), ア, (ア)). The custom only breaks ties: a document's own nesting goes first.
STYLES = {
    "編": re.compile(rf"第?\s?{_N}\s?編{_GAP}|第\s?{_N}\s?編{_TITLE}|()(?:資料編|参考資料|用語解説|用語集)$"),
    "別紙": re.compile(
        rf"(?:別紙|別添|別記|別冊|資料|参考資料|参考|付録)\s?{_N}{_GAP}|()(?:別紙|別添|付録|附属資料)(?:\s|$)"
    ),
    "附則": re.compile(r"()[附付]\s?則(?=[\s(]|$)"),
    "部": re.compile(rf"(?:第\s?{_N}|([Ⅰ-Ⅻ]))\s?部{_GAP}"),
    "章": re.compile(
        rf"第?\s?{_N}\s?章{_GAP}|第\s?{_N}\s?章{_TITLE}|()(?:はじめに|おわりに|むすびに?)$|()(?:序章|終章){_GAP}"
    ),
    "節": re.compile(rf"第?\s?{_N}\s?節{_GAP}|第\s?{_N}\s?節{_TITLE}"),
    "款": re.compile(rf"第?\s?{_N}\s?款{_GAP}"),
    "項": re.compile(rf"第?\s?{_N}\s?項{_GAP}"),
    "目": re.compile(rf"第?\s?{_N}\s?目{_GAP}"),
    "表": re.compile(rf"第\s?{_N}\s?表\s+(?=\S)"),
    "条": re.compile(r"第\s?(\d{1,4}|[一二三四五六七八九十百]{1,7})\s?条(?:の(?:\d+|[一-十]+))*" + _GAP),
    "第": re.compile(rf"第\s?{_N}(?:\s+|[.、:]\s?)(?=\D)"),
    "Ⅰ": re.compile(rf"({_ROMAN})\s?[.、\s]\s?(?=\S)"),
    "基本": re.compile(rf"(?:基本|重点|個別|主要)?(?:{_AIMS})\s?{_AIM_NUMBER}{_GAP}"),
    "問": re.compile(rf"(?:問|Q|質問)\s?{_N}(?:[.、:]\s?|\s+)(?=\S)"),
    "一": re.compile(rf"({_KANJI})(?:[.、]\s?|\s+)(?!般)(?=\S\S)"),
    "1": re.compile(r"(\d{1,2})(?:[.、](?!\d)\s?|\s+)(?!0\d)(?=\d{0,4}\s?[^\d\s,.%()~-]|[(「])"),
    "1-1": re.compile(r"\d{1,2}[-.](\d{1,2})(?![-.]?\d)[.\s]\s?(?=[^\d\s])"),
    "1-1-1": re.compile(r"\d{1,2}[-.]\d{1,2}[-.](\d{1,2})(?![-.]?\d)[.\s]?\s?(?=[^\d\s])"),
    "plain": re.compile(r"(?!)"),
    "コラム": re.compile(rf"()(?:コラム|トピックス?)\s?(?:{_N[1:-1]})?{_GAP}"),
    "【】": re.compile(r"()(?=【[^】]+】$)"),
    "<>": re.compile(r"()(?=(?:<[^<>]+>|〈[^〉]+〉|《[^》]+》|≪[^≫]+≫)(?:\s*※.*)?$)"),
    "()": re.compile(r"()(?=\([^()。]{2,60}\)$)(?!\(\s?\d{1,2}\s?\))"),
    "■": re.compile(r"()[■◆●◎□◇○]\s?(?=\S)"),
    "(1)": re.compile(rf"(?:\(\s?(\d{{1,2}}|{_KANJI})\s?\)|([⑴-⒇]))\s?(?=\S)"),
    "1)": re.compile(r"(\d{1,2})\)\s?(?=\S)"),
    "A": re.compile(r"([A-Z])[.、]\s?(?=\S)"),
    "①": re.compile(r"([\u2460-\u2473\u3251-\u325f\u2776-\u277f])\s?(?=\S)"),
    "ア": re.compile(r"([ア-ン])[.、\s]\s?(?=\S)"),
    "(ア)": re.compile(r"\(([ア-ンｱ-ﾝ])\)\s?(?=\S)"),
    "ⅰ": re.compile(r"\(?([ⅰ-ⅻ])(?:[.)、]|(?=\s))\s?(?=\S)"),
    "a": re.compile(r"([a-z])[.)\s]\s?(?=[^a-z\s])"),
    "(a)": re.compile(r"\(([a-z])\)\s?(?=\S)"),
}
_DEEPER = re.compile(r"\d[-.](?=[\dA-Z])")
_RANKS = {style: rank for rank, style in enumerate(STYLES)}
_QUANTITY = re.compile(
    r"(?:年[度間]?|[かヶケ箇]?月分?|日|時間?|分|[百千万億兆]?円|人|件|回|点|[かヶケ箇]所|%|歳(?!\s*[入出])|倍|位|号|世帯|億|万|千)"
    r"(?:$|[\s\d、。,.:()~・ぁ-ん-]|前|後|以[上下内]|未満|当たり|末|現在|程度|台)"
)
_COUNTED_STYLES = {"1", "1-1", "(1)", "1)"}  # a number before 人 or 年 may count them
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_ASCII_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
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
_PERSON_LINE = re.compile(
    r".*\s(?:氏|様|記者|著|文)$|(?!\S(?:\s\S)+$)[一-龠]{1,4}\s[一-龠ぁ-ん]{1,4}(?:\s[一-龠])?"
)


def is_caption(text: str) -> bool:
    """Whether a line names a figure, table or photograph: 【図表1 …】, 図2 …, 写真1:…, 第１表 …."""
    plain = narrow(text).strip()
    return "。" not in plain and _CAPTION.match(plain) is not None


def label_of(text: str) -> tuple[str, int, str] | None:
    """(style, number, what follows) of a numbered, narrowed line; number 0 where it has none."""
    for style, pattern in STYLES.items():
        if match := pattern.match(text):
            rest = text[match.end() :]
            if style in _COUNTED_STYLES and _QUANTITY.match(rest):
                return None
            label = next((group for group in match.groups() if group), "")
            return _own_style(style, match[0]), _number(label), rest
    return None


def rank(style: str) -> int:
    """Place of a style by custom, from the outermost; a style without numbers of its own counts as plain."""
    return _RANKS.get(style.split(":")[0], _RANKS["plain"])


def _own_style(style: str, label: str) -> str:
    """Each bullet and each word that is counted is a style of its own, and so is each depth of 1-2-3."""
    if style == "■":
        return f"■:{label[0]}"
    if style == "基本":
        word = re.sub(r"[\s\d:、.①-⑳A-ZⅠ-Ⅻ一-十-]+$", "", label)
        return f"基本:{word}{'-' * len(_DEEPER.findall(label))}"
    return style


def _number(label: str) -> int:
    """1 of 1, 一, Ⅰ, I, ①, ア, A or a; 0 of what has no number."""
    if label in _ASCII_ROMAN:
        return _ASCII_ROMAN.index(label) + 1
    if label in _KANA and label:
        return _KANA.index(label) + 1
    if label.isascii() and label.isalpha():
        return ord(label.lower()) - ord("a") + 1
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
        or "=" in text
        or any(text.count(opens) != text.count(closes) for opens, closes in ("()", "「」"))
        or text[-1] in "、,:;・"
        or text.endswith("参照")
        or (text[0] in "(「" and text[-1] in ")」")
        or _BULLET.match(text)
        or _ENDS_IN_FIGURE.search(text)
        or FIGURES_ONLY.fullmatch(text)
        or _DATE_LINE.fullmatch(text)
        or _PERSON_LINE.fullmatch(text)
        or is_caption(text)
    )
