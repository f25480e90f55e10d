"""The amounts that the documents found state, with the passages that state them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.draft import Quote
from assistant.figure_choice import Figure
from assistant.figure_names import is_named
from assistant.question import Ask
from assistant.scope import named_documents
from corpus.amounts import find_amounts, format_yen
from corpus.catalog import Catalog
from corpus.document import Fact
from corpus.normalise import fold
from index.search import Hit

NAMED = 2  # documents named by the question all whose figures may be meant
MAX_FURTHER = 300  # passages beside the hits whose figures the question names


def stated(ask: Ask, hits: Sequence[Hit], texts: Mapping[str, str], catalog: Catalog) -> list[Figure]:
    """Amounts of these documents: those of the hits, and those whose name or document the question names."""
    known = {hit.passage.id: hit for hit in hits}
    asked, documents = fold(ask.text), named_documents(ask, hits)[:NAMED]
    facts = [
        fact
        for fact in catalog.facts(list(texts))
        if fact.amount_yen is not None
        and (fact.passage_id in known or fact.document_id in documents or is_named(fact.subject, asked))
    ]
    further = dict.fromkeys(fact.passage_id for fact in facts if fact.passage_id not in known)
    for one in catalog.find(list(further)[:MAX_FURTHER]):
        known[one.passage.id] = Hit(one.passage, one.source, one.title, 0.0, superseded=one.superseded)
    facts = [fact for fact in facts if fact.passage_id in known]
    # Of two that state the same the one in force counts, then the sentence, which reads alone, before the cell.
    facts.sort(
        key=lambda fact: (known[fact.passage_id].superseded, known[fact.passage_id].passage.kind == "row")
    )
    return figures_of(facts, known, texts)


def figures_of(facts: Sequence[Fact], hits: Mapping[str, Hit], texts: Mapping[str, str]) -> list[Figure]:
    """Facts with amounts whose passage is among the hits (by passage id); texts are canonical, by document id.

    A section that states one amount only is about that amount as a whole: all its hits count as surroundings.
    """
    figures = []
    stated = Counter(
        (fact.document_id, hits[fact.passage_id].passage.section)
        for fact in facts
        if fact.amount_yen is not None and fact.passage_id in hits
    )
    for fact in facts:
        hit = hits.get(fact.passage_id)
        if fact.amount_yen is None or hit is None:
            continue
        said = texts[fact.document_id][fact.start : fact.end]
        passage = hit.passage
        printed = next((a for a in find_amounts(said) if a.yen == fact.amount_yen), None)
        quote = Quote(
            fact.document_id, hit.source, hit.title, passage.section, passage.page, fact.start, fact.end, said
        )
        figures.append(
            Figure(
                replace(fact, subject=spelled_out(fact.subject, passage.section)),
                quote,
                fact.amount_yen,
                printed.printed if printed else format_yen(fact.amount_yen),
                bool(printed and printed.approximate),
                "\n".join(
                    [
                        fact.subject,
                        hit.title,
                        *passage.section,
                        passage.text,
                        passage.context,
                        hit.source,
                        *(
                            other.passage.text
                            for other in hits.values()
                            if stated[fact.document_id, passage.section] == 1
                            and other.passage.section == passage.section
                            and other.passage.document_id == fact.document_id
                        ),
                    ]
                ),
                "\n".join([fact.subject, hit.title, *passage.section, said, passage.context]),
                passage.kind == "row",
                passage.kind != "row" and len({amount.yen for amount in find_amounts(said)}) > 1,
            )
        )
    return figures


def spelled_out(subject: str, path: Sequence[str]) -> str:
    """A subject that is only a label takes the words of the heading that carries it."""
    return next(
        (heading for heading in reversed(path) if len(subject) <= 4 and heading.startswith(subject)), subject
    )
