"""What the tests of loaders and passages share: readable files, generated texts, what must always hold."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

import corpus
from corpus.document import Document, Passage, Section
from corpus.encoding import CONTROLS
from corpus.headings import section_paths
from corpus.lines import contents_of
from corpus.load import LoadError
from corpus.passages import page_of, passages_of
from corpus.read import ReadFile, files_under, read_file

SHARED = Path(__file__).parents[2] / "shared"
MANY = 50  # files of a folder of which some are enough
SUFFIXES = {".txt", ".md", ".html", ".csv"}  # other kinds have tests of their own
FOLDERS = [SHARED / "realdocs", SHARED / "plans", Path(corpus.__file__).parent / "data" / "plans"]

# Words that mean something to the loaders, and some that only look so.
WORDS = st.sampled_from(
    [
        "計画期間は令和3年度から令和7年度までの5年間とする。",
        "さいたま市は、市民の負担を軽くするために窓口の手続をデジタルへ移し、",
        "職員の働き方を変える",
        "第1章 計画の概要",
        "１節　計画策定の趣旨",
        "(1) 窓口",
        "①すべての手続をデジタルへ",
        "（単位：千円）",
        "7.2億円",
        "　字下げした段落である。",
        "・項目",
        "# 見出し",
        "| a | b |",
        "<b>x</b> & <",
        "⻄⽇本",
        "が\u3099",
        "𠮷野家",
    ]
)
TEXTS = st.lists(
    st.one_of(WORDS, st.sampled_from(["\n", "\n\n", "\t", "\f", " ", "　"])), min_size=1, max_size=40
).map("".join)


def readable_files() -> Iterator[tuple[str, ReadFile]]:
    """Text, Markdown and HTML files of the samples and the shared folders, of a large folder every third."""
    for folder in filter(Path.exists, FOLDERS):
        found = [(path, source) for path, source in files_under(folder) if path.suffix in SUFFIXES]
        for path, source in found[:: 3 if len(found) > MANY else 1]:
            try:
                yield f"{folder.name}/{source}", read_file(path, source)
            except LoadError:
                continue


def check_document(document: Document) -> list[Passage]:
    """What must hold of any document; gives its passages."""
    check_blocks(document)
    sections = section_paths(document)
    passages = passages_of("d", document, sections)
    check_passages(document, sections, passages)
    return passages


def check_blocks(document: Document) -> None:
    """Blocks are trimmed, in order, apart; tables hold their cells; headings are their text."""
    text, last = document.text, 0
    text.encode()  # no lone surrogates
    assert not CONTROLS.search(text)
    for start, end in document.blocks:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end
    for table in document.tables:
        assert table.start == table.cells[0].start
        assert table.end == table.cells[-1].end
        assert set(document.blocks) >= {(cell.start, cell.end) for cell in table.cells}
        assert all(before.end <= after.start for before, after in pairwise(table.cells))
        assert all(before.row <= after.row for before, after in pairwise(table.cells))
        assert all(cell.row_span >= 1 and cell.column_span >= 1 for cell in table.cells)
        assert table.header_rows <= table.cells[-1].row
    for heading in document.marked_headings:
        assert text[heading.start : heading.end] == heading.text
        assert heading.level >= 1
    pages = document.page_starts
    assert all(before <= after for before, after in pairwise(pages))
    assert not pages or (pages[0] == 0 and pages[-1] <= len(text))


def check_passages(document: Document, sections: list[Section], passages: list[Passage]) -> None:
    """Quotes are verbatim, nothing but a table of contents is left out, no passage crosses a section or a page."""
    assert len({passage.id for passage in passages}) == len(passages)
    contents = contents_of(document)
    entries = [document.text[start:end] for start, end in document.blocks if start in contents]
    left_out, last = [], 0
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert document.text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        left_out.append(document.text[last : passage.start])
        assert last <= passage.start
        last = passage.end
        check_place(document, sections, passage)
    assert "".join([*left_out, document.text[last:]]).split() == " ".join(entries).split()


def check_place(document: Document, sections: list[Section], passage: Passage) -> None:
    """One page; one section, but for the headings above it that lead to it."""
    starts = document.page_starts
    assert page_of(starts, passage.start) == page_of(starts, passage.end - 1) == passage.page
    touched = [one for one in sections if one.start < passage.end and passage.start < one.end]
    assert touched[-1].path == passage.section
    for above in touched[:-1]:
        assert passage.section[: len(above.path)] == above.path
        assert above.start >= passage.start
