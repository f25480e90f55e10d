"""Search as a LangChain retriever: usable alone, in a chain, or beside other retrievers.

from corpus.settings import Settings
from index.library import Library
from index.retriever import PlanRetriever

library = Library(Settings(data_dir="var"))
library.open()
PlanRetriever(library=library, k=5).invoke("計画期間はいつからいつまでですか")
"""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.filters import Filter
from index.library import Library
from index.search import Hit


class PlanRetriever(BaseRetriever):
    """The best `k` passages of an open library, as LangChain documents.

    `visibility="public"` finds public documents only; `document_ids` limits the search to those.
    """

    library: Library
    k: int = 10
    visibility: str | None = None
    document_ids: tuple[str, ...] = ()

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (LangChain's signature)
    ) -> list[Document]:
        with self.library.reading() as searcher:
            hits = searcher.search(query, self.k, Filter(self.document_ids, self.visibility))
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    """Text as the content; where it stands, its score and why it was found as metadata."""
    passage = hit.passage
    return Document(
        page_content=passage.text,
        id=passage.id,
        metadata={
            "document_id": passage.document_id,
            "source": hit.source,
            "title": hit.title,
            "section": list(passage.section),
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "context": passage.context,
            "score": hit.score,
            "reasons": dict(hit.reasons),
        },
    )
