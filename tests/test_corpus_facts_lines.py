"""Facts of tables that came as lines of text."""

import pytest

from corpus.facts import find_facts
from corpus.headings import section_paths
from corpus.load_text import load_text
from corpus.passages import passages_of


def told(*lines: str, source: str = "") -> list[tuple[str, str, int | None, tuple[int, ...]]]:
    document = load_text("\n".join(lines))
    passages = passages_of("doc", document, section_paths(document))
    return [(f.subject, f.kind, f.amount_yen, f.fiscal_years) for f in find_facts(document, passages, source)]


def test_columns_of_years() -> None:
    assert told(
        "（単位：百万円）",
        "区　分　　令和７年度　　令和６年度　　増減額　　増減率",
        "一般会計　　７００　　６００　　１００　　１６．７％",
        source="令和7年度予算.txt",
    ) == [
        ("一般会計", "予算", 700_000_000, (2025,)),
        ("一般会計", "予算", 600_000_000, (2024,)),
        ("一般会計", "増減", 100_000_000, (2025,)),
    ]


def test_the_label_may_stand_on_the_line_before() -> None:
    found = told("歳　入　（単位：千円）", "款　金　額", "19 県支出金", " 41,834", "合　　計  41,834")
    assert found == [("県支出金", "財源", 41_834_000, ()), ("歳入合計", "金額", 41_834_000, ())]


@pytest.mark.parametrize("line", ["解体事業  330,000", "330,000  320,100  10"])
def test_a_figure_whose_column_cannot_be_told_is_left_out(line: str) -> None:
    assert told("（単位：千円）", "事業名  総  額  年度年割額", line) == []
