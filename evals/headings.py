"""Section paths against headings that people read off the pages: how many are found, under the right ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from corpus.document import Document, title_from
from corpus.headings import first_title, section_paths
from corpus.load import LoadError, load
from corpus.normalise import fold
from corpus.passages import page_of
from evals.cases import Identified, Said, read_jsonl

Outcome = Literal["right", "other path", "not found", "no heading", "taken", "no file"]
"""Of a labelled heading the first three, of a line that is none `no heading` or `taken`."""


class Label(Identified):
    """A heading with its `path` as printed, itself last, or the beginning of a line that is `not_heading`.

    `page` counts from 1; None where the format has no pages: then the whole file is looked through. The rules
    were made with an eye on `dev`, and a document is either dev or held.
    """

    split: Literal["dev", "held"]
    source: Said
    page: int | None = Field(default=None, ge=1)
    path: tuple[Said, ...] = ()
    not_heading: str = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.path) == bool(self.not_heading.strip()):
            raise ValueError("expected either path or not_heading")
        return self


@dataclass(frozen=True, slots=True)
class Judged:
    """A label, what came of it, and the paths under which its heading was found instead."""

    label: Label
    outcome: Outcome
    found: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """Every label judged, in order."""

    judged: tuple[Judged, ...]

    def count(self, *outcomes: Outcome, split: str = "") -> int:
        """How many labels (of a split) came to one of these."""
        return sum(one.outcome in outcomes and split in ("", one.label.split) for one in self.judged)

    def share(self, outcome: Outcome, split: str = "") -> float:
        """Share of an outcome among the labels of its sort whose file was read; 0 where there are none."""
        sort: tuple[Outcome, ...] = ("right", "other path", "not found")
        if outcome not in sort:
            sort = ("no heading", "taken")
        return self.count(outcome, split=split) / max(1, self.count(*sort, split=split))


def read_labels(path: Path) -> list[Label]:
    """Every label of a JSONL file, in order.

    Raises:
        CaseError: names each wrong line and why.
        OSError: the file cannot be read.
    """
    return read_jsonl(path, Label, "ラベルがありません / expected at least one label")


def evaluate(labels: Sequence[Label], folders: Sequence[Path]) -> Scores:
    """Judges labels; a label's source is a path below one of the folders."""

    @cache
    def outline(source: str) -> "_Outline | None":
        return next(_outlines(source, folders), None)

    return Scores(tuple(_judge(label, outline(label.source)) for label in labels))


def scores_text(scores: Scores) -> str:
    """A line for each split, then one for each label that came out wrong."""
    lines = []
    for split in sorted({one.label.split for one in scores.judged}):
        headings = scores.count("right", "other path", "not found", split=split)
        others = scores.count("no heading", "taken", split=split)
        absent = f"ファイルなし / no file {scores.count('no file', split=split)}"
        if not headings + others:
            lines.append(f"{split}: {absent}")
            continue
        lines.append(
            f"{split}: 見出し / headings {headings}"
            f" · 正しい道筋 / right path {scores.share('right', split):.1%}"
            f" · 別の道筋 / other path {scores.share('other path', split):.1%}"
            f" · 見出しでない行 / no headings {others} · 見出しとした / taken {scores.count('taken', split=split)}"
            f" · {absent}"
        )
    return "\n".join([*lines, *(_fault(one) for one in scores.judged if _is_wrong(one))])


def _is_wrong(one: Judged) -> bool:
    return one.outcome not in ("right", "no heading", "no file")


def _fault(one: Judged) -> str:
    label = one.label
    page = "" if label.page is None else f" p.{label.page}"
    said = " › ".join(label.path) or label.not_heading
    found = "".join(f"\n    {' › '.join(path)}" for path in one.found)
    return f"{label.id} {one.outcome}: {label.source}{page}: {said}{found}"


@dataclass(frozen=True, slots=True)
class _Outline:
    """A document's headings as found: (page or None, path)."""

    title: str
    sections: tuple[tuple[int | None, tuple[str, ...]], ...]

    @classmethod
    def of(cls, source: str, document: Document) -> "_Outline":
        """That of a loaded file."""
        title = document.title or title_from(source, first_title(document))
        found = [
            (page_of(document.page_starts, section.start), section.path)
            for section in section_paths(document)
            if section.path
        ]
        return cls(fold(title), tuple(found))

    def on(self, page: int | None) -> list[tuple[str, ...]]:
        """Paths of the headings on a page, or of all."""
        return [path for at, path in self.sections if page in (None, at)]

    def agrees(self, path: tuple[str, ...], label: tuple[str, ...]) -> bool:
        """Whether a path is the label's, with or without the document's title at its head."""
        found, expected = tuple(map(fold, path)), tuple(map(fold, label))
        above = found[: len(found) - len(expected)]
        return found[len(above) :] == expected and all(
            head in self.title or self.title in head for head in above
        )


def _outlines(source: str, folders: Sequence[Path]) -> Iterator[_Outline]:
    for file in (folder / source for folder in folders):
        if file.is_file():
            try:
                yield _Outline.of(source, load(source, file.read_bytes()))
            except LoadError:
                continue


def _judge(label: Label, outline: _Outline | None) -> Judged:
    if outline is None:
        return Judged(label, "no file")
    paths = outline.on(label.page)
    if label.not_heading:
        taken = [path for path in paths if fold(path[-1]).startswith(fold(label.not_heading))]
        return Judged(label, "taken" if taken else "no heading", tuple(taken))
    found = [path for path in paths if fold(path[-1]) == fold(label.path[-1])]
    if any(outline.agrees(path, label.path) for path in found):
        return Judged(label, "right")
    return Judged(label, "other path" if found else "not found", tuple(found))
