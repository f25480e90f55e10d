"""Small files of each kind to begin fuzzing with: hand-made odd ones, the samples, and real ones."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from fpdf import FPDF

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "corpus" / "data" / "plans", ROOT.parent / "shared" / "realdocs")
SUFFIXES = {
    "pdf": ".pdf",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "pptx": ".pptx",
    "html": ".html",
    "markdown": ".md",
    "csv": ".csv",
    "text": ".txt",
}
MAX_BYTES = 60_000  # larger ones make each run slow
MOST_OF_A_FOLDER = 12

TEXT = """みほん市　総合計画

第１章　計画の概要
１節　趣旨
計画期間は令和3年度から令和7年度までの5年間とする。
(1) 予算は7.2億円、①決算は▲1,200千円である。
ア　期限は平成元年4月1日

（単位：千円）
款\t令和６年度\t令和７年度
市税\t1,234\t▲5
諸収入\t0\t…
\f
資料編 【図表1 推移】 ⻄⽇本 が\u3099 𠮷野家
"""
MARKDOWN = """---
title: 計画
---
# 第1章 計画

見出し
===
| 款 | 金額（千円） |
|:--|--:|
| 市税 \\| 他 | 1,234 |

1. 一
   - 点[^1]
3) 三

> 引用 **太字** [リンク](https://example.com) `code`

```
令和7年度 5億円
```
<table><tr><th rowspan=2>a<td colspan=3>b<tr><td>1</table>

[^1]: 注 <ruby>燃<rt>も</rt></ruby>
"""
HTML = """<!doctype html><html><head><title>計画</title><style>x</style></head><body><nav>一覧</nav><main>
<h1>第1章</h1><p>期間は<ruby>令<rt>れい</rt></ruby>和7年度<br>から。</p><ol start=3><li>三<ul><li>点</ul></ol>
<table><caption>予算（単位：千円）</caption><tr><th rowspan=2>款<th colspan=2>令和7年度<tr><th>予算額<th>決算額
<tr><td>市税<td>1,234<td>&yen;5</table><dl><dt>用語<dd>説明</dl><details><summary>詳細</summary>中</details>
<pre>一\n二</pre></main><footer hidden>外</footer></body></html>"""
CSV = '﻿令和7年度 予算\n（単位：千円）\n款,令和6年度,令和7年度\n市税,"1,234",▲5\n"諸\n収入",0,-\n注　速報値\n'


def seeds(kind: str) -> Iterator[bytes]:
    """Files of one kind."""
    yield from MADE[kind]()
    for folder in FOLDERS:
        found = sorted(folder.rglob(f"*{SUFFIXES[kind]}"), key=lambda path: path.stat().st_size)
        for path in [path for path in found if path.stat().st_size <= MAX_BYTES][:MOST_OF_A_FOLDER]:
            yield path.read_bytes()


def _encoded(text: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode(), text.encode("cp932", "replace"), text.encode("utf-16")]


def saved(made: Any) -> bytes:
    """Bytes of anything with a `save` method."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _word() -> list[bytes]:
    made = docx.Document()
    made.add_heading("第1章 計画", 1)
    made.add_paragraph("計画期間は令和7年度から。", style="List Number")
    table = made.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "款"
    table.cell(2, 2).text = "1,234千円"
    table.cell(2, 0).add_table(1, 2).cell(0, 1).text = "内"
    return [saved(made)]


def _book() -> list[bytes]:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (
        ["予算"],
        ["（単位：千円）"],
        ["款", "令和7年度"],
        ["市税", 1234.5],
        ["計", "=B4"],
        [],
        ["目", -3],
    ):
        sheet.append(row)
    sheet["B4"].number_format = '#,##0;"▲"#,##0'
    sheet.merge_cells("A3:A4")
    made.create_sheet("隠し").sheet_state = "hidden"
    return [saved(made)]


def _slides() -> list[bytes]:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "計画"
    table = slide.shapes.add_table(2, 2, 0, 0, 900000, 900000).table
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 1).text = "5億円"
    slide.shapes.add_group_shape().shapes.add_textbox(0, 0, 9, 9).text_frame.text = "中"
    slide.notes_slide.notes_text_frame.text = "注"
    return [saved(made)]


def _pages() -> list[bytes]:
    made = FPDF()
    made.set_compression(False)
    for _ in range(2):
        made.add_page()
        made.set_font("Helvetica", size=12)
        made.cell(text="1. Plan 2025 budget", new_x="LMARGIN", new_y="NEXT")
        with made.table() as table:
            for line in (("item", "yen"), ("tax", "1,234")):
                table.row(line)
    return [bytes(made.output())]


MADE: dict[str, Callable[[], list[bytes]]] = {
    "pdf": _pages,
    "docx": _word,
    "xlsx": _book,
    "pptx": _slides,
    "html": _encoded(HTML),
    "markdown": _encoded(MARKDOWN),
    "csv": _encoded(CSV),
    "text": _encoded(TEXT),
}
