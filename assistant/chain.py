"""The whole flow of an answer, top to bottom: guards, follow-up, search, evidence, draft or write, verify."""

import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from assistant import cells, durations, evidence, extract, figures, guards, lists, messages, notes
from assistant.answer import Answer, Question, Status
from assistant.compose import Composer
from assistant.draft import Draft
from assistant.figure_choice import Figure
from assistant.figure_names import is_named
from assistant.followups import standalone
from assistant.generate import Writer, WriterError
from assistant.language import detect
from assistant.listings import Place
from assistant.privacy import mask
from assistant.question import Ask, analyse
from assistant.relevance import Relevance
from assistant.written import verified_sentences
from corpus.catalog import Catalog
from corpus.normalise import fold
from corpus.settings import Settings
from corpus.wareki import year_tokens
from index.filters import Filter
from index.search import Hit, Searcher
from index.tokens import token_set

log = logging.getLogger(__name__)
HITS = 40
MAX_GIVEN = 8  # subjects with a figure that are named where the one asked about has none
MAX_FURTHER = 300  # passages beside the hits whose figures the question names
FURTHER_DOCUMENTS = 4  # among the other hits that the question names
NEAR_HITS = 8  # hits whose documents are read for lists and facts


class Event(NamedTuple):
    """One server-sent event of an answer under way."""

    name: Literal["sources", "delta", "answer"]
    data: dict[str, Any]


class Library(Protocol):
    """What the assistant reads: the catalog, and search over the live generation while it is held."""

    catalog: Catalog

    def reading(self) -> AbstractContextManager[Searcher]: ...


@dataclass(slots=True)
class Run:
    """What is known so far of one question on its way to an answer."""

    question: Question
    standalone: str
    language: str
    timings: dict[str, float] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # canonical, of the documents of the first hits


class Assistant:
    """Answers questions over one library; safe to use from several threads."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library, self._settings = library, settings
        self._writer = Writer(settings) if settings.writes else None

    def ask(self, question: Question, visibility: str | None = None) -> Answer:
        """The complete answer; `visibility="public"` looks at public documents only."""
        *_, last = self.stream(question, visibility)
        return Answer.model_validate(last.data)

    def stream(self, question: Question, visibility: str | None = None) -> Iterator[Event]:
        """The answer as it comes: `sources`, `delta` for each verified sentence, `answer` complete and last."""
        clock = time.perf_counter()
        for event in self._steps(question, visibility):
            if isinstance(event, Answer):
                total = round(1000 * (time.perf_counter() - clock), 1)
                timed = event.model_copy(update={"timings_ms": {**event.timings_ms, "total": total}})
                yield Event("answer", timed.model_dump(mode="json"))
            else:
                yield event

    # The flow. Each step can end it with a named status.
    def _steps(self, question: Question, visibility: str | None) -> Iterator[Event | Answer]:
        run = Run(question, mask(question.question.strip()), question.language or detect(question.question))

        limit = self._settings.question_max_chars
        if reason := guards.refusal_reason(question.question, limit):
            yield self._end(run, Status.REFUSED, reason, messages.refusal(reason, run.language, limit))
            return

        run.standalone = standalone(question.question, guards.safe_history(question.history))
        ask = analyse(run.standalone, run.language)

        with self._library.reading() as searcher:
            run.hits, run.timings = self._search(searcher, ask, question, visibility)
            relevance = Relevance(
                ask.terms,
                searcher.document_frequency,
                searcher.passage_count(),
                searcher.other_words(ask.text),
            )
        documents = dict.fromkeys(hit.passage.document_id for hit in run.hits[:NEAR_HITS])
        run.texts = {key: self._library.catalog.text(key) or "" for key in documents}

        if reason := _too_little(ask, run, relevance):
            yield self._nothing(run, reason)
            return
        self._keep_place(ask, run)
        relevance = relevance.without(token_set(" ".join(evidence.municipalities(ask))))

        stated = self._figures(ask, run) if figures.applies(ask) else []
        draft = self._draft(ask, run, relevance, stated)
        if draft is None:
            if figures.needs_figures(ask):
                yield self._nothing(run, "no_such_figure", figures.subjects(stated))
            else:
                yield self._nothing(run, "not_in_documents")
            return

        composer = Composer(run.language)
        yield Event(
            "sources", {"citations": [c.model_dump(mode="json") for c in composer.sources(run.hits, draft)]}
        )
        for sentence in draft.sentences:
            yield Event("delta", {"text": composer.say(sentence)})
        yield self._written(run, draft) or self._answered(run, draft, composer, "extractive")

    def _search(
        self, searcher: Searcher, ask: Ask, question: Question, visibility: str | None
    ) -> tuple[list[Hit], dict[str, float]]:
        hits, timings = searcher.timed_search(
            ask.text, HITS, Filter(question.document_ids, visibility), extract.HITS
        )
        if question.fiscal_years:
            wanted = {f"y{year}" for year in question.fiscal_years}
            hits = [hit for hit in hits if wanted & set(year_tokens(_said_by(hit)))]
        return hits, {name: round(value, 1) for name, value in timings.items()}

    def _draft(self, ask: Ask, run: Run, relevance: Relevance, stated: Sequence[Figure]) -> Draft | None:
        """The first that applies: figures from facts, a cell, a note, lengths of time, whole lists, sentences."""
        if figures.applies(ask):
            draft = figures.answer(ask, stated, relevance)
            if draft is None and cells.applies(ask):
                draft = cells.answer(ask, run.hits, relevance)
            if draft or figures.needs_figures(ask):
                return draft
        if cells.applies(ask) and (draft := cells.answer(ask, run.hits, relevance)):
            return draft
        if draft := notes.answer(ask, run.hits, run.texts):
            return draft
        if draft := durations.answer(ask, run.hits, relevance):
            return draft
        if lists.applies(ask):
            places = {key: self._place(key, run) for key in run.texts}
            if draft := lists.answer(ask, run.hits[:NEAR_HITS], places, relevance):
                return draft
        return extract.answer(ask, run.hits, relevance)

    def _keep_place(self, ask: Ask, run: Run) -> None:
        """Leaves the hits of documents that say the municipality in the question, and those the question names."""
        names = {hit.passage.document_id: f"{hit.source} {hit.title}" for hit in run.hits}
        asked = [fold(name) for name in ask.compounds]
        named = {
            key for key, name in names.items() if (said := fold(name)) and any(one in said for one in asked)
        }
        for key in [key for key in names if key in named - set(run.texts)][:FURTHER_DOCUMENTS]:
            run.texts[key] = self._library.catalog.text(key) or ""
        places = evidence.municipalities(ask) if ask.language == "ja" else []
        if not places:
            return
        texts = run.texts | {
            hit.passage.document_id: self._library.catalog.text(hit.passage.document_id) or ""
            for hit in run.hits
            if hit.passage.document_id not in run.texts
        }
        run.hits = [
            hit
            for hit in run.hits
            if all(
                place in texts[hit.passage.document_id] or place in f"{hit.source}{hit.title}"
                for place in places
            )
        ]
        kept = {hit.passage.document_id for hit in run.hits}
        run.texts = {key: text for key, text in run.texts.items() if key in kept}

    def _figures(self, ask: Ask, run: Run) -> list[Figure]:
        """Amounts of the documents found: those of the hits, and those whose name the question says."""
        hits = {hit.passage.id: hit for hit in run.hits}
        asked = fold(ask.text)
        facts = [
            fact
            for fact in self._library.catalog.facts(list(run.texts))
            if fact.amount_yen is not None and (fact.passage_id in hits or is_named(fact.subject, asked))
        ]
        further = dict.fromkeys(fact.passage_id for fact in facts if fact.passage_id not in hits)
        for one in self._library.catalog.find(list(further)[:MAX_FURTHER]):
            hits[one.passage.id] = Hit(one.passage, one.source, one.title, 0.0, superseded=one.superseded)
        # Of two that state the same the one in force counts, then the sentence, which reads alone, before the cell.
        facts = [fact for fact in facts if fact.passage_id in hits]
        facts.sort(
            key=lambda fact: (hits[fact.passage_id].superseded, hits[fact.passage_id].passage.kind == "row")
        )
        return figures.figures_of(facts, hits, run.texts)

    def _place(self, document_id: str, run: Run) -> Place:
        catalog = self._library.catalog
        tabular = any(
            hit.passage.kind == "row" and hit.passage.document_id == document_id
            for hit in run.hits[:NEAR_HITS]
        )
        rows = [one for one in catalog.passages_in(document_id) if one.kind == "row"] if tabular else []
        return Place(
            run.texts[document_id], catalog.sections(document_id), rows, catalog.page_starts(document_id)
        )

    def _written(self, run: Run, draft: Draft) -> Answer | None:
        """The answer in the words of the language model, where it stands on the passages; None where it does not.

        What was worked out and whole lists stay as they are: a model would add errors or leave things out.
        """
        if self._writer is None or draft.is_exact:
            return None
        composer = Composer(run.language)
        try:
            for sentence in verified_sentences(self._writer, run.standalone, run.hits):
                composer.say(sentence)
        except WriterError as error:
            log.warning("the language model did not answer, the quoted answer is given: %s", error)
            return None
        return self._answered(run, Draft(()), composer, self._writer.name) if composer.sentences else None

    def _answered(self, run: Run, draft: Draft, composer: Composer, generator: str) -> Answer:
        status = Status.PARTIAL if draft.partial else Status.ANSWERED
        return self._end(run, status, None, composer.text, composer, generator)

    def _nothing(self, run: Run, reason: str, given: Sequence[str] = ()) -> Answer:
        sections = list(
            dict.fromkeys(
                "「" + (" › ".join(hit.passage.section[-2:]) or hit.title) + "」" for hit in run.hits[:3]
            )
        )
        text = messages.not_found(run.language, sections, self._settings.contact, list(given[:MAX_GIVEN]))
        return self._end(run, Status.NO_EVIDENCE, reason, text)

    def _end(
        self,
        run: Run,
        status: Status,
        reason: str | None,
        text: str,
        composer: Composer | None = None,
        generator: str = "extractive",
    ) -> Answer:
        return Answer(
            id=uuid.uuid4().hex,
            status=status,
            reason=reason,
            text=text,
            sentences=composer.sentences if composer else (),
            citations=composer.citations if composer else (),
            facts=composer.facts if composer else (),
            standalone_question=run.standalone,
            language=run.language,
            generator=generator,
            timings_ms=run.timings,
        )


def _too_little(ask: Ask, run: Run, relevance: Relevance) -> str | None:
    """Why the hits do not hold the answer, or None where they seem to."""
    if not run.hits:
        return "not_in_documents"
    named = [f"{hit.source} {hit.title}" for hit in run.hits]
    if ask.language == "ja" and evidence.missing_place(ask, [*run.texts.values(), *named]):
        return "unknown_place"
    found = evidence.features(ask, run.hits, relevance)
    if evidence.probability(found, ask.language) < evidence.threshold(ask.language):
        return "not_in_documents"
    return None


def _said_by(hit: Hit) -> str:
    passage = hit.passage
    return "\n".join([hit.title, *passage.section, passage.text, passage.context])
