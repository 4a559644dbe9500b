"""What people say about a session: incidents, messages, and answers that fenced machines offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Incident(msgspec.Struct, frozen=True):
    """One incident; `category` is a code of exam.session.incidents."""

    id: str
    session: str
    candidate: str | None
    category: str
    number: int | None
    text: str
    by: str
    at_ms: int
    automatic: bool = False
    resolved_ms: int | None = None
    resolution: str = ""
    withdrawn_ms: int | None = None
    record: int | None = None


class Message(msgspec.Struct, frozen=True):
    """A supervisor's words to one candidate, or to everyone."""

    id: int
    candidate: str | None
    text: str
    at_ms: int


class Leftover(msgspec.Struct, frozen=True):
    """An answer a fenced machine had kept; `answer` is JSON."""

    candidate: str
    number: int
    machine: str
    key: str
    answer: str
    at_ms: int
    ruled: str | None = None


_INCIDENT = (
    "SELECT id, session, candidate, category, number, text, by, at_ms, automatic, resolved_ms, resolution,"
    " withdrawn_ms, record FROM incidents"
)


def incidents_of(conn: Reader, session: str) -> list[Incident]:
    """Return a session's incidents that stand, oldest first."""
    rows = conn.execute(
        _INCIDENT + " WHERE session = ? AND withdrawn_ms IS NULL ORDER BY at_ms, id", (session,)
    )
    return [_incident(row) for row in rows]


def incident(conn: Reader, wanted: str) -> Incident | None:
    """Return an incident, or None."""
    row = conn.execute(_INCIDENT + " WHERE id = ?", (wanted,)).fetchone()
    return _incident(row) if row else None


def count_incidents(conn: Reader, session: str) -> int:
    """Return how many incidents were ever noted in a session."""
    row = conn.execute("SELECT count(*) FROM incidents WHERE session = ?", (session,)).fetchone()
    return int(row[0])


def add_incident(tx: Reader, i: Incident) -> None:
    """Note an incident."""
    tx.execute(
        "INSERT INTO incidents (id, session, candidate, category, number, text, by, at_ms, automatic, resolved_ms,"
        " resolution, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            i.id,
            i.session,
            i.candidate,
            i.category,
            i.number,
            i.text,
            i.by,
            i.at_ms,
            i.automatic,
            i.resolved_ms,
            i.resolution,
            i.record,
        ),
    )


def withdraw_incident(tx: Reader, wanted: str, now_ms: int) -> None:
    """Take an incident back."""
    tx.execute("UPDATE incidents SET withdrawn_ms = ? WHERE id = ?", (now_ms, wanted))


def add_message(tx: Reader, session: str, message: Message, by: str) -> int:
    """Keep a message and return its number."""
    made = tx.execute(
        "INSERT INTO session_messages (session, candidate, text, by, at_ms) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (session, message.candidate, message.text, by, message.at_ms),
    ).fetchone()
    return int(made[0])


def add_leftover(tx: Reader, kept: Leftover) -> bool:
    """Keep an offered answer once; return whether it is new."""
    made = tx.execute(
        "INSERT INTO leftovers (candidate, number, machine, key, answer, at_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (kept.candidate, kept.number, kept.machine, kept.key, kept.answer, kept.at_ms),
    )
    return made.rowcount == 1


def leftover(conn: Reader, candidate: str, number: int, machine: str) -> Leftover | None:
    """Return an offered answer, or None."""
    row = conn.execute(
        "SELECT candidate, number, machine, key, answer, at_ms, ruled FROM leftovers"
        " WHERE candidate = ? AND number = ? AND machine = ?",
        (candidate, number, machine),
    ).fetchone()
    return Leftover(*row) if row else None


def waiting_leftovers(conn: Reader, session: str) -> list[Leftover]:
    """Return the offered answers of a session nobody has ruled on."""
    rows = conn.execute(
        "SELECT l.candidate, l.number, l.machine, l.key, l.answer, l.at_ms, l.ruled FROM leftovers l"
        " JOIN candidates c ON c.id = l.candidate WHERE c.session = ? AND l.ruled IS NULL ORDER BY l.at_ms",
        (session,),
    )
    return [Leftover(*row) for row in rows]


def count_leftovers(conn: Reader, candidate: str) -> int:
    """Return how many offered answers of a candidate wait for a ruling."""
    row = conn.execute(
        "SELECT count(*) FROM leftovers WHERE candidate = ? AND ruled IS NULL", (candidate,)
    ).fetchone()
    return int(row[0])


def rule_leftover(tx: Reader, kept: Leftover, *, taken: bool) -> None:
    """Keep what became of an offered answer."""
    tx.execute(
        "UPDATE leftovers SET ruled = ? WHERE candidate = ? AND number = ? AND machine = ?",
        ("taken" if taken else "dropped", kept.candidate, kept.number, kept.machine),
    )


def _incident(row: tuple[object, ...]) -> Incident:
    values = dict(zip(Incident.__struct_fields__, row, strict=True))
    values["automatic"] = bool(values["automatic"])
    return msgspec.convert(values, Incident)
