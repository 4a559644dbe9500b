"""Free practice of one competence: where a person stands, and when they may improve it or start it again.

A competence is completed when a practice of it came to its end and nothing took results away since; started when
anything is known of it; else not started. Improving asks again what was failed, four days after the last change; starting
again forgets everything, seven days after it. Instants are integers, in milliseconds.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from exam.framework import MAX_REACHABLE_LEVEL
from exam.priors import RESET_DAYS, RETRY_DAYS, remaining_days

PracticeStatus = Literal["not_started", "started", "completed"]


class Standing(NamedTuple):
    """What is known of one competence of one person."""

    running: bool
    """A practice has begun and is not finished."""
    ended_at: int | None
    """When the last practice came to its end."""
    reset_at: int | None
    """When results on this competence were last taken away."""
    last_change: int | None
    """When anything last changed on this competence, None when nothing is known of it."""
    level: int


class Practice(NamedTuple):
    """What a person may do with a competence; days are whole days left to wait, None when waiting would not help."""

    status: PracticeStatus
    improve_in: int | None
    reset_in: int | None


def practice_of(standing: Standing, now: int) -> Practice:
    """Return where the person stands and what is open to them at `now`."""
    status = _status(standing)
    changed = standing.last_change
    improve = reset = None
    if changed is not None and status == "completed" and standing.level < MAX_REACHABLE_LEVEL:
        improve = remaining_days(changed, now, RETRY_DAYS)
    if changed is not None and status != "not_started":
        reset = remaining_days(changed, now, RESET_DAYS)
    return Practice(status, improve, reset)


def _status(standing: Standing) -> PracticeStatus:
    if standing.running:
        return "started"
    ended, taken = standing.ended_at, standing.reset_at
    if ended is not None and (taken is None or taken < ended):
        return "completed"
    return "started" if standing.last_change is not None else "not_started"
