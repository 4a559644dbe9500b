"""Sign-ins under way at an identity provider, and whom it knows, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.providers.visitor import Visitor

if TYPE_CHECKING:
    from kiosk.store.base import Reader


VISITS_MOST = 5000
"""How many browsers may be at a provider at once."""


class Visit(NamedTuple):
    """A browser sent to a provider: what must come back with it."""

    provider: str
    browser: bytes
    nonce: str
    verifier: str
    following: str


class Newcomer(NamedTuple):
    """Someone a provider knows and we do not yet, and where they were heading."""

    visitor: Visitor
    following: str


def keep_visit(tx: Reader, state: bytes, visit: Visit, now_ms: int, expires_ms: int) -> None:
    """Keep a visit under the hash of its state; those that expired go, and the oldest when there are too many.

    Anyone may begin a visit: refusing the next one would let a stranger close this way in for everybody, while the
    oldest forgotten was very likely the stranger's own.
    """
    tx.execute("DELETE FROM provider_visits WHERE expires_ms <= ?", (now_ms,))
    tx.execute(
        "DELETE FROM provider_visits WHERE rowid IN (SELECT rowid FROM provider_visits ORDER BY expires_ms DESC, rowid DESC"
        " LIMIT -1 OFFSET ?)",
        (VISITS_MOST - 1,),
    )
    tx.execute(
        "INSERT INTO provider_visits (state, browser, provider, nonce, verifier, following, expires_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (state, visit.browser, visit.provider, visit.nonce, visit.verifier, visit.following, expires_ms),
    )


def take_visit(tx: Reader, state: bytes, now_ms: int) -> Visit | None:
    """Return the visit of a state and forget it: a state serves once, right or wrong."""
    row = tx.execute(
        "DELETE FROM provider_visits WHERE state = ? RETURNING provider, browser, nonce, verifier, following,"
        " expires_ms",
        (state,),
    ).fetchone()
    return Visit(*row[:5]) if row and row[5] > now_ms else None


def keep_newcomer(tx: Reader, digest: bytes, newcomer: Newcomer, now_ms: int, expires_ms: int) -> None:
    """Keep someone who has proved who they are at the provider, until they say who they are here."""
    v = newcomer.visitor
    tx.execute("DELETE FROM newcomers WHERE expires_ms <= ?", (now_ms,))
    tx.execute(
        "INSERT INTO newcomers (digest, provider, subject, first_name, last_name, birth_date, following, expires_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            digest,
            v.provider,
            v.subject,
            v.first_name,
            v.last_name,
            v.birth_date,
            newcomer.following,
            expires_ms,
        ),
    )


def newcomer(conn: Reader, digest: bytes, now_ms: int) -> Newcomer | None:
    """Return who holds this secret."""
    row = conn.execute(
        "SELECT provider, subject, first_name, last_name, birth_date, following FROM newcomers"
        " WHERE digest = ? AND expires_ms > ?",
        (digest, now_ms),
    ).fetchone()
    return Newcomer(Visitor(*row[:5]), row[5]) if row else None


def drop_newcomer(tx: Reader, digest: bytes) -> None:
    """Forget someone who now has an account."""
    tx.execute("DELETE FROM newcomers WHERE digest = ?", (digest,))


def person_known_as(conn: Reader, provider: str, subject: str) -> str | None:
    """Return whose account this is at a provider."""
    row = conn.execute(
        "SELECT person FROM identities WHERE provider = ? AND subject = ?", (provider, subject)
    ).fetchone()
    return row[0] if row else None


def add_identity(tx: Reader, visitor: Visitor, person: str, now_ms: int) -> bool:
    """Tie an account to whom a provider knows; return False when that is another's already."""
    cursor = tx.execute(
        "INSERT INTO identities (provider, subject, person, first_name, last_name, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (visitor.provider, visitor.subject, person, visitor.first_name, visitor.last_name, now_ms),
    )
    return cursor.rowcount == 1
