"""Links that give an account back, in SQL: each serves once, for a day; only the hash of its secret is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

Purpose = Literal["password", "leaving", "email"]
_SELECT = "SELECT r.id, r.purpose, r.person, r.learner, r.email, r.created_ms, r.expires_ms FROM recoveries r"


class Recovery(msgspec.Struct, frozen=True):
    """One link, or one request that waits for a member of the staff; instants in milliseconds."""

    id: str
    purpose: Purpose
    person: str
    learner: str | None
    email: str | None
    created_ms: int
    expires_ms: int


class Request(NamedTuple):
    """A request as staff see it: which learner asks for their account back."""

    id: str
    learner: str
    first_name: str
    last_name: str
    division: str | None
    email: str | None
    created_ms: int


def add(tx: Reader, recovery: Recovery, digest: bytes | None) -> None:
    """Keep a link, or with no digest a request; earlier ones of the same purpose no longer serve.

    A link that staff hand over has a digest and no address. Anyone who knows a pupil may ask as if they had left, so
    asking takes nothing away from such a link: only staff's next one does.
    """
    handed = digest is not None and recovery.email is None
    tx.execute("DELETE FROM recoveries WHERE expires_ms <= ?", (recovery.created_ms,))
    tx.execute(
        "DELETE FROM recoveries WHERE person = ? AND purpose = ? AND (? OR digest IS NULL OR email IS NOT NULL)",
        (recovery.person, recovery.purpose, handed),
    )
    tx.execute(
        "INSERT INTO recoveries (id, digest, purpose, person, learner, email, created_ms, expires_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            recovery.id,
            digest,
            recovery.purpose,
            recovery.person,
            recovery.learner,
            recovery.email,
            recovery.created_ms,
            recovery.expires_ms,
        ),
    )


def by_digest(conn: Reader, digest: bytes, now_ms: int) -> Recovery | None:
    """Return the link of a secret if it may still serve."""
    row = conn.execute(
        _SELECT + " WHERE r.digest = ? AND r.used_ms IS NULL AND r.expires_ms > ?", (digest, now_ms)
    ).fetchone()
    return Recovery(*row) if row else None


def keep_used(tx: Reader, recovery: str, now_ms: int) -> None:
    """Have a link serve no more."""
    tx.execute("UPDATE recoveries SET used_ms = ? WHERE id = ?", (now_ms, recovery))


def drop_of(tx: Reader, person: str) -> None:
    """Have every link that gives this account a password serve no more."""
    tx.execute("DELETE FROM recoveries WHERE person = ? AND purpose <> 'email'", (person,))


def requests(conn: Reader, organisation: str, now_ms: int) -> list[Request]:
    """Return the requests that wait for the staff of an organisation, oldest first."""
    rows = conn.execute(
        "SELECT r.id, l.id, l.first_name, l.last_name, l.division, r.email, r.created_ms FROM recoveries r"
        " JOIN learners l ON l.id = r.learner WHERE l.organisation = ? AND r.purpose = 'leaving' AND r.digest IS NULL"
        " AND r.used_ms IS NULL AND r.expires_ms > ? AND l.deleted_ms IS NULL ORDER BY r.created_ms, r.id",
        (organisation, now_ms),
    )
    return [Request(*row) for row in rows]
