"""What may be done after a course: try again before sending, take it again after, start from nothing, or wait how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.retakes import days_and_hours, wait_ms, why_not_again, why_not_retried
from kiosk.actions.attempts import attempt_of
from kiosk.actions.profiles import history

if TYPE_CHECKING:
    from exam.sitting import Sitting
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.screens.own_course import OwnCourse


@dataclass(frozen=True)
class OnceMore:
    """What the end page offers; `days` and `hours` are the wait before taking the course again, both 0 when none."""

    retry: bool
    again: bool
    reset: bool
    days: int
    hours: int
    complete: bool


NOTHING_MORE = OnceMore(retry=False, again=False, reset=False, days=0, hours=0, complete=False)


async def once_more(kiosk: Kiosk, person: Person, own: OwnCourse, sitting: Sitting) -> OnceMore:
    """Return what this person may do with their finished course at this instant; the acts decide again."""
    row, campaign = own.row, own.campaign
    if campaign is None or campaign.archived or row.deleted or not row.current:
        return NOTHING_MORE
    if row.trial:
        return OnceMore(retry=False, again=True, reset=False, days=0, hours=0, complete=False)
    now = kiosk.clock.now_ms()
    known = (await history(kiosk, person)).known(now)
    attempt = attempt_of(row, campaign, sitting, known)
    early = why_not_again(attempt, now) == "participation.too_early"
    resettable = why_not_again(attempt, now, reset=True)
    waits = early or resettable == "participation.too_early"
    days, hours = (
        days_and_hours(wait_ms(row.shared_ms, now)) if waits and row.shared_ms is not None else (0, 0)
    )
    return OnceMore(
        retry=not why_not_retried(attempt),
        again=not why_not_again(attempt, now),
        reset=not resettable,
        days=days,
        hours=hours,
        complete=attempt.complete,
    )
