"""This project, through its public library interface."""

from pathlib import Path

from corpus.settings import Settings
from evals.rival_protocol import Request, serve
from index.library import Library


class Ours:
    """A library of its own, with every setting as it comes."""

    packages = ("keikaku-navi", "chromadb", "tantivy", "onnxruntime")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._library = Library(Settings(data_dir=Path(request.store), threads=request.threads))

    def load(self) -> None:
        """Loads the weights by their first use."""
        self._library.embedder.embed_query("準備")

    def ingest(self) -> int:
        """Adds the folder.

        Raises:
            RuntimeError: a file was refused; the others read all of them.
        """
        self._library.open(create=True)
        passages = 0
        for added in self._library.add([Path(self._request.documents)], "public"):
            if added.status == "failed":
                raise RuntimeError(f"{added.source}: {added.reason}")
            passages += added.passages
        return passages

    def open(self) -> None:
        """Opens catalog and indexes."""
        self._library.open()

    def search(self, question: str) -> list[str]:
        """Sources by fused score."""
        with self._library.reading() as searcher:
            return [hit.source for hit in searcher.search(question, self._request.depth)]

    def embed(self, texts: list[str]) -> None:
        """Embeds as passages."""
        self._library.embedder.encode_documents(texts)

    def close(self) -> None:
        """Closes indexes and catalog."""
        self._library.close()


if __name__ == "__main__":
    serve(Ours)
