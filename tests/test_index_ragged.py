"""Lists of unlike length in one array, against plain lists."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.ragged import Ragged

Lists = list[list[int]]
LISTS = st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=6)


def ragged(lists: Lists) -> Ragged:
    return Ragged.of([len(one) for one in lists], np.array([item for one in lists for item in one], np.int64))


def plain(made: Ragged) -> Lists:
    return [made.flat[first:last].tolist() for first, last in pairwise(made.offsets)]


@given(LISTS)
def test_lists_come_back(lists: Lists) -> None:
    assert plain(ragged(lists)) == lists
    assert ragged(lists).lengths.tolist() == [len(one) for one in lists]


@given(st.data(), LISTS.filter(bool))
def test_items_of_any_lists_in_any_order(data: st.DataObject, lists: Lists) -> None:
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=8))
    made = ragged(lists)
    positions, owners = made.items(np.array(rows, np.int64))
    found = list(zip(owners.tolist(), made.flat[positions].tolist(), strict=True))
    assert found == [(place, item) for place, row in enumerate(rows) for item in lists[row]]


def test_items_by_hand() -> None:
    positions, owners = ragged([[5, 6], [], [7], [8, 9]]).items(np.array([3, 1, 0]))
    assert positions.tolist() == [3, 4, 0, 1]
    assert owners.tolist() == [0, 0, 2, 2]


@given(st.data(), LISTS)
def test_lists_that_are_kept(data: st.DataObject, lists: Lists) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(lists), max_size=len(lists)))
    kept = ragged(lists).kept(np.array(keep, bool))
    assert plain(kept) == [one for one, stays in zip(lists, keep, strict=True) if stays]


@given(st.lists(LISTS, min_size=1, max_size=4))
def test_parts_are_joined_in_order(parts: list[Lists]) -> None:
    assert plain(Ragged.joined([ragged(part) for part in parts])) == [one for part in parts for one in part]


def test_lists_of_vectors() -> None:
    vectors = np.arange(6, dtype=np.float16).reshape(3, 2)
    made = Ragged.of([1, 2], vectors)
    assert made.kept(np.array([False, True])).flat.tolist() == [[2, 3], [4, 5]]
    assert Ragged.joined([made, made]).flat.shape == (6, 2)
    assert Ragged.joined([made, made]).flat.dtype == np.float16
