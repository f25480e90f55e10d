"""What to ask next: questions from the section that an answer rests on, each of which is answered."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest

from assistant.answer import Answer, Citation, Question, Status
from assistant.chain import Assistant, Library
from assistant.suggest_words import about_fact, about_heading
from corpus.document import Fact, Section
from corpus.normalise import narrow
from corpus.numbering import label_of
from corpus.settings import Settings

TRIED, SHOWN = 6, 3  # candidates that are asked, and questions that are shown
OPENINGS, OPENING_TRIES = 4, 10  # the same to begin with
SAYS_NOTHING = re.compile(r"[\W\d①-⑳]*")  # a name that is a label only


class Suggester:
    """Proposes questions; it asks them itself, without a language model, and keeps those that are answered."""

    def __init__(self, library: Library, settings: Settings, visibility: str | None = None) -> None:
        self._catalog, self._visibility = library.catalog, visibility
        self._assistant = Assistant(library, settings.model_copy(update={"llm": None, "llm_base_url": None}))

    def after(self, answer: Answer, asked: Iterable[str] = (), language: str = "ja") -> list[str]:
        """Up to three questions that are answered, each by something else."""
        if answer.status is not Status.ANSWERED or not answer.citations:
            return []
        return self._answered(_fresh(self._candidates(answer, language), asked, TRIED), SHOWN, {answer.text})

    def first(self, examples: Iterable[str], language: str = "ja") -> list[str]:
        """Up to four questions to begin with: examples, then what the documents state, those that are answered."""
        candidates = chain(examples, self._openings(language))
        return self._answered(_fresh(candidates, (), OPENING_TRIES), OPENINGS, set())

    def _answered(self, questions: Iterable[str], most: int, said: set[str]) -> list[str]:
        found: list[str] = []
        for question in questions:
            reply = self._assistant.ask(Question(question=question), self._visibility)
            if reply.status is Status.ANSWERED and reply.text not in said:
                said.add(reply.text)
                found.append(question)
            if len(found) == most:
                break
        return found

    def _candidates(self, answer: Answer, language: str) -> Iterator[str]:
        first = answer.citations[0]
        sections = self._catalog.sections(first.document_id)
        yield from _of_facts(self._catalog.facts([first.document_id]), sections, answer, language)
        yield from _of_headings(sections, first, language)

    def _openings(self, language: str) -> Iterator[str]:
        """A fact and some headings of each document, of all documents in turn."""
        shown = [one for one in self._catalog.records() if self._visibility in (None, one.visibility)]
        for turn in zip_longest(*(self._opening(one.id, language) for one in shown)):
            yield from filter(None, turn)

    def _opening(self, document_id: str, language: str) -> Iterator[str]:
        facts = self._catalog.facts([document_id])
        named = (about_fact(one, language) for one in facts if not SAYS_NOTHING.fullmatch(one.subject))
        yield from islice(filter(None, named), 1)
        names = (_name(one.path[-1]) for one in self._catalog.sections(document_id) if len(one.path) > 1)
        yield from islice((about_heading(name, language) for name in names), SHOWN)


def _fresh(questions: Iterable[str], asked: Iterable[str], most: int) -> list[str]:
    seen = set(asked)
    fresh: list[str] = []
    for question in questions:
        if question not in seen:
            seen.add(question)
            fresh.append(question)
        if len(fresh) == most:
            break
    return fresh


def _of_facts(facts: Iterable[Fact], sections: list[Section], answer: Answer, language: str) -> Iterator[str]:
    """Budgets and schedules of the section cited, then of those beside and below it."""
    cited = answer.citations[0]
    used = {(one.start, one.end) for one in answer.citations}
    near = [one for one in sections if one.path[: len(cited.section) - 1] == cited.section[:-1]]
    for section in sorted(near, key=lambda one: one.path != cited.section):
        for fact in facts:
            inside = section.start <= fact.start < section.end
            fresh = inside and not any(start <= fact.start < end for start, end in used)
            fresh = fresh and not SAYS_NOTHING.fullmatch(fact.subject)
            if fresh and (question := about_fact(fact, language)):
                yield question


def _of_headings(sections: list[Section], cited: Citation, language: str) -> Iterator[str]:
    """The headings beside and below the section cited."""
    path = cited.section
    for section in sections:
        below = section.path[:-1] == path
        beside = section.path[:-1] == path[:-1] and section.path != path
        if path and section.path and (below or beside):
            yield about_heading(_name(section.path[-1]), language)


def _name(heading: str) -> str:
    """A heading without its number."""
    label = label_of(narrow(heading))
    return (heading[len(heading) - len(label[2]) :] if label else heading).strip() or heading
