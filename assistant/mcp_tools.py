"""What the MCP tools do: search, ask, facts and read_passage over one library, with citations in every result."""

from typing import Annotated

from pydantic import Field

from assistant.answer import (
    FILTER_MAX,
    Answer,
    DocumentId,
    FiscalYear,
    Frozen,
    Question,
    Source,
    Text,
)
from assistant.chain import Assistant
from assistant.compose import source_of
from assistant.draft import Quote, quote_all
from assistant.stated import stated
from corpus.passages import page_of, section_at
from index.library import Library
from index.search import Hit

MAX_HITS, MAX_FACTS, MAX_AROUND, MAX_READ = 50, 1000, 4000, 20_000  # the last two in characters


class ToolCallError(ValueError):
    """A call that cannot be answered, worded for the model that made it."""


class Found(Frozen):
    """A passage with its score: the higher the better."""

    passage_id: str
    score: float
    citation: Source


class Hits(Frozen):
    """Passages, the best first."""

    hits: tuple[Found, ...]


class StatedFact(Frozen):
    """A budget or schedule statement: `amount_yen` in yen, `fiscal_years` in the Western calendar."""

    subject: str
    kind: str
    amount_yen: int | None
    fiscal_years: tuple[int, ...]
    citation: Source


class Facts(Frozen):
    """The first facts of `total`."""

    total: int
    facts: tuple[StatedFact, ...]


class Excerpt(Frozen):
    """Words of a document with the text before and after them."""

    before: str
    citation: Source
    after: str


Words = Annotated[str, Field(min_length=1, max_length=1000)]
Offset = Annotated[int, Field(ge=0, description="Offset into the canonical text, in characters")]


class Tools:
    """What the tools do; safe to call from several threads."""

    def __init__(self, assistant: Assistant, library: Library) -> None:
        self._assistant, self._library = assistant, library

    def search(self, query: Words, k: Annotated[int, Field(ge=1, le=MAX_HITS)] = 10) -> Hits:
        """Finds the passages of the plan documents that fit a question or keywords best."""
        with self._library.reading() as searcher:
            return Hits(hits=tuple(_found(hit) for hit in searcher.search(query, k)))

    def ask(
        self,
        question: Text,
        document_ids: Annotated[tuple[DocumentId, ...], Field(max_length=FILTER_MAX)] = (),
        fiscal_years: Annotated[tuple[FiscalYear, ...], Field(max_length=FILTER_MAX)] = (),
    ) -> Answer:
        """Answers a question that stands on its own: [n] marks and citations, or the status no_evidence."""
        return self._assistant.ask(
            Question(question=question, document_ids=document_ids, fiscal_years=fiscal_years)
        )

    def facts(
        self,
        kind: Annotated[str, Field(max_length=50, description="予算, 決算, 期間, 期限, 開始…")] | None = None,
        year: FiscalYear | None = None,
        words: Annotated[str, Field(max_length=1000, description="All must occur; set apart by spaces")] = "",
        limit: Annotated[int, Field(ge=1, le=MAX_FACTS)] = 100,
    ) -> Facts:
        """Lists budgets and schedules that the documents state, by kind, fiscal year and words."""
        found = list(stated(self._library.catalog, kind, year, words))
        return Facts(
            total=len(found),
            facts=tuple(StatedFact.model_validate(one.json()) for one in found[:limit]),
        )

    def read_passage(
        self,
        passage_id: Annotated[str, Field(max_length=64)] | None = None,
        document_id: DocumentId | None = None,
        start: Offset | None = None,
        end: Offset | None = None,
        around: Annotated[int, Field(ge=0, le=MAX_AROUND, description="Characters before and after")] = 500,
    ) -> Excerpt:
        """Reads the text around a passage_id of search, or around the document_id, start and end of a citation."""
        if passage_id is not None:
            found = self._library.catalog.find([passage_id])
            if not found:
                raise ToolCallError(f"箇所がありません / no such passage: {passage_id!r}")
            passage = found[0].passage
            return self._excerpt(passage.document_id, passage.start, passage.end, around)
        if document_id is None or start is None or end is None:
            raise ToolCallError(
                "passage_id か、document_id と start と end を指定してください / "
                "give passage_id, or document_id with start and end"
            )
        return self._excerpt(document_id, start, end, around)

    def _excerpt(self, document_id: str, start: int, end: int, around: int) -> Excerpt:
        catalog = self._library.catalog
        record, text = catalog.record(document_id), catalog.text(document_id)
        if record is None or text is None:
            raise ToolCallError(f"文書がありません / no such document: {document_id!r}")
        if not start < end <= len(text) or end - start > MAX_READ:
            raise ToolCallError(
                f"start < end <= {len(text)}, end - start <= {MAX_READ} にしてください / "
                f"offsets are outside the document or too far apart: {start}, {end}"
            )
        section = section_at(catalog.sections(document_id), end - 1).path
        page = page_of(catalog.page_starts(document_id), start)
        quote = Quote(document_id, record.source, record.title, section, page, start, end, text[start:end])
        return Excerpt(
            before=text[max(0, start - around) : start],
            citation=source_of(quote),
            after=text[end : end + around],
        )


def _found(hit: Hit) -> Found:
    return Found(passage_id=hit.passage.id, score=round(hit.score, 4), citation=source_of(quote_all(hit)))
