"""A document as a tree: the plans that it names above itself, itself, and its sections."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import citation_url
from corpus.catalog import Catalog, Record
from corpus.document import Passage
from corpus.normalise import fold
from corpus.sentences import split
from corpus.tables import row_headers

# What stands above a plan, by the words that tables, lines and sentences of plans use for it.
ABOVE = {"上位計画": "上位計画", "上位・関連計画": "上位・関連計画", "関連計画": "関連計画"}
ABOVE |= {"根拠法令等": "根拠", "根拠法令": "根拠", "根拠計画": "根拠", "根拠法": "根拠"}
_WORD = "|".join(sorted(ABOVE, key=len, reverse=True))
_HEADER = re.compile(rf"(?P<word>{_WORD})(?:の?(?:名称|名))?")
_LINE = re.compile(rf"^[・○●◯〇◇◆■□※*\s]*(?P<word>{_WORD})\s*[:：\t]\s*(?P<names>[^\n\t]+)$", re.M)
_SENTENCE = re.compile(
    rf"(?P<names>[^。]+?)を、?(?:その|この|市の|本市の)?(?P<word>{_WORD})(?:と(?!の)|に位置)"
)
_QUOTED = re.compile(r"[「『]([^「」『』（(]{2,50})")
_NAME = re.compile(
    r".{2,}(?:計画|プラン|戦略|ビジョン|方針|構想|大綱|指針|マニフェスト|法|条例|規則|要綱|法律|憲章)\d*(?:第\d.*)?"
)
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_OPENING = re.compile(r"^.*(?:は|では|について|たり)、")
_COUNTED = re.compile(r"の(?:[一二三四五六七八九\d]+つ?(?:の計画)?|各計画|それぞれ)$")
_LISTED = re.compile(r"[、，,\t\n]")
_JOINED = re.compile(r"・|及び|並びに|および|ならびに")  # also inside of one name


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree; `depth` 0 is the document, what is above it has a `role` (上位計画, 根拠 …)."""

    text: str
    depth: int
    role: str
    url: str
    page: int | None


def tree(catalog: Catalog, record: Record) -> list[Node]:
    """The plans above the document, itself and its headings, in the order to be shown."""
    text, starts = catalog.text(record.id) or "", catalog.page_starts(record.id)
    document = Node(record.title, 0, "文書", f"/documents/{record.id}", None)
    higher = [node for node in above(catalog.passages_in(record.id)) if not _same(node.text, record.title)]
    return [*higher, document, *_headings(catalog, record, text, starts)]


def _headings(catalog: Catalog, record: Record, text: str, page_starts: Sequence[int]) -> Iterator[Node]:
    sections = [section for section in catalog.sections(record.id) if section.path]
    outer = sections[0].path[0] if sections else ""
    within = all(section.path[0] == outer for section in sections) and _same(outer, record.title)
    for section in sections:
        if within and len(section.path) == 1:
            continue  # the title, which the document's own line says
        end = text.find("\n", section.start, section.end)
        url = citation_url(record.id, section.start, section.end if end < 0 else end)
        page = sum(start <= section.start for start in page_starts) or None
        yield Node(section.path[-1], len(section.path) - within, "見出し", url, page)


def _same(one: str, other: str) -> bool:
    return "".join(fold(one).split()) == "".join(fold(other).split())


def above(passages: Sequence[Passage]) -> list[Node]:
    """The plans and laws that a document says it stands under, each once, with the words that say so."""
    found: dict[str, Node] = {}
    before = ""
    for passage in passages:
        for word, name, start, end in _said(passage, before):
            key = "".join(fold(name).split()).rstrip("0123456789")  # プラン2017 is プラン
            if not any(key.endswith(known) or known.endswith(key) for known in found):
                url = citation_url(passage.document_id, passage.start + start, passage.start + end)
                found[key] = Node(name, 0, ABOVE[word], url, passage.page)
        before = passage.text if passage.kind != "row" else ""
    return list(found.values())


def _said(passage: Passage, before: str) -> Iterator[tuple[str, str, int, int]]:
    """(word, name, start, end), offsets into the passage's text; `before` is the text before the passage."""
    if passage.kind == "row":
        yield from _in_row(passage)
    for line in _LINE.finditer(passage.text):
        yield from ((line["word"], name, *line.span()) for name in _names(line["names"]))
    for start, end in split(passage.text) if passage.kind != "row" else ():
        said = passage.text[start:end]
        for match in _SENTENCE.finditer(said):
            named = _names(_OPENING.sub("", match["names"])) or _QUOTED.findall(before)
            yield from ((match["word"], name, start, end) for name in named if _NAME.fullmatch(name))
        before = said


def _in_row(passage: Passage) -> Iterator[tuple[str, str, int, int]]:
    """The cell below a header 上位計画."""
    _, headers = row_headers(passage)
    for header, cell in zip(headers, passage.text.split("\t"), strict=False):
        if match := _HEADER.fullmatch(fold(header).strip()):
            yield from ((match["word"], name, 0, len(passage.text)) for name in _names(cell))


def _names(listed: str) -> list[str]:
    """The names of plans and laws in an enumeration."""
    parts = (_COUNTED.sub("", part).strip(" 　「」『』・") for part in _parts(_ASIDE.sub("", listed)))
    return [part for part in parts if _NAME.fullmatch(part) and not part.startswith(("同", "施行"))]


def _parts(listed: str) -> Iterator[str]:
    """Parts of an enumeration; まち・ひと・しごと創生総合戦略 is one, since only its end is a name of a plan."""
    for part in _LISTED.split(listed):
        inner = [one.strip() for one in _JOINED.split(part)]
        yield from inner if all(map(_NAME.fullmatch, inner)) else [part]
