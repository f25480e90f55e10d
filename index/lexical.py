"""BM25 over search tokens in tantivy: finds the candidates. Built from the catalog; one writer at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.filters import Filter
from index.generation_error import BrokenIndexError

WRITER_BYTES = 64 * 1024 * 1024
MAX_TERMS = 512  # of a question; the rest of a pasted page would only cost time


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """One passage as it is searched; tokens stand between spaces."""

    passage_id: str
    document_id: str
    visibility: str
    tokens: str


class LexicalIndex:
    """A tantivy index in a folder of its own."""

    def __init__(self, tantivy: Any, index: Any) -> None:
        self._tantivy, self._index = tantivy, index

    @classmethod
    def open(cls, path: Path) -> "LexicalIndex":
        """Opens the index in a folder; makes an empty one where there is none.

        Raises:
            BrokenIndexError: the folder does not hold what tantivy wrote.
        """
        import tantivy

        path.mkdir(parents=True, exist_ok=True)
        with _tantivy_errors():
            index = tantivy.Index(_schema(tantivy), path=str(path), reuse=True)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", analyzer)
        return cls(tantivy, index)

    def update(self, rows: Iterable[LexicalRow], remove_documents: Sequence[str] = ()) -> None:
        """Removes documents and adds passages in one commit."""
        with _tantivy_errors():
            writer = self._index.writer(WRITER_BYTES, 1)
            for document_id in remove_documents:
                writer.delete_documents_by_term("document_id", document_id)
            for row in rows:
                writer.add_document(
                    self._tantivy.Document(
                        passage_id=row.passage_id,
                        document_id=row.document_id,
                        visibility=row.visibility,
                        tokens=row.tokens,
                    )
                )
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def search(
        self, terms: Sequence[tuple[str, float]], limit: int, filters: Filter | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25 score) of the best passages for words with their weights, best first.

        Raises:
            BrokenIndexError: the index cannot be read.
        """
        if not terms:
            return []
        with _tantivy_errors():
            searcher = self._index.searcher()
            query = self._query(terms[:MAX_TERMS], filters or Filter())
            hits = searcher.search(query, limit, count=False).hits
            return [(searcher.doc(address)["passage_id"][0], float(score)) for score, address in hits]

    def count(self) -> int:
        """Number of passages."""
        return int(self._index.searcher().num_docs)

    def passage_ids(self, filters: Filter | None = None) -> set[str]:
        """Ids of all passages that may be found."""
        with _tantivy_errors():
            searcher = self._index.searcher()
            limits = self._limits(filters or Filter())
            query = self._tantivy.Query
            wanted = query.boolean_query(limits) if limits else query.all_query()
            hits = searcher.search(wanted, max(1, searcher.num_docs), count=False).hits
            return {searcher.doc(address)["passage_id"][0] for _, address in hits}

    def _query(self, terms: Sequence[tuple[str, float]], filters: Filter) -> Any:
        query, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._index.schema
        should = [
            (occur.Should, query.boost_query(query.term_query(schema, "tokens", word, "freq"), weight))
            for word, weight in terms
        ]
        return query.boolean_query([(occur.Must, query.boolean_query(should)), *self._limits(filters)])

    def _limits(self, filters: Filter) -> list[Any]:
        """Clauses that leave the score alone."""
        query, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._index.schema
        limits = {
            "document_id": list(filters.document_ids),
            "visibility": [filters.visibility] if filters.visibility else [],
        }
        return [
            (occur.Must, query.const_score_query(query.term_set_query(schema, field, values), 0.0))
            for field, values in limits.items()
            if values
        ]


@contextmanager
def _tantivy_errors() -> Iterator[None]:
    """Everything that tantivy cannot do is a ValueError to its Python binding."""
    try:
        yield
    except ValueError as error:
        raise BrokenIndexError(f"tantivy: {error}") from error


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("document_id", "visibility"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tokens", tokenizer_name="spaces", index_option="freq")
    return builder.build()
