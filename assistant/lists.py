"""Questions for a whole list: the one that fits the question, complete and in the document's order."""

import re
from collections.abc import Mapping, Sequence

from assistant.confirm import yes_or_no
from assistant.draft import Draft, DraftSentence, Quote
from assistant.listings import NUMERAL, Item, Listing, Place, listings_near
from assistant.question import Ask, Want
from assistant.relevance import Relevance
from corpus.normalise import fold
from corpus.passages import page_of, section_at
from corpus.sentences import split
from index.chinese import in_japanese
from index.search import Hit
from index.tokens import token_set

ENOUGH = 0.4  # share of the question that the list with its introduction must say
LEAST = 0.1
ALONE = 0.15  # share of the question that one item must say more than any other to be the one asked about
NAMED = 0.3  # for a list whose introduction stands in the question
MAX_TOGETHER = 600  # characters of one quote
NUMBERING = re.compile(r"^(?:[\d０-９().（）．・-]|第[\d一二三四五六七八九十]+[章節項編]|[①-⑳]|\s)+")
QUOTED = re.compile(r"[「『]([^」』]{2,40})[」』]")
KIND = re.compile(r"(?:どんな|どのような|どういう|何という)([^\s、。はがをにで]{1,12})")
LETTER = re.compile(r"[^\W\d_]")
COUNTED_BY_TSU = 9  # 九つ, but 10項目
EXCEPT = re.compile(r"[「『]([^」』]+)[」』](?:と|や|、|[「『][^」』]+[」』])*(?:以外|のほか|を除)")


def applies(ask: Ask) -> bool:
    """Whether the question is, or may be, one for a list."""
    return _asks_for_list(ask) or bool(ask.focus and ask.wants <= {Want.DEFINITION, Want.WHICH})


def _asks_for_list(ask: Ask) -> bool:
    return ask.wants_any(Want.LIST) or bool(ask.size and ask.wants <= {Want.DEFINITION})


def answer(ask: Ask, hits: Sequence[Hit], places: Mapping[str, Place], relevance: Relevance) -> Draft | None:
    """A draft of the list that fits the question best, or None where none fits well enough."""
    left_out = tuple(fold(name) for name in EXCEPT.findall(ask.text))
    kind = found[1] if (found := KIND.search(ask.text)) else ""
    best: tuple[float, Listing, Hit] | None = None
    for hit in hits:
        place = places[hit.passage.document_id]
        for listing in listings_near(place, hit, kind):
            score = (
                _score(ask, listing, hit.title, relevance)
                + 0.1 * hit.score
                + 0.2 * _tightness(listing, left_out)
            )
            if (best is None or score > best[0]) and _fits(ask, listing, left_out, hit.title):
                best = (score, listing, hit)
    if best is None or best[0] < ENOUGH:
        return None
    _, listing, hit = best
    place = places[hit.passage.document_id]
    whole = ask.size == len(listing.items) or _leads_on(ask, listing)
    if not left_out and not whole and (item := _meant(listing, hit.title, relevance)):
        return _item_draft(item, hit, place)
    items = [item for item in listing.items if not any(name in fold(item.name) for name in left_out)]
    yes = yes_or_no(True) if ask.is_polar and ask.size == len(items) else ""
    return _draft(items, len(items) == len(listing.items), hit, place, yes)


def _fits(ask: Ask, listing: Listing, left_out: tuple[str, ...], title: str) -> bool:
    """Whether the list is as long as the question says and names what the question leaves out.

    A question that does not ask for a list, 「基本方針を教えて」, is answered by one whose heading is just that, or by
    one that follows 「基本方針は次のとおり。」.
    """
    of_clause = ask.topics[:1] != (ask.focus,)  # 文書に出てくる計画はどれか asks for one of them
    led = _leads_on(ask, listing)
    if not _asks_for_list(ask) and not led and (of_clause or _heading(listing) != fold(ask.focus or "")):
        return False
    names = [fold(item.name) for item in listing.items]
    if len(set(names)) < len(names) or not all(LETTER.search(NUMERAL.sub("", name)) for name in names):
        return False  # what stands in each row, figures, marks without words
    named = [fold(one) for one in QUOTED.findall(ask.text)]
    if not left_out and any(one in name for one in named for name in names):
        return False  # what is quoted is asked about, not listed
    said = token_set(" ".join([listing.introduction, *names]))
    if ask.focus and fold(listing.introduction) == fold(title) and not token_set(ask.focus) & said:
        return False  # the chapters of a document
    if not all(any(one in name for name in names) for one in left_out):
        return False
    return ask.size is None or ask.size in (len(names), len(names) - len(left_out))


def _heading(listing: Listing) -> str:
    """What stands above the list, folded, without its number."""
    return fold(NUMBERING.sub("", listing.introduction))


def _leads_on(ask: Ask, listing: Listing) -> bool:
    """Whether the sentence before the list is about just what is asked: 主な業務は次のとおり。"""
    lead = re.escape(fold(ask.focus or ""))
    return bool(
        lead
        and re.search(rf"(?:^|[\s。]){lead}[はを、]*(?:次|以下|下記)の(?:とおり|通り)", fold(listing.lead))
    )


def _tightness(listing: Listing, left_out: tuple[str, ...]) -> float:
    """1 where what the question leaves out is an item by itself, less where it is a part of a long one."""
    shares = [
        len(one) / len(name) for one in left_out for item in listing.items if one in (name := fold(item.name))
    ]
    return max(shares, default=0.0)


def _meant(listing: Listing, title: str, relevance: Relevance) -> Item | None:
    """The one item that the question is about: it alone says much of the question that list and title do not."""
    around = token_set(f"{title}\n{listing.introduction}")
    own = [relevance.share(token_set(item.name) - around) for item in listing.items]
    ranked = sorted(own, reverse=True)
    return listing.items[own.index(ranked[0])] if ranked[0] - ranked[1] >= ALONE else None


def _score(ask: Ask, listing: Listing, title: str, relevance: Relevance) -> float:
    """How much of the question introduction and common words of the items say; more if it names the list itself."""
    names = [token_set(item.name) for item in listing.items]
    said = names[0].intersection(*names) | token_set(listing.introduction)
    around = token_set(" ".join(listing.path)) - said
    heading = _heading(listing)
    named = (len(heading) > 2 and heading in fold(in_japanese(ask.text))) or _leads_on(ask, listing)
    # What some items name and others do not is asked of these items, not of the list.
    some = names[0].union(*names) - names[0].intersection(*names)
    # Whose document it is, and which, says nothing of the list.
    place = token_set(" ".join([*ask.places, *(name for name in ask.compounds if fold(name) in fold(title))]))
    share = (
        relevance.share(said - place)
        + 0.5 * relevance.share(around - place)
        - 0.3 * relevance.share(some - place)
    ) / max(1 - relevance.share(place), LEAST)
    return share + (NAMED if named else 0.0)


def _draft(items: Sequence[Item], complete: bool, hit: Hit, place: Place, yes: str = "") -> Draft:
    """A line that counts the items, then the items; one citation for all of them where they stand together."""
    together = complete and items[-1].end - items[0].start <= MAX_TOGETHER
    whole = (quote_at(hit, place, items[0].start, items[-1].end),) if together else ()
    return Draft(
        (
            DraftSentence(f"{yes}{counted(len(items))}", whole),
            *(
                DraftSentence(
                    f"・{item.name}", () if whole else (quote_at(hit, place, item.start, item.end),)
                )
                for item in items
            ),
        )
    )


def counted(size: int) -> str:
    """次の8つです。 The line above a list."""
    return f"次の{size}{'つ' if size <= COUNTED_BY_TSU else '項目'}です。"


def _item_draft(item: Item, hit: Hit, place: Place) -> Draft:
    return Draft((item_in_full(item, hit, place),))


def item_in_full(item: Item, hit: Hit, place: Place, before: str = "") -> DraftSentence:
    """One item with what it says, as far as whole sentences fit; `before` is said in front."""
    end = item.start
    for _, stop in split(place.text, item.start, item.end):
        end = stop if end == item.start or stop - item.start <= MAX_TOGETHER else end
    quote = quote_at(hit, place, item.start, end)
    return DraftSentence(before + " ".join(quote.text.split("\n")), (quote,))


def quote_at(hit: Hit, place: Place, start: int, end: int) -> Quote:
    path = section_at(place.sections, start).path
    return Quote(
        hit.passage.document_id,
        hit.source,
        hit.title,
        path,
        page_of(place.page_starts, start),
        start,
        end,
        place.text[start:end],
    )
