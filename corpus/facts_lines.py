"""Facts of lines of figures: tables that came as text, below （単位：千円）."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.amount_words import ACCOUNTS, DEFAULT_KIND, kind_named
from corpus.amounts import find_amounts, unit_of
from corpus.facts_around import Around, Found, cut
from corpus.normalise import narrow
from corpus.said_years import years_of

# A line of a table that was put into the text: label, then one or more figures.
_FIGURE = r"(?:[▲△+-]?\s?\d[\d,]*(?:\.\d+)?%?|-)"
_FIGURES = re.compile(_FIGURE)
_FIGURE_LINE = re.compile(rf"(?P<label>.*?[^\d,.%\s▲△+-]\s+|)(?P<figures>{_FIGURE}(?:\s+{_FIGURE})*)")
_ROW_NUMBER = re.compile(r"^\s*\d{1,3}\s+(?=\D)")
_SPACED_KANJI = re.compile(r"(?<=[一-龠ぁ-んァ-ヶー])\s+(?=[一-龠ぁ-んァ-ヶー])")
_YEAR_NAME = r"(?:(?:令和|平成|R|H)?(?:元|\d{1,2})年度|[本前当]年度)"
_COLUMN_NAMES = re.compile(
    rf"補正前の額|補正後の額|補正額|{_YEAR_NAME}?(?:当初|最終)?(?:予算現?額|予算案?|決算見込額|決算額?|要求額)|{_YEAR_NAME}|年割額|限度額|"
    r"金額|総額|増減額|増減率|伸び?率|構成比|比較|増減|計"
)
_RATE = re.compile(r"率$|比$")
_LABEL_CHARS = 30
_LINE_CHARS = 200
_OF_SECTIONS = ACCOUNTS | {"継続費", "繰越", "限度額"}
_OF_ROWS = ACCOUNTS | {"増減", "見込"}
_SUM = re.compile(r"(?:合|小|総)?計")
_SIDE = re.compile(r"歳[入出]")


@dataclass
class FigureLines:
    """Reads the lines of a section one after the other; remembers its unit, column names and last label."""

    unit: str | None = None
    columns: list[str] = field(default_factory=list)
    pending: str = ""
    side: str = ""

    def leave(self) -> None:
        """Another section or a paragraph begins."""
        self.unit, self.columns, self.pending, self.side = None, [], "", ""

    def read(self, block: str, start: int, around: Around) -> Iterator[Found]:
        """Facts of one line such as 「1 総務費　66,627,306」."""
        if len(block) > _LINE_CHARS:
            self.pending = ""
            return
        self.unit = unit_of(block) or self.unit
        plain = narrow(block)
        label = _ROW_NUMBER.sub("", plain)
        line = _FIGURE_LINE.fullmatch(label.rstrip())
        if line is None or (line["label"] == "" and not self.pending):
            self._note(plain)
            return
        unit = self.unit or around.unit
        name = _SPACED_KANJI.sub("", line["label"] or self.pending).strip()
        self.pending = ""
        if unit is not None and name:
            yield from self._figures(
                label[line.start("figures") :], unit, name, (start, start + len(block)), around
            )

    def _note(self, plain: str) -> None:
        """A line without figures of money names columns, or is the label of the figures on the next line."""
        joined = re.sub(r"\s+", "", plain)
        if side := _SIDE.match(joined):
            self.side = side[0]
        names = _COLUMN_NAMES.findall(joined)
        if len(names) > 1 or (names and not re.search(r"\d", plain)):
            self.columns = names
            self.pending = ""
        else:
            name = _ROW_NUMBER.sub("", plain).strip()
            fits = len(name) <= _LABEL_CHARS and not re.search(r"[\d。、]", name)
            self.pending = name if fits else ""

    def _figures(
        self, figures: str, unit: str, name: str, span: tuple[int, int], around: Around
    ) -> Iterator[Found]:
        printed = _FIGURES.findall(figures)
        names = self.columns
        if len(names) > 1 and len(names) != len(printed):
            return  # which column a figure stands in cannot be told
        names = names if len(names) == len(printed) else [""] * len(printed)
        years = years_of(name, 0, around.base, around.era)
        if _SUM.fullmatch(name) and self.side:
            name = f"{self.side}{name}"
        subject = around.subject if years else name
        supplemented = any("補正" in one for one in names)
        for figure, column in zip(printed, names, strict=True):
            amounts = [] if "%" in figure or _RATE.search(column) else find_amounts(figure, unit)
            for amount in amounts:
                if not amount.yen:
                    continue
                kind = (
                    "予算"
                    if supplemented and _SUM.fullmatch(column)
                    else column_kind(column, name, around.texts)
                )
                dated = years_of(column, 0, around.base, around.era) or years or around.years
                yield Found(cut(with_column(subject, column, len(names))), kind, amount.yen, dated, *span)


def with_column(subject: str, column: str, columns: int) -> str:
    """総務費（計）: what a supplementary budget makes of a sum is told apart from the supplement itself."""
    name = re.sub(r"\s+", "", narrow(column))
    stated = re.search(r"補正前の額|補正後の額|^計$", name)
    return f"{subject}（{stated[0]}）" if stated and columns > 1 else subject


def column_kind(column: str, row: str, around: tuple[str, ...]) -> str:
    """Kind of a figure in a table: its column's, else that of the accounts it stands in, else its row's."""
    column = re.sub(r"\s+", "", column)
    named, of_row = kind_named(column), kind_named(row)
    account = next((kind for kind in map(kind_named, around) if kind in _OF_SECTIONS), None)
    if column == "計" and account == "補正予算":
        return "予算"
    if named != DEFAULT_KIND:
        return named
    return of_row if of_row in _OF_ROWS else account or kind_named(row, *around)
