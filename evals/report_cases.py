"""One case of a report: question, answer, citations, what was expected, the verdict."""

from dataclasses import dataclass

from assistant.answer import Citation
from evals.highlight import Piece, quoted, said
from evals.labels import KINDS, STATUSES
from evals.matching import same_document
from evals.report import reasons
from evals.run import Output
from evals.score import Score


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with the words highlighted that it shares with the evidence; `right`: it points there."""

    citation: Citation
    pieces: list[Piece]
    right: bool

    @property
    def place(self) -> str:
        """Document, section path and page."""
        one = self.citation
        return " › ".join([one.title, *one.section]) + (f"（{one.page}ページ）" if one.page else "")


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the page shows of a case; `turned`: whether it got better since the run compared with, if it turned."""

    output: Output
    score: Score
    kind: str
    status: str
    expected: str
    answer: list[Piece]
    citations: list[CitationView]
    groups: list[tuple[bool, str]]
    reasons: list[str]
    turned: bool | None

    @property
    def verdicts(self) -> str:
        """Words of the filter that this case answers to."""
        turned = {None: "", True: "better", False: "worse"}[self.turned]
        return f"{'passed' if self.score.passed else 'failed'} {turned}".strip()


def case_view(output: Output, score: Score, turned: bool | None = None) -> CaseView:
    """Looks up everything that the page shows of a case."""
    case, answer = output.case, output.answer
    citations = [_citation(one, output, score) for one in answer.citations]
    return CaseView(
        output,
        score,
        KINDS[case.kind],
        STATUSES[answer.status],
        STATUSES[case.expect.status],
        said(answer.text, case.expect.facts),
        citations,
        [(group not in score.missing, " / ".join(group)) for group in case.expect.facts],
        reasons(score),
        turned,
    )


def _citation(one: Citation, output: Output, score: Score) -> CitationView:
    """Highlighted only where it points at evidence: other quotes may share words with it by chance."""
    right = one.number in score.pointing
    proofs = [proof.quote for proof in output.case.evidence if same_document(one.source, proof.doc)]
    return CitationView(one, quoted(one.quote, proofs) if right else [Piece(one.quote)], right)
