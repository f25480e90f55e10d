"""Text over scans: rough places of recognised letters become lines again."""

from dataclasses import replace

from pdf_made import blocks, line, page, read

from corpus.document import Document
from corpus.pdf_source import Char


def scanned(*lines: list[Char]) -> Document:
    """The Document of a page with a recognised layer."""
    return read(replace(page(*lines), recognised=True))


def words(texts: str, x: float, top: float, size: float = 10.0, stretch: float = 1.0) -> list[Char]:
    """Words parted by spaces, each with a typed space behind it that reaches into the next word."""
    chars: list[Char] = []
    for text in texts.split():
        own = line(text, x, top, size, stretch)
        x = own[-1][3] + 3
        chars += [*own, (" ", x - 3, top, x + 6, top + size)]
    return chars


def test_words_are_joined_and_sizes_are_one() -> None:
    document = scanned(
        words(
            "この 計画 は 、 市民 の 暮らし を 支える 施策 を まとめた もの で あり 、 毎年 、", 100, 100, 10
        ),
        words("見直す もの と する 。", 100, 118, 11.5),
    )
    assert blocks(document) == [
        "この計画は、市民の暮らしを支える施策をまとめたものであり、毎年、見直すものとする。"
    ]


def test_a_letter_whose_box_covers_the_next_ones_stays_before_them() -> None:
    wide = [("次", 100.0, 100.0, 150.0, 110.0), *line("のように定める。", 112, 100)]
    assert blocks(scanned(wide)) == ["次のように定める。"]
    late = [("次", 118.0, 100.0, 128.0, 110.0), *line("のように定める。", 112, 100)]
    assert blocks(scanned(late)) == ["次のように定める。"]


def test_numbers_of_headings_and_latin_words_keep_their_spaces() -> None:
    heading = [*line("1", 100, 100), (" ", 105.0, 100.0, 115.0, 110.0), *line("総則", 120, 100)]
    assert blocks(scanned(heading)) == ["1 総則"]
    assert blocks(scanned(words("Wi Fi 環境 の 整備", 100, 100))) == ["Wi Fi環境の整備"]


def test_columns_of_a_table_stay_apart() -> None:
    row = [*words("合計 量", 100, 100), *line("1,000", 300, 100)]
    assert blocks(scanned(row)) == ["合計量　1,000"]
