"""Any file of any kind, however it was changed: read with exact offsets, or refused with a reason."""

import random

import pytest
from fuzz_made import check_reading
from fuzz_mutate import mutate
from fuzz_seeds import MADE, SUFFIXES
from hypothesis import given, settings
from hypothesis import strategies as st

SEEDS = {kind: make() for kind, make in MADE.items()}


@pytest.mark.parametrize("kind", SUFFIXES)
def test_the_files_to_begin_with_are_sound(kind: str) -> None:
    for data in SEEDS[kind]:
        assert check_reading("a" + SUFFIXES[kind], data) is not None


@pytest.mark.parametrize("kind", SUFFIXES)
@settings(max_examples=12, deadline=None)
@given(number=st.integers(0, 2**32), rounds=st.integers(1, 4))
def test_changed_files_are_read_or_refused(kind: str, number: int, rounds: int) -> None:
    choose = random.Random(number)  # noqa: S311
    data = choose.choice(SEEDS[kind])
    for _ in range(rounds):
        data = mutate(kind, data, choose)
    check_reading("a" + SUFFIXES[kind], data)
