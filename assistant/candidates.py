"""Sentences, headings and table rows that hold what a question asks for, scored by words, rank and kind."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant import answering, conditions, fields
from assistant.conditions import WHO
from assistant.lists import NUMBERING
from assistant.question import Ask, Want
from assistant.question_words import events
from assistant.relevance import Relevance
from assistant.scope import named_documents
from corpus.amounts import find_counts
from corpus.normalise import fold
from corpus.wareki import find_years
from index.search import Hit
from index.tokens import LABEL, label_tokens, token_set

HITS = 12  # passages whose sentences are compared
NAMING = (Want.WHICH, Want.LIST, Want.NAME)  # what the title of a document may answer
TOPIC = re.compile(r"(.{2,40}?)は(?=[、0-9一-鿿ァ-ヶー約平令昭])")
ROWS = 2  # of one table among them
# Fitted on JSQuAD and the sample cases; see DECISIONS.md.
WORDS, MEANING, RANK, FOCUS, LABEL_FIT = 0.45, 0.15, 0.3, 0.2, 0.4
OF_YEAR = 0.15  # says the year of which a number is asked for
SUBJECT = 0.12  # has what a date or number is asked of for its subject
EVENT = 0.12  # says the kind of event whose date is asked for
STALE = -0.3  # the only year is one that the question or the headings say
LONG_ROW, LONGEST_ROW = -0.25, 300  # a row of whole texts, of so many characters, can only be quoted whole
HEADING = -0.15  # a heading alone seldom answers
FIELD = 0.3  # a line of a form with the label asked for
PLACE = re.compile(r"どこ|どの地[区域]")
MIN_CELL, OF_OFFICE = 3, 1.5
GOES_ON = re.compile(r"続い|続け|続く|継続|やって[いま]|残って|まだある")
ENDED = re.compile(r"廃止(?:し|する|と|。)|終了(?:し|する|と|。)|休止|中止|継続(?:し|する|中)|打ち切")
DEFINED = 2.0  # times FOCUS for what defines a noun below the heading that is the noun
DEFINES = re.compile(
    r"(?:をいう|を言う|をいいます|を指す|を指します|のこと(?:です|である|をいう|を指す)?)[。.）)]?$"
)
# Who issued a document seldom stands in each of its passages.
ISSUER = re.compile(r"[省庁府都道県市区町村]$")
ONE_OF = re.compile(r"うち|中に|中で|なかで|のどれ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, heading or table row of a hit with its score in [0, 1]."""

    hit: Hit
    start: int
    end: int
    text: str
    score: float
    of_form: bool = False  # a line of a form, label: value


def best_candidates(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> list[Candidate]:
    """Sentences and rows that hold what the question asks for, best first."""
    return sorted(_candidates(ask, hits, relevance), key=lambda one: -one.score)


def _candidates(ask: Ask, hits: Sequence[Hit], relevance: Relevance) -> Iterator[Candidate]:
    typed = ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT, Want.NAME)
    everywhere = [f"{hit.source}\n{hit.said}" for hit in hits]
    compared = _compared(hits)
    key = _key_name(ask, everywhere) if typed else ""
    ordinals = answering.ordinals(ask.text)
    ordinals &= {one for text in everywhere if ordinals for one in answering.ordinals(text)}
    rarest = relevance.rarest_known()
    counts = answering.exact_counts(ask.text)
    nearness = _nearness([cosine for hit in compared for _, _, cosine in hit.sentences])
    documents = named_documents(ask, hits)
    for hit in compared:
        passage, around = hit.passage, f"{hit.source}\n{hit.said}"
        known = "\n".join([hit.source, hit.title, *passage.section])
        named = key in fold(around) or token_set(key) <= token_set(known)
        named_above = passage.document_id in documents  # its events may be told without the name
        if (
            not (named or named_above)
            or not counts <= answering.exact_counts(around)
            or (ordinals and not ordinals <= answering.ordinals(around))
        ):
            continue
        if answering.is_of_other_year(ask, hit):
            continue
        if ask.wants_any(Want.NAME) and rarest not in token_set(around):
            continue
        lines = [passage.text[start - passage.start : end - passage.start] for start, end, _ in hit.sentences]
        form = passage.kind != "row" and fields.is_form(lines)
        for start, end, cosine in hit.sentences:
            own = passage.text[start - passage.start : end - passage.start]
            said = (passage.context or own) if passage.kind == "row" else own
            if own.strip() in (hit.title, *passage.section[:1]) and passage.document_id in documents:
                continue  # the name that the question says already
            if fold(own) == fold(hit.title) and (form or not ask.wants_any(*NAMING)):
                continue
            field = form and fields.is_field(own)
            if field and (fields.is_echo(ask, own) or not fields.fits(ask, own)):
                continue
            if field and ask.wants_any(Want.DATE) and not conditions.is_of_whole(ask, hit, own, relevance):
                continue
            if not named and not _event_fit(ask, own):
                continue
            holds = answering.says_something(ask, said, passage) and answering.holds(ask, said)
            if holds and conditions.are_met(ask, hit, said, relevance):
                score = _score(ask, hit, said, nearness(cosine), relevance) + FIELD * field
                yield Candidate(hit, start, end, said, score, field)


def _compared(hits: Sequence[Hit]) -> list[Hit]:
    """The first passages, of one table a few rows only: they say nearly the same and would take all places."""
    kept: list[Hit] = []
    rows: Counter[tuple[str, ...]] = Counter()
    for hit in hits:
        if hit.passage.kind == "row":
            table = (hit.passage.document_id, *hit.passage.section)
            rows[table] += 1
            if rows[table] > ROWS:
                continue
        kept.append(hit)
    return kept[:HITS]


def _key_name(ask: Ask, around: Sequence[str]) -> str:
    """The first name in the question that the hits know: a date or count said of something else is no answer."""
    said = [fold(text) for text in around]
    names = (
        fold(name)
        for name in ask.compounds
        if not find_years(name) and (not ISSUER.search(name) or _is_topic(ask, name))
    )
    return next((name for name in names if any(name in text for text in said)), "")


def _is_topic(ask: Ask, name: str) -> bool:
    """Whether an office is what is asked about, not who issued the document: デジタル庁はいつ."""
    return name == ask.focus and name.endswith(("省", "庁"))


def _nearness(cosines: Sequence[float]) -> Callable[[float], float]:
    """Maps the cosines of the sentences compared to [0, 1]."""
    low, high = min(cosines, default=0.0), max(cosines, default=0.0)
    return lambda cosine: (cosine - low) / (high - low) if high > low else 1.0


def _score(ask: Ask, hit: Hit, text: str, nearness: float, relevance: Relevance) -> float:
    words = relevance.coverage(text, *hit.passage.section, hit.title, hit.passage.text)
    # Where the library does not know the question's words, what they mean has to tell.
    known = relevance.known_share()
    words = known * words + (1 - known) * nearness
    focus = max(_focus_fit(ask, hit, text), _row_fit(ask, hit), _value_fit(ask, hit, text))
    label = max(label_fit(ask, text), _item_fit(ask, text))
    heading = HEADING if text in (hit.title, *hit.passage.section) and not focus and not label else 0.0
    heading += LONG_ROW if hit.passage.kind == "row" and len(text) > LONGEST_ROW else 0.0
    event = EVENT * _event_fit(ask, text)
    stale = STALE if answering.is_stale(ask, text, hit) else 0.0
    return (
        stale
        + WORDS * words
        + MEANING * nearness
        + RANK * hit.score
        + FOCUS * focus
        + event
        + OF_YEAR * _year_fit(ask, text)
        + SUBJECT * _is_subject(ask, text)
        + LABEL_FIT * label
        + heading
    )


def label_fit(ask: Ask, text: str) -> float:
    """1 where the sentence begins with a label asked about, 0.5 where it holds one."""
    wanted = {name for names in ask.labels for name in names}
    found = label_tokens(text)
    if found and LABEL.match(text) and found[0] in wanted:
        return 1.0
    return 0.5 if wanted & set(found) else 0.0


def _row_fit(ask: Ask, hit: Hit) -> float:
    """1 for a table row that the question names by one of its cells, more for the row of an office: 座長は誰."""
    if hit.passage.kind != "row":
        return 0.0
    asked, focus = fold(ask.text), fold(ask.focus or "")
    names = [fold(cell) for cell in hit.passage.text.split("\t") if not find_years(cell)]
    if focus in names and WHO.search(ask.text):
        return OF_OFFICE
    return float(any(len(name) >= MIN_CELL and name in asked for name in names))


def _value_fit(ask: Ask, hit: Hit, text: str) -> float:
    """Half where the noun asked about stands in the cell or sentence that holds a count."""
    if not ask.focus or not ask.wants_any(Want.COUNT):
        return 0.0
    places = hit.passage.text.split("\t") if hit.passage.kind == "row" else [text]
    return 0.5 if any(find_counts(one) and fold(ask.focus) in fold(one) for one in places) else 0.0


def _year_fit(ask: Ask, text: str) -> bool:
    """Whether a sentence says a year of which the question asks for a number."""
    if not ask.years or not ask.wants_any(Want.COUNT):
        return False
    return any(span.first in ask.years for span in find_years(text))


def _is_subject(ask: Ask, text: str) -> bool:
    """Whether what has its date, number or place asked for is the subject of a sentence: 提出期間は…から."""
    where = PLACE.search(ask.text)
    if not ask.focus or not (where or ask.wants_any(Want.DATE, Want.PERIOD, Want.COUNT)):
        return False
    subject = TOPIC.match(fold(text))
    return subject is not None and fold(ask.focus) in subject[1]


def _event_fit(ask: Ask, text: str) -> bool:
    """Whether a sentence says the kind of event whose date a question asks for: 終わったのはいつ, 終了した.

    Or that something ended or goes on, where the question is whether it does.
    """
    if ask.is_polar and GOES_ON.search(ask.text):
        return bool(ENDED.search(text))
    if not ask.wants_any(Want.DATE):
        return False
    return any(event.search(ask.text) and event.search(text) for event in events())


def _item_fit(ask: Ask, text: str) -> float:
    """Half where the question asks which of so many and the sentence is an item of a list."""
    return 0.5 if ask.size and ONE_OF.search(ask.text) and LABEL.match(text) else 0.0


def _heads(noun: str, hit: Hit) -> bool:
    """Whether the innermost heading is the noun alone: (1) 高齢者世帯, 高齢者世帯とは."""
    heading = NUMBERING.sub("", hit.passage.section[-1]) if hit.passage.section else ""
    return fold(re.sub(r"(?:とは|の定義|の意味)[?？]?$", "", heading)) == fold(noun)


def _focus_fit(ask: Ask, hit: Hit, text: str) -> float:
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
    if ask.wants_any(Want.DEFINITION) and _heads(ask.focus, hit) and text not in hit.passage.section:
        return DEFINED if DEFINES.search(text) else 0.5
    named = re.search(rf"「{noun}[」：:]", text)
    return 0.0 if not named else 0.5 if ask.wants_any(Want.DEFINITION) else 1.0
