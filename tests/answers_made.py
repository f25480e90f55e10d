"""Documents read from a text, as hits of a search that found everything."""

from dataclasses import dataclass

from assistant.figure_filters import Figure
from assistant.figure_sources import figures_of
from assistant.listings import Place
from assistant.question import Ask, analyse
from assistant.relevance import Relevance
from corpus.read import ReadFile, read_bytes
from corpus.sentences import split
from index.search import Hit
from index.tokens import tokens


@dataclass(frozen=True)
class Found:
    """A document and hits for all its passages, best first in reading order, all sentences equally near."""

    file: ReadFile
    hits: list[Hit]

    def relevance(self, ask: Ask) -> Relevance:
        """Frequencies over this document alone."""
        held = [set(tokens(f"{one.text}\n{one.context}")) for one in self.file.passages]
        return Relevance(ask.terms, lambda term: sum(term in one for one in held), len(held))

    def figures(self) -> list[Figure]:
        """The document's amounts."""
        return figures_of(
            self.file.facts, {hit.passage.id: hit for hit in self.hits}, {self.file.id: self.text}
        )

    def places(self) -> dict[str, Place]:
        """The document as lists see it."""
        rows = [one for one in self.file.passages if one.kind == "row"]
        return {self.file.id: Place(self.text, self.file.sections, rows, ())}

    @property
    def text(self) -> str:
        """Canonical text."""
        return self.file.document.text


def found(text: str, name: str = "計画.md") -> Found:
    """Reads a text and finds all of it."""
    file = read_bytes(name, text.encode())
    hits = []
    for number, passage in enumerate(file.passages):
        spans = [(0, len(passage.text))] if passage.kind == "row" else split(passage.text)
        sentences = tuple((passage.start + start, passage.start + end, 0.8) for start, end in spans)
        hits.append(
            Hit(passage, name, file.title, 1.0 - 0.01 * number, {"dense": 0.85, "lexical": 5.0}, sentences)
        )
    return Found(file, hits)


def asked(question: str) -> Ask:
    """The question taken apart."""
    return analyse(question)
