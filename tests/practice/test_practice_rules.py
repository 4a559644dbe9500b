"""When a competence is improved or started again, and when a course is taken once more: to the day, to the skill."""

from __future__ import annotations

import pytest

from exam.practice import Practice, Standing, practice_of
from exam.priors import DAY_MS, Past, Reset, prior_from
from exam.retakes import Attempt, days_and_hours, wait_ms, why_not_again, why_not_retried

NOW = 1_790_000_000_000
SENT = Attempt(
    multiple=True,
    reset_allowed=False,
    finished=True,
    shared_at=NOW - 4 * DAY_MS,
    complete=False,
    open_skills=True,
)
WAITING = SENT._replace(shared_at=None)


def standing(**changes: object) -> Standing:
    usual = Standing(running=False, ended_at=NOW, reset_at=None, last_change=NOW, level=2)
    return usual._replace(**changes)  # type: ignore[arg-type] # each test changes one field by its name


def test_a_completed_competence_is_improved_after_four_days_and_started_again_after_seven() -> None:
    assert practice_of(standing(), NOW) == Practice("completed", 4, 7)
    assert practice_of(standing(), NOW + 4 * DAY_MS - 1) == Practice("completed", 1, 4)
    assert practice_of(standing(), NOW + 4 * DAY_MS) == Practice("completed", 0, 3)
    assert practice_of(standing(), NOW + 7 * DAY_MS) == Practice("completed", 0, 0)


def test_a_competence_at_the_highest_level_is_not_improved() -> None:
    assert practice_of(standing(level=7), NOW) == Practice("completed", None, 7)


def test_a_running_practice_makes_a_competence_started_and_lets_it_be_started_again() -> None:
    assert practice_of(standing(running=True), NOW) == Practice("started", None, 7)


def test_nothing_known_is_not_started_and_nothing_can_be_forgotten() -> None:
    assert practice_of(standing(ended_at=None, last_change=None), NOW) == Practice("not_started", None, None)


def test_results_of_campaigns_alone_make_a_competence_started() -> None:
    assert practice_of(standing(ended_at=None), NOW).status == "started"


def test_a_start_from_nothing_opens_a_completed_competence_again() -> None:
    assert practice_of(standing(reset_at=NOW + 1, last_change=None), NOW + 2).status == "not_started"
    assert practice_of(standing(reset_at=NOW + 1, last_change=NOW), NOW + 2).status == "started"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"multiple": False}, "participation.not_multiple"),
        ({"shared_at": None}, "participation.still_running"),
        ({"complete": True}, "participation.all_acquired"),
        ({"shared_at": NOW - 4 * DAY_MS + 1}, "participation.too_early"),
    ],
)
def test_a_sent_course_is_taken_again_where_allowed_four_days_after_on_what_is_not_acquired(
    changes: dict[str, object], code: str
) -> None:
    attempt = SENT._replace(**changes)  # type: ignore[arg-type] # each case changes one field by its name
    assert why_not_again(attempt, NOW) == code


def test_starting_from_nothing_must_be_allowed_and_does_not_ask_that_something_be_missing() -> None:
    assert why_not_again(SENT, NOW, reset=True) == "participation.no_reset"
    allowed = SENT._replace(reset_allowed=True, complete=True)
    assert why_not_again(allowed, NOW, reset=True) == ""
    assert why_not_again(allowed, NOW - 1, reset=True) == "participation.too_early"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"shared_at": NOW}, "participation.already_shared"),
        ({"finished": False}, "participation.still_running"),
        ({"complete": True}, "participation.all_acquired"),
        ({"open_skills": False}, "participation.too_early"),
    ],
)
def test_a_course_not_sent_is_tried_again_once_something_can_be_asked(
    changes: dict[str, object], code: str
) -> None:
    attempt = WAITING._replace(**changes)  # type: ignore[arg-type] # each case changes one field by its name
    assert why_not_retried(attempt) == code


def test_a_wait_is_said_in_days_and_hours_rounded_up() -> None:
    assert days_and_hours(wait_ms(NOW, NOW)) == (4, 0)
    assert days_and_hours(wait_ms(NOW, NOW + 1)) == (4, 0)
    assert days_and_hours(wait_ms(NOW, NOW + 3_600_000)) == (3, 23)
    assert days_and_hours(wait_ms(NOW, NOW + 9 * DAY_MS)) == (0, 0)


def test_a_start_from_nothing_forgets_what_came_before_it_and_nothing_else() -> None:
    before = Past([("a-1", "validated", "direct"), ("b-1", "validated", "direct")], NOW)
    after = Past([("a-2", "validated", "direct")], NOW + 2)
    reset = Reset({"a-1", "a-2"}, NOW + 1)
    kept = [skill for skill, _, _ in prior_from([before, after], NOW + 3, resets=[reset])]
    assert kept == ["a-2", "b-1"]
    assert prior_from([before], NOW + 3, resets=[Reset({"a-1"}, NOW)]) == before.known
