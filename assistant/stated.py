"""The facts of the library as a list: budgets and schedules by kind, year and words, each with its citation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.answer import Source
from assistant.compose import source_of
from assistant.draft import Quote
from corpus.catalog import Catalog, Record
from corpus.document import Fact, Passage
from corpus.normalise import fold

COLUMNS = (
    "subject", "kind", "amount_yen", "fiscal_years", "source", "title", "section", "page", "quote",
    "document_id", "start", "end", "url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact with the words that state it: `quote == canonical_text[fact.start:fact.end]`."""

    fact: Fact
    record: Record
    passage: Passage
    quote: str

    def citation(self) -> Source:
        """Where it is stated."""
        fact, record, passage = self.fact, self.record, self.passage
        quote = Quote(
            record.id,
            record.source,
            record.title,
            passage.section,
            passage.page,
            fact.start,
            fact.end,
            self.quote,
        )
        return source_of(quote)

    def json(self) -> dict[str, Any]:
        """As `GET /api/facts` gives it: `amount_yen` in yen, `fiscal_years` in the Western calendar."""
        return {
            "subject": self.fact.subject,
            "kind": self.fact.kind,
            "amount_yen": self.fact.amount_yen,
            "fiscal_years": list(self.fact.fiscal_years),
            "citation": self.citation().model_dump(mode="json"),
        }


def stated(
    catalog: Catalog,
    kind: str | None = None,
    year: int | None = None,
    words: str = "",
    document_id: str | None = None,
) -> Iterator[Stated]:
    """Facts of a kind, fiscal year and document in which every word occurs, by document and place.

    Words are looked for in subject, title, section path and quote, whatever their width and case.
    """
    wanted, text_of, text = [fold(word) for word in words.split()], "", ""
    for fact, record, passage in catalog.stated(kind, document_id):
        if year is not None and year not in fact.fiscal_years:
            continue
        if text_of != record.id:
            text_of, text = record.id, catalog.text(record.id) or ""
        quote = text[fact.start : fact.end]
        said = fold("\n".join([fact.subject, record.title, *passage.section, quote])) if wanted else ""
        if all(word in said for word in wanted):
            yield Stated(fact, record, passage, quote)


def table(facts: Iterable[Stated]) -> Iterator[list[Any]]:
    """The facts as rows below COLUMNS: several years or headings of one cell are set apart by spaces and ›."""
    yield list(COLUMNS)
    for one in facts:
        said = one.json()
        row = {**said, **said.pop("citation")}
        row["fiscal_years"] = " ".join(map(str, row["fiscal_years"]))
        row["section"] = " › ".join(row["section"])
        yield [row[name] for name in COLUMNS]
