"""An answer before its citations are numbered: sentences with the quotes that they rest on."""

from dataclasses import dataclass, replace

from corpus.document import Fact
from index.search import Hit

FEW = 3  # sentences that a text may have without being a list
SHORT_CHARS = 80  # of an answer that needs no other words


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of canonical text within a hit's passage or fact: `text == canonical_text[start:end]`."""

    document_id: str
    source: str
    title: str
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence to say; `computed` where its figures were worked out from the quotes."""

    text: str
    quotes: tuple[Quote, ...]
    facts: tuple[Fact, ...] = ()
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Sentences in order; `partial` where only part of what was asked is given."""

    sentences: tuple[DraftSentence, ...]
    partial: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it states figures from facts or worked them out, or is a list: other words would only harm it."""
        return len(self.sentences) > FEW or any(one.computed or one.facts for one in self.sentences)

    @property
    def is_short(self) -> bool:
        """Whether it reads well as it is quoted."""
        return sum(len(sentence.text) for sentence in self.sentences) <= SHORT_CHARS

    def rests_on(self, document_id: str, start: int, end: int) -> bool:
        """Whether its first sentence quotes a part of this span."""
        return any(
            quote.document_id == document_id and quote.start < end and start < quote.end
            for quote in self.sentences[0].quotes
        )

    def followed_by(self, more: "Draft") -> "Draft":
        """This and what another draft says beyond it."""
        said = {sentence.text for sentence in self.sentences}
        fresh = (sentence for sentence in more.sentences if sentence.text not in said)
        return replace(self, sentences=(*self.sentences, *fresh))


def quote_span(hit: Hit, start: int, end: int) -> Quote:
    """The part of a hit's passage between two offsets of canonical text."""
    passage = hit.passage
    text = passage.text[start - passage.start : end - passage.start]
    return Quote(passage.document_id, hit.source, hit.title, passage.section, passage.page, start, end, text)


def quote_all(hit: Hit) -> Quote:
    """The whole passage of a hit."""
    return quote_span(hit, hit.passage.start, hit.passage.end)
