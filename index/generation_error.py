"""What can be wrong with search indexes."""


class GenerationError(RuntimeError):
    """The indexes are missing, out of date or do not hold what the catalog holds."""


class ClosedGenerationError(GenerationError):
    """A newer generation has taken the place of this one."""


class BrokenIndexError(GenerationError):
    """Chroma or tantivy cannot read its own files; the message is theirs."""
