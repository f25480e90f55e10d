"""What stands around a statement: headings, title and file name give its subject, years, unit and account."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from corpus.amount_words import ACCOUNTS, kind_named
from corpus.amounts import unit_of
from corpus.normalise import narrow
from corpus.said_years import years_of
from corpus.wareki import ERAS, find_years

# Headings that need the one above them to say what they are about.
_BARE_HEADING = re.compile(
    r"[\W\d第章節条款項①-⑳]*(?:(?:事業|整備|計画|施策|経費|財源|積算)の)?(?:具体的な?)?(?:"
    r"概要|目的|趣旨|予定|当初予算額?|予算額?|決算額?|事業費|期間|計画期間|スケジュール|合計|総額|総計|計|経費|財源|内訳|内容|推移|歳入|歳出|"
    r"実施主体|対象|効果|背景|現状|課題|状況|実績|備考|達成期限|期限|目標|目標値|主な質疑|質疑|ポイント|提案理由|説明|提案理由の説明)"
    r"(?:の?(?:推移|内訳|一覧|状況|明細|概要|規模|説明))?\W*(?:\(単位.*\)|\([^()]*円\))?\W*"
)
_NOTE = re.compile(r"[（(][^（）()]*[）)]$")
_BUDGET_PAPER = re.compile("予算|決算|会計|議案")
_QUESTION_END = re.compile(
    r"(?:の(?:内訳|内容|詳細|理由|額))?(?:のでは(?:ないか)?|ですか|のか|は|か|について|とは)?[?？]?$"
)
_SUBJECT_CHARS = 80
_CAPTION_CHARS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A fact before its passage is known."""

    subject: str
    kind: str
    amount_yen: int | None
    fiscal_years: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Around:
    """The section path of a place, the document's title, the name of its file (its source), its page's caption.

    A page caption is a line such as 「令和7年度予算案 12億円」 alone, as slides bear it in a corner.
    """

    path: tuple[str, ...]
    title: str
    source: str = ""
    caption: str = ""

    @cached_property
    def outermost(self) -> tuple[str, ...]:
        """Title and file name where they are those of a budget: only then they date what is inside."""
        name = self.source.rsplit("/", 1)[-1].replace("_", " ")
        return tuple(text for text in (self.title, name) if _BUDGET_PAPER.search(text))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years of the innermost heading that states any."""
        outer = [*reversed(self.path), self.caption, *self.outermost]
        return next(filter(None, (years_of(part, 0) for part in outer)), ())

    @cached_property
    def base(self) -> int | None:
        """The fiscal year that 本年度 means: the only one of the headings, else of the title."""
        named = (years_of(part, 0) for part in [*reversed(self.path), *self.outermost])
        return next((years[0] for years in named if len(years) == 1), None)

    @cached_property
    def era(self) -> str | None:
        """The era of a bare 9年度."""
        return next((era for era, first in ERAS.items() if self.base and self.base >= first), None)

    @property
    def texts(self) -> tuple[str, ...]:
        """Headings, title and file name, innermost first."""
        return (*reversed(self.path), self.title, *self.outermost)

    @cached_property
    def subject(self) -> str:
        """The innermost heading, after the one above it where it is a bare 概要; the title without any."""
        names = [*([self.title] if self.title and self.title not in self.path else []), *self.path]
        if not names:
            return ""
        name = _NOTE.sub("", names[-1]) or names[-1].strip("（）()")
        outer = next((part for part in reversed(names[:-1]) if not is_bare(part)), "")
        if is_bare(name) and outer:
            return f"{_NOTE.sub('', outer)} {name}"
        return _QUESTION_END.sub("", name) or name

    @cached_property
    def section(self) -> str:
        """The innermost heading that says something by itself, else the title."""
        named = (part for part in reversed(self.path) if not is_bare(part))
        stem = self.source.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ")
        return without_note(next(named, self.title or stem))

    @cached_property
    def unit(self) -> str | None:
        """The money unit that the innermost heading states."""
        return unit_of(self.path[-1]) if self.path else None


def without_note(name: str) -> str:
    """A heading without the brackets at its end."""
    return _NOTE.sub("", name)


_CAPTION_REST = re.compile(
    r"[\W\d_]|当初|補正|予算|決算|概算|要求|見込|案|額|総額|一般会計|特別会計|財政融資|国費|うち|[兆億万千百]*円|の内数|計|約"
)


def page_captions(lines: Iterable[str]) -> set[str]:
    """Lines that hold the year and the account of what stands on their page, and nothing else but an amount."""
    captions = set()
    for line in lines:
        if "年度" in line and kind_named(line) in ACCOUNTS and len(line) <= _CAPTION_CHARS:
            spans = find_years(line)
            if len(spans) == 1 and not _CAPTION_REST.sub("", line[: spans[0].start] + line[spans[0].end :]):
                captions.add(re.sub(r"額?[\s\d,.兆億万千百]*円.*$", "", narrow(line)))
    return captions


def is_bare(heading: str) -> bool:
    """Whether a heading says nothing without the one above it: 2 事業の概要, or a year alone."""
    plain = narrow(heading)
    spans = find_years(plain)
    dated = bool(spans) and not re.search(r"[^\W\d_]", plain[: spans[0].start] + plain[spans[-1].end :])
    return dated or _BARE_HEADING.fullmatch(plain) is not None


def cut(subject: str) -> str:
    """A subject on one line, of at most 80 characters."""
    return " ".join(subject.split())[:_SUBJECT_CHARS].rstrip()
