"""Documents read again from their stored originals, where other rules or another model made the catalog."""

from corpus.catalog import Catalog, Identity, Record
from corpus.document import Document
from corpus.load_error import LoadError
from corpus.read import ReadFile, read_bytes
from index.embedding import Embedder
from index.entries import entries_of
from index.progress import Progress, silent


def read_again(catalog: Catalog, identity: Identity, embedder: Embedder, report: Progress) -> None:
    """Reads every document from its stored original with the present rules and model.

    Until all are read the catalog belongs to no model, so that none searches a mixture.
    """
    records = catalog.records()
    catalog.unstamp()
    for number, record in enumerate(records, 1):
        catalog.put(entries_of([_file(catalog, record)], record.visibility, embedder, catalog, silent))
        report("読み直し / reading again", number, len(records))
    catalog.restamp(identity)


def _file(catalog: Catalog, record: Record) -> ReadFile:
    """A document read again, or as it was read before where today's rules refuse it."""
    data = catalog.original(record.id) or b""
    try:
        return read_bytes(record.source, data)
    except LoadError:
        text, pages = catalog.text(record.id) or "", tuple(catalog.page_starts(record.id))
        document = Document(text, record.title, record.media_type, ((0, len(text)),), page_starts=pages)
        return ReadFile(
            record.id,
            record.source,
            record.title,
            record.version,
            data,
            document,
            catalog.sections(record.id),
            catalog.passages_in(record.id),
            catalog.facts([record.id]),
        )
