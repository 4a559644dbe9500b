"""The attempts of a pupil or a learner in one campaign, and their free practice, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader
    from kiosk.store.participations import Status


class Attempt(NamedTuple):
    """One attempt in a campaign, deleted or not; `shared_ms` is when its results were sent."""

    id: str
    pupil: str
    attempt: int
    status: Status
    shared_ms: int | None
    deleted: bool


class PracticeRow(NamedTuple):
    """The last practice of a competence, with when it came to its end."""

    competence: str
    id: str
    attempt: int
    answered: int
    progress: int
    ended_ms: int | None


_ATTEMPT = "SELECT id, pupil, attempt, status, shared_ms, deleted_ms IS NOT NULL FROM participations"


def of_pupil(conn: Reader, pupil: str, campaign: str) -> list[Attempt]:
    """Return a pupil's attempts in a campaign, deleted ones too, the last first."""
    rows = conn.execute(
        _ATTEMPT + " WHERE campaign = ? AND pupil = ? ORDER BY attempt DESC", (campaign, pupil)
    )
    return [Attempt(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def of_learner(conn: Reader, learner: str, campaign: str) -> list[Attempt]:
    """Return a learner's attempts in a campaign, through whatever account, deleted ones too, the last first."""
    rows = conn.execute(
        _ATTEMPT + " WHERE campaign = ? AND learner = ? ORDER BY attempt DESC", (campaign, learner)
    )
    return [Attempt(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def supersede(tx: Reader, participation: str) -> None:
    """Note that a later attempt takes the place of this one."""
    tx.execute("UPDATE participations SET current = 0 WHERE id = ?", (participation,))


def set_to_share(tx: Reader, participation: str, at_ms: int) -> None:
    """Make a participation that asks nothing ready to be sent."""
    tx.execute(
        "UPDATE participations SET status = 'to_share', progress = 1000, ended_ms = ? WHERE id = ?",
        (at_ms, participation),
    )


def delete_of_learner(tx: Reader, campaign: str, pupil: str, learner: str | None, by: tuple[str, int]) -> int:
    """Delete every attempt of a learner (of a pupil without one) in a campaign; `by` is who and when."""
    person, now_ms = by
    cursor = tx.execute(
        "UPDATE participations SET deleted_by = ?1, deleted_ms = ?2, external_id = NULL"
        " WHERE campaign = ?3 AND deleted_ms IS NULL AND (pupil = ?4 OR learner = ?5)",
        (person, now_ms, campaign, pupil, learner),
    )
    return cursor.rowcount


def delete_of_campaign(tx: Reader, campaign: str, person: str, now_ms: int) -> None:
    """Delete every participation of a campaign."""
    tx.execute(
        "UPDATE participations SET deleted_by = ?, deleted_ms = ?, external_id = NULL"
        " WHERE campaign = ? AND deleted_ms IS NULL",
        (person, now_ms, campaign),
    )


def practices(conn: Reader, pupil: str) -> dict[str, PracticeRow]:
    """Return the last practice of each competence a person practised, by competence."""
    rows = conn.execute(
        "SELECT competence, id, attempt, answered, progress, ended_ms FROM participations"
        " WHERE pupil = ? AND competence IS NOT NULL AND current = 1 ORDER BY attempt",
        (pupil,),
    )
    return {row[0]: PracticeRow(*row) for row in rows}


def last_practice_attempt(conn: Reader, pupil: str, competence: str) -> int:
    """Return the number of the last practice of a competence, 0 when there was none."""
    row = conn.execute(
        "SELECT coalesce(max(attempt), 0) FROM participations WHERE pupil = ? AND competence = ?",
        (pupil, competence),
    ).fetchone()
    return int(row[0])
