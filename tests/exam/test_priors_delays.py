"""What earlier sittings leave, and how long to wait."""

from __future__ import annotations

import pytest

from exam.priors import DAY_MS, RESET_DAYS, RETRY_DAYS, Past, prior_from, remaining_days

NOW = 1_800_000_000_000


def ago(days: int, milliseconds: int = 0) -> int:
    return NOW - days * DAY_MS - milliseconds


def test_a_validated_skill_is_kept_for_ever() -> None:
    known = [("mail-1", "validated", "inferred")]
    assert prior_from([Past([("mail-1", "validated", "inferred")], ago(3000))], NOW) == known


def test_a_failure_is_kept_until_the_delay_is_over() -> None:
    assert prior_from([Past([("mail-1", "invalidated", "direct")], ago(4) + 1)], NOW) != []
    assert prior_from([Past([("mail-1", "invalidated", "direct")], ago(4))], NOW) == []


def test_a_skill_validated_once_is_acquired_whatever_followed() -> None:
    pasts = [
        Past([("mail-1", "validated", "inferred")], ago(2)),
        Past([("mail-1", "invalidated", "direct")], ago(1)),
    ]
    assert prior_from(pasts, NOW) == prior_from(pasts[::-1], NOW) == [("mail-1", "validated", "inferred")]


def test_of_two_failures_the_latest_is_kept() -> None:
    pasts = [
        Past([("mail-1", "invalidated", "direct")], ago(2)),
        Past([("mail-1", "invalidated", "inferred")], ago(1)),
    ]
    assert prior_from(pasts, NOW) == [("mail-1", "invalidated", "inferred")]


def test_what_is_known_comes_sorted_with_each_skill_once() -> None:
    pasts = [
        Past([("b-1", "validated", "direct"), ("c-1", "validated", "direct")], ago(9)),
        Past([("a-1", "validated", "direct"), ("b-1", "validated", "direct")], ago(1)),
    ]
    assert [skill for skill, _, _ in prior_from(pasts, NOW)] == ["a-1", "b-1", "c-1"]


@pytest.mark.parametrize(
    ("since", "days"), [(ago(0), 4), (ago(0, 1), 4), (ago(1), 3), (ago(3, 1), 1), (ago(4), 0), (ago(90), 0)]
)
def test_days_left_are_rounded_up(since: int, days: int) -> None:
    assert remaining_days(since, NOW, 4) == days


def test_a_course_is_tried_again_after_four_days_and_a_competence_reset_after_seven() -> None:
    for delay in (RETRY_DAYS, RESET_DAYS):
        assert remaining_days(ago(delay), NOW, delay) == 0
        assert remaining_days(ago(delay) + 1, NOW, delay) > 0
    assert (RETRY_DAYS, RESET_DAYS) == (4, 7)
