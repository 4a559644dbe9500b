"""Participations as staff follow them: with the learner's name and class, attempts and dates.

What counts is decided in one place, `_COUNTS`: neither trials, nor what was deleted, nor an attempt given up for a later
one before it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.store.participations import Status

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_SELECT = (
    "SELECT x.id, x.campaign, COALESCE(x.learner, x.pupil), x.pupil, COALESCE(l.first_name, p.first_name),"
    " COALESCE(l.last_name, p.last_name), l.division, l.class_group, l.student_number, l.extra, x.external_id,"
    " x.status, x.progress, x.answered, x.attempt, x.started_ms, x.ended_ms, x.shared_ms, x.shared"
    " FROM participations x JOIN people p ON p.id = x.pupil LEFT JOIN learners l ON l.id = x.learner"
)
_COUNTS = " x.trial = 0 AND x.deleted_ms IS NULL AND (x.current = 1 OR x.status = 'shared') AND l.deleted_ms IS NULL"


class Taking(msgspec.Struct, frozen=True):
    """One attempt of one learner; `who` is the learner (or the account when there is none).

    `progress` is per mille, instants are wall-clock milliseconds, `shared` is JSON as it was sent.
    """

    id: str
    campaign: str
    who: str
    pupil: str
    first_name: str
    last_name: str
    division: str | None
    group: str | None
    student_number: str | None
    extra: str | None
    external_id: str | None
    status: Status
    progress: int
    answered: int
    attempt: int
    started_ms: int
    ended_ms: int | None
    shared_ms: int | None
    shared: str | None


def takings(conn: Reader, campaign: str) -> list[Taking]:
    """Return every attempt that counts in a campaign, earliest attempts first."""
    rows = conn.execute(
        _SELECT + " WHERE x.campaign = ? AND" + _COUNTS + " ORDER BY x.attempt, x.started_ms, x.id",
        (campaign,),
    )
    return [_taking(row) for row in rows]


def takings_beside(conn: Reader, participation: str) -> list[Taking]:
    """Return every attempt of the same learner in the same campaign, earliest first; empty when it does not count."""
    rows = conn.execute(
        _SELECT + " JOIN participations y ON y.campaign = x.campaign AND COALESCE(y.learner, y.pupil) ="
        " COALESCE(x.learner, x.pupil) WHERE y.id = ? AND"
        + _COUNTS
        + " ORDER BY x.attempt, x.started_ms, x.id",
        (participation,),
    )
    found = [_taking(row) for row in rows]
    return found if any(one.id == participation for one in found) else []


def _taking(row: tuple[Any, ...]) -> Taking:
    return Taking(*row)


_ELSEWHERE = (
    "SELECT x.id, c.id, c.name, c.kind, x.status, x.attempt, x.started_ms, x.shared_ms"
    " FROM participations x JOIN campaigns c ON c.id = x.campaign LEFT JOIN learners l ON l.id = x.learner"
)


class LearnersTaking(msgspec.Struct, frozen=True):
    """One line of a learner's page: the latest attempt in a campaign, and how many there were."""

    participation: str
    campaign: str
    campaign_name: str
    kind: str
    status: Status
    attempts: int
    started_ms: int
    shared_ms: int | None


def takings_of_learner(conn: Reader, learner: str) -> list[LearnersTaking]:
    """Return where a learner takes part, latest first, one line a campaign that still exists."""
    rows = conn.execute(
        _ELSEWHERE
        + " WHERE x.learner = ? AND c.deleted_ms IS NULL AND x.current = 1 AND"
        + _COUNTS
        + " ORDER BY x.started_ms DESC, x.id",
        (learner,),
    )
    return [LearnersTaking(*row) for row in rows]


class Named(msgspec.Struct, frozen=True):
    """An active campaign, as a model message names it."""

    id: str
    code: str
    name: str
    title: str


def named(conn: Reader, organisation: str, most: int) -> list[Named]:
    """Return an organisation's active campaigns, newest first, at most `most`."""
    rows = conn.execute(
        "SELECT id, code, name, title FROM campaigns WHERE organisation = ? AND archived_ms IS NULL"
        " AND deleted_ms IS NULL ORDER BY created_ms DESC, id LIMIT ?",
        (organisation, most),
    )
    return [Named(*row) for row in rows]
