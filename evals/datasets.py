"""Public data sets as questions over texts, and as cases: SQuAD's format, lawqa_jp, NIILC, folders in BEIR's form."""

import csv
import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from assistant.answer import Status
from corpus.sentences import split
from evals.cases import Case, CaseError, Evidence, Expect, Kind
from evals.retrieval import Dataset, Query, squad

_BROKEN = (OSError, ValueError, LookupError, TypeError, ElementTree.ParseError, csv.Error)
"""What reading a file of another format raises."""


class Name(StrEnum):
    """Data sets; `citizens` and `cases` are ours."""

    SQUAD = "squad"
    JSQUAD = "jsquad"
    JAQUAD = "jaquad"
    LAWQA = "lawqa"
    NIILC = "niilc"
    BEIR = "beir"
    CITIZENS = "citizens"
    CASES = "cases"


def lawqa(path: Path) -> Dataset:
    """Questions on Japanese law (lawqa_jp, Digital Agency): the text that settles each is its document.

    Raises:
        CaseError: the file is not in that format.
    """
    try:
        samples: list[dict[str, str]] = json.loads(path.read_bytes())["samples"]
        contexts = dict.fromkeys(sample["コンテキスト"] for sample in samples)
        sources = {text: f"law{number:04}.txt" for number, text in enumerate(contexts)}
        queries = tuple(Query(one["問題文"], (sources[one["コンテキスト"]],)) for one in samples)
    except _BROKEN as error:
        raise _refused(path, "lawqa_jp", error) from error
    return Dataset({source: text for text, source in sources.items()}, queries)


def beir(folder: Path) -> Dataset:
    """A folder in BEIR's form: corpus.jsonl, queries.jsonl, qrels/*.tsv (of several the one called test).

    Raises:
        CaseError: a file is missing or not in that form.
    """
    try:
        sources: dict[str, str] = {}
        texts: dict[str, str] = {}
        for row in _rows(folder / "corpus.jsonl"):
            source = sources[row["_id"]] = f"d{len(sources):06}.txt"
            texts[source] = "\n".join(filter(None, [row.get("title", ""), row["text"]]))
        asked = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
        grades: dict[str, dict[str, int]] = {}
        with _qrels(folder).open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file, delimiter="\t"):
                if int(line["score"]) > 0:
                    grades.setdefault(line["query-id"], {})[sources[line["corpus-id"]]] = int(line["score"])
        queries = [
            Query(asked[key], tuple(right), grades=tuple(right.values())) for key, right in grades.items()
        ]
    except _BROKEN as error:
        raise _refused(folder, "BEIR", error) from error
    return Dataset(texts, tuple(queries))


def _qrels(folder: Path) -> Path:
    found = sorted((folder / "qrels").glob("*.tsv"))
    return next((path for path in found if path.stem == "test"), found[0])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def niilc(path: Path) -> list[Case]:
    """Encyclopaedic questions (NIILC-ECQA) that no plan answers: each must be declined.

    Raises:
        CaseError: the file is not in that format.
    """
    try:
        questions = ElementTree.parse(path).getroot().findall("question")  # noqa: S314 (a file the user names)
        cases = [
            Case(
                id=one.attrib["id"],
                kind=Kind.OUT_OF_SCOPE,
                question=(one.findtext("text") or "").strip(),
                expect=Expect(status=Status.NO_EVIDENCE),
            )
            for one in questions
        ]
    except _BROKEN as error:
        raise _refused(path, "NIILC-ECQA", error) from error
    return cases


def cases_of(data: Dataset) -> list[Case]:
    """A data set's questions as cases: the answer's words must be said, and their sentence cited.

    Where no words are known (lawqa_jp) any place of the right document will do.
    """
    return [_case(number, query, data.texts) for number, query in enumerate(data.queries)]


def _case(number: int, query: Query, texts: dict[str, str]) -> Case:
    source = query.documents[0]
    text = texts[source]
    sentences = [text[start:end] for start, end in split(text)]
    proof = [one for one in sentences if query.holds and all(word in one for word in query.holds)]
    return Case(
        id=f"q{number:05}",
        kind=Kind.FACT,
        question=query.question,
        expect=Expect(status=Status.ANSWERED, facts=(query.holds,) if query.holds else ()),
        evidence=tuple(Evidence(doc=source, quote=one) for one in proof[:1] or [text]),
    )


def _refused(path: Path, form: str, error: Exception) -> CaseError:
    return CaseError(f"{path}: {form} 形式ではありません / not in the format of {form}: {error!r}")


READERS: dict[Name, Callable[[Path], Dataset]] = {
    Name.SQUAD: squad,
    Name.JSQUAD: squad,
    Name.JAQUAD: squad,
    Name.LAWQA: lawqa,
    Name.BEIR: beir,
}
"""Sets with texts of their own."""
