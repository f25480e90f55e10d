"""The amounts that the documents found state, with the passages that state them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.draft import Quote
from assistant.evidence import municipalities
from assistant.figure_filters import SPENT_KINDS, Figure, kinds_asked
from assistant.figure_names import all_parts, is_money, is_named
from assistant.question import Ask
from assistant.question_words import figure_words
from assistant.scope import named_documents
from corpus.amounts import find_amounts, format_yen
from corpus.catalog import Catalog
from corpus.document import Fact
from corpus.normalise import fold
from corpus.wareki import find_years
from index.filters import Filter
from index.search import Hit
from index.tokens import token_set

NAMED = 2  # documents named by the question all whose figures may be meant
# A header that says its amounts are rounded, 金額（約）, 概算額, and a cell below it; 概算要求額 is exact.
ROUNDED_HEADER = re.compile(r"[(（](?:約|概算|概数)[)）]|概算(?!要求)|概数")
ROUNDED = re.compile(rf"(?:{ROUNDED_HEADER.pattern})[^：、]{{0,10}}：([\d,.]+)")
MIN_NAME = 3  # characters of a name that is looked for in all documents
MAX_FURTHER = 300  # passages beside the hits whose figures the question names


def stated(ask: Ask, hits: Sequence[Hit], texts: Mapping[str, str], catalog: Catalog) -> list[Figure]:
    """Amounts of these documents: those of the hits, and those whose name or document the question names.

    What something cost is read in the nearest document even where the search found none of its amounts.
    """
    known = {hit.passage.id: hit for hit in hits}
    asked, documents = fold(ask.text), named_documents(ask, hits)[:NAMED]
    if kinds_asked(ask) & SPENT_KINDS:
        documents += [hit.passage.document_id for hit in hits[:1]]
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


def named_elsewhere(
    ask: Ask, texts: Mapping[str, str], catalog: Catalog, scope: Filter, years: Sequence[int]
) -> list[Figure]:
    """Amounts of other documents than those of `texts` whose subject is named by the question.

    A budget book says its city and year on the cover, seldom beside its ten thousand lines. Only documents within
    the `scope` that say the municipality of the question, and of the fiscal `years` that are looked at, if any; what
    the question is about (大人 of 入館料は大人はいくら) must be said beside the amount.
    """
    names = [
        name
        for name in ask.compounds
        if len(name) >= MIN_NAME and name not in ask.places and not find_years(name) and not is_money(name)
    ]
    facts = [
        fact
        for fact in catalog.amounts_of(names, MAX_FURTHER)
        if fact.document_id not in texts and (not years or set(years) & set(fact.fiscal_years))
    ]
    places = municipalities(ask) if ask.language == "ja" else []
    known: dict[str, Hit] = {}
    said: dict[str, str] = {}
    for one in catalog.find(list(dict.fromkeys(fact.passage_id for fact in facts))):
        document = one.passage.document_id
        if scope.admits(document, one.visibility):
            said[document] = said.get(document) or catalog.text(document) or ""
            if all(place in said[document] or place in f"{one.source}{one.title}" for place in places):
                known[one.passage.id] = Hit(
                    one.passage, one.source, one.title, 0.0, superseded=one.superseded
                )
    figures = figures_of([fact for fact in facts if fact.passage_id in known], known, said)
    silent = figure_words() | token_set(" ".join([*ask.places, *filter(find_years, ask.compounds)]))
    topic = token_set(" ".join(ask.topics)) - silent
    return [figure for figure in figures if topic <= token_set(figure.surroundings)]


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
    nearest = max(hits.values(), key=lambda one: one.score, default=None)
    for fact in facts:
        hit = hits.get(fact.passage_id)
        if fact.amount_yen is None or hit is None:
            continue
        alone = stated[fact.document_id, hit.passage.section] == 1
        beside = _of_section(hit, hits) if alone else []
        figure = _figure(fact, fact.amount_yen, hit, texts[fact.document_id], beside)
        if nearest and nearest.passage.document_id == fact.document_id and _is_of_title(fact, hit):
            figure = replace(figure, of_document=_said(fact.document_id, hits))
        figures.append(figure)
    return figures


def _is_of_title(fact: Fact, hit: Hit) -> bool:
    """Whether a fact is of what its document is about: みほん市 見守り事業 事業費計 in the sheet of that project."""
    names, title = all_parts(fact.subject)[:-1], fold(hit.title)
    return len(names) > 1 and all(name in title for name in names)


def _said(document_id: str, hits: Mapping[str, Hit]) -> str:
    return "\n".join(hit.passage.text for hit in hits.values() if hit.passage.document_id == document_id)


def _figure(fact: Fact, yen: int, hit: Hit, text: str, beside: Sequence[str]) -> Figure:
    """A fact of a hit's passage; `beside` is what else its section says."""
    passage, said = hit.passage, text[fact.start : fact.end]
    printed, approximate = as_printed(yen, said, passage.context)
    around = [fact.subject, hit.title, *passage.section]
    return Figure(
        replace(fact, subject=spelled_out(fact.subject, passage.section)),
        Quote(
            fact.document_id, hit.source, hit.title, passage.section, passage.page, fact.start, fact.end, said
        ),
        yen,
        printed,
        approximate,
        "\n".join([*around, passage.text, passage.context, hit.source, *beside]),
        "\n".join([*around, said, passage.context]),
        passage.kind == "row",
        passage.kind != "row" and len({amount.yen for amount in find_amounts(said)}) > 1,
    )


def _of_section(hit: Hit, hits: Mapping[str, Hit]) -> list[str]:
    place = (hit.passage.document_id, hit.passage.section)
    return [
        other.passage.text
        for other in hits.values()
        if (other.passage.document_id, other.passage.section) == place
    ]


def as_printed(yen: int, said: str, context: str) -> tuple[str, bool]:
    """An amount as it is printed, or a cell's as amounts are written; and whether it is said to be rounded."""
    for amount in find_amounts(said):
        if amount.yen == yen:
            return amount.printed, amount.approximate
    digits = _significant(str(yen))
    approximate = any(_significant(value) == digits for value in ROUNDED.findall(context))
    return ("約" if approximate else "") + format_yen(yen), approximate


def _significant(number: str) -> str:
    """The digits of a number without the zeros at its ends: a column's unit changes no others."""
    return "".join(char for char in number if char.isdecimal()).strip("0")


def spelled_out(subject: str, path: Sequence[str]) -> str:
    """A subject that is only a label takes the words of the heading that carries it."""
    return next(
        (heading for heading in reversed(path) if len(subject) <= 4 and heading.startswith(subject)), subject
    )
