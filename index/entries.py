"""Files as the catalog stores them: what is embedded of titles, passages and sentences, and the vectors."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from corpus.abbreviations import find_aliases
from corpus.catalog import Catalog, Entry, SentenceVector
from corpus.document import Passage
from corpus.read import ReadFile
from corpus.sentences import split
from index.embedding import Embedder
from index.progress import Progress
from index.tokens import tokens

TEXTS_AT_ONCE = 4096  # embedded in one go and kept: enough for batches of like length


def entries_of(
    files: Sequence[ReadFile], visibility: str, embedder: Embedder, catalog: Catalog, progress: Progress
) -> list[Entry]:
    """The files ready to be stored, their vectors in the catalog; only texts that have none there are embedded.

    Vectors are kept as they are made: interrupted, the same files do not pay for them again.
    """
    drafts = [_Draft(file, embedder.identity) for file in files]
    texts = {digest: text for draft in drafts for digest, text in draft.texts.items()}
    missing = catalog.without_vector(list(texts))
    for start in range(0, len(missing), TEXTS_AT_ONCE):
        digests = missing[start : start + TEXTS_AT_ONCE]
        told = _of_all(progress, start, len(missing))
        vectors = embedder.encode_documents([texts[digest] for digest in digests], told)
        catalog.keep_vectors(dict(zip(digests, vectors, strict=True)))
    return [draft.entry(visibility) for draft in drafts]


def texts_of(file: ReadFile, embedder: str) -> dict[str, str]:
    """What is embedded of a file, by the digest under which an embedder's vector is kept."""
    return _Draft(file, embedder).texts


def _of_all(progress: Progress, before: int, whole: int) -> Progress:
    """Progress of a part as progress of the whole."""

    def told(stage: str, done: int, total: int, note: str = "") -> None:  # noqa: ARG001 (of the part)
        progress(stage, before + done, whole, note)

    return told


class _Draft:
    """A file whose texts are known by their digests."""

    def __init__(self, file: ReadFile, embedder: str) -> None:
        self._file, self._embedder = file, embedder
        self.texts: dict[str, str] = {}
        self._title = self._digest(file.title)
        self._passages = [self._digest(passage_text(file, passage)) for passage in file.passages]
        self._sentences = [
            [
                SentenceVector(start, end, self._digest(text))
                for start, end, text in sentence_texts(file, passage)
            ]
            for passage in file.passages
        ]

    def entry(self, visibility: str) -> Entry:
        """The file as it is stored."""
        file = self._file
        return Entry(
            file.id,
            file.source,
            file.title,
            file.version,
            visibility,
            file.document,
            file.data,
            file.sections,
            file.passages,
            file.facts,
            self._title,
            self._passages,
            self._sentences,
            [search_tokens(file.title, passage) for passage in file.passages],
            sorted({(alias.short, alias.long) for alias in find_aliases(file.document.text)}),
        )

    def _digest(self, text: str) -> str:
        digest = hashlib.sha256(f"{self._embedder}\0{text}".encode()).hexdigest()
        self.texts[digest] = text
        return digest


def passage_text(file: ReadFile, passage: Passage) -> str:
    """What is embedded for a passage: its headings, then its text; a table row with its column headers."""
    return f"{_headings(file.title, passage.section)}\n{passage.context or passage.text}"


def search_tokens(title: str, passage: Passage) -> str:
    """The search tokens of a passage in order, between spaces: a line of its headings, a line of its text."""
    body = f"{passage.text}\n{passage.context}"
    return "\n".join(" ".join(tokens(text)) for text in (_headings(title, passage.section), body))


def sentence_texts(file: ReadFile, passage: Passage) -> list[tuple[int, int, str]]:
    """(start, end, what is embedded) of each sentence of a passage: the sentence as it stands.

    A row, or a passage of one sentence, shares the vector of the passage.
    """
    text, blocks = file.document.text, file.document.blocks
    first, last = bisect_right(blocks, (passage.start, len(text))) - 1, bisect_left(blocks, (passage.end, 0))
    spans = [
        span
        for start, end in blocks[max(0, first) : last]
        for span in split(text, max(start, passage.start), min(end, passage.end))
    ]
    if passage.kind == "row" or len(spans) < 2:
        return [(passage.start, passage.end, passage_text(file, passage))]
    return [(start, end, text[start:end]) for start, end in spans]


def _headings(title: str, path: Sequence[str]) -> str:
    return " ".join(dict.fromkeys([title, *path]))
