"""What finalisation keeps: reasons and comments in the rows of the session, identity sheets, sessions that wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.finalisation_rules import Finalisation
    from kiosk.identity_sheets import Made
    from kiosk.store.base import Reader


class Waiting(NamedTuple):
    """A session nobody has finalised."""

    id: str
    number: int
    date: str
    room: str


def keep_draft(tx: Reader, session: str, said: Finalisation) -> None:
    """Keep what was said so far."""
    tx.execute(
        "UPDATE sessions SET comment = ?, has_incident = ?, has_joining_issue = ? WHERE id = ?",
        (said.comment, said.has_incident, said.has_joining_issue, session),
    )
    tx.execute("UPDATE candidates SET abandonment = NULL WHERE session = ?", (session,))
    for candidate, reason in said.reasons.items():
        tx.execute(
            "UPDATE candidates SET abandonment = ? WHERE id = ? AND session = ?", (reason, candidate, session)
        )


def keep_finalised(tx: Reader, session: str, now_ms: int, record: int) -> None:
    """Keep that the session is finalised, and the record that says so."""
    tx.execute(
        "UPDATE sessions SET status = 'finalised', finalised_ms = ?, finalisation = ? WHERE id = ?",
        (now_ms, record, session),
    )


def reopen(tx: Reader, session: str) -> None:
    """Keep that the central instance gave the session back to be finalised again."""
    tx.execute(
        "UPDATE sessions SET status = 'closed', finalised_ms = NULL WHERE id = ? AND status = 'finalised'",
        (session,),
    )


def keep_sheet(tx: Reader, candidate: str, session: str, made: Made, record: int, now_ms: int) -> None:  # noqa: PLR0913, PLR0917 - one row
    """Keep a candidate's identity sheet; a later finalisation replaces it."""
    tx.execute(
        "INSERT OR REPLACE INTO identity_sheets (candidate, session, hash, sheet, details, record, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (candidate, session, made.hash, made.sheet, made.details, record, now_ms),
    )


def waiting(conn: Reader, organisation: str, today: str) -> list[Waiting]:
    """Return the sessions somebody began and nobody finalised, of today or before, the oldest first."""
    rows = conn.execute(
        "SELECT id, number, date, room FROM sessions s WHERE organisation = ? AND status IN ('open', 'closed')"
        " AND (status = 'closed' OR date < ?) AND EXISTS (SELECT 1 FROM candidates c WHERE c.session = s.id"
        " AND c.started_ms IS NOT NULL) ORDER BY date, time, number",
        (organisation, today),
    )
    return [Waiting(*row) for row in rows]
