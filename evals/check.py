"""Is a case file sound? Every line held against the library: documents, quotes, facts, duplicates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Status
from corpus.catalog import Catalog
from evals.cases import Case, CaseError, Kind, numbered_cases
from evals.matching import comparable, occurs, same_document
from evals.metric_amounts import amounts, years

WORKED_OUT = {Kind.COMPUTE, Kind.COMPARE, Kind.FOREIGN, Kind.LIST}
"""Kinds whose facts need not be printed: sums, differences, other languages, numbers of things."""
Fault = tuple[int, str]
"""(line number, what is wrong)."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """By source: the library's texts as compared, and the sums in yen that its facts state (headers give units)."""

    texts: Mapping[str, str]
    sums: Mapping[str, frozenset[int]]

    def named(self, doc: str) -> list[str]:
        """Sources of the documents that a case names so."""
        return [source for source in self.texts if same_document(source, doc)]


def shelf_of(catalog: Catalog) -> Shelf:
    """Reads the whole library once."""
    records, facts = catalog.records(), catalog.facts()
    return Shelf(
        {one.source: comparable(catalog.text(one.id) or "") for one in records},
        {
            one.source: frozenset(
                fact.amount_yen for fact in facts if fact.document_id == one.id and fact.amount_yen
            )
            for one in records
        },
    )


def check_file(path: Path, shelf: Shelf) -> tuple[int, list[str]]:
    """How many cases a file has, and one line for everything that is wrong in it, with its line number.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        rows, faults = numbered_cases(path)
    except CaseError as error:
        return 0, [str(error)]
    found = [*_duplicates(rows), *(fault for row in rows for fault in _faults(*row, shelf))]
    told = [f"{path}: {number}行目 / line {number}: {what}" for number, what in sorted(found)]
    return len(rows), [*faults, *told]


def _duplicates(rows: Iterable[tuple[int, Case]]) -> Iterator[Fault]:
    first: dict[tuple[str, ...], int] = {}
    for number, case in rows:
        asked = (*(comparable(turn.content) for turn in case.history), comparable(case.question))
        if (earlier := first.setdefault(asked, number)) != number:
            yield number, f"question: {earlier}行目と同じ質問です / the same question as on line {earlier}"


def _faults(number: int, case: Case, shelf: Shelf) -> Iterator[Fault]:
    if case.draft:
        yield number, "draft: 人がまだ見ていません / not reviewed by a person yet: edit it and remove `draft`"
    yield from ((number, what) for what in _expectation(case))
    for place, proof in enumerate(case.evidence):
        where = f"evidence.{place}"
        sources, quote = shelf.named(proof.doc), comparable(proof.quote)
        if not sources:
            yield number, f"{where}.doc: その文書はありません / no such document: {proof.doc!r}"
        elif not any(quote in shelf.texts[source] for source in sources):
            yield number, f"{where}.quote: 文書にありません / not found in {proof.doc}: {proof.quote!r}"
    yield from ((number, what) for what in _unreachable(case, shelf))


def _expectation(case: Case) -> Iterator[str]:
    """What contradicts itself, or can never fail."""
    expect = case.expect
    if expect.status is Status.ANSWERED and not expect.facts:
        yield "expect.facts: 述べるべき事実がありません / answered needs at least one fact"
    if expect.status is Status.ANSWERED and not case.evidence:
        yield "evidence: 根拠がありません / answered needs evidence"
    if expect.status in (Status.NO_EVIDENCE, Status.REFUSED) and expect.facts:
        yield f"expect.facts: {expect.status} では述べません / nothing is said where the status is {expect.status}"
    for wanted in (alternative for group in expect.facts for alternative in group):
        if barred := [one for one in expect.absent if occurs(comparable(one), comparable(wanted))]:
            yield f"expect.absent: 事実{wanted!r}に含まれます / {barred[0]!r} is part of the fact {wanted!r}"


def _unreachable(case: Case, shelf: Shelf) -> Iterator[str]:
    """Facts that neither the evidence nor its documents say."""
    sources = dict.fromkeys(source for proof in case.evidence for source in shelf.named(proof.doc))
    if case.kind in WORKED_OUT or not sources:
        return
    for place, group in enumerate(case.expect.facts):
        cells = [cell for proof in case.evidence for cell in proof.quote.split("\t")]
        in_cell = any(occurs(comparable(one), comparable(cell)) for one in group for cell in cells)
        said = any(_says(shelf, source, alternative) for source in sources for alternative in group)
        if not (said or in_cell):
            yield (
                f"expect.facts.{place}: 根拠の文書に述べられていません / said nowhere in the documents of the "
                f"evidence: {' | '.join(group)}"
            )


def _says(shelf: Shelf, source: str, fact: str) -> bool:
    """Whether a document says a fact: in these words, or by the amounts and years in it."""
    text = shelf.texts[source]
    if occurs(comparable(fact), text):
        return True
    sums, calendar = amounts(fact), years(fact)
    return bool(sums or calendar) and sums <= amounts(text) | shelf.sums[source] and calendar <= years(text)
