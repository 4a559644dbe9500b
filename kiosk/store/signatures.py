"""Signatures of a finalisation in SQL: principals' keys, what a browser was asked to sign, what phones signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kiosk.store import supervisors
from sync.session_records import KeySignature, SessionFinalised

if TYPE_CHECKING:
    from kiosk.store.base import Reader
    from kiosk.store.supervisors import Supervisor


class Asked(NamedTuple):
    """What a principal's browser was asked to sign; `at_ms` is the finalisation's own time."""

    session: str
    person: str
    public_key: str
    said: str
    nonce: str
    salts: dict[str, str]
    at_ms: int


class Countersigned(NamedTuple):
    """One supervisor and what their phone signed, None while it did not."""

    supervisor: Supervisor
    said: KeySignature | None


class _Record(msgspec.Struct, frozen=True):
    body: msgspec.Raw


def owner_of_key(conn: Reader, public_key: str) -> str | None:
    """Return the person whose browser made this key, None for one never seen."""
    row = conn.execute("SELECT person FROM principal_keys WHERE public_key = ?", (public_key,)).fetchone()
    return None if row is None else str(row[0])


def keep_key(tx: Reader, person: str, algorithm: str, public_key: str, now_ms: int) -> None:
    """Keep a key as this person's; it is never another's."""
    tx.execute(
        "INSERT INTO principal_keys (public_key, algorithm, person, made_ms, used_ms) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (public_key) DO UPDATE SET used_ms = excluded.used_ms",
        (public_key, algorithm, person, now_ms, now_ms),
    )


def algorithm_of(conn: Reader, public_key: str) -> str:
    """Return the algorithm of a key that is known."""
    row = conn.execute("SELECT algorithm FROM principal_keys WHERE public_key = ?", (public_key,)).fetchone()
    return str(row[0]) if row is not None else ""


def ask(tx: Reader, asked: Asked) -> None:
    """Keep what a browser was asked to sign, in place of what another was."""
    tx.execute(
        "INSERT OR REPLACE INTO finalisation_statements (session, person, public_key, said, nonce, salts, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        asked._replace(salts=msgspec.json.encode(asked.salts).decode()),  # type: ignore[arg-type] # the column's text
    )


def asked_of(conn: Reader, session: str) -> Asked | None:
    """Return what was asked to be signed for a session."""
    row = conn.execute(
        "SELECT session, person, public_key, said, nonce, salts, at_ms FROM finalisation_statements"
        " WHERE session = ?",
        (session,),
    ).fetchone()
    if row is None:
        return None
    named, person, public_key, said, nonce, salts, at_ms = row
    return Asked(
        named, person, public_key, said, nonce, msgspec.json.decode(salts, type=dict[str, str]), at_ms
    )


def forget_asked(tx: Reader, session: str) -> None:
    """Forget what was asked: it was signed, or the session was finalised without."""
    tx.execute("DELETE FROM finalisation_statements WHERE session = ?", (session,))


def countersign(tx: Reader, supervisor: Supervisor, head: str, proof: str, now_ms: int) -> None:
    """Keep what a supervisor's phone signed; `proof` is the signature, a space, the statement."""
    signature, _, said = proof.partition(" ")
    tx.execute(
        "INSERT OR REPLACE INTO report_signatures (session, supervisor, head, said, signature, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (supervisor.session, supervisor.id, head, said, signature, now_ms),
    )


def countersigned(conn: Reader, session: str, head: str) -> list[Countersigned]:
    """Return the supervisors who are in and whom the session's chain knows, each with what they signed of this head."""
    rows = conn.execute(
        "SELECT supervisor, said, signature FROM report_signatures WHERE session = ? AND head = ?",
        (session, head),
    )
    signed = {row[0]: (row[1], row[2]) for row in rows}
    return [
        Countersigned(one, _signature(one, *signed[one.id]) if one.id in signed else None)
        for one in supervisors.of_session(conn, session)
        if one.status == "in" and one.chained
    ]


def _signature(one: Supervisor, said: str, signature: str) -> KeySignature:
    return KeySignature(one.key, "supervisor", signature, one.algorithm or "", one.public_key or "", said)


def finalisation_of(conn: Reader, record: int | None) -> SessionFinalised | None:
    """Return what a finalisation's record says, None without one or once it is purged."""
    row = conn.execute("SELECT bytes FROM log_records WHERE seq = ?", (record,)).fetchone()
    if row is None:
        return None
    return msgspec.json.decode(msgspec.json.decode(row[0], type=_Record).body, type=SessionFinalised)
