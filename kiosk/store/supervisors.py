"""Supervisors, their tickets and what was refused them, in SQL: only hashes of what browsers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

Way = Literal["key", "password"]
Status = Literal["asking", "in", "refused", "revoked"]
TicketKind = Literal["screen", "kit"]


class Ticket(msgspec.Struct, frozen=True):
    """What lets one browser ask, once; `until_ms` is None for a kit, good on the session's own day."""

    digest: bytes
    session: str
    kind: TicketKind
    made_by: str
    made_ms: int
    until_ms: int | None
    ended_ms: int | None = None


class Supervisor(msgspec.Struct, frozen=True):
    """One browser of a supervisor; its columns are said in the migration. Instants are wall-clock milliseconds."""

    id: str
    session: str
    name: str
    way: Way
    algorithm: str | None
    public_key: str | None
    digest: bytes
    number: str
    nonce: str | None
    counter: int
    status: Status
    asked_ms: int
    seen_ms: int
    let_in_ms: int | None = None
    let_in_by: str | None = None
    ended_ms: int | None = None
    ended_by: str | None = None
    ended_why: str = ""
    chained: bool = False

    @property
    def key(self) -> str:
        """What the log calls them."""
        return f"supervisor:{self.id}"


class RefusalRow(msgspec.Struct, frozen=True):
    """What was refused to a supervisor's browser, and how often."""

    supervisor: str
    code: str
    count: int
    first_ms: int
    last_ms: int


_SELECT = (
    "SELECT id, session, name, way, algorithm, public_key, digest, number, nonce, counter, status, asked_ms, seen_ms,"
    " let_in_ms, let_in_by, ended_ms, ended_by, ended_why, chained FROM supervisors"
)


def by_id(conn: Reader, supervisor: str) -> Supervisor | None:
    """Return a supervisor, or None."""
    return _read(conn.execute(_SELECT + " WHERE id = ?", (supervisor,)).fetchone())


def by_digest(conn: Reader, digest: bytes) -> Supervisor | None:
    """Return the supervisor whose cookie has this hash, whatever became of them, or None."""
    return _read(conn.execute(_SELECT + " WHERE digest = ?", (digest,)).fetchone())


def of_session(conn: Reader, session: str) -> list[Supervisor]:
    """Return everyone who asked to come into a session, in the order they did."""
    rows = conn.execute(_SELECT + " WHERE session = ? ORDER BY asked_ms, id", (session,))
    return [found for row in rows if (found := _read(row)) is not None]


def _read(row: tuple[object, ...] | None) -> Supervisor | None:
    if row is None:
        return None
    values = dict(zip(Supervisor.__struct_fields__, row, strict=True))
    values["chained"] = bool(values["chained"])
    return msgspec.convert(values, Supervisor)


def add(tx: Reader, s: Supervisor) -> None:
    """Keep who asks to come in."""
    tx.execute(
        "INSERT INTO supervisors (id, session, name, way, algorithm, public_key, digest, number, nonce, counter,"
        " status, asked_ms, seen_ms, let_in_ms, let_in_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(s.id, s.session, s.name, s.way, s.algorithm, s.public_key, s.digest, s.number, s.nonce),
            *(s.counter, s.status, s.asked_ms, s.seen_ms, s.let_in_ms, s.let_in_by),
        ),
    )


def keep_name(tx: Reader, supervisor: str, name: str) -> None:
    """Keep how somebody who asks calls themselves."""
    tx.execute("UPDATE supervisors SET name = ? WHERE id = ? AND status = 'asking'", (name, supervisor))


def keep_in(tx: Reader, supervisor: str, by: str, now_ms: int) -> None:
    """Let somebody who asks in."""
    tx.execute(
        "UPDATE supervisors SET status = 'in', let_in_ms = ?, let_in_by = ? WHERE id = ? AND status = 'asking'",
        (now_ms, by, supervisor),
    )


def keep_out(tx: Reader, supervisor: str, status: Status, by: str, why: str, now_ms: int) -> None:  # noqa: PLR0913, PLR0917 - one row's columns
    """Refuse or revoke somebody, for good."""
    tx.execute(
        "UPDATE supervisors SET status = ?, nonce = NULL, ended_ms = ?, ended_by = ?, ended_why = ? WHERE id = ?",
        (status, now_ms, by, why, supervisor),
    )


def keep_nonce(tx: Reader, supervisor: str, nonce: str) -> None:
    """Keep what the next act must repeat."""
    tx.execute("UPDATE supervisors SET nonce = ? WHERE id = ?", (nonce, supervisor))


def use_nonce(tx: Reader, supervisor: str, counter: int, now_ms: int) -> None:
    """Use the nonce up, and let the counter go on."""
    tx.execute(
        "UPDATE supervisors SET nonce = NULL, counter = ?, seen_ms = ? WHERE id = ? AND counter < ?",
        (counter, now_ms, supervisor, counter),
    )


def keep_seen(tx: Reader, supervisor: str, now_ms: int) -> None:
    """Note that a supervisor's page is there."""
    tx.execute("UPDATE supervisors SET seen_ms = ? WHERE id = ?", (now_ms, supervisor))


def keep_chained(tx: Reader, supervisor: str) -> None:
    """Note that the session's chain knows this key."""
    tx.execute("UPDATE supervisors SET chained = 1 WHERE id = ?", (supervisor,))


def add_ticket(tx: Reader, t: Ticket) -> None:
    """Keep a ticket."""
    tx.execute(
        "INSERT INTO supervisor_tickets (digest, session, kind, made_by, made_ms, until_ms) VALUES (?, ?, ?, ?, ?, ?)",
        (t.digest, t.session, t.kind, t.made_by, t.made_ms, t.until_ms),
    )


def ticket(conn: Reader, digest: bytes) -> Ticket | None:
    """Return the ticket of this hash, used or not, or None."""
    row = conn.execute(
        "SELECT digest, session, kind, made_by, made_ms, until_ms, ended_ms FROM supervisor_tickets WHERE digest = ?",
        (digest,),
    ).fetchone()
    return Ticket(*row) if row else None


def end_ticket(tx: Reader, digest: bytes, now_ms: int) -> None:
    """Use a ticket up."""
    tx.execute("UPDATE supervisor_tickets SET ended_ms = ? WHERE digest = ?", (now_ms, digest))


def end_kits(tx: Reader, session: str, now_ms: int) -> None:
    """Call in the tickets of the kits that were printed and not used."""
    tx.execute(
        "UPDATE supervisor_tickets SET ended_ms = ? WHERE session = ? AND kind = 'kit' AND ended_ms IS NULL",
        (now_ms, session),
    )


def count_kits(conn: Reader, session: str) -> int:
    """Return how many printed kits nobody has used."""
    row = conn.execute(
        "SELECT count(*) FROM supervisor_tickets WHERE session = ? AND kind = 'kit' AND ended_ms IS NULL",
        (session,),
    ).fetchone()
    return int(row[0])


def sweep_tickets(tx: Reader, session: str, before_ms: int) -> None:
    """Forget the screens' tickets that nobody can use any more."""
    tx.execute(
        "DELETE FROM supervisor_tickets WHERE session = ? AND kind = 'screen' AND until_ms < ?",
        (session, before_ms),
    )


def keep_password(tx: Reader, session: str, password: str) -> None:
    """Give a session another password."""
    tx.execute("UPDATE sessions SET password = ? WHERE id = ?", (password, session))


def count_refusal(tx: Reader, session: str, supervisor: str, code: str, now_ms: int) -> None:
    """Count what was refused; the same again is one row."""
    tx.execute(
        "INSERT INTO supervisor_refusals (session, supervisor, code, count, first_ms, last_ms) VALUES (?, ?, ?, 1, ?, ?)"
        " ON CONFLICT (session, supervisor, code) DO UPDATE SET count = count + 1, last_ms = excluded.last_ms",
        (session, supervisor, code, now_ms, now_ms),
    )


def refusals(conn: Reader, session: str) -> list[RefusalRow]:
    """Return what was refused in a session, the latest first."""
    rows = conn.execute(
        "SELECT supervisor, code, count, first_ms, last_ms FROM supervisor_refusals WHERE session = ?"
        " ORDER BY last_ms DESC LIMIT 100",
        (session,),
    )
    return [RefusalRow(*row) for row in rows]
