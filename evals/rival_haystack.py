"""Haystack with its own hybrid: BM25 and vectors in its document store, joined by its reciprocal rank fusion.

Its BM25 takes Japanese character by character, as it comes. The one default that is changed is the splitter: the
default counts words between spaces, of which Japanese has none, so passages are cut as LangChain's are.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from evals.rival_protocol import PASSAGE_PROMPT, QUERY_PROMPT, Request, serve, text_files

CHUNK_CHARS, OVERLAP_CHARS = 1000, 200
SEPARATORS = ["\n\n", "\n", " "]
STORE_FILE = "store.json"
EMBEDDERS = "haystack_integrations.components.embedders.sentence_transformers"
RETRIEVERS = "haystack.components.retrievers"


class Haystack:
    """InMemoryDocumentStore, saved to and loaded from its JSON file, behind a MultiRetriever."""

    packages = ("haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._passages: Any = None
        self._questions: Any = None
        self._retriever: Any = None

    def load(self) -> None:
        """Loads the weights, which both embedders share."""
        embedders = import_module(EMBEDDERS)
        device = import_module("haystack.utils").ComponentDevice.from_str("cpu")
        query, passage = (QUERY_PROMPT, PASSAGE_PROMPT) if self._request.prompts else ("", "")
        options = {"model": self._request.model, "device": device, "progress_bar": False}
        self._passages = embedders.SentenceTransformersDocumentEmbedder(prefix=passage, **options)
        self._questions = embedders.SentenceTransformersTextEmbedder(prefix=query, **options)
        self._passages.warm_up()
        self._questions.warm_up()

    def ingest(self) -> int:
        """Splits and embeds every file, writes the passages to the store and the store to the disk."""
        preprocessors = import_module("haystack.components.preprocessors")
        splitter = preprocessors.RecursiveDocumentSplitter(
            split_length=CHUNK_CHARS, split_overlap=OVERLAP_CHARS, split_unit="char", separators=SEPARATORS
        )
        store = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore()
        passages = splitter.run(documents=self._documents())["documents"]
        written = store.write_documents(self._passages.run(documents=passages)["documents"])
        store.save_to_disk(str(self._store_file()))
        return int(written)

    def open(self) -> None:
        """Loads the store; its BM25 statistics are counted anew."""
        stores, retrievers = import_module("haystack.document_stores.in_memory"), import_module(RETRIEVERS)
        store = stores.InMemoryDocumentStore.load_from_disk(str(self._store_file()))
        by_vector = retrievers.TextEmbeddingRetriever(
            retriever=retrievers.InMemoryEmbeddingRetriever(document_store=store),
            text_embedder=self._questions,
        )
        by_words = retrievers.InMemoryBM25Retriever(document_store=store)
        self._retriever = retrievers.MultiRetriever(retrievers={"bm25": by_words, "embedding": by_vector})

    def search(self, question: str) -> list[str]:
        """Sources by fused rank."""
        depth = self._request.depth
        found = self._retriever.run(query=question, top_k_per_retriever=depth, top_k=depth)["documents"]
        return [passage.meta["source"] for passage in found]

    def embed(self, texts: list[str]) -> None:
        """Embeds as passages."""
        made = import_module("haystack").Document
        self._passages.run(documents=[made(content=text) for text in texts])

    def close(self) -> None:
        """Nothing is held: the store lives in memory."""

    def _documents(self) -> list[Any]:
        made = import_module("haystack").Document
        return [
            made(content=path.read_text("utf-8-sig"), meta={"source": source})
            for path, source in text_files(Path(self._request.documents))
        ]

    def _store_file(self) -> Path:
        return Path(self._request.store) / STORE_FILE


if __name__ == "__main__":
    serve(Haystack)
