"""What to ask next: questions from the section that an answer rests on, each of which is answered."""

from collections.abc import Iterable, Iterator

from assistant.answer import Answer, Citation, Question, Status
from assistant.chain import Assistant, Library
from corpus.document import Fact, Section
from corpus.normalise import narrow
from corpus.numbering import label_of
from corpus.settings import Settings
from corpus.wareki import to_wareki

TRIED, SHOWN = 6, 3  # candidates that are asked, and questions that are shown


class Suggester:
    """Proposes questions; it asks them itself, without a language model, and keeps those that are answered."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._catalog = library.catalog
        self._assistant = Assistant(library, settings.model_copy(update={"llm": None, "llm_base_url": None}))

    def after(self, answer: Answer, asked: Iterable[str] = ()) -> list[str]:
        """Up to three questions that are answered, each by something else."""
        if answer.status is not Status.ANSWERED or not answer.citations:
            return []
        said = {answer.text}
        found: list[str] = []
        for question in _fresh(self._candidates(answer), asked):
            reply = self._assistant.ask(Question(question=question))
            if reply.status is Status.ANSWERED and reply.text not in said:
                said.add(reply.text)
                found.append(question)
            if len(found) == SHOWN:
                break
        return found

    def _candidates(self, answer: Answer) -> Iterator[str]:
        first = answer.citations[0]
        sections = self._catalog.sections(first.document_id)
        yield from _of_facts(self._catalog.facts([first.document_id]), sections, answer)
        yield from _of_headings(sections, first)


def _fresh(questions: Iterable[str], asked: Iterable[str]) -> list[str]:
    seen = set(asked)
    fresh: list[str] = []
    for question in questions:
        if question not in seen:
            seen.add(question)
            fresh.append(question)
        if len(fresh) == TRIED:
            break
    return fresh


def _of_facts(facts: Iterable[Fact], sections: list[Section], answer: Answer) -> Iterator[str]:
    """Budgets and schedules of the section cited, then of those beside and below it."""
    cited = answer.citations[0]
    used = {(one.start, one.end) for one in answer.citations}
    near = [one for one in sections if one.path[: len(cited.section) - 1] == cited.section[:-1]]
    for section in sorted(near, key=lambda one: one.path != cited.section):
        for fact in facts:
            inside = section.start <= fact.start < section.end
            if inside and not any(start <= fact.start < end for start, end in used):
                year = f"{to_wareki(fact.fiscal_years[0])}の" if len(fact.fiscal_years) == 1 else ""
                yield f"{fact.subject}の{year}{fact.kind}は"


def _of_headings(sections: list[Section], cited: Citation) -> Iterator[str]:
    """The headings beside and below the section cited."""
    path = cited.section
    for section in sections:
        below = section.path[:-1] == path
        beside = section.path[:-1] == path[:-1] and section.path != path
        if path and section.path and (below or beside):
            yield f"「{_name(section.path[-1])}」について教えてください"


def _name(heading: str) -> str:
    """A heading without its number."""
    label = label_of(narrow(heading))
    return (heading[len(heading) - len(label[2]) :] if label else heading).strip() or heading
