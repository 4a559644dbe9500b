"""Requests for profiles of other schools, in SQL: who asked for whom, when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from kiosk.store.base import Reader

State = Literal["queued", "found", "none", "refused", "dropped"]


class Request(NamedTuple):
    """One request; instants in milliseconds."""

    id: str
    organisation: str
    learner: str
    person: str
    at_ms: int
    state: State
    code: str
    settled_ms: int | None


class Shown(NamedTuple):
    """One request as a list shows it: the learner's and the asker's names as they are now."""

    id: str
    learner: str
    first_name: str
    last_name: str
    by_first_name: str
    by_last_name: str
    at_ms: int
    state: State
    code: str


class Waiting(NamedTuple):
    """A request without an answer, and whom it is about."""

    id: str
    learner: str
    person: str | None
    ine: str
    birth_date: str


_SELECT = "SELECT id, organisation, learner, person, at_ms, state, code, settled_ms FROM profile_requests"
_ASKABLE = (
    " FROM learners l WHERE l.organisation = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL"
    " AND l.ine IS NOT NULL AND l.birth_date IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM profile_requests q WHERE q.learner = l.id)"
)


def add(tx: Reader, row: Request) -> bool:
    """Add a request; False when one for this learner waits already."""
    cursor = tx.execute(
        "INSERT INTO profile_requests (id, organisation, learner, person, at_ms, state, code, settled_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        row,
    )
    return cursor.rowcount == 1


def last_of(conn: Reader, learner: str) -> Request | None:
    """Return the last request for a learner."""
    row = conn.execute(_SELECT + " WHERE learner = ? ORDER BY at_ms DESC, id LIMIT 1", (learner,)).fetchone()
    return Request(*row) if row else None


def never_asked(conn: Reader, organisation: str, most: int) -> list[str]:
    """Return live learners with a number and a birth date nobody asked for yet."""
    rows = conn.execute("SELECT l.id" + _ASKABLE + " ORDER BY l.id LIMIT ?", (organisation, most))
    return [row[0] for row in rows]


def count_never_asked(conn: Reader, organisation: str) -> int:
    """Return how many they are."""
    return int(conn.execute("SELECT count(*)" + _ASKABLE, (organisation,)).fetchone()[0])


def count_without_number(conn: Reader, organisation: str) -> int:
    """Return how many live learners cannot be asked for: no national number, or no birth date."""
    row = conn.execute(
        "SELECT count(*) FROM learners WHERE organisation = ? AND deleted_ms IS NULL AND disabled_ms IS NULL"
        " AND (ine IS NULL OR birth_date IS NULL)",
        (organisation,),
    ).fetchone()
    return int(row[0])


def waiting(conn: Reader) -> list[Waiting]:
    """Return every request without an answer."""
    rows = conn.execute(
        "SELECT q.id, l.id, l.person, coalesce(l.ine, ''), coalesce(l.birth_date, '') FROM profile_requests q"
        " JOIN learners l ON l.id = q.learner WHERE q.state = 'queued' ORDER BY q.at_ms, q.id"
    )
    return [Waiting(*row) for row in rows]


def settle(tx: Reader, request: str, state: State, code: str, now_ms: int) -> None:
    """Keep what came of a request."""
    tx.execute(
        "UPDATE profile_requests SET state = ?, code = ?, settled_ms = ? WHERE id = ? AND state = 'queued'",
        (state, code, now_ms, request),
    )


def shown(conn: Reader, organisation: str, most: int = 100) -> list[Shown]:
    """Return the last requests of an organisation."""
    rows = conn.execute(
        "SELECT q.id, l.id, l.first_name, l.last_name, p.first_name, p.last_name, q.at_ms, q.state, q.code"
        " FROM profile_requests q JOIN learners l ON l.id = q.learner JOIN people p ON p.id = q.person"
        " WHERE q.organisation = ? ORDER BY q.at_ms DESC, q.id LIMIT ?",
        (organisation, most),
    )
    return [Shown(*row) for row in rows]
