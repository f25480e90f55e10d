"""A small plan document and answers about it, for the tests of the pages."""

import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from assistant.answer import Answer, Citation, Question, Status
from corpus.document import Section
from ui.viewer import DocumentRecord

CHAPTER, SECTION = "第1章 計画の概要", "1節 計画期間と予算"
QUOTE = "八策①の2024年度の予算規模は約7.2億円です。"
NEXT_SENTENCE = "財源は一般会計です。"
FILLER = "\n\n".join(f"{number}番目の段落で、引用の場所を画面の外へ押し出します。" for number in range(60))
TABLE = "年度\t予算\n2024年度\t7.2億円\n2025年度\t8.1億円"
TEXT = (
    f"{CHAPTER}\n\nこの章では計画の概要を述べます。\n\n{FILLER}\n\n"
    f"{SECTION}\n\n{QUOTE}{NEXT_SENTENCE}\n\n{TABLE}\n\n終わり <b>太字ではない</b>\n"
)
SECTION_START = TEXT.index(SECTION)
SECTIONS = (
    Section((CHAPTER,), 0, SECTION_START),
    Section((CHAPTER, SECTION), SECTION_START, len(TEXT)),
)
PUBLIC = DocumentRecord(
    id="plan",
    source="plans/plan.pdf",
    title="見本計画",
    media_type="application/pdf",
    text=TEXT,
    page_starts=(0, SECTION_START),
    visibility="public",
    sections=SECTIONS,
)
STAFF = DocumentRecord(
    id="inner",
    source="inner.md",
    title="内部資料",
    media_type="text/markdown",
    text="内部の文",
    page_starts=(),
    visibility="staff",
    sections=(),
)
ATTACK = '<img src=x onerror="window.attacked=1"><script>window.attacked=1</script> **太字** $$x$$'


class Texts:
    """Documents by id."""

    def document(self, document_id: str) -> DocumentRecord | None:
        return {record.id: record for record in (PUBLIC, STAFF)}.get(document_id)


def citation(number: int = 1, quote: str = QUOTE, **changes: Any) -> Citation:
    start = TEXT.index(quote) if quote in TEXT else 0
    end = start + len(quote)
    fields: dict[str, Any] = {
        "number": number,
        "document_id": "plan",
        "source": "plans/plan.pdf",
        "title": "見本計画",
        "section": (CHAPTER, SECTION),
        "page": 2,
        "quote": quote,
        "start": start,
        "end": end,
        "url": f"/documents/plan?start={start}&end={end}#cite",
    }
    return Citation(**{**fields, **changes})


def answer(status: Status = Status.ANSWERED, text: str = "約7.2億円です。[1]", **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "id": "a1",
        "status": status,
        "reason": None,
        "text": text,
        "sentences": (),
        "citations": (citation(),),
        "facts": (),
        "standalone_question": "",
        "language": "ja",
        "generator": "extractive",
        "timings_ms": {},
    }
    return Answer(**{**fields, **changes})


class Made(NamedTuple):
    name: str
    data: dict[str, Any]


class Assistant:
    """Answers by a rule: the weather is unknown, an attack comes back as it is, all else costs 7.2."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.go_on = threading.Event()  # while it is not set, an answer stops after its first words
        self.go_on.set()

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if "天気" in question.question:
            return answer(Status.NO_EVIDENCE, "計画文書には書かれていません。", citations=())
        if "攻撃" in question.question:
            return answer(
                id=f"a{len(self.asked)}",
                text=f"{ATTACK}[1]",
                citations=(citation(title=ATTACK, quote=ATTACK),),
            )
        return answer(id=f"a{len(self.asked)}", standalone_question=question.question)

    def stream(self, question: Question) -> Iterator[Made]:
        complete = self.ask(question)
        yield Made("sources", {"citations": [one.model_dump(mode="json") for one in complete.citations]})
        yield Made("delta", {"text": complete.text[:4]})
        self.go_on.wait(60)
        yield Made("delta", {"text": complete.text[4:]})
        yield Made("answer", complete.model_dump(mode="json"))
