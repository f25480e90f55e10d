"""Made-up cases and answers over two small documents, small enough to score by hand."""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer, Citation, Status
from evals.cases import Case
from evals.reply import Texts
from evals.score import Score, score_one

PLAN = "市は窓口を減らす。予算規模は2024年度に約7.2億円である。計画期間は令和3年度から令和7年度まで。"
OTHER = "予算規模は約27.5億円だ。担当は情報統括監の小泉 浩之 氏である。"
PROOF = "予算規模は2024年度に約7.2億円である"


class Shelf:
    """A library of two documents that counts how often it is read."""

    def __init__(self, **texts: str) -> None:
        self.texts = {"plan.txt": PLAN, "other.txt": OTHER, **texts}
        self.read: list[str] = []

    def text_of(self, source: str) -> str | None:
        self.read.append(source)
        return self.texts.get(source)


def made_case(**changed: Any) -> Case:
    """A budget question whose answer is 7.2億円 in plan.txt."""
    given = {
        "id": "c1",
        "kind": "budget",
        "question": "2024年度の予算は？",
        "expect": {"status": "answered", "facts": [["7.2億円", "720百万円"]], "absent": ["27.5億"]},
        "evidence": [{"doc": "plan.txt", "quote": PROOF}],
    }
    return Case.model_validate(given | changed)


def expecting(
    status: str = "answered", facts: Sequence[Sequence[str]] = (), absent: Sequence[str] = ()
) -> dict[str, Any]:
    """The `expect` of a case."""
    return {"status": status, "facts": facts, "absent": absent}


def quoting(quote: str, source: str = "plan.txt", text: str = PLAN, number: int = 1) -> Citation:
    """A citation with the true offsets where the quote is in `text`, else with offsets of another place."""
    start = max(0, text.find(quote))
    return Citation(
        number=number,
        document_id=source,
        source=source,
        title=source,
        section=(),
        page=None,
        quote=quote,
        start=start,
        end=start + len(quote),
        url="",
    )


def made_answer(
    text: str = "7.2億円です。[1]",
    citations: Sequence[Citation] = (quoting(PROOF),),
    status: str = "answered",
) -> Answer:
    return Answer(
        id="a",
        status=Status(status),
        reason=None,
        text=text,
        sentences=(),
        citations=tuple(citations),
        facts=(),
        standalone_question="",
        language="ja",
        generator="extractive",
        timings_ms={},
    )


def no_evidence(text: str = "資料には記載がありません。") -> Answer:
    return made_answer(text, (), "no_evidence")


def scored(case: Case | None = None, answer: Answer | None = None, seconds: float = 0.1) -> Score:
    return score_one(case or made_case(), answer or made_answer(), seconds, Texts(Shelf()))
