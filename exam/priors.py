"""What earlier sittings leave to a new one, and how long to wait before trying again.

A validated skill is acquired for good, wherever it was, unless the person chose to start again from nothing. A failure
counts for a few days, so that a pupil is not asked at once what they just failed; older failures are forgotten and asked
again. Instants are integers, in milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from exam.events import Known

DAY_MS = 24 * 3600 * 1000
RETRY_DAYS = 4
"""Days before a course is tried again or a competence improved, and during which a failure counts."""
RESET_DAYS = 7
"""Days before a competence is started again from nothing."""


class Past(NamedTuple):
    """What one earlier sitting settled itself (`Sitting.settled_here`), and when it was last answered."""

    known: Sequence[Known]
    at: int


class Reset(NamedTuple):
    """A start from nothing: results on these skills obtained before `at` do not count any more."""

    skills: Collection[str]
    at: int


def prior_from(
    pasts: Iterable[Past], now: int, delay_days: int = RETRY_DAYS, resets: Iterable[Reset] = ()
) -> list[Known]:
    """Return what is known at `now`, sorted by skill: each skill once, validated before failed, then the latest."""
    forgotten = _forgotten(resets)
    kept: dict[str, tuple[tuple[bool, int, bool], Known]] = {}
    for past in pasts:
        for known in past.known:
            skill, status, source = known
            if past.at < forgotten.get(skill, 0):
                continue
            validated = status == "validated"
            if not validated and now - past.at >= delay_days * DAY_MS:
                continue
            rank = (validated, past.at, source == "direct")
            if skill not in kept or rank > kept[skill][0]:
                kept[skill] = (rank, known)
    return sorted(known for _, known in kept.values())


def dates_from(pasts: Iterable[Past], resets: Iterable[Reset] = ()) -> dict[str, int]:
    """Return when each skill that anything is known of was last settled, failures that count no more included."""
    forgotten = _forgotten(resets)
    dates: dict[str, int] = {}
    for past in pasts:
        for skill, _, _ in past.known:
            if past.at >= forgotten.get(skill, 0):
                dates[skill] = max(past.at, dates.get(skill, past.at))
    return dates


def _forgotten(resets: Iterable[Reset]) -> dict[str, int]:
    """Return when each skill was last started from nothing."""
    latest: dict[str, int] = {}
    for reset in resets:
        for skill in reset.skills:
            latest[skill] = max(reset.at, latest.get(skill, 0))
    return latest


def remaining_days(last_change: int, now: int, delay_days: int) -> int:
    """Return the whole days left to wait, 0 when the delay is over."""
    left = delay_days * DAY_MS - (now - last_change)
    return max(0, -(-left // DAY_MS))
