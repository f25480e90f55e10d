"""Which of the documents found an answer may come from: those of the municipality and the name that are asked for."""

from collections.abc import Mapping, Sequence

from assistant import evidence
from assistant.question import Ask
from corpus.catalog import Catalog
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit

NEAR_HITS = 8  # hits whose documents are read for lists and facts
FURTHER_DOCUMENTS = 4  # that are read because the question says their name


def near(hits: Sequence[Hit], catalog: Catalog) -> dict[str, str]:
    """Canonical texts of the documents of the first hits, by id."""
    return _texts([hit.passage.document_id for hit in hits[:NEAR_HITS]], catalog)


def of_place(
    ask: Ask, hits: list[Hit], texts: Mapping[str, str], catalog: Catalog
) -> tuple[list[Hit], dict[str, str]]:
    """The hits of documents that say the municipality of the question, and texts of those and of the ones it names."""
    places = evidence.municipalities(ask) if ask.language == "ja" else []
    if places:
        said = {
            **_texts(
                [hit.passage.document_id for hit in hits if hit.passage.document_id not in texts], catalog
            ),
            **texts,
        }
        hits = [
            hit
            for hit in hits
            if all(
                place in said[hit.passage.document_id] or place in f"{hit.source}{hit.title}"
                for place in places
            )
        ]
        texts = {key: said[key] for key in dict.fromkeys(hit.passage.document_id for hit in hits[:NEAR_HITS])}
    further = [key for key in named_documents(ask, hits) if key not in texts][:FURTHER_DOCUMENTS]
    return hits, {**texts, **_texts(further, catalog)}


def named_documents(ask: Ask, hits: Sequence[Hit]) -> list[str]:
    """Ids of the documents of whose name the question says a part that is neither a municipality nor a year."""
    names = {hit.passage.document_id: f"{hit.source} {hit.title}" for hit in hits}
    parts = [fold(part) for part in ask.compounds if part not in ask.places and not find_years(part)]
    return [
        key for key, name in names.items() if (said := fold(name)) and any(part in said for part in parts)
    ]


def _texts(document_ids: Sequence[str], catalog: Catalog) -> dict[str, str]:
    return {key: catalog.text(key) or "" for key in dict.fromkeys(document_ids)}
