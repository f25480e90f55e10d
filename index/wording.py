"""Other words for the same thing: the glossary, and the short names that the documents themselves explain."""

from functools import lru_cache
from pathlib import Path

from corpus.abbreviations import merge
from index.forward import ForwardIndex
from index.glossary import GLOSSARY, Glossary, Group, read_glossary


@lru_cache(maxsize=1)
def glossary_of(index: ForwardIndex, path: Path | None) -> Glossary:
    """The words of the file (or of the glossary that ships with the project) and of the documents.

    Raises:
        GlossaryError: names the line that cannot be read.
    """
    given = read_glossary(path or GLOSSARY)
    mined = merge(pair for one in index.documents for pair in one.aliases)
    return Glossary((*given.groups, *(Group((short, *longs)) for short, longs in mined.items())))
