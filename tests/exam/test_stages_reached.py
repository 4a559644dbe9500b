"""Which stage a result reaches."""

from __future__ import annotations

import pytest
from toy_bank import BANDS, threshold_stage

from exam.rounding import Tally
from exam.stages import bounds, ladder, reached

STEPS = ladder(BANDS, [])


@pytest.mark.parametrize(
    ("validated", "stars"),
    [(0, 0), (20, 0), (21, 1), (50, 1), (51, 2), (80, 2), (81, 3), (100, 3)],
)
def test_the_four_bands_give_zero_to_three_stars(validated: int, stars: int) -> None:
    assert reached(STEPS, Tally(validated, 100)) == stars


def test_bands_have_the_bounds_a_filter_uses() -> None:
    assert [bounds(STEPS, rank) for rank in range(4)] == [(0, 20), (21, 50), (51, 80), (81, 100)]


def test_a_first_skill_stage_ranks_second_and_needs_one_skill() -> None:
    steps = ladder((threshold_stage(0), threshold_stage(50), threshold_stage(first=True)), [])
    assert [step.place for step in steps] == [0, 2, 1]
    assert [reached(steps, Tally(n, 200)) for n in (0, 1, 98, 100)] == [0, 1, 1, 2]
    assert bounds(steps, 0) == (0, 0)
    assert bounds(steps, 1) == (1, 49)


def test_a_level_becomes_the_share_of_skills_up_to_it() -> None:
    # Five skills of levels 1 1 2 3 5: two of five at level 1, four of five at level 3.
    steps = ladder((threshold_stage(0), threshold_stage(level=1), threshold_stage(level=3)), [1, 1, 2, 3, 5])
    assert [step.threshold for step in steps] == [0, 40, 80]


def test_the_share_of_a_level_is_rounded() -> None:
    assert [step.threshold for step in ladder((threshold_stage(level=1),), [1, 1, 2])] == [67]


def test_nothing_validated_leaves_the_first_stage_even_beside_another_at_zero() -> None:
    steps = ladder((threshold_stage(0), threshold_stage(level=1)), [3, 4])
    assert [step.threshold for step in steps] == [0, 0]
    assert [reached(steps, Tally(n, 2)) for n in (0, 1)] == [0, 1]


def test_a_share_is_compared_as_it_is_shown_with_two_digits() -> None:
    steps = ladder((threshold_stage(0), threshold_stage(33)), [])
    assert reached(steps, Tally(329, 1000)) == 1  # 32.9 % is kept as 33 %
    assert reached(steps, Tally(324, 1000)) == 0


def test_without_stages_the_rank_is_zero() -> None:
    assert reached([], Tally(3, 3)) == 0
