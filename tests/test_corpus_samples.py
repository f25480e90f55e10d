"""The sample plans: rebuilt alike, marked as samples, in our own words, and complete."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from corpus import samples, samples_office, samples_pdf
from corpus.load import load
from corpus.normalise import fold
from corpus.samples_source import Block, read_blocks, visible

PLAN, THEMES = "行政デジタル化計画の概要.md", "デジタル八策と推進体制.html"
ALL = (PLAN, THEMES, samples.PDF, samples.DOCX, samples.XLSX)
SETS = Path(samples.__file__).parent.parent / "evals" / "data"
CASES = (SETS / "sample_cases.jsonl", SETS / "sample_cases_wider.jsonl")
PUBLISHED = Path(samples.__file__).parents[2] / "shared" / "plans"
LONGEST_SHARED_RUN = 25
needs_fonts = pytest.mark.skipif(not samples_pdf.FONTS.is_dir(), reason="needs Debian's fonts-noto-cjk")

KINDS = {
    *("fact", "budget", "schedule", "list", "organisation", "definition", "compare", "compute", "followup"),
    *("paraphrase", "foreign", "unanswerable", "out_of_scope", "injection", "pii", "near_miss", "table"),
}
FACTS = tomllib.loads((samples.DATA / "facts.toml").read_text("utf-8"))
TITLES = FACTS["themes"]
REFUSED = dict.fromkeys(("unanswerable", "out_of_scope", "near_miss"), "no_evidence")
REFUSED |= dict.fromkeys(("injection", "pii"), "refused")


@cache
def text_of(name: str) -> str:
    """What a reader sees of a sample file, as `visible` gives it."""
    path = samples.PLANS / name
    if path.suffix == ".html":
        return visible(LexborHTMLParser(path.read_bytes()).body.text(separator=" "))
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return visible("\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        values = [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row]
        return visible("\n".join(str(value) for value in values if value is not None))
    if path.suffix == ".pdf":
        return samples_pdf.pdf_text(path.read_bytes())
    return visible(path.read_text("utf-8"))


@cache
def cases() -> tuple[dict, ...]:
    return tuple(json.loads(line) for path in CASES for line in path.read_text("utf-8").splitlines())


def without_names(text: str) -> str:
    """The text with every shared name cut out; the texts on both sides of one do not join."""
    for name in sorted(map(visible, (*TITLES, *FACTS["names"])), key=len, reverse=True):
        text = text.replace(name, "\0")
    return text


def shared_runs(ours: str, theirs: str, length: int) -> set[str]:
    """Every run of `length` characters that both texts have, none across a cut-out name."""
    runs = {theirs[at : at + length] for at in range(len(theirs) - length + 1)}
    windows = (ours[at : at + length] for at in range(len(ours) - length + 1))
    return {window for window in windows if window in runs and "\0" not in window}


def test_committed_files_agree_with_their_sources():
    assert samples.check() == []


def test_check_names_the_file_and_the_words_that_differ(tmp_path):
    for name in (samples.DOCX, samples.XLSX, samples.PDF):
        (tmp_path / name).write_bytes((samples.PLANS / name).read_bytes())
    (tmp_path / samples.DOCX).write_bytes(samples_office.build_docx("# 別の文書\n\n本文。\n"))
    assert samples.check(tmp_path) == [f"{samples.DOCX}: not what its source builds"]
    other = samples.source_of(samples.PDF).replace("東日本の中枢都市", "西日本の中枢都市")
    assert "西日本の中枢都市" in samples_pdf.pdf_differs((tmp_path / samples.PDF).read_bytes(), other)


@needs_fonts
def test_rebuilding_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        samples.build(folder)
    assert samples.check(first) == []
    for name in (samples.PDF, samples.DOCX, samples.XLSX):
        assert (first / name).read_bytes() == (second / name).read_bytes()


@needs_fonts
def test_pdf_lines_do_not_begin_or_end_against_the_rules():
    data = samples_pdf.build_pdf("# 見出し\n\n" + "計画の「基本理念」、すなわちICTの活用（第1章）。" * 20)
    with samples_pdf.pypdfium2.PdfDocument(data) as pdf:
        lines = pdf[0].get_textpage().get_text_range().split()
    assert len(lines) > 5
    assert not [line for line in lines if line[0] in samples_pdf.NOT_FIRST]
    assert not [line for line in lines if line[-1] in samples_pdf.NOT_LAST]
    assert "".join(lines).count("ICT") == sum(line.count("ICT") for line in lines)


def test_blocks_of_a_source():
    source = "# 題\n\n> 注記\n\n本文。\n\n- 項目\n\n| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |\n"
    assert list(read_blocks(source)) == [
        Block("heading", "題", level=1),
        Block("note", "注記"),
        Block("paragraph", "本文。"),
        Block("item", "項目"),
        Block("table", rows=(("甲", "乙"), ("一", "二"))),
    ]


def test_only_the_documents_lie_in_the_folder_that_is_ingested():
    assert {path.name for path in samples.PLANS.iterdir()} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_document_says_at_its_head_that_it_is_a_sample(name):
    head = text_of(name)[:300]
    assert "この文書は計画ナビの見本です" in head
    assert "公文書ではありません" in head
    assert "さいたま市の公式ウェブサイト" in head


@pytest.mark.parametrize("name", ALL)
@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published plans are not on this machine")
def test_no_sentence_is_copied_from_the_published_plans(name):
    ours = without_names(text_of(name))
    for path in PUBLISHED.glob("*.txt"):
        theirs = without_names(visible(path.read_text("utf-8")))
        assert shared_runs(ours, theirs, LONGEST_SHARED_RUN + 1) == set()


def test_copy_check_sees_a_copied_run_and_spares_a_name():
    rest = "、庁内のすべての部署が力を合わせて次の年度までに進めるものとした。"
    theirs = without_names(visible(f"計画は{TITLES[5]}を掲げ{rest}"))
    copied = without_names(visible(f"市は{TITLES[5]}を選び{rest}"))
    spared = without_names(visible(f"計画は{TITLES[5]}を掲げ、部署が協力します。"))
    assert shared_runs(copied, theirs, LONGEST_SHARED_RUN + 1)
    assert not shared_runs(spared, theirs, LONGEST_SHARED_RUN + 1)


def test_markdown_and_html_carry_every_fact():
    wanted = {PLAN: FACTS["plan"], THEMES: [*FACTS["digital"], *TITLES]}
    missing = [fact for name in wanted for fact in wanted[name] if visible(fact) not in text_of(name)]
    assert missing == []


def test_table_two_pairs_each_upper_plan_with_its_row():
    tables = [block.rows for block in read_blocks((samples.PLANS / PLAN).read_text("utf-8")) if block.rows]
    pairs = [(row[0], row[2].partition("：")[0]) for row in tables[0][1:]]
    assert pairs == [
        ("さいたま市総合振興計画", "基本理念「上質な生活都市 さいたま市」"),
        ("しあわせ倍増プラン2017", "上質な生活環境"),
        ("成長加速化戦略", "上質な行政サービス"),
        ("まち・ひと・しごと創生総合戦略", "上質な行政経営"),
    ]


def test_workbook_has_a_budget_only_where_one_is_published():
    sheet = openpyxl.load_workbook(samples.PLANS / samples.XLSX)["予算規模"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=6, max_row=13, values_only=True)}
    assert [rows[key][1] for key in "①②③④⑤⑥⑦⑧"] == [title[1:] for title in TITLES]
    amounts = {key: row[3] for key, row in rows.items() if not isinstance(row[3], str)}
    assert amounts == {"①": 7.2, "③": 27.5, "⑧": 41.4}
    assert {rows[key][3] for key in "②④⑤⑥⑦"} == {"公表資料に記載なし"}
    assert {key for key, row in rows.items() if row[2] == "2024年度"} == {"①"}
    assert sheet["E3"].value == "（単位：億円）"


def test_workbook_converts_to_thousands_of_yen():
    book = openpyxl.load_workbook(samples.PLANS / samples.XLSX)
    converted = {row[0]: row[2] for row in book["千円換算"].iter_rows(min_row=5, max_row=7, values_only=True)}
    billions = {row[0]: row[3] for row in book["予算規模"].iter_rows(min_row=6, max_row=13, values_only=True)}
    assert converted == {key: round(billions[key] * 100_000) for key in "①③⑧"}
    assert book["千円換算"]["C3"].value == "（単位：千円）"


def test_word_document_has_heading_styles_and_a_table_with_a_header_row():
    document = docx.Document(str(samples.PLANS / samples.DOCX))
    headings = [p.text.split()[0] for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["1", "2", "2-1", "2-2", "2-3", "3"]
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["時期", "できごと", "内容"]
    assert len(table.rows) == 10
    facts = (
        "令和3年度",
        "令和7年度",
        "5年間",
        "前期「実施計画」",
        "毎年見直す",
        "平成15年11月",
        "令和2年11月",
    )
    assert [fact for fact in facts if visible(fact) not in text_of(samples.DOCX)] == []


def test_pdf_has_two_pages_and_a_text_layer_without_radicals():
    with samples_pdf.pypdfium2.PdfDocument(samples.PLANS / samples.PDF) as pdf:
        raw = [page.get_textpage().get_text_range() for page in pdf]
    assert len(raw) == 2
    assert not re.search("[\u2e80-\u2fdf]", "".join(raw))
    facts = (
        "平成28年法律第103号",
        "努力義務",
        "東日本の中枢都市",
        "高品質経営市役所への転換",
        "安心減災都市",
    )
    assert [fact for fact in facts if visible(fact) not in text_of(samples.PDF)] == []


def test_cases_have_unique_ids_and_every_kind():
    assert len(cases()) >= 200
    numbers = range(1, len(cases()) + 1)
    assert [case["id"] for case in cases()] == [f"sample-{number:03}" for number in numbers]
    assert {case["kind"] for case in cases()} == KINDS


def test_cases_have_the_format_of_their_kind():
    for case in cases():
        expect = case["expect"]
        assert set(case) - {"history"} == {"id", "kind", "question", "expect", "evidence"}, case["id"]
        assert set(expect) == {"status", "facts", "absent"}, case["id"]
        may_lack = case["kind"] in ("followup", "foreign") and expect["status"] == "no_evidence"
        assert may_lack or expect["status"] == REFUSED.get(case["kind"], "answered"), case["id"]
        assert bool(expect["facts"]) == bool(case["evidence"]) == (expect["status"] == "answered"), case["id"]
        assert all(isinstance(text, str) and text for part in expect["facts"] for text in part), case["id"]
        roles = [turn["role"] for turn in case.get("history", [])]
        assert roles == ["user", "assistant"] * (len(roles) // 2), case["id"]
        assert roles or case["kind"] != "followup", case["id"]


def test_evidence_stands_word_for_word_in_the_sample_plans():
    texts = {path.name: fold(load(path.name, path.read_bytes()).text) for path in samples.PLANS.iterdir()}
    for case in cases():
        for evidence in case["evidence"]:
            assert fold(evidence["quote"]) in texts[evidence["doc"]], (case["id"], evidence["quote"])


def test_cases_ask_nothing_twice():
    asked = [(visible(case["question"]), json.dumps(case.get("history"))) for case in cases()]
    assert len(set(asked)) == len(asked)
