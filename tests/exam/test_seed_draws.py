"""Draws depend on the seed and the names alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam.seed import Draw, hash_below, sitting_seed

SEED = sitting_seed("p1", "a" * 64)


def test_the_seed_of_a_sitting_never_changes() -> None:
    assert SEED.hex() == "625317fa8c9bf64eb8927f65745268104fcb21d607fb85d690c8bdd005730f43"


def test_a_draw_gives_the_same_integers_on_every_machine() -> None:
    draw = Draw(SEED, "item", "variables")
    assert [draw.below(1000) for _ in range(10)] == [297, 976, 482, 18, 896, 458, 317, 907, 371, 567]


@pytest.mark.parametrize(
    ("participation", "digest"), [("p2", "a" * 64), ("p1", "b" * 64)], ids=["participation", "bank"]
)
def test_another_participation_or_bank_has_another_seed(participation: str, digest: str) -> None:
    assert sitting_seed(participation, digest) != SEED


def test_names_are_kept_apart() -> None:
    assert Draw(SEED, "ab", "c").below(2**60) != Draw(SEED, "a", "bc").below(2**60)


def test_nothing_is_drawn_below_one() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        Draw(SEED).below(0)


@given(st.lists(st.integers()), st.text())
def test_a_shuffle_keeps_every_value_and_leaves_the_list_alone(values: list[int], name: str) -> None:
    before = values.copy()
    assert sorted(Draw(SEED, name).shuffle(values)) == sorted(before)
    assert values == before


@given(st.lists(st.integers(0, 30), max_size=5))
def test_words_taken_together_are_those_taken_one_by_one(counts: list[int]) -> None:
    together, one_by_one = Draw(SEED, "rows"), Draw(SEED, "rows")
    for count in counts:
        assert [word % 97 for word in together.words(count)] == [one_by_one.below(97) for _ in range(count)]
        assert together.below(5) == one_by_one.below(5)


@given(st.binary(max_size=40), st.integers(1, 2**64))
def test_a_hash_stays_below_its_bound(label: bytes, n: int) -> None:
    assert 0 <= hash_below(SEED, label, n) < n


def test_every_value_of_a_short_list_is_drawn_about_as_often() -> None:
    draw = Draw(SEED, "fair")
    counts = [0] * 5
    for _ in range(5000):
        counts[draw.below(5)] += 1
    assert all(900 < count < 1100 for count in counts)
