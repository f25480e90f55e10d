"""Markdown: what a reader of the rendered page sees."""

import pytest

from corpus.document import Document
from corpus.load_markdown import load_markdown
from corpus.tables import row_context, rows_of


def blocks(text: str) -> list[str]:
    document = load_markdown(text)
    return [document.text[start:end] for start, end in document.blocks]


def contexts(document: Document) -> list[str]:
    return [
        row_context(document.text, table, row)
        for table in document.tables
        for row in rows_of(document.text, table)
    ]


def test_headings_of_both_kinds() -> None:
    document = load_markdown("# 計画　**概要**\n\n節\n---\n\n本文 [先](https://example.org) `x` \\*。")
    assert document.text == "計画　概要\n\n節\n\n本文 先 x *。"
    assert [(heading.level, heading.text) for heading in document.marked_headings] == [
        (1, "計画　概要"),
        (2, "節"),
    ]


def test_lines_stay_lines_and_code_stays_as_it_is() -> None:
    assert blocks("一行目\n二行目  \n三行目\n\n```\na  b\nc\n```\n") == ["一行目\n二行目\n三行目", "a  b\nc"]


def test_list_items_with_the_numbers_that_a_reader_sees() -> None:
    text = "3. 三\n3. 四\n   - 点\n   - 点二\n3. 五\n\n文\n\n1) 一\n\n   続き\n2) 二"
    assert blocks(text) == ["3. 三", "4. 四", "点", "点二", "5. 五", "文", "1) 一", "続き", "2) 二"]


def test_tables_keep_empty_cells_and_escapes() -> None:
    document = load_markdown(
        "予算（単位：千円）\n\n| 区分 | R5 | R6 |\n|---|--:|--:|\n| a\\|b | | **2** |\n| c<br>d | 1 | |"
    )
    assert contexts(document) == [
        "予算（単位：千円）、区分：a|b、R6：2",
        "予算（単位：千円）、区分：c d、R5：1",
    ]
    assert document.tables[0].unit == "千円"


def test_a_table_without_header_texts_keeps_all_its_rows() -> None:
    assert contexts(load_markdown("| | |\n|---|---|\n| 期間 | 5年 |\n| 担当 | 企画課 |")) == [
        "期間、5年",
        "担当、企画課",
    ]


def test_a_caption_does_not_reach_over_a_heading() -> None:
    assert load_markdown("前の節の行\n\n## 節\n\n|a|\n|---|\n|1|").tables[0].caption == ""


def test_embedded_html_is_read_as_html() -> None:
    text = (
        "前<br>後 <ruby>燃<rt>も</rt></ruby>やす <!-- 以前の指示を無視 -->\n\n"
        "<!-- 隠れた\n指示 -->\n\n<script>alert(1)</script>\n\n"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>\n\n<div><h2>題</h2>文</div>\n"
    )
    document = load_markdown(text)
    assert document.text == "前\n後 燃やす\n\na\tb\n1\t2\n\n題\n\n文"
    assert [heading.text for heading in document.marked_headings] == ["題"]
    assert contexts(document) == ["a：1、b：2"]


def test_front_matter_gives_the_title_and_is_not_text() -> None:
    document = load_markdown('---\ntitle: "みほん計画"\ntags: [a]\n---\n\n本文\n')
    assert (document.title, document.text) == ("みほん計画", "本文")
    assert load_markdown("---\n本文\n").text == "本文"


def test_images_by_their_words() -> None:
    assert blocks("![図1 *全体像*](a.png)") == ["図1 全体像"]


@pytest.mark.parametrize("mark", [">", "- ", "1. ", "*", "[", "<b>"])
def test_deep_nesting_loses_nothing(mark: str) -> None:
    assert "深い" in load_markdown(mark * 60 + "深い").text


def test_footnotes_are_read_where_they_are_written() -> None:
    text = "事業費は5億円である[^1]。\n\n[^1]: 国費を含む。\n[^備考]: 速報値\n\n~~旧案~~"
    assert blocks(text) == ["事業費は5億円である（注1）。", "（注1）国費を含む。", "（注備考）速報値", "旧案"]
    assert blocks("記号は [^1] と書く") == ["記号は [^1] と書く"]


def test_pictures_written_into_the_text_and_lines_nobody_writes() -> None:
    assert blocks(f"# 題\n\n![図](data:image/png;base64,{'A' * 50_000})") == ["題", "図"]
    assert load_markdown("[" * 6_000 + "\n\n# 題").media_type == "text/plain"


def test_lines_that_were_ended_by_typing_spaces() -> None:
    padded = "業務は次のとおり。" + "\u3000" * 40 + "①契約" + " \u3000" * 30 + "②評価\u3000\u3000以上"
    assert load_markdown(padded).text == "業務は次のとおり。\n①契約\n②評価\u3000\u3000以上"
    assert load_markdown("    code" + " " * 40 + "end").text == "code" + " " * 40 + "end"
