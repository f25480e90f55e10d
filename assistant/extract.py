"""The sentences that answer, quoted: chosen among the hits by words, rank and the kind of thing asked for."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant import answering, cells
from assistant.draft import Draft, DraftSentence, quote_all, quote_span
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from assistant.scope import named_documents
from corpus.amounts import find_counts
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit
from index.tokens import LABEL, label_tokens, token_set, words

HITS = 12  # passages whose sentences are compared
WORDS, MEANING, RANK, FOCUS, LABEL_FIT = (
    0.45,
    0.15,
    0.3,
    0.2,
    0.4,
)  # fitted on JSQuAD and the sample cases; see DECISIONS.md
NEAR = 0.85  # a further sentence is said if it scores this share of the best,
FRESH, USEFUL = 0.15, 0.5  # or says so much of the question that is not said yet and scores this share
STALE = -0.3  # the only year is one that the question or the headings say
HEADING = -0.15  # a heading alone seldom answers
MAX_CHARS = 420
LONG_CHARS = 560  # of an answer to 「もっと詳しく」
BLOCK_CHARS = 260  # a labelled item this short is quoted from its label on
# A sentence that begins so needs the one before it to be understood.
LEANS_BACK = re.compile(
    r"^(?:その(?!他|ほか|後)|この|これ|それ|また|さらに|当該|同(?![時じ])|なお|具体的には)"
)
MIN_CELL = 3
# Who issued a document seldom stands in each of its passages.
ISSUER = re.compile(r"[省庁府都道県市区町村]$")
# 本部会と幹事会の違い, 「生活環境」と「行政経営」はどう違う
TWO = re.compile(
    r"[「『]?([^\s、。「」『』とはのがを]{2,20})[」』]?と[、「『]?([^\s、。「」『』とはのがを]{2,20})[」』]?(?:の|で|は|と|、|を)"
)
# A heading that counts: 2-2 5つのワーキンググループ
COUNTED = re.compile(
    r"(?:[\d０-９.．・()（）-]+[\s　]+)?(?P<many>(?:[\d０-９]{1,3}|[一二三四五六七八九十]{1,3})[つ個])の"
    r"(?P<what>[^\s、。はがを]{2,30})"
)
ONE_OF = re.compile(r"うち|中に|中で|なかで|のどれ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, heading or table row of a hit with its score in [0, 1]."""

    hit: Hit
    start: int
    end: int
    text: str
    score: float


def answer(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Draft | None:
    """The best sentence, and those that say nearly as much; None where no hit holds what was asked for."""
    ranked = best_candidates(ask, hits, relevance)
    if not ranked:
        return None
    if ask.wants_any(Want.DETAIL):
        return Draft(tuple(_said(ask, candidate) for candidate in _at_length(ask, ranked)))
    if both := _of_each(ask, ranked):
        return Draft(_without_overlap([_said(ask, candidate) for candidate in both]))
    most = 3 if ask.size or ask.wants_any(Want.LIST, Want.CONTRAST) else 2
    chosen = ranked[:1]
    others = ranked[1:]
    if _one_value(ask):
        others = [one for one in others if _agrees(one, chosen[0])]
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


def _of_each(ask: Ask, ranked: Sequence[Candidate]) -> list[Candidate]:
    """For a difference between two named things the best sentence about each: 本部会と幹事会の違い.

    Empty where no two are named, or none is said of one of them.
    """
    named = TWO.search(ask.text) if ask.wants_any(Want.CONTRAST) and not ask.labels else None
    if named is None:
        return []
    found = [_about(fold(one), fold(other), ranked) for one, other in (named.groups(), named.groups()[::-1])]
    first, second = found
    return [] if first is None or second is None else [first] if first == second else [first, second]


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
        apt = one.score >= USEFUL * ranked[0].score and (not ask.labels or _label_fit(ask, one.text))
        if fits and apt and not overlaps and not heading:
            kept.append(one)
    first = {one.hit.passage.document_id: number for number, one in reversed(list(enumerate(kept)))}
    return sorted(kept, key=lambda one: (first[one.hit.passage.document_id], one.start))


def _one_value(ask: Ask) -> bool:
    """Whether one date or number is asked for: what another document gives would contradict it."""
    return ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT, Want.AMOUNT) and not ask.wants_any(
        Want.LIST, Want.CONTRAST
    )


def _agrees(other: Candidate, first: Candidate) -> bool:
    """Whether what else is said comes from the same prose or gives no other value."""
    if other.hit.passage.kind == first.hit.passage.kind == "row":
        return False
    together = other.hit.passage.document_id == first.hit.passage.document_id
    return together or answering.values(other.text) <= answering.values(first.text)


def best_candidates(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> list[Candidate]:
    """Sentences and rows that hold what the question asks for, best first."""
    return sorted(_candidates(ask, hits, relevance), key=lambda one: -one.score)


def _candidates(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Iterator[Candidate]:
    typed = ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT, Want.NAME)
    everywhere = [f"{hit.source}\n{hit.said}" for hit in hits]
    key = _key_name(ask, everywhere) if typed else ""
    ordinals = answering.ordinals(ask.text)
    ordinals &= {one for text in everywhere if ordinals for one in answering.ordinals(text)}
    rarest = relevance.rarest_known()
    counts = answering.exact_counts(ask.text)
    nearness = _nearness([cosine for hit in hits[:HITS] for _, _, cosine in hit.sentences])
    documents = named_documents(ask, hits)
    for hit, around in zip(hits[:HITS], everywhere, strict=False):
        passage = hit.passage
        known = "\n".join([hit.source, hit.title, *passage.section])
        named = key in fold(around) or token_set(key) <= token_set(known)
        if (
            not named
            or not counts <= answering.exact_counts(around)
            or (ordinals and not ordinals <= answering.ordinals(around))
        ):
            continue
        if ask.wants_any(Want.NAME) and rarest not in token_set(around):
            continue
        for start, end, cosine in hit.sentences:
            own = passage.text[start - passage.start : end - passage.start]
            said = (passage.context or own) if passage.kind == "row" else own
            if own.strip() in (hit.title, *passage.section[:1]) and passage.document_id in documents:
                continue  # the name that the question says already
            holds = answering.says_something(ask, said, passage) and answering.holds(ask, said)
            needs_focus = ask.is_bare or ask.counts_things
            if holds and (not needs_focus or _names_focus(ask, hit, said, relevance)):
                yield Candidate(hit, start, end, said, _score(ask, hit, said, nearness(cosine), relevance))


def _key_name(ask: Ask, around: Sequence[str]) -> str:
    """The first name in the question that the hits know: a date or count said of something else is no answer."""
    said = [fold(text) for text in around]
    names = (fold(name) for name in ask.compounds if not ISSUER.search(name) or _is_topic(ask, name))
    return next((name for name in names if any(name in text for text in said)), "")


def _is_topic(ask: Ask, name: str) -> bool:
    """Whether an office is what is asked about, not who issued the document: デジタル庁はいつ."""
    return name == ask.focus and name.endswith(("省", "庁"))


def _names_focus(ask: Ask, hit: Hit, text: str, relevance: Relevance) -> bool:
    """Whether a sentence names the noun that the question is about, or another word for it; its headings may for

    all that is no number: そのほかの三つ below a heading on 手続き counts something else.
    """
    headings = [] if ask.counts_things else [hit.title, *hit.passage.section]
    named = token_set("\n".join([*headings, text]))
    return relevance.names(words(ask.focus or "")[-1:], named)


def _nearness(cosines: Sequence[float]) -> Callable[[float], float]:
    """Maps the cosines of the sentences compared to [0, 1]."""
    low, high = min(cosines, default=0.0), max(cosines, default=0.0)
    return lambda cosine: (cosine - low) / (high - low) if high > low else 1.0


def _score(ask: Ask, hit: Hit, text: str, nearness: float, relevance: Relevance) -> float:
    words = relevance.coverage(text, *hit.passage.section, hit.title, hit.passage.text)
    # Where the library does not know the question's words, what they mean has to tell.
    known = relevance.known_share()
    words = known * words + (1 - known) * nearness
    focus = max(_focus_fit(ask, text), _row_fit(ask, hit), _value_fit(ask, hit, text))
    label = max(_label_fit(ask, text), _item_fit(ask, text))
    heading = HEADING if text in (hit.title, *hit.passage.section) and not focus and not label else 0.0
    stale = STALE if answering.is_stale(ask, text, hit) else 0.0
    return (
        stale
        + WORDS * words
        + MEANING * nearness
        + RANK * hit.score
        + FOCUS * focus
        + LABEL_FIT * label
        + heading
    )


def _label_fit(ask: Ask, text: str) -> float:
    """1 where the sentence begins with a label asked about, 0.5 where it holds one."""
    wanted = {name for names in ask.labels for name in names}
    found = label_tokens(text)
    if found and LABEL.match(text) and found[0] in wanted:
        return 1.0
    return 0.5 if wanted & set(found) else 0.0


def _row_fit(ask: Ask, hit: Hit) -> float:
    """1 for a table row that the question names by one of its cells."""
    if hit.passage.kind != "row":
        return 0.0
    asked = fold(ask.text)
    names = (cell for cell in hit.passage.text.split("\t") if not find_years(cell))
    return float(any(len(name := fold(cell)) >= MIN_CELL and name in asked for cell in names))


def _value_fit(ask: Ask, hit: Hit, text: str) -> float:
    """Half where the noun asked about stands in the cell or sentence that holds a count."""
    if not ask.focus or not ask.wants_any(Want.COUNT):
        return 0.0
    places = hit.passage.text.split("\t") if hit.passage.kind == "row" else [text]
    return 0.5 if any(find_counts(one) and fold(ask.focus) in fold(one) for one in places) else 0.0


def _item_fit(ask: Ask, text: str) -> float:
    """Half where the question asks which of so many and the sentence is an item of a list."""
    return 0.5 if ask.size and ONE_OF.search(ask.text) and LABEL.match(text) else 0.0


def _focus_fit(ask: Ask, text: str) -> float:
    """1 where the sentence gives what the question's noun is: 基本理念「…」, …(BPR:…), …を基本理念として.

    Half where a definition is asked for and the sentence only names it: 「基本理念」.
    """
    if not ask.focus or (not ask.wants_any(Want.DEFINITION, Want.WHICH, Want.LIST) and ask.wants):
        return 0.0
    noun = re.escape(ask.focus)
    given = (
        rf"{noun}(?:は、?(?!.{{0,6}}ありません)|[」』]?とは|「|『|：|:|[(（])"
        rf"|[」』]\S{{0,12}}を{noun}|[(（]{noun}[)）：:]"
    )
    if re.search(given, text):
        return 1.0
    named = re.search(rf"「{noun}[」：:]", text)
    return 0.0 if not named else 0.5 if ask.wants_any(Want.DEFINITION) else 1.0


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
