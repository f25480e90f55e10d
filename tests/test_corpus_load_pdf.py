"""PDF: reading order, paragraphs, furniture of the page, tables by their lines, and what cannot be read."""

import io
from pathlib import Path

import pypdfium2
import pytest
from corpus_made import SHARED, check_document
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_made import blocks, line, page, read, rows, ruled, upright

import corpus
from corpus import pdf_source
from corpus.headings import find_headings, section_paths
from corpus.load import load
from corpus.load_error import LoadError
from corpus.load_pdf import load_pdf
from corpus.passages import passages_of
from corpus.read import read_bytes

PLAN = Path(corpus.__file__).parent / "data" / "plans" / "上位計画と基本方針の関係.pdf"
REAL = SHARED / "realdocs"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
LONG = "この計画は、市民の暮らしをよくするために、市が行う施策を体系としてまとめたものであり、毎年見直す。"


def real(name: str, *pages: int) -> bytes:
    """A real file, or only some of its pages."""
    (path,) = REAL.glob(f"*/{name}")
    if not pages:
        return path.read_bytes()
    with pypdfium2.PdfDocument(path) as source, pypdfium2.PdfDocument.new() as few:
        few.import_pages(source, [number - 1 for number in pages])
        out = io.BytesIO()
        few.save(out)
    return out.getvalue()


def body(top: float, lines: int = 6) -> list[tuple[str, float, float, float, float]]:
    """A paragraph of full lines, the first indented."""
    chars = line(LONG[:39], 110, top)
    for number in range(1, lines):
        chars += line(LONG[:40], 100, top + 18 * number)
    return chars


def test_wrapped_lines_are_one_block_and_headings_stand_alone() -> None:
    document = read(
        page(line("第1章　総則", 100, 100, 14), body(130, 3), line("2　期間", 100, 200), body(220, 2))
    )
    assert blocks(document) == ["第1章　総則", LONG[:39] + LONG[:40] * 2, "2　期間", LONG[:39] + LONG[:40]]
    assert [heading.text for heading in document.marked_headings] == ["第1章　総則"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = "左段の文章を読み終えてから右へ進む", "右段の文章は左段のあとに読まれる。"
    chars = [line(text, x, 100 + 18 * n) for n in range(5) for text, x in ((left, 60), (right, 320))]
    text = read(page(line("両段にまたがる表題を上に置き、その下に二つの段を組む", 100, 60, 14), *chars)).text
    assert text.index("両段") < text.index("左段") < text.rindex("左段の文章を") < text.index("右段の文章は")


def test_cells_without_lines_are_read_across() -> None:
    chars = [
        line(text, x, 100 + 18 * n)
        for x, texts in (
            (60, ["市民税", "固定資産税", "たばこ税"]),
            (300, ["18,719,000", "23,861,300", "2,001,000"]),
        )
        for n, text in enumerate(texts)
    ]
    assert "固定資産税　23,861,300" in read(page(*chars)).text


def test_upright_text_is_read_from_the_right() -> None:
    document = read(page(upright("縦書きの一行目です", 400, 100), upright("そして二行目になる", 380, 100)))
    text = document.text.replace("\n", "")
    assert text.index("縦書きの一行目です") < text.index("そして二行目になる")


def test_spread_letters_are_one_word_and_typed_spaces_stay() -> None:
    document = read(
        page(line("歳入合計", 100, 100, step=3), line("第１章　総則を定める", 100, 130), body(160))
    )
    assert blocks(document)[:2] == ["歳入合計", "第１章　総則を定める"]


def test_bold_by_double_print_is_read_once() -> None:
    text = "調査の目的と方法について"
    assert read(page(line(text, 100, 100), line(text, 100.4, 100), body(130))).text.count(text) == 1


def test_readings_above_kanji_are_left_out_and_note_marks_stay_in_line() -> None:
    document = read(
        page(line("ねんしょう", 110, 93, 5), line("可燃焼却", 100, 100), line("†", 140, 99, 5), body(130))
    )
    assert blocks(document)[0] == "可燃焼却†"


def test_running_lines_and_page_numbers_are_no_text() -> None:
    pages = [
        page(line("みほん市総合計画", 400, 30, 8), body(100 + number), line(f"- {number} -", 280, 800))
        for number in range(1, 6)
    ]
    document = read(*pages)
    assert "みほん市" not in document.text
    assert "- 3 -" not in document.text
    assert len(document.page_starts) == 5
    assert all(document.text[start:].startswith(LONG[:5]) for start in document.page_starts)


def test_a_running_title_stays_where_it_stands_first() -> None:
    pages = [page(line("第2章　施策の展開", 100, 40, 14), body(100)) for _ in range(4)]
    assert read(*pages).text.count("第2章　施策の展開") == 1


def test_a_unit_at_the_top_of_every_page_stays() -> None:
    pages = [page(line("（単位：千円）", 450, 50, 8), body(100)) for _ in range(4)]
    assert read(*pages).text.count("（単位：千円）") == 4


def test_contents_are_no_text() -> None:
    entries = [line(f"{n}　計画の第{n}の柱 ……………… {n}", 100, 100 + 20 * n) for n in range(1, 6)]
    document = read(
        page(line("目　次", 250, 80), *entries), page(line("1　計画の第1の柱", 100, 100), body(120))
    )
    assert "目" not in document.text
    assert document.text.count("計画の第1の柱") == 1
    assert document.page_starts == (0, 0)


def test_a_ruled_table_has_merged_cells_headers_caption_and_unit() -> None:
    xs, ys = [50, 150, 250, 350], [100, 120, 140, 160]
    rules = [rule for rule in ruled(xs, ys) if rule[:2] != (50, 120) and rule[:2] != (250, 100)]
    rules += [
        (150, 120, 350, 120, False),
        (250, 120, 250, 160, False),
    ]  # 区分 over two rows, 予算額 over two columns
    chars = [
        line("表1　主な事業費（単位：千円）", 50, 80),
        line("区分", 60, 115),
        line("予算額", 200, 105),
        line("令和6年度", 160, 125),
        line("令和7年度", 260, 125),
        line("道路", 60, 145),
        line("1,200", 160, 145),
        line("1,300", 260, 145),
    ]
    document = read(page(*chars, rules=rules))
    (table,) = document.tables
    assert rows(document) == [["区分", "予算額"], ["令和6年度", "令和7年度"], ["道路", "1,200", "1,300"]]
    assert (table.header_rows, table.unit) == (2, "千円")
    assert table.caption.startswith("表1　主な事業費")
    assert (table.cells[0].row_span, table.cells[1].column_span) == (2, 2)


def test_a_table_goes_on_over_pages_with_its_header() -> None:
    def part(names: list[str], header: bool) -> pdf_source.Page:
        texts = (
            [("款", "金額"), *((name, "1,000") for name in names)]
            if header
            else [(name, "1,000") for name in names]
        )
        chars = [
            line(text, x, 103 + 20 * n)
            for n, pair in enumerate(texts)
            for text, x in zip(pair, (60, 160), strict=True)
        ]
        return page(*chars, rules=ruled([50, 150, 250], [100 + 20 * n for n in range(len(texts) + 1)]))

    document = read(
        part(["市税", "譲与税"], True), part(["交付金", "市債"], True), part(["諸収入", "寄附金"], False)
    )
    assert len(document.tables) == 1
    assert rows(document) == [
        ["款", "金額"],
        *([name, "1,000"] for name in ["市税", "譲与税", "交付金", "市債", "諸収入", "寄附金"]),
    ]
    passages = passages_of("d", document, section_paths(document))
    assert [passage.page for passage in passages if passage.kind == "row"] == [1, 1, 2, 2, 3, 3]
    assert all("金額：1,000" in passage.context for passage in passages if passage.kind == "row")


def test_figures_in_one_cell_are_rows_of_their_own() -> None:
    cells = [
        line(text, x, 125 + 15 * n)
        for x, texts in ((60, ["普通旅費", "特別旅費"]), (160, ["913", "185"]))
        for n, text in enumerate(texts)
    ]
    document = read(
        page(
            line("区分", 60, 105),
            line("金額", 160, 105),
            *cells,
            rules=ruled([50, 150, 250], [100, 120, 160]),
        )
    )
    assert rows(document) == [["区分", "金額"], ["普通旅費", "913"], ["特別旅費", "185"]]


def test_a_chart_is_no_table() -> None:
    document = read(
        page(body(300), line("10", 60, 105), rules=ruled(range(50, 300, 20), range(100, 280, 20)))
    )
    assert document.tables == ()


def test_shifted_kanji_of_docuworks_are_put_right() -> None:
    document = read(page(body(100)), page(line("企業立地推逭事業の遀営、都邴計画と本邪", 100, 100)))
    assert "企業立地推逭" in document.text  # only whole files are put right, by `load_pdf`
    pages = [pdf_source.Page(595, 842, line("企業立地推逭事業の遀営と邴市計画、消防本邪", 100, 100), [])]
    from corpus.load_pdf import _page_lines
    from corpus.pdf_glyphs import repair_glyphs

    found = [_page_lines(one) for one in pages]
    repair_glyphs(found)
    assert [one.text for one in found[0].lines()] == ["企業立地推進事業の運営と都市計画、消防本部"]


def test_the_sample_plan_is_read_whole() -> None:
    file = read_bytes(PLAN.name, PLAN.read_bytes())
    assert file.title == "さいたま市行政デジタル化計画の上位計画と基本方針の関係"
    assert len(file.document.page_starts) == 2
    assert [table.header_rows for table in file.document.tables] == [1, 1]
    assert {passage.page for passage in file.passages} == {1, 2}
    check_document(file.document)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nul_bytes.pdf", "not a PDF"),
        ("truncated.pdf", "cut off"),
        ("password_protected.pdf", "password"),
        ("scan_image_only.pdf", "ocrmypdf.*tesseract-ocr-jpn.*KEIKAKU_OCR"),
    ],
)
@needs_real
def test_bad_files_say_why(name: str, why: str) -> None:
    with pytest.raises(LoadError, match=why) as error:
        load(name, real(name))
    assert "。" in str(error.value) or "PDFではありません" in str(error.value)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_source, "MAX_PAGES", 1)
    with pytest.raises(LoadError, match="too many pages: 2"):
        load_pdf(PLAN.read_bytes())


@settings(max_examples=25)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    broken = bytearray(PLAN.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at] = data.draw(st.integers(0, 255))
    try:
        document = load_pdf(bytes(broken[: data.draw(st.integers(len(broken) // 2, len(broken)))]))
    except LoadError:
        return
    check_document(document)


@needs_real
def test_headings_and_contents_of_a_guideline() -> None:
    document = load_pdf(real("cloud_policy_20210910.pdf"))
    outline = [heading.text for heading in find_headings(document)]
    assert document.title == "政府情報システムにおけるクラウドサービスの利用に係る基本方針"
    assert outline.count("１.１ 背景と目的") == 1
    assert {"１ はじめに", "１.４ 用語", "2) セキュリティ水準の向上"} <= set(outline)
    terms = next(table for table in document.tables if "用語の定義" in table.caption)
    assert {document.text[cell.start : cell.end] for cell in terms.cells if cell.column == 0} >= {
        "クラウドサービス",
        "SaaS（Software as a Service）",
    }
    check_document(document)


@needs_real
def test_a_budget_book_gives_the_rows_of_its_tables() -> None:
    document = load_pdf(real("富士市_令和8年度一般会計予算書_00_概要.pdf", 1, 4, 5, 6))
    assert document.title == "令和８年度 一般会計予算書 （附予算説明書） 富士市"
    (table,) = document.tables
    assert (table.header_rows, table.unit) == (1, "千円")
    assert ["22 市債", "7,602,600"] in rows(document)
    assert rows(document)[-1] == ["歳入合計", "110,800,000"]
    check_document(document)


@needs_real
def test_items_of_a_spread_stand_below_what_they_belong_to() -> None:
    data = real("富士市_令和8年度一般会計予算書_歳出_07款_商工費.pdf", 2)
    document = load_pdf(data)
    found = [row for table in range(len(document.tables)) for row in rows(document, table)]
    assert ["企業立地促進奨励金", "427,629"] in found
    assert any(row[-2:] == ["普通旅費", "913"] for row in found)
    check_document(document)


@needs_real
def test_notes_are_no_headings() -> None:
    document = load_pdf(real("230829_main.pdf", 4, 7))
    outline = [heading.text for heading in find_headings(document)]
    assert "（１）事業者支援の一層の推進" in outline
    assert not any("コラム２" in text or "Corporation" in text for text in outline)
    check_document(document)
