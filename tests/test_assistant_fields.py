"""Forms, label: value: the line that is asked for, not one that repeats the question."""

from pathlib import Path

import pytest
from answers_made import asked, found
from index_made import add_all, open_library

from assistant import extract, fields
from index.search import Hit

FORM = """# みほん市 見守り事業

- 事業名: 見守り事業
- 評価年度: 令和7年度
- 作成日: 令和7年9月25日
- 担当部課: 福祉部長寿課
- 担当係: 見守り係
- 事業期間: 期間限定（開始年度: 令和５、終了年度: 令和９）
- 根拠法令: 見守り条例

## 概要

一人で暮らす人の家を訪ねる。課のコメントもある。
"""


def best(question: str) -> str | None:
    form, ask = found(FORM), asked(question)
    draft = extract.answer(ask, form.hits, form.relevance(ask))
    return draft.sentences[0].text.rpartition("】")[2] if draft else None


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("見守り事業を担当しているのは何課ですか", "担当部課: 福祉部長寿課"),
        ("見守り事業の担当課はどこですか", "担当部課: 福祉部長寿課"),
        (
            "見守り事業は何年度から何年度までですか",
            "事業期間: 期間限定（開始年度: 令和５、終了年度: 令和９）",
        ),
        ("見守り事業はいつ始まりましたか", "事業期間: 期間限定（開始年度: 令和５、終了年度: 令和９）"),
        ("見守り事業の根拠となる法令は何ですか", "根拠法令: 見守り条例"),
    ],
)
def test_the_line_whose_label_is_asked_for(question: str, line: str) -> None:
    assert best(question) == line


def test_the_years_of_the_project_are_not_those_of_something_in_it() -> None:
    assert best("見守り事業でスマートフォンのアプリの写真が使えるのはいつからですか") is None


def test_a_line_that_repeats_the_question_says_nothing() -> None:
    ask = asked("見守り事業はどんな事業ですか")
    assert fields.is_echo(ask, "事業名: 見守り事業")
    assert best("見守り事業はどんな事業ですか") == "一人で暮らす人の家を訪ねる。"


def test_the_form_of_the_document_found_is_read(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "見守り.md"
    path.parent.mkdir()
    path.write_text(FORM)
    library = open_library(tmp_path)
    try:
        add_all(library, path)
        record = library.catalog.records()[0]
        passages = library.catalog.passages_in(record.id)
        prose = next(one for one in passages if "訪ねる" in one.text)
        hits = [Hit(prose, record.source, record.title, 1.0)]
        with_form = fields.with_forms(asked("見守り事業の担当課はどこですか"), hits, library.catalog)
        assert [hit.passage.kind for hit in with_form] == ["text", "text"]
        assert "担当部課: 福祉部長寿課" in with_form[1].passage.text
        assert fields.with_forms(asked("見守り事業とは何ですか"), hits, library.catalog) == hits
    finally:
        library.close()
