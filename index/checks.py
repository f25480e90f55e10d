"""Whether what the catalog says of a document stands in its text."""

from corpus.catalog import Catalog, Found, Record
from corpus.document import Fact
from index.generation_error import GenerationError

ADD_AGAIN = "`keikaku add` で入れ直してください / add the document again"


def check_document(catalog: Catalog, record: Record) -> int:
    """Checks passages, sentences and facts of one document; gives the number of its passages.

    Raises:
        GenerationError: names the first that is not in the text.
    """
    text = catalog.text(record.id) or ""
    passages = {passage.id for passage in catalog.passages_in(record.id)}
    for found in catalog.find(list(passages)):
        if not _is_its_text(text, found):
            raise GenerationError(
                f"本文と合わない箇所です / a passage is not its text: {found.passage.id}"
                f" ({record.source})。{ADD_AGAIN}"
            )
    for fact in catalog.facts([record.id]):
        if not _stands_in(text, fact, passages):
            raise GenerationError(
                f"本文にない事実です / a fact is not in the text: {fact.id} ({record.source})。{ADD_AGAIN}"
            )
    return len(passages)


def _is_its_text(text: str, found: Found) -> bool:
    start, end = found.passage.start, found.passage.end
    inside = all(start <= sentence.start < sentence.end <= end for sentence in found.sentences)
    return inside and text[start:end] == found.passage.text


def _stands_in(text: str, fact: Fact, passages: set[str]) -> bool:
    return fact.passage_id in passages and 0 <= fact.start < fact.end <= len(text)
