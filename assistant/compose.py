"""Numbers citations and puts the sentences of an answer together."""

from collections.abc import Sequence

from assistant.answer import Citation, Sentence, Source, UsedFact, citation_url
from assistant.draft import Draft, DraftSentence, Quote, quote_all
from assistant.messages import NOTICES
from index.search import Hit

SOURCES = 4


class Composer:
    """Collects what is said; the same quote keeps its number."""

    def __init__(self, language: str, notice: str | None = None) -> None:
        quoted = NOTICES.get(language, "" if language == "ja" else NOTICES["en"])
        self._notice = quoted if notice is None else notice
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._sentences: list[Sentence] = []
        self._facts: list[UsedFact] = []

    @property
    def text(self) -> str:
        """The whole answer with its [n] marks, one sentence a line."""
        return "\n".join([*([self._notice] if self._notice else []), *map(_marked, self._sentences)])

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences without marks, each with its citation numbers."""
        return tuple(self._sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations in order of their numbers."""
        return tuple(self._citations.values())

    @property
    def facts(self) -> tuple[UsedFact, ...]:
        """The facts that the answer rests on."""
        return tuple(self._facts)

    def say(self, sentence: DraftSentence) -> str:
        """Adds a sentence and gives it with its marks, and a line end before all but the first."""
        lead = "\n" if self._sentences else (f"{self._notice}\n" if self._notice else "")
        numbers = tuple(dict.fromkeys(self._number(quote) for quote in sentence.quotes))
        said = Sentence(text=sentence.text, citations=numbers)
        self._sentences.append(said)
        for fact, quote in zip(sentence.facts, sentence.quotes, strict=False):
            used = UsedFact(
                subject=fact.subject,
                kind=fact.kind,
                amount_yen=fact.amount_yen,
                fiscal_years=fact.fiscal_years,
                citation=self._number(quote),
            )
            if used not in self._facts:
                self._facts.append(used)
        return lead + _marked(said)

    def sources(self, hits: Sequence[Hit], draft: Draft) -> list[Citation]:
        """What is known of the sources before the answer is written: the draft's quotes, or the best hits."""
        quotes = [quote for sentence in draft.sentences for quote in sentence.quotes]
        quotes = quotes or [quote_all(hit) for hit in hits[:SOURCES]]
        unique = {(quote.document_id, quote.start, quote.end): quote for quote in quotes}
        return [_citation(number, quote) for number, quote in enumerate(unique.values(), 1)]

    def _number(self, quote: Quote) -> int:
        key = (quote.document_id, quote.start, quote.end)
        if key not in self._citations:
            self._citations[key] = _citation(len(self._citations) + 1, quote)
        return self._citations[key].number


def _marked(sentence: Sentence) -> str:
    return sentence.text + "".join(f"[{number}]" for number in sentence.citations)


def _citation(number: int, quote: Quote) -> Citation:
    return Citation(number=number, **dict(source_of(quote)))


def source_of(quote: Quote) -> Source:
    """A quote with the link to its place."""
    return Source(
        document_id=quote.document_id,
        source=quote.source,
        title=quote.title,
        section=quote.section,
        page=quote.page,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        url=citation_url(quote.document_id, quote.start, quote.end),
    )
