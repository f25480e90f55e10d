"""Which rows of a grid name its columns."""

from corpus.grid_headers import Placed, header_rows


def placed(*rows: str) -> list[Placed]:
    """Rows of cells parted by |; an empty cell is not there."""
    return [
        Placed(row, column, 1, 1, text)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells.split("|"))
        if text
    ]


def test_a_cell_that_reaches_down_beside_figures_ends_the_header() -> None:
    cells = [Placed(0, 0, 3, 1, "手当の内訳"), Placed(0, 1, 1, 1, "区分"), Placed(0, 2, 1, 1, "扶養手当")]
    cells += [Placed(0, 3, 1, 1, "地域手当")]
    body = [("本年度", "104,231", "208,886"), ("前年度", "101,641", "196,201")]
    for row, texts in enumerate(body, 1):
        cells += [Placed(row, column, 1, 1, text) for column, text in enumerate(texts, 1)]
    assert header_rows(cells) == 1


def test_a_header_over_two_rows() -> None:
    cells = [Placed(0, 0, 2, 1, "事業"), Placed(0, 1, 1, 2, "令和7年度"), Placed(1, 1, 1, 1, "予算")]
    cells += [Placed(1, 2, 1, 1, "決算"), *(cell._replace(row=2) for cell in placed("公園|300|200"))]
    assert header_rows(cells) == 2


def test_years_head_columns_but_figures_do_not() -> None:
    assert header_rows(placed("区分|2024|2025", "公園|300|200")) == 1
    assert header_rows(placed("公園|300|200", "道路|100|100")) == 0
    assert header_rows(placed("区分|金額")) == 0
