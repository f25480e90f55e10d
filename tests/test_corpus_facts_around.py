"""What headings, titles, file names and page captions say of the statements below them."""

import pytest

from corpus.document import Document
from corpus.facts import find_facts
from corpus.facts_around import Around, cut, is_bare, page_captions
from corpus.headings import section_paths
from corpus.passages import passages_of


@pytest.mark.parametrize(
    ("path", "title", "source", "years", "base"),
    [
        (("予定（令和7～9年度）",), "整備計画", "", (2025, 2026, 2027), None),
        ((), "令和8年度予算書", "", (2026,), 2026),
        ((), "令和8年度の公園計画", "", (), None),
        ((), "", "市_令和8年度一般会計予算書_01款.pdf", (2026,), 2026),
        (("令和6年度の決算",), "令和8年度予算書", "", (2024,), 2024),
    ],
)
def test_years_and_the_year_that_counts(
    path: tuple[str, ...], title: str, source: str, years: tuple[int, ...], base: int | None
) -> None:
    around = Around(path, title, source)
    assert (around.years, around.base) == (years, base)


def test_the_era_of_a_bare_year() -> None:
    assert Around((), "令和8年度予算").era == "令和"
    assert Around((), "平成20年度予算").era == "平成"
    assert Around((), "予算").era is None


@pytest.mark.parametrize(
    ("path", "subject", "section"),
    [
        (("道路（案）", "2 事業の概要"), "道路 2 事業の概要", "道路"),
        (("道路", "事業費の推移（単位：千円）"), "道路 事業費の推移", "道路"),
        (("道路", "令和7年度"), "道路 令和7年度", "道路"),
        (("道路", "橋の点検"), "橋の点検", "橋の点検"),
        (("道路", "点検の費用はいくらか"), "点検の費用はいくら", "点検の費用はいくらか"),
        ((), "計画", "計画"),
    ],
)
def test_names_from_headings(path: tuple[str, ...], subject: str, section: str) -> None:
    around = Around(path, "計画")
    assert (around.subject, around.section) == (subject, section)


def test_bare_headings() -> None:
    assert all(is_bare(text) for text in ["③ 施策の具体的内容", "第2節 予算", "（令和7年度）", "主な質疑"])
    assert not any(is_bare(text) for text in ["公園の予算化", "予算編成方針", "令和7年度の重点"])


def test_a_subject_is_one_short_line() -> None:
    assert cut("公園の\n 整備") == "公園の 整備"
    assert len(cut("あ" * 99)) == 80


def test_the_caption_of_a_page() -> None:
    lines = ["デジタル基盤の整備", "令和７年度補正予算額　５１億円", "令和７年度の予算を組む。", "令和7年度"]
    assert page_captions(lines) == {"令和7年度補正予算"}


def test_a_page_caption_dates_what_has_no_date() -> None:
    pages = ["施策の一覧", "令和7年度補正予算額", "○公園の更新　２億円", "○道路の更新　３億円"]
    text = "\n".join(pages)
    starts = [text.index(line) for line in pages]
    blocks = tuple((start, start + len(line)) for start, line in zip(starts, pages, strict=True))
    document = Document(text, "", "application/pdf", blocks, page_starts=(0, starts[3]))
    found = find_facts(document, passages_of("doc", document, section_paths(document)))
    assert [(f.subject, f.kind, f.fiscal_years) for f in found] == [
        ("公園の更新", "補正予算", (2025,)),
        ("道路の更新", "金額", ()),
    ]
