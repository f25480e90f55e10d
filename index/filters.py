"""Which documents a search may find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be found; empty fields do not limit."""

    document_ids: tuple[str, ...] = ()
    visibility: str | None = None

    def admits(self, document_id: str, visibility: str) -> bool:
        """Whether a document may be found."""
        named = not self.document_ids or document_id in self.document_ids
        return named and self.visibility in {None, visibility}
