"""The whole flow of an answer, top to bottom: guards, follow-up, search, evidence, draft or write, verify."""

import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from assistant import (
    answering,
    cells,
    durations,
    evidence,
    extract,
    fields,
    figure_sources,
    figures,
    guards,
    lists,
    messages,
    notes,
    per_item,
    series,
    short_names,
    two_cells,
    yearly,
)
from assistant.answer import Answer, Question, Status
from assistant.compose import Composer
from assistant.draft import Draft
from assistant.figure_filters import Figure
from assistant.followups import standalone
from assistant.generate import LANGUAGES, Writer, WriterError
from assistant.language import base_language, detect
from assistant.listings import Place
from assistant.privacy import mask
from assistant.question import Ask, Want, amended, analyse
from assistant.relevance import Relevance
from assistant.scope import NEAR_HITS, near, of_place
from assistant.translate import translated
from assistant.written import verified_sentences
from corpus.catalog import Catalog
from corpus.settings import Settings
from corpus.telemetry import stage
from corpus.wareki import year_tokens
from index.embedding import Embedder
from index.filters import Filter
from index.rerank import Reranker
from index.search import Hit, Searcher
from index.tokens import token_set

log = logging.getLogger(__name__)
HITS = 40
MAX_GIVEN = 8  # subjects with a figure that are named where the one asked about has none


class Event(NamedTuple):
    """One server-sent event of an answer under way."""

    name: Literal["sources", "delta", "answer"]
    data: dict[str, Any]


class Library(Protocol):
    """What the assistant reads: the catalog, and search over the live generation while it is held."""

    catalog: Catalog

    @property
    def embedder(self) -> Embedder: ...

    def reading(self) -> AbstractContextManager[Searcher]: ...


@dataclass(slots=True)
class Run:
    """What is known so far of one question on its way to an answer."""

    question: Question
    standalone: str
    language: str
    visibility: str | None = None
    timings: dict[str, float] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # canonical, of the documents of the first hits
    reranker: Reranker | None = None

    @property
    def scope(self) -> Filter:
        """The documents that may be found."""
        return Filter(self.question.document_ids, self.visibility)


class Assistant:
    """Answers questions over one library; safe to use from several threads."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library, self._settings = library, settings
        self._writer = Writer(settings) if settings.writes else None

    def ask(self, question: Question, visibility: str | None = None) -> Answer:
        """The complete answer; `visibility="public"` looks at public documents only."""
        return Answer.model_validate([*self.stream(question, visibility)][-1].data)

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
        language = question.language or detect(question.question)
        run = Run(question, mask(question.question.strip()), language, visibility)

        limit = self._settings.question_max_chars
        if reason := guards.refusal_reason(question.question, limit):
            yield self._end(run, Status.REFUSED, reason, messages.refusal(reason, run.language, limit))
            return

        run.standalone = standalone(question.question, guards.safe_history(question.history))
        ask = analyse(amended(run.standalone), base_language(run.language))

        with self._library.reading() as searcher:
            run.reranker = searcher.reranker
            run.hits, run.timings = self._search(searcher, ask, run)
            relevance = Relevance(
                ask.terms,
                searcher.document_frequency,
                searcher.passage_count(),
                searcher.other_words(ask.text),
            )
        run.texts = near(run.hits, self._library.catalog)

        if reason := _too_little(ask, run, relevance):
            yield self._nothing(run, reason)
            return
        run.hits, run.texts = of_place(ask, run.hits, run.texts, self._library.catalog)
        run.hits = fields.with_forms(ask, run.hits, self._library.catalog)
        relevance = relevance.without(token_set(" ".join(evidence.municipalities(ask))))

        stated = (
            figure_sources.stated(ask, run.hits, run.texts, self._library.catalog)
            if figures.applies(ask) or yearly.applies(ask)
            else []
        )
        draft = self._draft(ask, run, relevance, stated)
        if (
            draft
            and ask.wants_any(Want.DETAIL)
            and (more := extract.answer(ask, run.hits, relevance, run.reranker))
        ):
            draft = draft.followed_by(more)
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
        yield self._written(ask, run, draft) or self._answered(run, draft, composer, "extractive")

    def _search(self, searcher: Searcher, ask: Ask, run: Run) -> tuple[list[Hit], dict[str, float]]:
        with stage("search"):
            hits, timings = searcher.timed_search(ask.text, HITS, run.scope, HITS)
        if run.question.fiscal_years:
            wanted = {f"y{year}" for year in run.question.fiscal_years}
            hits = [hit for hit in hits if wanted & set(year_tokens(hit.said))]
        return hits, {name: round(value, 1) for name, value in timings.items()}

    @stage("extract")
    def _draft(self, ask: Ask, run: Run, relevance: Relevance, stated: Sequence[Figure]) -> Draft | None:
        """The first that applies: a column, years, figures, a cell, a note, lengths of time, lists, sentences."""
        if per_item.applies(ask):
            places = {key: self._place(key, run) for key in run.texts}
            if draft := per_item.answer(ask, run.hits, places, stated, relevance):
                return draft
        if draft := two_cells.answer(ask, run.hits):
            return draft
        if yearly.applies(ask) and (draft := yearly.answer(ask, run.hits, stated, relevance)):
            return draft
        if series.applies(ask) and (draft := series.answer(ask, run.hits, relevance)):
            return draft
        if figures.applies(ask):
            draft = figures.answer(ask, stated, relevance)
            if draft is None and cells.applies(ask):
                draft = cells.answer(ask, run.hits, relevance)
            if draft is None:
                catalog, years = self._library.catalog, run.question.fiscal_years
                other = figure_sources.named_elsewhere(ask, run.texts, catalog, run.scope, years)
                draft = figures.answer(ask, other, relevance)
            if draft or figures.needs_figures(ask):
                return draft
        if cells.applies(ask) and (draft := cells.answer(ask, run.hits, relevance)):
            return draft
        if draft := cells.in_words(ask, run.hits):
            return draft
        if draft := notes.answer(ask, run.hits, run.texts):
            return draft
        if draft := durations.answer(ask, run.hits, relevance):
            return draft
        if lists.applies(ask):
            places = {key: self._place(key, run) for key in run.texts}
            if draft := lists.answer(ask, run.hits[:NEAR_HITS], places, relevance):
                return draft
        quoted = extract.answer(ask, run.hits, relevance, run.reranker)
        if named := short_names.answer(ask, run.hits):
            return short_names.before(named, quoted)
        return quoted

    def _place(self, document_id: str, run: Run) -> Place:
        catalog = self._library.catalog
        tabular = any(
            hit.passage.kind == "row" and hit.passage.document_id == document_id for hit in run.hits
        )
        rows = [one for one in catalog.passages_in(document_id) if one.kind == "row"] if tabular else []
        return Place(
            run.texts[document_id], catalog.sections(document_id), rows, catalog.page_starts(document_id)
        )

    def _written(self, ask: Ask, run: Run, draft: Draft) -> Answer | None:
        """The answer in the words of the language model, where it stands on the passages; None where it does not.

        What is exact or short, or asked by its label (④), is only translated. What rests on another passage than the
        quoted answer, or does not hold the kind of thing asked for, answers something else.
        """
        if self._writer is None:
            return None
        if run.language != "ja":
            return self._translated(self._writer, run, draft)
        if draft.is_exact or draft.is_short or ask.labels:
            return None
        composer = Composer(run.language)
        try:
            for sentence in verified_sentences(self._writer, run.standalone, _quoted_first(draft, run.hits)):
                composer.say(sentence)
        except WriterError as error:
            log.warning("the language model did not answer, the quoted answer is given: %s", error)
            return None
        rests = any(draft.rests_on(one.document_id, one.start, one.end) for one in composer.citations)
        if not (rests and answering.holds(ask, composer.text)):
            return None
        return self._answered(run, Draft(()), composer, self._writer.name)

    def _translated(self, writer: Writer, run: Run, draft: Draft) -> Answer | None:
        """The quoted answer in the language of the question, figures and citations the same."""
        if run.language not in LANGUAGES:
            return None
        try:
            embed = self._library.embedder.embed_documents
            said = translated(draft, run.language, writer.translation, embed)
        except WriterError as error:
            log.warning("the language model did not answer, the quoted answer is given: %s", error)
            return None
        composer = Composer(run.language, messages.TRANSLATED[run.language])
        for sentence in said.sentences if said else ():
            composer.say(sentence)
        return self._answered(run, said, composer, writer.name) if said else None

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
    if evidence.missing_place(ask, [*run.texts.values(), *named]):
        return "unknown_place"
    found = evidence.features(ask, run.hits, relevance)
    unlikely = evidence.probability(found, ask.language) < evidence.threshold(ask.language)
    another = evidence.missing_edition(ask, list(run.texts.values()))
    return "not_in_documents" if unlikely or another or evidence.only_place_known(ask, relevance) else None


def _quoted_first(draft: Draft, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, first those that the quoted answer rests on: the model sees a few of them only."""
    return sorted(
        hits, key=lambda hit: not draft.rests_on(hit.passage.document_id, hit.passage.start, hit.passage.end)
    )
