"""How long work tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Called with the name of a stage, how much of it is done and how much there is.

    `total` is 0 while it is unknown. The unit is the stage's own: bytes of a download, texts of an embedding.
    `note` is what else there is to say, such as pages a second.
    """

    def __call__(self, stage: str, done: int, total: int, note: str = "") -> None: ...


def silent(stage: str, done: int, total: int, note: str = "") -> None:
    """A Progress that shows nothing."""
