"""Cases proposed out of a library's facts, table rows and headings, for a person to edit. None counts as reviewed."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from assistant.answer import Status
from assistant.stated import Stated, stated
from corpus.amounts import find_amounts, format_yen
from corpus.catalog import Catalog, Record
from corpus.document import Passage
from corpus.wareki import to_wareki
from evals.cases import Case, CaseError, Evidence, Expect, Kind
from evals.matching import comparable

LONGEST = 160  # characters of a quote; a longer passage is cut around what it proves
CELL = range(2, 61)  # characters of a table cell that can be asked for
FROM_HEADING = (
    "見出しから作りました。述べるべき事実を書いてください / from a heading: write the facts that must be said"
)
Proposal = tuple[Kind, str, tuple[tuple[str, ...], ...], str, str]
"""(kind, question, facts, quote, note)."""


def drafts(catalog: Catalog, most: int) -> list[Case]:
    """At most so many cases of each sort a document, spread over it; the same question only once."""
    found: list[Case] = []
    asked: set[str] = set()
    facts = {key: list(some) for key, some in groupby(stated(catalog), lambda one: one.record.id)}
    for record in catalog.records():
        passages = catalog.passages_in(record.id)
        for sort in (
            map(_from_fact, facts.get(record.id, [])),
            map(_from_row, passages),
            _from_headings(record, passages),
        ):
            for proposal in _spread([one for one in sort if one], most):
                if (key := comparable(proposal[1])) not in asked:
                    asked.add(key)
                    found.append(_case(len(found) + 1, record.source, proposal))
    return found


def write_drafts(cases: Iterable[Case], out: Path) -> None:
    """Writes cases as JSONL, without what is empty.

    Raises:
        CaseError: the file is there already; what a person edited is not overwritten.
    """
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            for case in cases:
                file.write(case.model_dump_json(exclude_defaults=True) + "\n")
    except FileExistsError as error:
        raise CaseError(
            f"{out}: すでにあります。別の名前に / expected a new file, it is there already"
        ) from error


def _case(number: int, source: str, proposal: Proposal) -> Case:
    kind, question, facts, quote, note = proposal
    return Case(
        id=f"draft-{number:04}",
        kind=kind,
        question=question,
        expect=Expect(status=Status.ANSWERED, facts=facts),
        evidence=(Evidence(doc=source, quote=quote),),
        draft=True,
        note=note,
    )


def _from_fact(one: Stated) -> Proposal | None:
    fact = one.fact
    quote = _cut(one.passage, fact.start, fact.end)
    if not fact.subject or not quote.strip():
        return None
    years = fact.fiscal_years
    when = f"{to_wareki(years[0])}の" if len(years) == 1 and fact.amount_yen is not None else ""
    asked = f"「{fact.subject}」の{when}{fact.kind}は"
    if fact.amount_yen is not None:
        printed = tuple(amount.printed for amount in find_amounts(one.quote) if amount.yen == fact.amount_yen)
        said = tuple(dict.fromkeys((format_yen(fact.amount_yen), *printed)))
        return Kind.BUDGET, f"{asked}いくらですか。", (said,), quote, ""
    ends = dict.fromkeys(years[:1] + years[-1:])
    groups = tuple((to_wareki(year), f"{year}年度", f"{year}年") for year in ends)
    return (Kind.SCHEDULE, f"{asked}いつですか。", groups, quote, "") if groups else None


def _from_row(passage: Passage) -> Proposal | None:
    """The last cell of a table row that has a header, asked for by the row's first cell."""
    if passage.kind != "row":
        return None
    headed = list(_headed(passage))
    name = headed[0][1] if headed else ""
    for header, cell in reversed(headed[1:]):
        if header and len(cell) in CELL and len(name) in CELL:
            question = f"「{name}」の{header}は何ですか。"
            return Kind.TABLE, question, ((cell,),), _cut(passage, passage.start, passage.end), ""
    return None


def _headed(passage: Passage) -> Iterator[tuple[str, str]]:
    """(header, cell) of a row, whose context reads header：cell、header：cell."""
    position = 0
    for cell in (part.strip() for part in passage.text.split("\t")):
        at = passage.context.find(f"：{cell}", position) if cell else -1
        if at >= 0:
            yield passage.context[position:at].lstrip("、"), cell
            position = at + 1 + len(cell)


def _from_headings(record: Record, passages: Iterable[Passage]) -> Iterator[Proposal]:
    for section, inside in groupby(passages, lambda one: one.section):
        first = next(inside)
        if section and first.kind != "row":
            quote = _cut(first, first.start, first.end)
            yield (
                Kind.FACT,
                f"{record.title}の「{section[-1]}」には何が書かれていますか。",
                (),
                quote,
                FROM_HEADING,
            )


def _cut(passage: Passage, start: int, end: int) -> str:
    """The passage, or where it is long the lines around [start, end) of canonical text."""
    if len(passage.text) <= LONGEST:
        return passage.text.strip()
    first, last = start - passage.start, end - passage.start
    middle = passage.text[max(0, first) : min(last, first + LONGEST)]
    return middle.strip()


def _spread(found: list[Proposal], most: int) -> list[Proposal]:
    return found[:: max(1, -(-len(found) // most))]
