"""A learner's participations, as the learner's own page lists them: one line a campaign, and how many in each state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from kiosk.screens.staff_views import local, local_or_none
from kiosk.store import following as store
from kiosk.store.participations import Status

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.store.base import Reader


@dataclass(frozen=True)
class Line:
    """The latest attempt in one campaign; `attempts` counts them all."""

    campaign: str
    participation: str
    name: str
    kind: str
    status: str
    attempts: int
    started: datetime
    sent: datetime | None


@dataclass(frozen=True)
class ParticipationsList:
    """Lines, latest first, and how many of them are in each state."""

    lines: list[Line]
    counts: list[tuple[str, int]]


def participations_of(conn: Reader, learner: str) -> ParticipationsList:
    """Return where a learner takes part; what was deleted does not exist. The caller has authorised the learner."""
    found = store.takings_of_learner(conn, learner)
    lines = [
        Line(
            campaign=one.campaign,
            participation=one.participation,
            name=one.campaign_name,
            kind=one.kind,
            status=one.status,
            attempts=one.attempts,
            started=local(one.started_ms),
            sent=local_or_none(one.shared_ms),
        )
        for one in found
    ]
    statuses = [one.status for one in found]
    return ParticipationsList(lines, [(status, statuses.count(status)) for status in get_args(Status)])
