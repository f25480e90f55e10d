"""Lines of a form, label: value (担当課: 企画課): what they are asked by."""

import re
from collections.abc import Sequence

from assistant.question import Ask
from assistant.question_words import field_labels
from corpus.catalog import Catalog
from corpus.normalise import fold
from corpus.sentences import split
from index.search import Hit
from index.tokens import token_set

LINE = re.compile(r"[・\-*◆●○■\s]*(?P<label>[^\s：:。、（(]{2,15})\s?[:：]\s*(?P<value>\S.*)")
NEAR = 8  # hits that are near enough without
DOCUMENTS = 2  # found first, whose forms are read
OF_ANY = frozenset({"日", "年度", "名", "者", "先", "等"})  # parts of a label that do not tell what it labels
FORM = 3  # lines of one passage make it a form


def fits(ask: Ask, text: str) -> bool:
    """Whether a line is one of a form whose label is what the question asks for."""
    line = LINE.fullmatch(text.strip())
    if line is None:
        return False
    label = line["label"]
    if any(asks.search(ask.text) and labels.search(label) for asks, labels in field_labels()):
        return True
    return token_set(label) - OF_ANY <= set(ask.terms)


def is_echo(ask: Ask, text: str) -> bool:
    """Whether a line only gives a name that the question says already: 事業名: 見守り事業."""
    line = LINE.fullmatch(text.strip())
    return line is not None and fold(line["value"].strip()) in fold(ask.text)


def is_field(text: str) -> bool:
    """Whether a line is one of a form."""
    return LINE.fullmatch(text.strip()) is not None


def is_form(sentences: Sequence[str]) -> bool:
    """Whether so many sentences of a passage are such lines that the others are no prose about the subject."""
    return sum(map(is_field, sentences)) >= FORM


def with_forms(ask: Ask, hits: list[Hit], catalog: Catalog) -> list[Hit]:
    """The hits, behind the first of each of the first documents the form of it that has the label asked for.

    A form at the head of a document says little of what the document is about, and is found too seldom.
    """
    wanted = [labels for asks, labels in field_labels() if asks.search(ask.text)]
    documents = list(dict.fromkeys(hit.passage.document_id for hit in hits))[:DOCUMENTS]
    known = {hit.passage.id for hit in hits[:NEAR]}
    found = list(hits)
    for document in documents if wanted else ():
        first = next(hit for hit in found if hit.passage.document_id == document)
        least = min((cosine for hit in hits for _, _, cosine in hit.sentences), default=0.0)
        for passage in catalog.passages_in(document):
            lines = LINE.finditer(passage.text) if passage.kind == "text" and passage.id not in known else ()
            if any(labels.search(line["label"]) for line in lines for labels in wanted):
                spans = [
                    (passage.start + start, passage.start + end, least) for start, end in split(passage.text)
                ]
                form = Hit(
                    passage, first.source, first.title, first.score, {}, tuple(spans), first.superseded
                )
                found.insert(found.index(first) + 1, form)
    return found
