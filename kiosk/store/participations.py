"""Participations in SQL: one row sums up one sitting for lists; the log holds what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

Status = Literal["started", "to_share", "shared"]

_SELECT = (
    "SELECT "
    "x.id, x.campaign, x.pupil, x.status, x.answered, x.validated, x.targeted, x.progress, x.epoch,"
    " x.started_ms, x.last_ms, x.ended_ms, x.shared_ms, x.shared, x.record,"
    " x.served_number, x.served_boot, x.served_mono_ms, x.organisation, x.learner, x.trial, x.attempt, x.current,"
    " x.competence, x.external_id, x.deleted_ms IS NOT NULL"
)
_NAMED = (
    _SELECT + ", coalesce(l.first_name, p.first_name), coalesce(l.last_name, p.last_name), l.division"
    " FROM participations x JOIN people p ON p.id = x.pupil LEFT JOIN learners l ON l.id = x.learner"
)
"""Every statement below starts with one of these and ends with constant words: values only travel as parameters."""


class Participation(msgspec.Struct, frozen=True):
    """One pupil in one campaign, or in free practice of a competence; `progress` is per mille, instants milliseconds.

    A trial is a member of the staff trying the course. `current` is False once a later attempt took its place. A
    deleted one exists for its pupil alone, who may finish it.
    """

    id: str
    campaign: str | None
    pupil: str
    status: Status
    answered: int
    validated: int
    targeted: int
    progress: int
    epoch: int
    started_ms: int
    last_ms: int
    ended_ms: int | None
    shared_ms: int | None
    shared: str | None
    record: int | None
    served_number: int | None
    served_boot: str | None
    served_mono_ms: int | None
    organisation: str | None
    learner: str | None
    trial: bool
    attempt: int
    current: bool
    competence: str | None
    external_id: str | None
    deleted: bool = False


class Participant(msgspec.Struct, frozen=True):
    """A participation with the learner's name and class, for staff; the account's name when no learner is linked."""

    participation: Participation
    first_name: str
    last_name: str
    division: str | None


class Summary(msgspec.Struct, frozen=True):
    """What a row keeps of the sitting after an act."""

    status: Status
    answered: int
    validated: int
    progress: int
    last_ms: int
    ended_ms: int | None


def by_id(conn: Reader, participation: str) -> Participation | None:
    """Return a participation, or None; a deleted one says so."""
    row = conn.execute(_SELECT + " FROM participations x WHERE x.id = ?", (participation,)).fetchone()
    return _participation(row) if row else None


def of_pupil(conn: Reader, pupil: str) -> list[Participation]:
    """Return a pupil's participations, earlier attempts and free practice among them, latest first."""
    rows = conn.execute(
        _SELECT
        + " FROM participations x WHERE x.pupil = ? AND x.deleted_ms IS NULL ORDER BY x.started_ms DESC, x.id",
        (pupil,),
    )
    return [_participation(row) for row in rows]


def of_pupil_in(conn: Reader, pupil: str, campaign: str) -> Participation | None:
    """Return a pupil's last participation in a campaign, or None."""
    row = conn.execute(
        _SELECT + " FROM participations x WHERE x.pupil = ? AND x.campaign = ? AND x.deleted_ms IS NULL"
        " ORDER BY x.attempt DESC LIMIT 1",
        (pupil, campaign),
    ).fetchone()
    return _participation(row) if row else None


def of_campaign(conn: Reader, campaign: str, status: Status | None = None) -> list[Participant]:
    """Return who takes part in a campaign, by name, trials left out; only those of a status when one is given."""
    rows = conn.execute(
        _NAMED + " WHERE x.campaign = ?1 AND x.deleted_ms IS NULL AND x.current = 1 AND x.trial = 0"
        " AND (?2 IS NULL OR x.status = ?2) ORDER BY coalesce(l.last_name, p.last_name), coalesce(l.first_name, p.first_name), x.id",
        (campaign, status),
    )
    return [_participant(row) for row in rows]


def participant(conn: Reader, participation: str) -> Participant | None:
    """Return one participation with the pupil's name, or None; a deleted one does not exist for the staff."""
    row = conn.execute(_NAMED + " WHERE x.id = ? AND x.deleted_ms IS NULL", (participation,)).fetchone()
    return _participant(row) if row else None


def player(conn: Reader, participation: str) -> Participant | None:
    """Return one participation with the pupil's name, deleted or not: what its own pupil goes on with."""
    row = conn.execute(_NAMED + " WHERE x.id = ?", (participation,)).fetchone()
    return _participant(row) if row else None


def _participation(row: tuple[Any, ...]) -> Participation:
    return Participation(*(*row[:20], bool(row[20]), row[21], bool(row[22]), *row[23:25], bool(row[25])))


def _participant(row: tuple[Any, ...]) -> Participant:
    return Participant(_participation(row[:-3]), *row[-3:])


class Opening(NamedTuple):
    """A participation that has just opened; `at_ms` by the wall clock."""

    participation: str
    campaign: str | None
    pupil: str
    targeted: int
    at_ms: int
    organisation: str | None
    learner: str | None
    trial: bool = False
    attempt: int = 1
    competence: str | None = None
    external_id: str | None = None


class Report(NamedTuple):
    """The words of a report on a question."""

    participation: str
    number: int
    item: str
    category: str
    text: str
    at_ms: int


def add(tx: Reader, o: Opening) -> None:
    """Add a participation that has just opened."""
    tx.execute(
        "INSERT INTO participations (id, campaign, competence, pupil, organisation, learner, trial, attempt,"
        " external_id, status, targeted, started_ms, last_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'started', ?, ?, ?)",
        (
            o.participation,
            o.campaign,
            o.competence,
            o.pupil,
            o.organisation,
            o.learner,
            int(o.trial),
            o.attempt,
            o.external_id,
            o.targeted,
            o.at_ms,
            o.at_ms,
        ),
    )


KEEP_SUMMARY = "UPDATE participations SET status = ?, answered = ?, validated = ?, progress = ?, last_ms = ?, ended_ms = ? WHERE id = ?"


def keep_summary(tx: Reader, participation: str, s: Summary) -> None:
    """Keep the counts after an act: the one statement of every answer, so no index holds a column it sets."""
    tx.execute(
        KEEP_SUMMARY,
        (s.status, s.answered, s.validated, s.progress, s.last_ms, s.ended_ms, participation),
    )


def keep_epoch(tx: Reader, participation: str, epoch: int) -> None:
    """Keep which page holds the sitting."""
    tx.execute("UPDATE participations SET epoch = ? WHERE id = ?", (epoch, participation))


def keep_served(tx: Reader, participation: str, number: int, boot: str, mono_ms: int) -> None:
    """Keep when a timed question was first shown, and on which run of the machine."""
    tx.execute(
        "UPDATE participations SET served_number = ?, served_boot = ?, served_mono_ms = ? WHERE id = ?",
        (number, boot, mono_ms, participation),
    )


def keep_shared(tx: Reader, participation: str, shared: str, record: int, now_ms: int) -> None:
    """Keep what was shared and the number of the record that carries it."""
    tx.execute(
        "UPDATE participations SET status = 'shared', shared = ?, record = ?, shared_ms = ? WHERE id = ?",
        (shared, record, now_ms, participation),
    )


def add_report(tx: Reader, report: Report) -> None:
    """Keep the words of a report; the log holds only that there was one."""
    tx.execute(
        "INSERT INTO reports (participation, number, item, category, text, at_ms) VALUES (?, ?, ?, ?, ?, ?)",
        report,
    )


def count_reports(conn: Reader, participation: str) -> int:
    """Return how many reports a sitting holds."""
    found = conn.execute("SELECT count(*) FROM reports WHERE participation = ?", (participation,)).fetchone()
    return int(found[0])
