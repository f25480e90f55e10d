"""What an amount is (予算, 決算, 見込 …), by the words that stand around it."""

import re

from corpus.amounts import Amount
from corpus.normalise import narrow

# The word nearest to an amount says what it is; of words that overlap the longest wins (補正予算 before 予算).
AMOUNT_KINDS = {
    "補正予算": "補正予算",
    "補正額": "補正予算",
    "補正前": "予算",
    "補正後": "予算",
    "概算要求": "要求",
    "予算要求": "要求",
    "要求額": "要求",
    "予算": "予算",
    "決算": "決算",
    "決算見込": "見込",
    "見込額": "見込",
    "見込み額": "見込",
    "見込)額": "見込",
    "予定額": "見込",
    "累計": "累計",
    "比較": "増減",
    "増減": "増減",
    "差引": "増減",
    "差額": "増減",
    "年割額": "継続費",
    "継続費": "継続費",
    "繰越明許費": "繰越",
    "現在高": "残高",
    "残高": "残高",
    "事業費": "事業費",
    "工事費": "事業費",
    "経費": "経費",
    "費用": "経費",
    "人件費": "経費",
    "トータルコスト": "経費",
    "財源": "財源",
    "支出金": "財源",
    "地方債": "財源",
    "市債": "財源",
    "限度額": "限度額",
    "債務負担行為": "限度額",
    "最高額": "限度額",
    "上限": "限度額",
    "補助": "補助",
    "交付金": "補助",
    "基金": "基金",
    "手数料": "料金",
    "使用料": "料金",
    "利用料": "料金",
    "保険料": "料金",
    "入館料": "料金",
    "入場料": "料金",
    "観覧料": "料金",
    "授業料": "料金",
    "受講料": "料金",
    "参加費": "料金",
    "料金": "料金",
    "単価": "料金",
    "契約": "契約",
}
DEFAULT_KIND = "金額"
_SOURCES = {"財源", "補助", "基金", "料金", "契約"}
ACCOUNTS = {"予算", "補正予算", "決算", "要求"}
_AMOUNT_WORD = re.compile("|".join(sorted(map(re.escape, AMOUNT_KINDS), key=len, reverse=True)))
# 歳入歳出それぞれ983,580千円を追加し: the wording of supplementary budgets.
_SUPPLEMENT = re.compile(r"を(?:追加|増額|減額)")
# 1億2千万円、0.7%の減, 325万円(約5.7%)増額: how much more or less than before.
_CHANGE = re.compile(
    r"(?:\s|、|の|ほど|もの?|約|\(?[\d.,]+(?:%|ポイント|割)\)?|\([^()]{1,20}\))*"
    r"(?:増|(?P<less>減(?!免)|下回)|上回)"
)
_COMPARED = re.compile(r"前年|昨年|前期|比べ|比較|当初予算(?:額)?(?:に対|より)|と比")
# 1件につき500円, 1回2,070円: the price of one; what each school or person gets (1校当たり) is none.
_ONE_OF = "件|回|台|本|枚|点|泊|食|日|時間|個|通|部|室|冊|組|袋|㎡|m2|kg|トン|t|立米|m3"
_EACH = re.compile(
    rf"(?:[1一]?\s?(?:{_ONE_OF})(?:当たり|あたり|につき|ごと)|(?<!\d)[1一]\s?(?:{_ONE_OF})|単価|税込み?|税抜き?|月額|日額)"
    r"\s?(?:約|各|の)?$"
)


def changed(sentence: str, amount: Amount) -> int:
    """1 where the amount says how much more, -1 how much less, else 0."""
    match = _CHANGE.match(narrow(sentence), amount.end)
    return 0 if match is None else (-1 if match["less"] else 1)


def amount_kind(sentence: str, amount: Amount, headings: tuple[str, ...] = ()) -> str:
    """予算, 決算, … by the word nearest before the amount, else after it, else of the innermost heading."""
    plain = narrow(sentence)
    if _SUPPLEMENT.match(plain, amount.end):
        return "補正予算"
    of_headings = kind_named(*reversed(headings))
    if changed(sentence, amount) and (_COMPARED.search(plain, 0, amount.start) or of_headings != "補正予算"):
        return "増減"
    before = _kinds_said(plain[: amount.start])
    after = _kinds_said(plain[amount.end :])
    named = before[-1] if before else (after[0] if after else "")
    if _EACH.search(plain[: amount.start]) and named not in ("限度額", "補助"):
        return "料金"
    return named or of_headings


def _kinds_said(plain: str) -> list[str]:
    """Kinds in the order of their words; 差額 and 比較 name columns of tables, in a sentence they are verbs."""
    return [kind for kind in map(AMOUNT_KINDS.get, _AMOUNT_WORD.findall(plain)) if kind and kind != "増減"]


def kind_named(*texts: str) -> str:
    """The kind that the first of these texts with an amount word names; 金額 where none does."""
    for text in texts:
        words = _AMOUNT_WORD.findall(narrow(text))
        if words:
            return AMOUNT_KINDS[words[-1]]
    return DEFAULT_KIND


def without_kinds(text: str) -> str:
    """A text (half-width) without the words that say what an amount is; 市債 and 補助 say where it is from."""
    return _AMOUNT_WORD.sub(lambda word: word[0] if AMOUNT_KINDS[word[0]] in _SOURCES else "", text)
