"""Lifted facts against facts that people read off the page: precision and recall, and what went wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from corpus.document import Fact
from corpus.load import LoadError
from corpus.passages import page_of, pieces_of
from corpus.read import ReadFile, read_file
from evals.cases import Identified, Said, Strict, read_jsonl
from evals.matching import comparable

MAX_ANCHOR = 25
"""Characters of an anchor: labels name places, they do not copy documents."""


class Label(Strict):
    """One fact as a reader states it; of `subject` and `kind` any one alternative is right."""

    subject: Annotated[tuple[Said, ...], Field(min_length=1)]
    kind: Annotated[tuple[Said, ...], Field(min_length=1)]
    amount_yen: int | None
    fiscal_years: tuple[int, ...]


class Place(Identified):
    """One sentence or table row with all facts that it states, maybe none.

    `source` is a path under a folder of documents; `anchor` stands in that sentence or row and in no other of
    `page` (of the file, where that has no pages), whitespace aside. The rules were tuned on `dev`; what is `held`
    was labelled after them, to see how they do on what they were not written for.
    """

    split: Literal["dev", "held"]
    source: Said
    page: Annotated[int, Field(ge=1)] | None
    anchor: Annotated[Said, Field(max_length=MAX_ANCHOR)]
    facts: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found of one place.

    `missed` are (label, why) and `false` are (fact, why); `error` says why the place itself was not found.
    """

    place: Place
    extracted: int = 0
    matched: int = 0
    missed: tuple[tuple[Label, str], ...] = ()
    false: tuple[tuple[Fact, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Counts of a group of places, and what they come to."""

    places: int
    labelled: int
    extracted: int
    matched: int

    @property
    def precision(self) -> float | None:
        """Matched of extracted; None where nothing was extracted."""
        return self.matched / self.extracted if self.extracted else None

    @property
    def recall(self) -> float | None:
        """Matched of labelled; None where nothing is labelled."""
        return self.matched / self.labelled if self.labelled else None


@dataclass(frozen=True, slots=True)
class Scores:
    """Marks of every eligible place in the order of the labels; the places whose file is not there are apart."""

    marks: tuple[Marks, ...]
    not_eligible: tuple[Place, ...]

    def share(self) -> Share:
        """Of all places."""
        return _share(self.marks)

    def by_split(self) -> dict[str, Share]:
        """dev, held."""
        return self._by(lambda mark: mark.place.split)

    def by_folder(self) -> dict[str, Share]:
        """By the folder that a source stands in, `.` for none."""
        return self._by(lambda mark: Path(mark.place.source).parent.as_posix())

    def _by(self, key: Callable[[Marks], str]) -> dict[str, Share]:
        names = sorted({key(mark) for mark in self.marks})
        return {name: _share(mark for mark in self.marks if key(mark) == name) for name in names}


def read_labels(path: Path) -> list[Place]:
    """Every place of a JSONL file, in order; blank lines are skipped.

    Raises:
        CaseError: names the file and, for every wrong line, its number, what was expected and what came.
        OSError: the file cannot be read.
    """
    return read_jsonl(path, Place, "ラベルがありません / expected at least one place, got none")


def evaluate(places: Sequence[Place], folders: Sequence[Path]) -> Scores:
    """Reads each labelled file once, from the first of `folders` that has it, and marks its places."""
    marks: dict[str, Marks] = {}
    for source in dict.fromkeys(place.source for place in places):
        path = next((folder / source for folder in folders if (folder / source).is_file()), None)
        if path is not None:
            here = [place for place in places if place.source == source]
            marks |= {mark.place.id: mark for mark in _file_marks(here, path)}
    return Scores(
        tuple(marks[place.id] for place in places if place.id in marks),
        tuple(place for place in places if place.id not in marks),
    )


def _file_marks(places: Sequence[Place], path: Path) -> Iterator[Marks]:
    try:
        read = read_file(path, places[0].source)
    except LoadError as error:
        yield from (_unplaced(place, f"読めません / cannot be read: {error}") for place in places)
        return
    units = _units(read)
    paths = {passage.id: passage.section for passage in read.passages}
    for place in places:
        anchor = _dense(place.anchor)
        spans = [
            (start, end) for page, start, end, text in units if place.page in (None, page) and anchor in text
        ]
        if len(spans) != 1:
            yield _unplaced(place, f"目印が{len(spans)}か所 / the anchor is in {len(spans)} places")
            continue
        start, end = spans[0]
        yield _marked(place, [fact for fact in read.facts if start <= fact.start < end], paths)


def _units(read: ReadFile) -> list[tuple[int | None, int, int, str]]:
    """Sentences and table rows of a file: page, start, end, text without whitespace."""
    document = read.document
    headings = {section.start: section.path for section in read.sections if section.path}
    return [
        (
            page_of(document.page_starts, piece.start),
            piece.start,
            piece.end,
            _dense(document.text[piece.start : piece.end]),
        )
        for piece in pieces_of(document, headings)
    ]


def _dense(text: str) -> str:
    return "".join(text.split())


def _unplaced(place: Place, error: str) -> Marks:
    return Marks(place, missed=tuple((label, "場所なし / no place") for label in place.facts), error=error)


def _marked(place: Place, facts: Sequence[Fact], paths: Mapping[str, tuple[str, ...]]) -> Marks:
    """Pairs what is wholly right first; what is left of a place says how it differs from its nearest."""
    labels, extra = list(place.facts), []
    for fact in facts:
        right = next((label for label in labels if not _differs(label, fact, paths)), None)
        if right is None:
            extra.append(fact)
        else:
            labels.remove(right)
    return Marks(
        place,
        len(facts),
        len(place.facts) - len(labels),
        tuple(
            (label, _why((_differs(label, fact, paths) for fact in extra), "なし / missing"))
            for label in labels
        ),
        tuple(
            (fact, _why((_differs(label, fact, paths) for label in labels), "余分 / extra")) for fact in extra
        ),
    )


def _differs(label: Label, fact: Fact, paths: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Names of what is not as labelled; the order of fiscal years does not count."""
    said = comparable("".join([*paths[fact.passage_id], fact.subject]))
    wrong = {
        "amount": fact.amount_yen != label.amount_yen,
        "years": set(fact.fiscal_years) != set(label.fiscal_years),
        "kind": fact.kind not in label.kind,
        "subject": not any(comparable(name) in said for name in label.subject),
    }
    return tuple(name for name, is_wrong in wrong.items() if is_wrong)


def _why(differences: Iterable[tuple[str, ...]], alone: str) -> str:
    """What is wrong beside the nearest counterpart; one with another amount is no counterpart."""
    near = [names for names in differences if "amount" not in names and len(names) < 3]
    return min(("+".join(names) for names in near), key=lambda why: why.count("+"), default=alone)


def _share(marks: Iterable[Marks]) -> Share:
    marks = list(marks)
    return Share(
        len(marks),
        sum(len(mark.place.facts) for mark in marks),
        sum(mark.extracted for mark in marks),
        sum(mark.matched for mark in marks),
    )


def scores_text(scores: Scores) -> str:
    """A table of precision and recall, then every place that is not wholly right, then what was left out."""
    groups = {"全体 / all": scores.share()} | scores.by_split() | scores.by_folder()
    lines = [f"{'':<16}{'places':>8}{'labelled':>10}{'found':>8}{'right':>8}{'precision':>11}{'recall':>8}"]
    lines += [_line(name, share) for name, share in groups.items()]
    sorts = Counter(why for mark in scores.marks for _, why in (*mark.missed, *mark.false))
    lines += ["", *(f"{count:>5}  {why}" for why, count in sorts.most_common())]
    lines += ["", *(line for mark in scores.marks for line in _faults(mark))]
    lines.append(
        f"対象外（文書がありません） / not eligible (the document is not there): {len(scores.not_eligible)}"
    )
    return "\n".join(lines)


def _line(name: str, share: Share) -> str:
    counts = f"{share.places:>8}{share.labelled:>10}{share.extracted:>8}{share.matched:>8}"
    return f"{name:<16}{counts}{_shown(share.precision):>11}{_shown(share.recall):>8}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _faults(mark: Marks) -> Iterator[str]:
    where = f"{mark.place.id} {mark.place.source}" + (f" p{mark.place.page}" if mark.place.page else "")
    if mark.error:
        yield f"{where}: {mark.error}: {mark.place.anchor}"
    for label, why in mark.missed:
        said = (
            f"{'/'.join(label.subject)} {'/'.join(label.kind)} {label.amount_yen} {list(label.fiscal_years)}"
        )
        yield f"{where}: 漏れ / missed ({why}): {said}"
    for fact, why in mark.false:
        said = f"{fact.subject} {fact.kind} {fact.amount_yen} {list(fact.fiscal_years)}"
        yield f"{where}: 誤り / false ({why}): {said}"
