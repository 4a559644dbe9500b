"""The level estimate, worked by hand: 1/(1+e^-x) is 0.5, 0.62, 0.73, 0.82, 0.88, 0.92 for 0, 0.5, 1, 1.5, 2 and 2.5."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam.campaign.levels import GRID, START, Sums, estimate, with_answer
from exam.campaign.probability import LOGISTIC, ONE, probability


def test_the_table_of_chances_is_the_logistic_function() -> None:
    with localcontext() as context:
        context.prec = 60
        computed = [Decimal(ONE) / (1 + (-Decimal(halves) / 2).exp()) for halves in range(-15, 16)]
        assert list(LOGISTIC) == [int(value.to_integral_value(ROUND_HALF_EVEN)) for value in computed]


def test_every_level_and_difficulty_has_a_chance() -> None:
    assert probability(1, 8) == LOGISTIC[0]
    assert probability(15, 0) == LOGISTIC[-1]
    assert probability(4, 2) * 2 == ONE


def test_before_any_answer_the_fictive_ones_put_the_level_at_three_and_a_half() -> None:
    assert estimate(START) == 7


@pytest.mark.parametrize(
    ("answers", "halves"),
    [
        ([(2, True)], 9),  # p(4.5): 0.989 + 0.076 + 0.924 = 1.989, nearer to 2 than 2.065 at level 5
        ([(2, False)], 2),  # p(1): 0.731 + 0.002 + 0.269 = 1.002, nearer to 1 than 0.806 at 0.5
        (
            [(2, True), (4, False)],
            6,
        ),  # p(3): 0.953 + 0.018 + 0.731 + 0.269 = 1.971, nearer to 2 than 2.195 at 3.5
        ([(1, False), (2, False), (3, False)], 1),
    ],
)
def test_the_level_is_the_one_whose_expected_successes_are_nearest(
    answers: list[tuple[int, bool]], halves: int
) -> None:
    sums: Sums = START
    for difficulty, solved in answers:
        sums = with_answer(sums, difficulty, solved=solved)
    assert estimate(sums) == halves


def test_of_two_equally_near_levels_the_lower_one_is_taken() -> None:
    assert estimate((9, 5, -5, *[9] * 12)) == 2


@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=40))
def test_the_estimate_minimises_the_distance_whatever_the_order(answers: list[tuple[int, bool]]) -> None:
    sums: Sums = START
    for difficulty, solved in answers:
        sums = with_answer(sums, difficulty, solved=solved)
    everything = [(0, True), (7, False), *sorted(answers)]
    distances = [abs(sum(ONE * ok - probability(t, d) for d, ok in everything)) for t in GRID]
    assert estimate(sums) == distances.index(min(distances)) + 1
