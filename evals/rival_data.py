"""Documents and questions to compare search systems on: two public data sets, and citizens' questions to a city."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from evals.retrieval import CITIZENS, Dataset, squad

EMBEDDED_CHARS, EMBEDDED_TEXTS = 183, 256

Item = TypeVar("Item")
Question = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """Texts by source, and questions with the sources that are right."""

    name: str
    documents: dict[str, str]
    questions: list[Question]

    def cut(self, documents: int, questions: int) -> "Task":
        """The first documents and, of the questions to them alone, so many spread evenly; 0 is all."""
        kept = dict(list(self.documents.items())[: documents or None])
        asked = [one for one in self.questions if one[1] <= kept.keys()]
        return Task(self.name, kept, spread(asked, questions))

    def write(self, folder: Path) -> None:
        """One file a document."""
        for source, text in self.documents.items():
            path = folder / source
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def spread(items: Sequence[Item], limit: int) -> list[Item]:
    """At most `limit` items at even distances; all for 0."""
    if not limit or limit >= len(items):
        return list(items)
    return [items[number * len(items) // limit] for number in range(limit)]


def jsquad(data: Path) -> Task:
    """JSQuAD 1.3, validation part (CC BY-SA 4.0): the paragraph that answers."""
    return task_of("jsquad", squad(data / "data" / "jsquad-valid-v1.3.json"))


def jaquad(data: Path) -> Task:
    """JaQuAD, development part (CC BY-SA 3.0): the same of longer articles."""
    return task_of("jaquad", squad(data / "data" / "jaquad-dev.json.gz"))


def task_of(name: str, dataset: Dataset) -> Task:
    """A data set of texts as a task."""
    return Task(name, dataset.texts, [(one.question, frozenset(one.documents)) for one in dataset.queries])


def citizens(data: Path, cases: Path = CITIZENS) -> Task:
    """Questions in citizens' words over the Markdown files of the folders that the right documents lie in.

    Lines of which a right document is of another form are left out: the others read no such files.
    """
    root = data / "realdocs"
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines() if line.strip()]
    kept = [row for row in rows if all(name.endswith(".md") for name in row["documents"])]
    folders = sorted({name.partition("/")[0] for row in kept for name in row["documents"]})
    documents = {
        path.relative_to(root).as_posix(): path.read_text("utf-8-sig")
        for folder in folders
        for path in sorted((root / folder).rglob("*.md"))
    }
    return Task("citizens", documents, [(row["question"], frozenset(row["documents"])) for row in kept])


TASKS: dict[str, Callable[[Path], Task]] = {"jsquad": jsquad, "jaquad": jaquad, "citizens": citizens}


def to_embed(tasks: Iterable[Task]) -> tuple[str, ...]:
    """Texts of the same length, for the speed of embedding alone."""
    long = [text for task in tasks for text in task.documents.values() if len(text) >= EMBEDDED_CHARS]
    return tuple(text[:EMBEDDED_CHARS] for text in long[:EMBEDDED_TEXTS])
