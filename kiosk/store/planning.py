"""What planning reads about sessions in SQL: how full they are, and which pupils may be enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Filling(NamedTuple):
    """How many are on a session's list, came, and ended."""

    enrolled: int = 0
    joined: int = 0
    ended: int = 0


def fillings(conn: Reader, organisation: str) -> dict[str, Filling]:
    """Return how full each session of an organisation is, by its id; a session without candidates is absent."""
    rows = conn.execute(
        "SELECT c.session, count(*), count(c.checked_in_ms), sum(c.state = 'ended') FROM candidates c"
        " JOIN sessions s ON s.id = c.session WHERE s.organisation = ? GROUP BY c.session",
        (organisation,),
    )
    return {session: Filling(*figures) for session, *figures in rows}


def candidate_keys(conn: Reader, organisation: str) -> dict[str, set[tuple[str, str]]]:
    """Return the names as compared and birth dates on the lists of sessions that have not opened, by session."""
    rows = conn.execute(
        "SELECT c.session, c.name_key, c.birth_date FROM candidates c JOIN sessions s ON s.id = c.session"
        " WHERE s.organisation = ? AND s.status = 'created'",
        (organisation,),
    )
    found: dict[str, set[tuple[str, str]]] = {}
    for session, key, birth in rows:
        found.setdefault(session, set()).add((key, birth))
    return found


def uncertifiable(conn: Reader, session: str) -> int:
    """Return how many pupils of the school's list are enrolled whose profile is not known to be certifiable, nor waived."""
    row = conn.execute(
        "SELECT count(*) FROM candidates c JOIN learners l ON l.id = c.learner"
        " WHERE c.session = ? AND c.waived = 0 AND coalesce(l.certifiable, 0) = 0",
        (session,),
    ).fetchone()
    return int(row[0])
