"""Figures, and which of them a question rules out: other numbers, accounts, kinds of money, parts and years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering import exact_counts, is_of_measure, ordinals
from assistant.draft import Quote
from assistant.figure_names import all_parts, counted_names, is_money
from assistant.question import NOUN, Ask, Want
from assistant.question_words import figure_words
from corpus.amount_words import DEFAULT_KIND, kind_named
from corpus.document import Fact
from corpus.normalise import fold
from corpus.wareki import find_years
from index.tokens import label_tokens, token_set

ACCOUNT_NAME = re.compile(r"(?:[一-鿿ァ-ヶー]*の?(?:特別|企業|事業)|一般)会計")
SPENT = re.compile(r"かか(?:る|っ|り)|費やし|使っ|使い|使う|費用|お金|コスト")
RECEIVED = re.compile(r"もらえ|貰え|受け取れ|支給され|出ます")
OF_THE_CITY = frozenset(
    {"予算", "補正予算", "決算", "要求", "事業費", "経費", "財源", "増減", "残高", "繰越", "継続費", "基金"}
)
COMMITTED = frozenset({"限度額", "継続費", "繰越"})
ASIDE = frozenset({"財源", "増減"})
SPENT_KINDS = frozenset({"事業費", "決算"})
AMENDED = re.compile(
    r"補正(?:予算)?(?:[(（][^()（）]*[)）])?(?:を?(?:した|経た|加えた))?(?:の?[後あ]と?)(?!期)"
)
LONG_NAME = 8
PART = re.compile(r"(?:うち|内訳)(?:の|で|、)?(.+)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact with an amount, the hit whose passage states it, and the amount as printed.

    `surroundings` is all that stands around it, `own` what is said of the figure itself: its subject, the words
    that state it and the headings above.
    """

    fact: Fact
    quote: Quote
    yen: int
    printed: str
    approximate: bool
    surroundings: str
    own: str
    of_row: bool
    among_others: bool  # its sentence states other amounts too
    of_document: str = (
        ""  # what the nearest document says, where the figure is of what it is about as a whole
    )


def admitted(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Figures that the question does not rule out: of its numbers (3人目), its account and its kind of money."""
    figures = _of_account(ask, _of_numbers(ask, _of_measure(ask, figures)))
    return _of_kind(ask, _of_amendment(ask, _of_long_name(ask, figures)))


def _of_long_name(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Those beside which the long name in the question stands, where some do: 地域公共交通確保維持改善事業."""
    names = [
        fold(one)
        for one in ask.compounds
        if len(one) >= LONG_NAME and not find_years(one) and not is_money(one)
    ]
    beside = [one for one in figures if any(name in fold(one.surroundings) for name in names)]
    return beside if beside and not ask.computes else list(figures)


def _of_measure(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Without figures of which nothing says what the question counts: 来館者数は何件増えたか asks for no money.

    Nor, of what is asked of one (1回あたり), those that say it of no one.
    """
    figures = [figure for figure in figures if is_of_measure(ask, figure.own)]
    names = [] if ask.wants_any(Want.AMOUNT) else counted_names(ask)
    return [figure for figure in figures if not names or any(name in fold(figure.own) for name in names)]


def _of_numbers(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Figures whose surroundings say what the question counts or numbers: 3人目, 第2号."""
    counts, numbers = exact_counts(ask.text), ordinals(ask.text)
    if not counts and not numbers:
        return list(figures)
    return [
        figure
        for figure in figures
        if counts <= exact_counts(figure.surroundings) and numbers <= ordinals(figure.surroundings)
    ]


def _of_account(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Without figures of other accounts than the one asked for: 一般会計 is no 特別会計."""
    asked = {_plain_account(name) for name in ACCOUNT_NAME.findall(fold(ask.text))}

    def fits(figure: Figure) -> bool:
        named = set(ACCOUNT_NAME.findall(fold(figure.own))) or set(
            ACCOUNT_NAME.findall(fold(figure.surroundings))
        )
        names = {_plain_account(name) for name in named}
        return not names or any(one.endswith(other) for one in names for other in asked)

    return [figure for figure in figures if fits(figure)] if asked else list(figures)


def _of_amendment(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """What a supplementary budget makes of a sum, where that is asked for: not what was before, nor what it adds."""
    if not AMENDED.search(ask.text):
        return list(figures)
    return [
        figure
        for figure in figures
        if figure.fact.kind != "補正予算" and not figure.fact.subject.endswith("（補正前の額）")
    ]


def _plain_account(name: str) -> str:
    """介護保険特別会計 of 介護保険の特別会計 and of 介護保険事業特別会計."""
    return re.sub(r"^年度|事業?の?(?=特別|企業)|の", "", name)


def _of_kind(ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """Without what is no answer unless it is named: where money comes from, changes, and nothing (0円)."""
    asked, kinds = fold(ask.text), kinds_asked(ask)
    if (RECEIVED.search(ask.text) and not kinds) or kinds == {"料金"}:
        return [figure for figure in figures if figure.fact.kind not in OF_THE_CITY]

    def counts(figure: Figure) -> bool:
        named = figure.fact.kind in kinds or any(
            name in asked for name in all_parts(figure.fact.subject)[-1:]
        )
        return named or (figure.yen != 0 and figure.fact.kind not in ASIDE)

    return [figure for figure in figures if counts(figure)]


def is_of_part(ask: Ask, figure: Figure) -> bool:
    """Whether a figure is of the part that the question asks for: ③の予算のうち、講座にはいくら."""
    found = PART.search(ask.text)
    if found is None or ask.computes or ask.counter or label_tokens(found.group(1)):
        return True
    named = {term for term in token_set(found.group(1)) - figure_words() if ask.terms.get(term, 0.0) >= NOUN}
    return not named or bool(named & token_set(figure.own))


def year_fits(ask: Ask, figure: Figure, figures: Sequence[Figure]) -> bool:
    """A figure without a year of its own is taken to be of the years that its neighbours in the section state.

    What a budget commits to later years is of the year of the budget too.
    """
    years = ask.years
    if not years:
        return True
    if figure.fact.kind in COMMITTED & kinds_asked(ask):
        book = find_years("\n".join([figure.quote.title, *figure.quote.section]))
        if any(year in span.fiscal_years for span in book for year in years):
            return True
    own = set(figure.fact.fiscal_years) or {
        year
        for other in figures
        if other.quote.section == figure.quote.section and other.quote.document_id == figure.quote.document_id
        for year in other.fact.fiscal_years
    }
    return bool(own & set(years))


def kinds_asked(ask: Ask) -> frozenset[str]:
    if AMENDED.search(ask.text):
        return frozenset({"予算"})
    named = kind_named(ask.text.replace("費用", ""))
    if named != DEFAULT_KIND:
        return frozenset({named})
    return SPENT_KINDS if SPENT.search(ask.text) else frozenset()
