"""What the search indexes hold of a document, put together from rows of the catalog."""

from collections.abc import Iterable, Mapping, Sequence

from corpus.catalog_rows import AnyRow
from corpus.records import CatalogError, Indexed, IndexedPassage, Record, Vector


def indexed_of(
    record: Record, title: AnyRow, passages: Sequence[AnyRow], vectors: Mapping[str, Vector]
) -> Indexed:
    """A document with the vectors of its title, passages and sentences.

    Raises:
        CatalogError: one of them has no vector.
    """
    try:
        return Indexed(
            record,
            vectors[title.title_digest],
            [
                IndexedPassage(
                    row.id,
                    row.section_id,
                    row.tokens,
                    vectors[row.vector_digest],
                    [vectors[digest] for _, _, digest in row.sentences],
                )
                for row in passages
            ],
            [(short, long) for short, long in title.aliases],
        )
    except KeyError as missing:
        raise CatalogError(
            f"{record.source}: ベクトルがありません。`keikaku add` でこの文書を入れ直してください"
            f" / vector {missing} is missing: add the document again"
        ) from missing


def grouped(rows: Iterable[AnyRow]) -> dict[str, list[AnyRow]]:
    """Rows of each document."""
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    return found
