"""Recommended topics: the score of each, its dots, the group's mean, against cases worked by hand from the formula."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.analysis import Topic, analyse, by_relevance, dots, mean_mastery, recommendation

# Levels as bits: 0b0001 is level 1, 0b0111 is levels 1 to 3.
TWO, THREE, FOUR = 0b11, 0b111, 0b1111

# Each case: targeted, validated, highest level of the course, then the four terms as written on paper.
WORKED = [
    # Nothing validated, top 3 of 3: 0 + 30 + 0 + 0.
    (THREE, 0, 3, Fraction(30)),
    # Nothing validated, top 2 in a course that goes to 8: 0 + 60/8 = 7.5.
    (TWO, 0, 8, Fraction(15, 2)),
    # All of levels 1 to 3, course to 3: 40 + 30 + 20 + 10*3/3 = 100.
    (THREE, THREE, 3, Fraction(100)),
    # All of levels 1 and 2, course to 4: 40 + 15 + 20 + 10 = 85.
    (TWO, TWO, 4, Fraction(85)),
    # Level 1 of 1..3, course to 4: 40/3 + 90/4 + 20/3 + 10/2 = 13.33 + 22.5 + 6.67 + 5 = 47.5.
    (THREE, 0b001, 4, Fraction(95, 2)),
    # Levels 1 and 2 of 1..4, course to 6: 20 + 20 + 10 + 20/3 = 56.67.
    (FOUR, 0b0011, 6, Fraction(170, 3)),
    # A gap: level 2 alone of 1..3, course to 3: 80/3 + 30 + 20/3 + 20/1 = 83.33.
    (THREE, 0b010, 3, Fraction(250, 3)),
    # Only levels 2 and 4 are targeted, level 2 validated, course to 5: 20 + 24 + 10 + 20/4 = 59.
    (0b1010, 0b0010, 5, Fraction(59)),
    # What is validated outside the targeted skills counts for nothing: same as nothing validated, 0 + 20 = 20.
    (TWO, 0b100, 3, Fraction(20)),
]


@pytest.mark.parametrize(("targeted", "validated", "highest", "score"), WORKED)
def test_the_score_is_the_one_worked_out_by_hand(
    targeted: int, validated: int, highest: int, score: Fraction
) -> None:
    assert recommendation(targeted, validated, highest) == score


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (Fraction(0), 4),
        (Fraction(25), 4),
        (Fraction(2501, 100), 3),
        (Fraction(50), 3),
        (Fraction(5001, 100), 2),
        (Fraction(75), 2),
        (Fraction(7501, 100), 1),
        (Fraction(100), 1),
    ],
)
def test_dots_change_just_above_25_50_and_75(score: Fraction, shown: int) -> None:
    assert dots(score) == shown


def test_a_topic_that_targets_nothing_has_no_score() -> None:
    with pytest.raises(ValueError, match="without targeted"):
        recommendation(0, 0, 3)


TOPICS = [Topic("mots-de-passe", "4.1", THREE), Topic("courriel", "2.1", TWO)]


def test_a_group_of_three_has_the_mean_of_its_participants() -> None:
    # Course to level 3. Passwords: nothing 30, level 1: 40/3+30+20/3+5 = 55, all 100 -> 185/3.
    # E-mail (top 2): nothing 20, all 40+20+20+10 = 90, all 90 -> 200/3.
    found = analyse(TOPICS, [[0, 0], [0b001, TWO], [THREE, TWO]])
    assert [one.score for one in found] == [Fraction(185, 3), Fraction(200, 3)]
    assert [one.dots for one in found] == [2, 2]
    # Levels reached: 0, 1, 3 -> 1.33, in tenths 13; 0, 2, 2 -> 1.33, in tenths 13.
    assert [(one.level, one.top) for one in found] == [(13, 3), (13, 2)]
    # Mastery: 4 of 9 skills, 4 of 6.
    assert [one.mastery for one in found] == [44, 67]


def test_a_participant_without_data_counts_as_nothing_validated() -> None:
    [passwords, _] = analyse(TOPICS, [[0, 0], [THREE, TWO]])
    assert passwords.score == Fraction(30 + 100, 2)


def test_most_recommended_topics_come_first_and_the_order_can_be_turned() -> None:
    found = analyse(TOPICS, [[THREE, 0]])
    assert [one.topic for one in by_relevance(found)] == ["courriel", "mots-de-passe"]
    assert [one.topic for one in by_relevance(found, least_first=True)] == ["mots-de-passe", "courriel"]


def test_topics_that_tie_stay_in_the_order_of_the_course() -> None:
    twins = [Topic("b", "1.1", TWO), Topic("a", "1.1", TWO)]
    for least_first in (False, True):
        assert [one.topic for one in by_relevance(analyse(twins, [[1, 1]]), least_first=least_first)] == [
            "b",
            "a",
        ]


def test_nothing_is_recommended_before_a_first_result() -> None:
    assert analyse(TOPICS, []) == []


def test_the_mean_mastery_of_a_group_is_the_mean_of_shares_not_of_skills() -> None:
    # 1 of 2 and 9 of 10: (50 + 90) / 2 = 70, while 10 of 12 would be 83.
    assert mean_mastery({(1, 2): 1, (9, 10): 1}) == 70
    # Three at a half and one at a fifth: (150 + 20) / 4 = 42.5, rounded up.
    assert mean_mastery({(1, 2): 3, (1, 5): 1}) == 43
    assert mean_mastery({}) is None


@given(st.integers(1, 8), st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=60)
def test_a_topic_is_recommended_less_and_less_as_it_is_learnt_level_by_level(
    top: int, learnt: int, beyond: int
) -> None:
    learnt = min(learnt, top - 1)
    targeted, highest = (1 << top) - 1, max(top, beyond)
    before = recommendation(targeted, (1 << learnt) - 1, highest)
    after = recommendation(targeted, (1 << (learnt + 1)) - 1, highest)
    assert 0 < before < after <= 100
