"""Whether a pupil may go through a course once more, and why not.

A sent course is taken again where the campaign allows several sendings, four days after the sending, on what is not
acquired; or from nothing, where the campaign allows that too. A finished course that was not sent may be tried again as
soon as something can be asked again. Instants are integers, in milliseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from exam.priors import DAY_MS, RETRY_DAYS

HOUR_MS = 3_600_000


class Attempt(NamedTuple):
    """What is known of the last passage of a pupil through a course, and of what its campaign allows."""

    multiple: bool
    reset_allowed: bool
    finished: bool
    shared_at: int | None
    complete: bool
    """Every targeted skill is validated."""
    open_skills: bool
    """Something not acquired could be asked now: its failure is older than the delay."""


def why_not_again(attempt: Attempt, now: int, *, reset: bool = False) -> str:
    """Return the code of why a sent course may not be taken again at `now`, "" when it may."""
    if not attempt.multiple:
        return "participation.not_multiple"
    if attempt.shared_at is None:
        return "participation.still_running"
    if reset and not attempt.reset_allowed:
        return "participation.no_reset"
    if attempt.complete and not reset:
        return "participation.all_acquired"
    return "participation.too_early" if wait_ms(attempt.shared_at, now) else ""


def why_not_retried(attempt: Attempt) -> str:
    """Return the code of why a course that was not sent may not be tried again, "" when it may."""
    if attempt.shared_at is not None:
        return "participation.already_shared"
    if not attempt.finished:
        return "participation.still_running"
    if attempt.complete:
        return "participation.all_acquired"
    return "" if attempt.open_skills else "participation.too_early"


def wait_ms(since: int, now: int, days: int = RETRY_DAYS) -> int:
    """Return how long is left of a delay that began at `since`, 0 when it is over."""
    return max(0, since + days * DAY_MS - now)


def days_and_hours(left_ms: int) -> tuple[int, int]:
    """Return a wait in whole days and hours, rounded up to the hour, for people."""
    hours = -(-left_ms // HOUR_MS)
    return hours // 24, hours % 24
