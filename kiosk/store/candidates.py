"""Candidates in SQL: who they are, and sums of their chains for lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.session.passage import State

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Candidate(msgspec.Struct, frozen=True):
    """One row; `birth_date` is YYYY-MM-DD, instants are wall-clock milliseconds."""

    id: str
    session: str
    first_name: str
    last_name: str
    birth_date: str
    created_ms: int
    name_key: str = ""
    learner: str | None = None
    person: str | None = None
    sex: str | None = None
    birth_city: str | None = None
    birth_city_code: str | None = None
    birth_postcode: str | None = None
    birth_country: str | None = None
    email: str | None = None
    results_email: str | None = None
    external_id: str | None = None
    division: str | None = None
    extra_percent: int = 0
    adjusted: bool = False
    waived: bool = False
    state: State = "registered"
    stopped: str = ""
    answered: int = 0
    number: int = 0
    epoch: int = 0
    machine: str | None = None
    called: bool = False
    checked_in_ms: int | None = None
    started_ms: int | None = None
    last_ms: int | None = None
    ended_ms: int | None = None
    end_reason: str | None = None
    abandonment: str | None = None
    record: int | None = None
    erased_ms: int | None = None


class Summary(msgspec.Struct, frozen=True):
    """What a row keeps of the chain after an act."""

    state: State
    stopped: str
    answered: int
    number: int
    epoch: int
    machine: str | None
    called: bool
    last_ms: int
    end_reason: str | None


_FIELDS = Candidate.__struct_fields__
_SELECT = "SELECT " + ", ".join(_FIELDS) + " FROM candidates"  # noqa: S608 - the names of our own columns
_ENROLLED = _FIELDS[: _FIELDS.index("state")]
_SETTABLE = (
    *("first_name", "last_name", "name_key", "birth_date", "sex", "birth_city", "birth_city_code"),
    *(
        "birth_postcode",
        "birth_country",
        "email",
        "results_email",
        "external_id",
        "division",
        "extra_percent",
    ),
    *("adjusted", "waived"),
)


def by_id(conn: Reader, candidate: str) -> Candidate | None:
    """Return a candidate, or None."""
    row = conn.execute(_SELECT + " WHERE id = ?", (candidate,)).fetchone()
    return _read(row) if row else None


def of_session(conn: Reader, session: str) -> list[Candidate]:
    """Return who is on a session's list, by name."""
    rows = conn.execute(
        _SELECT + " WHERE session = ? ORDER BY last_name, first_name, birth_date, id", (session,)
    )
    return [_read(row) for row in rows]


def ids_of_session(conn: Reader, session: str) -> list[str]:
    """Return the ids of who is on a session's list, by name."""
    rows = conn.execute(
        "SELECT id FROM candidates WHERE session = ? ORDER BY last_name, first_name, birth_date, id",
        (session,),
    )
    return [row[0] for row in rows]


def matching(conn: Reader, session: str, name_key: str, birth_date: str) -> list[Candidate]:
    """Return who on the list has these names and this birth date."""
    rows = conn.execute(
        _SELECT + " WHERE session = ? AND name_key = ? AND birth_date = ?", (session, name_key, birth_date)
    )
    return [_read(row) for row in rows]


def of_person_in(conn: Reader, session: str, person: str) -> Candidate | None:
    """Return the candidate this account joined as in this session, or None."""
    row = conn.execute(_SELECT + " WHERE session = ? AND person = ?", (session, person)).fetchone()
    return _read(row) if row else None


def moved_to(conn: Reader, machine: str) -> Candidate | None:
    """Return the candidate whose passage was moved to this machine and not taken yet, or None."""
    row = conn.execute(_SELECT + " WHERE machine = ? AND state = 'moved' LIMIT 1", (machine,)).fetchone()
    return _read(row) if row else None


def busy(conn: Reader, machine: str, candidate: str) -> bool:
    """Return whether somebody else's passage, begun and not over, is at this machine."""
    row = conn.execute(
        "SELECT 1 FROM candidates WHERE machine = ? AND id <> ? AND started_ms IS NOT NULL AND state <> 'ended' LIMIT 1",
        (machine, candidate),
    ).fetchone()
    return row is not None


def count(conn: Reader, session: str) -> int:
    """Return how many are on a session's list."""
    row = conn.execute("SELECT count(*) FROM candidates WHERE session = ?", (session,)).fetchone()
    return int(row[0])


def add(tx: Reader, candidate: Candidate) -> None:
    """Add a candidate to the list."""
    marks = ", ".join("?" for _ in _ENROLLED)
    tx.execute(
        "INSERT INTO candidates (" + ", ".join(_ENROLLED) + ") VALUES (" + marks + ")",  # noqa: S608 - the names of our own columns
        tuple(getattr(candidate, name) for name in _ENROLLED),
    )


def change(tx: Reader, candidate: Candidate) -> None:
    """Keep who a candidate is and what is settled for them."""
    tx.execute(
        "UPDATE candidates SET " + ", ".join(f"{name} = ?" for name in _SETTABLE) + " WHERE id = ?",  # noqa: S608 - the names of our own columns
        (*(getattr(candidate, name) for name in _SETTABLE), candidate.id),
    )


def remove(tx: Reader, candidate: str) -> None:
    """Take a candidate who never came off the list."""
    tx.execute("DELETE FROM candidates WHERE id = ?", (candidate,))


def keep_joined(tx: Reader, candidate: str, person: str | None, now_ms: int) -> None:
    """Keep that the candidate came, and by which account if any."""
    tx.execute(
        "UPDATE candidates SET person = coalesce(?, person), checked_in_ms = ? WHERE id = ?",
        (person, now_ms, candidate),
    )


def keep_started(tx: Reader, candidate: str, now_ms: int) -> None:
    """Keep when the candidate began."""
    tx.execute("UPDATE candidates SET started_ms = ? WHERE id = ?", (now_ms, candidate))


def keep_summary(tx: Reader, candidate: str, s: Summary) -> None:
    """Keep where the candidate stands after an act: the one statement of every answer."""
    tx.execute(
        "UPDATE candidates SET state = ?1, stopped = ?2, answered = ?3, number = ?4, epoch = ?5, machine = ?6,"
        " called = ?7, last_ms = ?8, end_reason = ?9,"
        " ended_ms = CASE WHEN ?1 = 'ended' THEN coalesce(ended_ms, ?8) END WHERE id = ?10",
        (
            s.state,
            s.stopped,
            s.answered,
            s.number,
            s.epoch,
            s.machine,
            s.called,
            s.last_ms,
            s.end_reason,
            candidate,
        ),
    )


def keep_record(tx: Reader, candidate: str, record: int) -> None:
    """Keep the number of the record that carries the candidate's chain."""
    tx.execute("UPDATE candidates SET record = ? WHERE id = ?", (record, candidate))


def _read(row: tuple[object, ...]) -> Candidate:
    values = dict(zip(_FIELDS, row, strict=True))
    for name in ("adjusted", "waived", "called"):
        values[name] = bool(values[name])
    return msgspec.convert(values, Candidate)
