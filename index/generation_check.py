"""Whether a generation holds what the catalog holds: all of it, or a quick look."""

from corpus.catalog import Catalog
from index.filters import Filter
from index.forward_build import differing
from index.generation import Generation
from index.generation_error import GenerationError
from index.lexical import LexicalIndex
from index.rows import batches, dense_rows, lexical_rows
from index.tokens import tokens

SAMPLE = 25  # passages that a new generation must find by their own vector and words
NEAR, FOUND_ITSELF = 10, 0.999


def verify(generation: Generation, catalog: Catalog) -> None:
    """Compares every vector and passage with the catalog, and lets a sample of passages find themselves.

    Raises:
        GenerationError: says what is missing, left over, different or not found.
    """
    total = 0
    lexical: dict[str, set[str]] = {}
    for batch in batches(catalog.indexed()):
        rows = dense_rows(batch)
        total += len(rows)
        if wrong := generation.dense.differing(rows):
            raise _differs("dense", len(wrong), 0)
        if count := differing(generation.forward, batch):
            raise _differs("forward", count, 0)
        for row in lexical_rows(batch):
            lexical.setdefault(row.visibility, set()).add(row.passage_id)
    if surplus := generation.dense.count() - total:
        raise _differs("dense", 0, surplus)
    if surplus := len(generation.forward.ids) - total:
        raise _differs("forward", 0, surplus)
    _verify_lexical(generation.lexical, lexical)
    _find_themselves(generation, catalog, SAMPLE)


def _verify_lexical(index: LexicalIndex, wanted: dict[str, set[str]]) -> None:
    for visibility, passages in wanted.items():
        found = index.passage_ids(Filter(visibility=visibility))
        if found != passages:
            raise _differs("lexical", len(passages - found), len(found - passages))
    if surplus := index.count() - sum(map(len, wanted.values())):
        raise _differs("lexical", 0, surplus)


def _differs(name: str, missing: int, surplus: int) -> GenerationError:
    return GenerationError(
        f"索引 {name} が台帳と違います（不足{missing}、余分{surplus}）。`keikaku rebuild` を実行してください"
        f" / index {name}: {missing} missing or different, {surplus} left over: run `keikaku rebuild`"
    )


def probe(generation: Generation, catalog: Catalog) -> None:
    """A quick look for what is lost: numbers, and a few passages that must find themselves.

    Raises:
        GenerationError: something is lost.
    """
    generation.dense.settle()  # Chroma writes to its files when they are first searched
    passages = catalog.size()
    for name, found in (
        ("dense", generation.dense.count()),
        ("lexical", generation.lexical.count()),
        ("forward", len(generation.forward.ids)),
    ):
        if passages != found:
            raise _differs(name, max(0, passages - found), max(0, found - passages))
    _find_themselves(generation, catalog, NEAR)


def _find_themselves(generation: Generation, catalog: Catalog, count: int) -> None:
    for passage, vector in catalog.sample(count):
        near = generation.dense.search(vector, NEAR)
        if max((score for _, score in near), default=0.0) < FOUND_ITSELF:
            raise GenerationError(f"ベクトルで見つかりません / not found by its vector: {passage.id}")
        if (words := tokens(passage.text)) and not generation.lexical.search([(words[0], 1.0)], 1):
            raise GenerationError(f"語で見つかりません / not found by its words: {passage.id}")
