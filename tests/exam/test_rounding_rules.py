"""Shares as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam.rounding import Tally, round_half_up, two_significant_digits


@pytest.mark.parametrize(("value", "rounded"), [("0", 0), ("1/2", 1), ("49/100", 0), ("3/2", 2), ("5/2", 3)])
def test_the_middle_is_rounded_up(value: str, rounded: int) -> None:
    assert round_half_up(Fraction(value)) == rounded


@pytest.mark.parametrize(
    ("share", "kept"),
    [
        ("0", "0"),
        ("1", "1"),
        ("5/11", "0.45"),
        ("1/22", "0.045"),
        ("1/8", "0.13"),
        ("1/300", "0.0033"),
        ("199/200", "1"),
    ],
)
def test_a_mastery_rate_keeps_two_significant_digits(share: str, kept: str) -> None:
    assert two_significant_digits(Fraction(share)) == Fraction(kept)


def test_a_course_without_skills_is_mastered_at_nothing() -> None:
    assert Tally(0, 0).percent() == 0
    assert Tally(0, 0).mastery() == 0


@given(st.integers(0, 500), st.integers(1, 500))
def test_mastery_stays_within_half_a_point_of_the_share(validated: int, targeted: int) -> None:
    tally = Tally(min(validated, targeted), targeted)
    assert abs(tally.mastery() - 100 * tally.share()) <= Fraction(1, 2)
    assert 0 <= tally.percent() <= 100
