"""Lists of unlike length, end to end in one array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """`flat[offsets[i]:offsets[i + 1]]` is list i; offsets are (lists + 1,), flat is (items, …)."""

    flat: NDArray[Any]
    offsets: Rows

    @classmethod
    def of(cls, lengths: Sequence[int] | Rows, flat: NDArray[Any]) -> "Ragged":
        """Lists of these lengths."""
        return cls(flat, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)]))

    @property
    def lengths(self) -> Rows:
        """Length of each list."""
        return np.diff(self.offsets)

    def one(self, number: int) -> NDArray[Any]:
        """The items of one list."""
        return self.flat[self.offsets[number] : self.offsets[number + 1]]

    def items(self, rows: Rows) -> tuple[Rows, Rows]:
        """Positions in `flat` of the items of some lists, and for each the place of its list in `rows`."""
        lengths = self.lengths[rows]
        owners = np.repeat(np.arange(len(rows)), lengths)
        starts = np.repeat(self.offsets[rows] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return starts + np.arange(len(owners)), owners

    def kept(self, keep: NDArray[np.bool_]) -> "Ragged":
        """The lists that are kept, in order."""
        lengths = self.lengths
        return Ragged.of(lengths[keep], self.flat[np.repeat(keep, lengths)])

    @classmethod
    def joined(cls, parts: "Sequence[Ragged]") -> "Ragged":
        """The lists of all parts."""
        lengths = np.concatenate([part.lengths for part in parts])
        return cls.of(lengths, np.concatenate([part.flat for part in parts]))
