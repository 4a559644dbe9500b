"""What a question is expected to settle, worked by hand."""

from __future__ import annotations

from toy_bank import COURSE, toy_bank

from exam.campaign.course_map import map_course
from exam.campaign.probability import ONE, probability
from exam.campaign.reward import best_of_tube, reward

LEVELS_123 = 0b111


def test_a_question_in_the_middle_settles_two_skills_either_way() -> None:
    # Level 2 of 1, 2, 3: success settles 1 and 2, failure settles 2 and 3.
    assert reward(LEVELS_123, 2, 7) == 2 * ONE


def test_success_and_failure_count_by_their_chances() -> None:
    chance = probability(7, 3)
    assert reward(LEVELS_123, 3, 7) == chance * 3 + (ONE - chance) * 1


def test_settled_skills_bring_nothing() -> None:
    assert reward(0b100, 3, 7) == ONE


def test_a_strong_pupil_is_asked_the_hardest_and_a_weak_one_the_middle() -> None:
    tube = map_course(toy_bank("a 1.1: 1 2 3"), COURSE).tubes[0]
    assert [skill.level for skill in best_of_tube(tube, LEVELS_123, 7, untimed_only=False)[1]] == [3]
    assert [skill.level for skill in best_of_tube(tube, LEVELS_123, 3, untimed_only=False)[1]] == [2]


def test_skills_out_of_reach_without_item_or_timed_are_left_out() -> None:
    tube = map_course(toy_bank("a 1.1: 1t 2*0 5"), COURSE).tubes[0]
    everything = 0b10011
    assert [skill.level for skill in best_of_tube(tube, everything, 5, untimed_only=False)[1]] == [1]
    assert best_of_tube(tube, everything, 5, untimed_only=True) == (0, ())
    assert [skill.level for skill in best_of_tube(tube, everything, 6, untimed_only=True)[1]] == [5]


def test_equal_rewards_are_all_kept() -> None:
    tube = map_course(toy_bank("a 1.1: 2 3"), COURSE).tubes[0]
    # At level 2.5 success at 3 and failure at 2 are as likely: both skills promise the same.
    assert [skill.level for skill in best_of_tube(tube, 0b110, 5, untimed_only=False)[1]] == [2, 3]
