"""Plain LangChain with Chroma: passages of 1000/200 characters, vectors only, everything else as it comes."""

from importlib import import_module
from pathlib import Path
from typing import Any

from evals.rival_protocol import PASSAGE_PROMPT, QUERY_PROMPT, Request, serve, text_files

CHUNK_CHARS, OVERLAP_CHARS = 1000, 200
CHROMA_MOST = 5000  # documents that its client takes in one call, rounded down


class LangChain:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings in torch, a persistent Chroma collection."""

    packages = ("langchain-core", "langchain-chroma", "langchain-huggingface", "langchain-text-splitters",
                "chromadb", "sentence-transformers", "torch")  # fmt: skip

    def __init__(self, request: Request) -> None:
        self._request = request
        self._embeddings: Any = None
        self._store: Any = None

    def load(self) -> None:
        """Loads the weights; the prompts, where wanted, go in by the framework's own options."""
        prompts = (
            {"encode_kwargs": {"prompt": PASSAGE_PROMPT}, "query_encode_kwargs": {"prompt": QUERY_PROMPT}}
            if self._request.prompts
            else {}
        )
        made = import_module("langchain_huggingface").HuggingFaceEmbeddings
        self._embeddings = made(model_name=self._request.model, model_kwargs={"device": "cpu"}, **prompts)

    def open(self) -> None:
        """Opens or makes the collection."""
        self._store = import_module("langchain_chroma").Chroma(
            collection_name="documents",
            embedding_function=self._embeddings,
            persist_directory=self._request.store,
        )

    def ingest(self) -> int:
        """Splits every file and adds the passages."""
        self.open()
        made = import_module("langchain_core.documents").Document
        documents = [
            made(page_content=path.read_text("utf-8-sig"), metadata={"source": source})
            for path, source in text_files(Path(self._request.documents))
        ]
        splitter = import_module("langchain_text_splitters").RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS
        )
        passages = splitter.split_documents(documents)
        for start in range(0, len(passages), CHROMA_MOST):
            self._store.add_documents(passages[start : start + CHROMA_MOST])
        return len(passages)

    def search(self, question: str) -> list[str]:
        """Sources by vector distance."""
        found = self._store.similarity_search(question, k=self._request.depth)
        return [passage.metadata["source"] for passage in found]

    def embed(self, texts: list[str]) -> None:
        """Embeds as passages."""
        self._embeddings.embed_documents(texts)

    def close(self) -> None:
        """Chroma has written everything by the time a call returns."""


if __name__ == "__main__":
    serve(LangChain)
