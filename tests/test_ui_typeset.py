"""Canonical text as blocks: nothing lost, the cited span marked exactly."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Section
from ui.typeset import Block, Piece, typeset

LETTERS = st.text(alphabet="あ第1章.\t\n 　", max_size=80)


def pieces_of(blocks: list[Block]) -> list[Piece]:
    return [
        piece
        for block in blocks
        for run in (block.pieces, *(cell for row in block.rows for cell in row))
        for piece in run
    ]


def test_headings_paragraphs_and_tables() -> None:
    text = "第1章 概要\n\n一行目\n二行目\n\n年度\t予算\n2024\t7.2\n"
    blocks = typeset(text, [Section(("第1章 概要",), 0, len(text))], (), None)
    assert [block.kind for block in blocks] == ["heading", "paragraph", "table"]
    assert (blocks[0].level, blocks[0].anchor) == (2, "at-0")
    assert blocks[1].pieces == (Piece("一行目\n二行目"),)
    assert [[cell[0].text for cell in row] for row in blocks[2].rows] == [["年度", "予算"], ["2024", "7.2"]]


def test_rows_of_unequal_length_are_no_table() -> None:
    assert [block.kind for block in typeset("a\tb\nc\n", (), (), None)] == ["paragraph"]


def test_a_section_without_its_heading_makes_none() -> None:
    (block,) = typeset("本文だけ", [Section(("見出し",), 0, 4)], (), None)
    assert block.kind == "paragraph"


def test_a_page_that_begins_with_a_line_is_named_before_it() -> None:
    blocks = typeset("一枚目\n二枚目", (), (0, 4), None)
    assert [(block.kind, block.page) for block in blocks] == [
        ("page", 1),
        ("paragraph", 0),
        ("page", 2),
        ("paragraph", 0),
    ]


def test_a_page_that_begins_inside_a_line_is_named_there() -> None:
    (paragraph,) = typeset("続く文です", (), (2,), None)
    assert paragraph.pieces == (Piece("続く"), Piece("文です", page=1))


def test_a_quote_over_two_paragraphs_is_marked_in_both() -> None:
    text = "前半です。\n\n後半です。"
    marked = [piece for piece in pieces_of(typeset(text, (), (), (2, 9))) if piece.marked]
    assert [(piece.text, piece.first) for piece in marked] == [("です。", True), ("後半", False)]


@given(LETTERS, st.data())
def test_every_character_is_kept_and_marked_right(text: str, data: st.DataObject) -> None:
    bounds = st.integers(0, len(text))
    low, high = sorted((data.draw(bounds), data.draw(bounds)))
    starts = sorted(data.draw(st.sets(bounds, max_size=3)))
    pieces = pieces_of(typeset(text, (), starts, (low, high) if low < high else None))

    def solid(value: str) -> str:
        return "".join(value.split())

    assert solid("".join(piece.text for piece in pieces)) == solid(text)
    assert solid("".join(piece.text for piece in pieces if piece.marked)) == solid(text[low:high])
    assert sum(piece.first for piece in pieces) == (1 if any(piece.marked for piece in pieces) else 0)


@given(LETTERS, st.data())
def test_every_page_is_named_at_most_once(text: str, data: st.DataObject) -> None:
    starts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    blocks = typeset(text, (), starts, None)
    named = [block.page for block in blocks if block.kind == "page"]
    named += [piece.page for piece in pieces_of(blocks) if piece.page]
    assert len(named) == len(set(named))
