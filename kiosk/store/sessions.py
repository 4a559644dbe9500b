"""Certification sessions in SQL, and where their clocks stood when last noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

Status = Literal["created", "open", "closed", "finalised"]
Mode = Literal["certification", "rehearsal"]
Lockdown = Literal["none", "recommended", "extension", "seb"]


class Session(msgspec.Struct, frozen=True):
    """One row; instants are wall-clock milliseconds, `manifest` and `finalisation` numbers of records."""

    id: str
    number: int
    organisation: str
    site: str
    room: str
    date: str
    time: str
    examiners: str
    description: str
    code: str
    password: str
    bundle: str | None
    mode: Mode
    status: Status
    gate: bool
    lockdown: Lockdown
    allowance_min: int
    created_by: str
    created_ms: int
    opened_ms: int | None = None
    closed_ms: int | None = None
    finalised_ms: int | None = None
    published_ms: int | None = None
    manifest: int | None = None
    finalisation: int | None = None
    comment: str = ""
    has_incident: bool = False
    has_joining_issue: bool = False


class Anchor(NamedTuple):
    """Where a session's clock stood, on which run of the machine, and what the wall clock said then."""

    boot: str
    mono_ms: int
    t_ms: int
    wall_ms: int


_SELECT = (
    "SELECT id, number, organisation, site, room, date, time, examiners, description, code, password, bundle, mode,"
    " status, gate, lockdown, allowance_min, created_by, created_ms, opened_ms, closed_ms, finalised_ms,"
    " published_ms, manifest, finalisation, comment, has_incident, has_joining_issue FROM sessions"
)


def by_id(conn: Reader, session: str) -> Session | None:
    """Return a session, or None."""
    row = conn.execute(_SELECT + " WHERE id = ?", (session,)).fetchone()
    return _read(row) if row else None


def by_number(conn: Reader, number: int) -> Session | None:
    """Return the session people know by this number, or None."""
    row = conn.execute(_SELECT + " WHERE number = ?", (number,)).fetchone()
    return _read(row) if row else None


def listed(conn: Reader, organisation: str) -> list[Session]:
    """Return an organisation's sessions, the latest day first."""
    rows = conn.execute(
        _SELECT + " WHERE organisation = ? ORDER BY date DESC, time DESC, number DESC", (organisation,)
    )
    return [_read(row) for row in rows]


def opened(conn: Reader) -> list[Session]:
    """Return the sessions that are open."""
    return [_read(row) for row in conn.execute(_SELECT + " WHERE status = 'open' ORDER BY number")]


def _read(row: tuple[object, ...]) -> Session:
    names = Session.__struct_fields__
    values = dict(zip(names, row, strict=True))
    for name in ("gate", "has_incident", "has_joining_issue"):
        values[name] = bool(values[name])
    return msgspec.convert(values, Session)


def next_number(tx: Reader) -> int:
    """Return a number no session has: four digits to begin with, so that it is easily dictated."""
    row = tx.execute("SELECT max(number) FROM sessions").fetchone()
    return max(1000, int(row[0] or 0)) + 1


def add(tx: Reader, s: Session) -> None:
    """Add a session."""
    tx.execute(
        "INSERT INTO sessions (id, number, organisation, site, room, date, time, examiners, description, code,"
        " password, bundle, mode, gate, lockdown, allowance_min, created_by, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            s.id,
            s.number,
            s.organisation,
            s.site,
            s.room,
            s.date,
            s.time,
            s.examiners,
            s.description,
            s.code,
            s.password,
            s.bundle,
            s.mode,
            s.gate,
            s.lockdown,
            s.allowance_min,
            s.created_by,
            s.created_ms,
        ),
    )


def change(tx: Reader, s: Session) -> None:
    """Keep what may change before the opening."""
    tx.execute(
        "UPDATE sessions SET site = ?, room = ?, date = ?, time = ?, examiners = ?, description = ?, bundle = ?,"
        " mode = ?, gate = ?, lockdown = ?, allowance_min = ? WHERE id = ?",
        (
            s.site,
            s.room,
            s.date,
            s.time,
            s.examiners,
            s.description,
            s.bundle,
            s.mode,
            s.gate,
            s.lockdown,
            s.allowance_min,
            s.id,
        ),
    )


def remove(tx: Reader, session: str) -> None:
    """Remove a session nobody has joined, and who was on its list."""
    tx.execute("DELETE FROM incidents WHERE session = ?", (session,))
    tx.execute("DELETE FROM candidates WHERE session = ?", (session,))
    tx.execute("DELETE FROM sessions WHERE id = ?", (session,))


def keep_open(tx: Reader, session: str, bundle: str, now_ms: int, manifest: int) -> None:
    """Keep that the session opened, by which bundle, and the record that says so."""
    tx.execute(
        "UPDATE sessions SET status = 'open', bundle = ?, opened_ms = ?, manifest = ? WHERE id = ?",
        (bundle, now_ms, manifest, session),
    )


def keep_closed(tx: Reader, session: str, now_ms: int) -> None:
    """Keep that the session closed."""
    tx.execute("UPDATE sessions SET status = 'closed', closed_ms = ? WHERE id = ?", (now_ms, session))


def anchor_of(conn: Reader, session: str) -> Anchor | None:
    """Return where a session's clock stood when last noted."""
    row = conn.execute(
        "SELECT boot, mono_ms, t_ms, wall_ms FROM session_clocks WHERE session = ?", (session,)
    ).fetchone()
    return Anchor(*row) if row else None


def keep_anchor(tx: Reader, session: str, anchor: Anchor, away: dict[str, int] | None = None) -> None:
    """Note where a session's clock stands, and which pages are not back since the server came: candidate, last seen."""
    tx.execute(
        "INSERT INTO session_clocks (session, boot, mono_ms, t_ms, wall_ms, away) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (session) DO UPDATE SET boot = excluded.boot, mono_ms = excluded.mono_ms,"
        " t_ms = excluded.t_ms, wall_ms = excluded.wall_ms, away = excluded.away",
        (session, *anchor, msgspec.json.encode(away or {}).decode()),
    )


def away_of(conn: Reader, session: str) -> dict[str, int]:
    """Return which pages were not back yet when the clock was last noted: candidate, instant last seen."""
    row = conn.execute("SELECT away FROM session_clocks WHERE session = ?", (session,)).fetchone()
    return msgspec.json.decode(row[0], type=dict[str, int]) if row else {}
