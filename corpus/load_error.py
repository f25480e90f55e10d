"""The one error that reading a file may end in."""


class LoadError(ValueError):
    """A file that cannot become a Document; the message says why and what to do, in Japanese and English."""


class NoTextLayerError(LoadError):
    """A file of scanned pages: it can be read once their text is recognised."""
