"""What must hold of any bytes given as a file, whatever they are: a Document with exact offsets, or a reason."""

from itertools import pairwise

from corpus_made import check_blocks, check_passages

from corpus.load import LoadError
from corpus.read import ReadFile, read_bytes


def check_reading(name: str, data: bytes) -> ReadFile | None:
    """Reads a file and checks every offset of it; None where it is refused, in both languages."""
    try:
        file = read_bytes(name, data)
    except LoadError as error:
        said, _, english = str(error).partition(" / ")
        assert any(character > "\u3000" for character in said), f"no Japanese: {error}"
        assert english.strip(), f"no English: {error}"
        return None
    check_blocks(file.document)
    check_passages(file.document, file.sections, file.passages)
    check_facts(file)
    return file


def check_facts(file: ReadFile) -> None:
    """Sections cover the text; each fact lies in its passage."""
    spans = [(section.start, section.end) for section in file.sections]
    assert (spans[0][0], spans[-1][1]) == (0, len(file.document.text))
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    by_id = {passage.id: passage for passage in file.passages}
    for fact in file.facts:
        passage = by_id[fact.passage_id]
        assert passage.start <= fact.start < fact.end <= passage.end
    assert len({fact.id for fact in file.facts}) == len(file.facts)
