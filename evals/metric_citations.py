"""Whether quotes stand where they are said to stand, and whether they are those that prove the answer."""

from dataclasses import dataclass

from assistant.answer import Answer, Citation
from evals.cases import Evidence
from evals.matching import any_occurs, comparable, overlap, same_document
from evals.reply import Reply, Texts


@dataclass(frozen=True, slots=True)
class VerbatimOk:
    """Every quote stands in its Document at exactly its offsets."""

    name: str = "verbatim_ok"
    label: str = "逐語引用 / quotes verbatim"

    def of(self, reply: Reply, texts: Texts) -> bool | None:
        return not fabricated(reply.answer, texts) if reply.answer.citations else None


@dataclass(frozen=True, slots=True)
class CitationOk:
    """Some citation points at some evidence."""

    name: str = "citation_ok"
    label: str = "引用箇所 / right place cited"

    def of(self, reply: Reply, texts: Texts) -> bool | None:
        return bool(pointing(reply, texts)) if _eligible(reply) else None


@dataclass(frozen=True, slots=True)
class CitationPrecision:
    """The share of the citations that point at evidence; None where nothing is cited."""

    name: str = "citation_precision"
    label: str = "引用の適合率 / citation precision"

    def of(self, reply: Reply, texts: Texts) -> float | None:
        cited = reply.answer.citations
        return len(pointing(reply, texts)) / len(cited) if cited and _eligible(reply) else None


@dataclass(frozen=True, slots=True)
class CitationRecall:
    """The share of the pieces of evidence at which some citation points."""

    name: str = "citation_recall"
    label: str = "引用の再現率 / citation recall"

    def of(self, reply: Reply, texts: Texts) -> float | None:
        if not _eligible(reply):
            return None
        proofs, facts = reply.case.evidence, reply.case.expect.facts
        found = [
            any(points_at(one, proof, facts, texts) for one in reply.answer.citations) for proof in proofs
        ]
        return sum(found) / len(found)


def _eligible(reply: Reply) -> bool:
    return reply.to_answer and bool(reply.case.evidence)


def pointing(reply: Reply, texts: Texts) -> tuple[int, ...]:
    """Numbers of the citations that point at some evidence of the case."""
    proofs, facts = reply.case.evidence, reply.case.expect.facts
    return tuple(
        one.number
        for one in reply.answer.citations
        if any(points_at(one, proof, facts, texts) for proof in proofs)
    )


def fabricated(answer: Answer, texts: Texts) -> tuple[int, ...]:
    """Numbers of the citations whose quote does not stand in the canonical text at [start, end)."""
    return tuple(citation.number for citation in answer.citations if not _verbatim(citation, texts))


def _verbatim(citation: Citation, texts: Texts) -> bool:
    text = texts.canonical(citation.source)
    if text is None or not comparable(citation.quote) or citation.start < 0:
        return False
    return text[citation.start : citation.end] == citation.quote


def points_at(citation: Citation, proof: Evidence, facts: tuple[tuple[str, ...], ...], texts: Texts) -> bool:
    """Whether a citation of the evidence's Document shares its place, or its quote says every fact itself."""
    if not same_document(citation.source, proof.doc):
        return False
    quote, wanted = comparable(citation.quote), comparable(proof.quote)
    if wanted in quote or (facts and all(any_occurs(group, quote) for group in facts)):
        return True
    return overlap(texts.compared(citation.source) or wanted, quote, wanted)
