"""CSV: delimiters, quoted line ends, headers, the lines around the table."""

import csv
import io

import pytest
from corpus_made import SHARED, check_document
from hypothesis import given
from hypothesis import strategies as st
from office_made import blocks, grid

from corpus import load_csv as module
from corpus.builder import one_line
from corpus.load import load
from corpus.load_csv import delimiter_of, load_csv
from corpus.load_error import LoadError
from corpus.normalise import repair
from corpus.read import read_bytes

REAL = SHARED / "realdocs" / "digital_agency"
CELLS = st.text('計画 7,;\t"\n千円。a', max_size=6)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
def test_a_real_budget_request() -> None:
    path = REAL / "令和4年度予算概算要求・機構定員要求の概要.csv"
    file = read_bytes(path.name, path.read_bytes())
    found = {(fact.subject, fact.kind): (fact.amount_yen, fact.fiscal_years) for fact in file.facts}
    assert found["デジタル庁 合計", "要求"] == (542_632_000_000, (2022,))
    assert found["デジタル庁 合計", "予算"] == (309_624_000_000, (2021,))
    check_document(file.document)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("款,金額\n市税,1", ","),
        ("款;金額\n市税;1,5\n諸収入;2,5", ";"),
        ("款\t金額\n市税\t1,234", "\t"),
        ('款,説明\n市税,"a;b;c\nd;e;f"', ","),
        ("一行だけの文", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_the_one_that_divides_evenly(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_title_unit_and_notes_stand_outside_the_table() -> None:
    document = load_csv('令和7年度予算\n（単位：千円）,\n款,予算額\n市税,"49,286"\n注 当初予算である\n')
    (table,) = document.tables
    assert (table.header_rows, table.unit, table.caption) == (1, "千円", "令和7年度予算 （単位：千円）")
    assert [text for *_, text in grid(document)] == ["款", "予算額", "市税", "49,286"]
    assert blocks(document)[-1] == "注 当初予算である"


def test_a_unit_below_a_long_line_is_the_caption() -> None:
    above = "この表の金額は見込みであり、決算とは異なることがあります。"
    table = load_csv(f"{above}\n（単位：億円）\n\n事業,金額\n見守り,7.2\n案内,3.1\n").tables[0]
    assert (table.unit, table.caption) == ("億円", "（単位：億円）")


def test_lines_of_two_cells_above_a_table_are_not_its_header() -> None:
    document = load_csv(
        "みほん市\n作成日,令和7年4月1日\n款,項,予算額,決算額\n市税,市民税,5,4\n市税,固定資産税,3,2\n"
    )
    assert blocks(document)[:2] == ["みほん市", "作成日　令和7年4月1日"]
    assert [text for *_, text in grid(document)][:4] == ["款", "項", "予算額", "決算額"]
    merged = load_csv("区分,予算額,,\n,当初,補正,計\n市税,5,1,6\n諸収入,2,1,3\n")
    assert [text for *_, text in grid(merged)][:2] == ["区分", "予算額"]


def test_quoted_line_ends_and_quotes_stay_in_their_cell() -> None:
    document = load_csv('事業,概要\n道路,"幅を広げ、\n""歩道""も造る"\n')
    assert grid(document)[-1] == (1, 1, 1, 1, '幅を広げ、 "歩道"も造る')


def test_a_table_of_figures_has_no_header_but_years_are_one() -> None:
    assert load_csv("1,2\n3,4\n").tables[0].header_rows == 0
    assert load_csv("款,2024,2025\n市税,10,20\n").tables[0].header_rows == 1


def test_too_many_cells_and_broken_quotes_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LoadError, match="not readable as CSV"):
        load("a.csv", ('款,"' + "あ" * 200_000).encode())
    monkeypatch.setattr(module, "MAX_CELLS", 3)
    with pytest.raises(LoadError, match="more than 3 cells"):
        load_csv("1,2\n3,4\n")


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_every_cell_is_read_in_order(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    document = load_csv(out.getvalue())
    check_document(document)
    said = [text for row in rows for cell in row if (text := repair(one_line(cell)).strip())]
    assert "".join(blocks(document)).replace("　", "") == "".join(said).replace("　", "")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        check_document(load_csv(text))
    except LoadError as error:
        assert "CSV" in str(error)
