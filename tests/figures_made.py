"""A library whose documents state budgets, dates and the plans above them; and facts made by hand."""

from datetime import UTC, datetime

from assistant.stated import Stated
from corpus.document import Fact, Passage
from corpus.records import Record

PLANS = {
    "plan.md": "# 中央市デジタル計画\n\n## 1 位置づけ\n\n"
    "この計画は、中央市総合計画とまちづくりプランを上位計画としています。\n\n"
    "計画期間は令和3年度から令和7年度までとする。\n\n令和2年11月に推進本部を設置しました。\n\n"
    "## 2 予算\n\n| 事業 | 令和6年度予算（千円） | 令和7年度予算（千円） |\n| --- | --- | --- |\n"
    "| 窓口デジタル化事業 | 720,000 | 810,000 |\n| 学校デジタル化事業 | 350,000 | 300,000 |\n"
    "| 合計 | 1,070,000 | 1,110,000 |\n\n### ① 窓口デジタル化事業\n\n①の決算は令和5年度に約6.5億円です。\n",
    "other.md": "# 別の計画\n\n=SUM(1)事業の令和6年度の予算は300万円である。\n",
}


def said(
    subject: str,
    yen: int | None,
    years: tuple[int, ...] = (2024,),
    quote: str = "",
    kind: str = "予算",
    section: tuple[str, ...] = (),
    start: int = 0,
    document: str = "a",
    context: str = "",
) -> Stated:
    """A fact as the catalog gives it; its quote is what a table would show."""
    quote = quote or f"{subject}\t{yen or 0:,}円"
    record = Record(
        document, f"{document}.md", f"計画{document}", "1", "staff", "text/markdown", datetime.now(UTC), 1
    )
    passage = Passage("p", document, 0, "row", section, None, start, start + len(quote), quote, context)
    fact = Fact("f", document, "p", subject, kind, yen, years, start, start + len(quote))
    return Stated(fact, record, passage, quote)
