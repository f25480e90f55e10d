"""The sentences that answer, quoted: the best candidate, and those that say nearly as much or something new."""

import re
from collections.abc import Sequence

from assistant import answering, cells
from assistant.candidates import Candidate, best_candidates, label_fit
from assistant.draft import Draft, DraftSentence, quote_all, quote_span
from assistant.question import Ask, Want
from assistant.read_again import read_again
from assistant.relevance import Relevance
from corpus.normalise import fold
from index.rerank import Reranker
from index.search import Hit
from index.tokens import LABEL, token_set

NEAR = 0.85  # a further sentence is said if it scores this share of the best,
FRESH, USEFUL = 0.15, 0.5  # or says so much of the question that is not said yet and scores this share
MAX_CHARS = 420
ASKS_VALUE = re.compile(r"いくつ|いくら|いつ|何[年月日人件回点校台つ]")
LONG_CHARS = 560  # of an answer to 「もっと詳しく」
BLOCK_CHARS = 260  # a labelled item this short is quoted from its label on
# A sentence that begins so needs the one before it to be understood.
LEANS_BACK = re.compile(
    r"^(?:その(?!他|ほか|後)|この|これ|それ|また|さらに|当該|同(?![時じ])|なお|具体的には)"
)
# 本部会と幹事会の違い, 「生活環境」と「行政経営」はどう違う
TWO = re.compile(
    r"[「『]?([^\s、。「」『』とはのがを]{2,20})[」』]?と[、「『]?([^\s、。「」『』とはのがを]{2,20})[」』]?(?:の|で|は|と|、|を)"
)
# A heading that counts: 2-2 5つのワーキンググループ
COUNTED = re.compile(
    r"(?:[\d０-９.．・()（）-]+[\s　]+)?(?P<many>(?:[\d０-９]{1,3}|[一二三四五六七八九十]{1,3})[つ個])の"
    r"(?P<what>[^\s、。はがをでにも]{2,30})"
)


def answer(
    ask: Ask, hits: Sequence[Hit], relevance: Relevance, reranker: Reranker | None = None
) -> Draft | None:
    """The best sentence, and those that say nearly as much; None where no hit holds what was asked for."""
    ranked = read_again(ask.text, best_candidates(ask, hits, relevance), reranker)
    if ask.is_polar and not ask.size:
        ranked = [one for one in ranked if not _is_name(one)]
    if not ranked:
        return None
    if ask.wants_any(Want.DETAIL):
        return Draft(tuple(_said(ask, candidate) for candidate in _at_length(ask, ranked)))
    if both := _of_each(ask, ranked):
        return Draft(_without_overlap([_said(ask, candidate) for candidate in both]))
    most = 3 if ask.size or ask.wants_any(Want.LIST, Want.CONTRAST) else 2
    chosen = ranked[:1]
    others = [one for one in ranked[1:] if not _is_heading(one)]
    if _one_value(ask):
        others = [one for one in others if _agrees(ask, one, chosen[0])]
    others = [one for one in others if not one.of_form or _of_one_form(one, chosen[0])]
    said = set(token_set(chosen[0].text))
    for candidate in others:
        fresh = relevance.share(token_set(candidate.text) - said)
        near = candidate.score >= NEAR * ranked[0].score
        adds = fresh >= FRESH and candidate.score >= USEFUL * ranked[0].score
        if (
            (near or adds)
            and len(chosen) < most
            and sum(len(one.text) for one in [*chosen, candidate]) <= MAX_CHARS
        ):
            chosen.append(candidate)
            said |= token_set(candidate.text)
    return Draft(_without_overlap([_said(ask, candidate) for candidate in chosen]))


def _is_name(candidate: Candidate) -> bool:
    """Whether a candidate is a heading or the label of an item: it says nothing that could be so or not."""
    return _is_heading(candidate) or bool(LABEL.match(candidate.text) and "。" not in candidate.text)


def _is_heading(candidate: Candidate) -> bool:
    return candidate.text in (candidate.hit.title, *candidate.hit.passage.section)


def _of_one_form(other: Candidate, first: Candidate) -> bool:
    """Whether both are lines of the form of one document: that of another is about something else."""
    return first.of_form and first.hit.passage.document_id == other.hit.passage.document_id


def _of_each(ask: Ask, ranked: Sequence[Candidate]) -> list[Candidate]:
    """For a difference between two named things the best sentence about each: 本部会と幹事会の違い.

    Empty where no two are named, or none is said of one of them.
    """
    named = TWO.search(ask.text) if ask.wants_any(Want.CONTRAST) and not ask.labels else None
    if named is None:
        return []
    one, other = map(fold, named.groups())
    first, second = _about(one, other, ranked), _about(other, one, ranked)
    if first is None or second is None:
        return []
    return [first] if first == second else [first, second]


def _about(name: str, other: str, ranked: Sequence[Candidate]) -> Candidate | None:
    """The best sentence whose subject a name is, else that says it and not the other, else that says it."""
    saying = [one for one in ranked if name in fold(one.text)]
    subject = re.compile(rf"{re.escape(name)}[」』]?(?:は|が|とは|、)")
    of_it = [one for one in saying if subject.search(fold(one.text))]
    alone = [one for one in saying if other not in fold(one.text)]
    return next(iter(of_it or alone or saying), None)


def _at_length(ask: Ask, ranked: Sequence[Candidate]) -> list[Candidate]:
    """As many of the best sentences as a long answer holds, without headings, in the order of the documents."""
    kept: list[Candidate] = []
    for one in ranked:
        overlaps = any(
            one.hit.passage.document_id == other.hit.passage.document_id
            and one.start < other.end
            and other.start < one.end
            for other in kept
        )
        fits = sum(len(other.text) for other in [*kept, one]) <= LONG_CHARS
        heading = one.text in (one.hit.title, *one.hit.passage.section)
        apt = one.score >= USEFUL * ranked[0].score and (not ask.labels or label_fit(ask, one.text))
        if fits and apt and not overlaps and not heading:
            kept.append(one)
    first = {one.hit.passage.document_id: number for number, one in reversed(list(enumerate(kept)))}
    return sorted(kept, key=lambda one: (first[one.hit.passage.document_id], one.start))


def _one_value(ask: Ask) -> bool:
    """Whether one date or number is asked for: what another document gives would contradict it."""
    value = ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT, Want.AMOUNT)
    several = ask.wants_any(Want.LIST, Want.CONTRAST) or len(ASKS_VALUE.findall(ask.text)) > 1
    return value and not several


def _agrees(ask: Ask, other: Candidate, first: Candidate) -> bool:
    """Whether what else is said gives no other value; of one document it may, but where a number of things is asked."""
    if other.hit.passage.kind == first.hit.passage.kind == "row":
        return False
    together = other.hit.passage.document_id == first.hit.passage.document_id
    if together and not ask.counter and other.score >= NEAR * first.score:
        return True
    return answering.values(other.text) <= answering.values(first.text)


def _said(ask: Ask, candidate: Candidate) -> DraftSentence:
    """The sentence with its quote; what leans on the sentence before, or on its item's label, is quoted with it."""
    hit, passage = candidate.hit, candidate.hit.passage
    if passage.kind == "row":
        cell = cells.said_of(ask, hit) if _one_value(ask) else None
        fits = cell and answering.holds(ask, cell)
        return DraftSentence(cell if cell and fits else candidate.text, (quote_all(hit),))
    before = [(start, end) for start, end, _ in hit.sentences if end <= candidate.start]
    start = candidate.start
    if before and LABEL.match(passage.text[before[0][0] - passage.start :]) and _in_one_block(passage.text):
        start = before[0][0] if candidate.end - before[0][0] <= BLOCK_CHARS else start
    elif before and LEANS_BACK.match(candidate.text):
        start = before[-1][0]
    quote = quote_span(hit, start, candidate.end)
    text = " ".join(quote.text.split("\n"))
    if ask.counts_things and text in (hit.title, *passage.section) and (counted := COUNTED.fullmatch(text)):
        return DraftSentence(f"{counted['what']}は{counted['many']}です。", (quote,))
    return DraftSentence(f"{_subject(ask, hit, text)}{text}", (quote,))


def _subject(ask: Ask, hit: Hit, text: str) -> str:
    """The heading that says whom a sentence is about, where the question asks for that and it does not say so."""
    heading = hit.passage.section[-1] if hit.passage.section else ""
    asked = ask.wants_any(Want.WHICH) or bool(LABEL.match(heading))
    shown = heading and asked and fold(heading) not in fold(text) and text not in hit.passage.section
    return f"【{heading}】" if shown else ""


def _in_one_block(text: str) -> bool:
    return "\n" not in text.strip()


def _without_overlap(sentences: list[DraftSentence]) -> tuple[DraftSentence, ...]:
    """The sentences in order, without those whose quote another one holds."""
    spans = [(one.quotes[0].document_id, one.quotes[0].start, one.quotes[0].end) for one in sentences]
    return tuple(
        sentence
        for sentence, (document, start, end) in zip(sentences, spans, strict=True)
        if not any(document == d and s <= start and end <= e and (s, e) != (start, end) for d, s, e in spans)
    )
