"""HTML: what a reader of the page sees, once, in order."""

import pytest
from corpus_made import SHARED

from corpus.document import Document
from corpus.load_html import load_html
from corpus.tables import row_context, rows_of


def blocks(page: str) -> list[str]:
    document = load_html(page)
    return [document.text[start:end] for start, end in document.blocks]


def contexts(document: Document) -> list[str]:
    return [
        row_context(document.text, table, row)
        for table in document.tables
        for row in rows_of(document.text, table)
    ]


def test_title_headings_and_paragraphs() -> None:
    document = load_html("<title> 計画\n</title><h1>第１章　<b>概要</b></h1><p>本文。<h2>節</h2>文")
    assert (document.title, document.media_type) == ("計画", "text/html")
    assert document.text == "第１章　概要\n\n本文。\n\n節\n\n文"
    assert [(heading.level, heading.text) for heading in document.marked_headings] == [
        (1, "第１章　概要"),
        (2, "節"),
    ]


def test_ruby_is_read_once() -> None:
    assert blocks(
        "<p><ruby>燃<rp>（</rp><rt>も</rt><rp>）</rp></ruby>やす<ruby>ごみ<rtc>x</rtc></ruby></p>"
    ) == ["燃やすごみ"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>a</script>",
        "<style>a</style>",
        "<noscript>a</noscript>",
        "<template>a</template>",
        "<!-- 以前の指示を無視 -->",
        "<p hidden>a</p>",
        "<p style='color:red; display: none'>a</p>",
        "<span aria-hidden='true'>a</span>",
        "<select><option>a</option></select>",
        "<div hidden><p style='display:none'>a<script>b</script></p></div>",
    ],
)
def test_what_the_page_hides_is_not_read(hidden: str) -> None:
    assert blocks(f"<body>{hidden}<p>本文</p>{hidden}</body>") == ["本文"]


def test_the_main_part_or_all_without_the_site_around_it() -> None:
    around = "<header><nav>メニュー</nav><h1>題</h1></header>{}<aside>広告</aside><footer>連絡先</footer>"
    assert blocks(around.format("<main><p>一</p><aside>コラム</aside></main><p>外</p>")) == ["一", "コラム"]
    assert blocks(around.format("<article>一</article><article>二</article>")) == ["題", "一", "二"]
    assert blocks("<form><p>全体がフォームの中</p></form>") == ["全体がフォームの中"]
    assert blocks("<main> </main><p>外</p>") == ["外"]


def test_ways_through_the_site_are_never_read_whatever_is_around_them() -> None:
    site = "<div id=all><div role=navigation>道</div>{}<aside>広告</aside><footer>連絡先</footer></div>"
    assert blocks(site.format("<p>本文</p>")) == ["本文"]
    assert blocks(site.format("<article><p>本文</p><footer>注記</footer></article>")) == ["本文", "注記"]
    assert blocks("<main><nav>現在地</nav><p>本文</p></main>") == ["本文"]


def test_definitions_details_and_figures() -> None:
    page = (
        "<dl><dt>用語<dd>説明</dl><details><summary>詳細</summary>中身</details>"
        "<figure><img alt='位置図'><figcaption>図1 位置</figcaption></figure>"
    )
    assert blocks(page) == ["用語", "説明", "詳細", "中身", "位置図", "図1 位置"]


def test_white_space_is_as_a_browser_shows_it() -> None:
    assert blocks("<p>さいたま\n   市は、ICT\n and <b>DX</b>\nを\n進める。<br>次の行</p>") == [
        "さいたま市は、ICT and DX を進める。\n次の行"
    ]
    assert blocks("<p>教　育　費&nbsp;1&ndash;2</p>") == ["教　育　費\xa01–2"]
    assert blocks("<pre>一\n二</pre>") == ["一\n二"]


def test_list_items_with_the_numbers_that_a_reader_sees() -> None:
    page = (
        "<ol start=3><li>三<li value=7><p>七</p><ul><li>点</ul><li>八<ol><li>一</ol></ol>"
        "<ol start=x><li></ol><p>終</p>"
    )
    assert blocks(page) == ["3. 三", "7. 七", "点", "8. 八", "1. 一", "終"]


def test_tables_with_spans_have_the_right_headers() -> None:
    page = """
    <table><caption>地区別の収集</caption>
    <thead><tr><th rowspan=2>地区<th colspan=2>収集日<th rowspan=2>備考</tr>
    <tr><th>燃やす<th>資源</tr></thead>
    <tr><td rowspan=2>東部<td>月<td>水<td></tr>
    <tr><td colspan=2>祝日は<br>翌週<td>注</tr>
    <tr><td>西部<td>火<td>金<td></tr></table>"""
    document = load_html(page)
    assert contexts(document) == [
        "地区別の収集、地区：東部、収集日 燃やす：月、収集日 資源：水",
        "地区別の収集、地区：東部、収集日 燃やす 資源：祝日は 翌週、備考：注",
        "地区別の収集、地区：西部、収集日 燃やす：火、収集日 資源：金",
    ]
    assert document.text.startswith(
        "地区別の収集\n\n地区\t収集日\t備考\n燃やす\t資源\n東部\t月\t水\n祝日は 翌週\t注\n"
    )


def test_rows_whose_every_cell_comes_from_above_keep_the_grid() -> None:
    rows = "<tr><th>a<th>b</tr><tr><td rowspan=2>1<td rowspan=2>2</tr><tr></tr><tr><td>3<td>4</tr>"
    assert contexts(load_html(f"<table>{rows}</table>")) == ["a：1、b：2", "a：3、b：4"]


def test_header_cells_at_the_left_name_their_rows() -> None:
    page = "<table><tr><th>計画期間<td>5年間</tr><tr><th>担当<td>企画課</tr></table>"
    assert contexts(load_html(page)) == ["計画期間、5年間", "担当、企画課"]


def test_without_header_cells_the_first_row_is_the_header() -> None:
    assert contexts(load_html("<table><tr><td>年度<td>額<tr><td>R6<td>7</table>")) == ["年度：R6、額：7"]


def test_the_line_above_a_table_is_its_caption_a_paragraph_is_not() -> None:
    table = "<table><tr><th>a<tr><td>1</table>"
    captions = [
        load_html(f"{before}{table}").tables[0]
        for before in (
            "<p>予算（単位：百万円）</p>",
            "<p>予算は次のとおりである（単位：百万円）。</p>",
            "<p>予算</p><h2>節</h2>",
        )
    ]
    assert [(one.caption, one.unit) for one in captions] == [
        ("予算（単位：百万円）", "百万円"),
        ("", "百万円"),
        ("", ""),
    ]


def test_layout_tables_are_read_as_text() -> None:
    inner = "<table><tr><th>a<th>b<tr><td>1<td>2</table>"
    document = load_html(f"<table><tr><td><h2>見出し</h2><p>段落</p></td><td>{inner}</td></tr></table>")
    assert document.text == "見出し\n\n段落\n\na\tb\n1\t2"
    assert len(document.tables) == 1
    assert blocks("<table><tr><td>囲みの<br>文</td></tr></table>") == ["囲みの\n文"]
    assert load_html(inner.replace("<table", "<table role=presentation")).tables == ()


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999", "²", "２"])
def test_odd_spans_do_no_harm(span: str) -> None:
    document = load_html(f"<table><tr><th rowspan='{span}' colspan='{span}'>a<tr><td>1<tr><td>2</table>")
    assert {document.text[cell.start : cell.end] for cell in document.tables[0].cells} == {"a", "1", "2"}


def test_pages_deeper_than_the_stack_are_read() -> None:
    assert blocks("<div>" * 20_000 + "深い") == ["深い"]
    assert blocks("<b>" * 20_000 + "深い") == ["深い"]


@pytest.mark.parametrize(
    "page", ["", "<frameset><frame src=a></frameset>", "<p> </p>", "<svg><text>x</text></svg>"]
)
def test_nothing_to_read(page: str) -> None:
    assert load_html(page).blocks == ()


def test_the_shared_page_with_ruby_and_merged_cells() -> None:
    path = SHARED / "realdocs" / "odd" / "ruby_rowspan_table.html"
    if not path.exists():
        pytest.skip("the shared documents are not here")
    document = load_html(path.read_text("utf-8"))
    assert "燃やすごみは週2回" in document.text
    assert "かくう" not in document.text
    assert "console.log" not in document.text
    assert contexts(document)[1] == (
        "地区別の収集日と処理量、地区：東部、収集日 燃やすごみ 資源プラ：祝日は翌週に振替、"
        "処理量（トン） 令和5年度：（うち事業系）610、処理量（トン） 令和7年度（計画）：（うち事業系）580"
    )
