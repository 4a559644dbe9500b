"""Invitations in SQL; of a code only the SHA-256 is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.invitations import Invitation

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_SELECT = "SELECT i.id, i.organisation, i.role, i.email, i.status, i.created_ms, i.sent_ms, i.expires_ms FROM invitations i"


def add(tx: Reader, invitation: Invitation, digest: bytes) -> None:
    """Add an invitation whose code has this SHA-256."""
    i = invitation
    tx.execute(
        "INSERT INTO invitations (id, organisation, role, email, digest, status, created_ms, sent_ms, expires_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (i.id, i.organisation, i.role, i.email, digest, i.status, i.created_ms, i.sent_ms, i.expires_ms),
    )


def renew(tx: Reader, invitation: Invitation, digest: bytes) -> None:
    """Give a pending invitation another code, role and time; the code before no longer opens anything."""
    i = invitation
    tx.execute(
        "UPDATE invitations SET digest = ?, role = ?, sent_ms = ?, expires_ms = ? WHERE id = ? AND status = 'pending'",
        (digest, i.role, i.sent_ms, i.expires_ms, i.id),
    )


def by_digest(conn: Reader, digest: bytes) -> Invitation | None:
    """Return the invitation of a code, or None."""
    row = conn.execute(_SELECT + " WHERE i.digest = ?", (digest,)).fetchone()
    return Invitation(*row) if row else None


def pending(conn: Reader, organisation: str) -> list[Invitation]:
    """Return the invitations nobody has answered, expired ones among them, last sent first."""
    rows = conn.execute(
        _SELECT + " WHERE i.organisation = ? AND i.status = 'pending' ORDER BY i.sent_ms DESC, i.id",
        (organisation,),
    )
    return [Invitation(*row) for row in rows]


def one_pending(conn: Reader, organisation: str, invitation: str) -> Invitation | None:
    """Return one of them, or None."""
    row = conn.execute(
        _SELECT + " WHERE i.organisation = ? AND i.id = ? AND i.status = 'pending'",
        (organisation, invitation),
    ).fetchone()
    return Invitation(*row) if row else None


def pending_for(conn: Reader, organisation: str, email: str) -> Invitation | None:
    """Return the invitation that waits for an address, or None."""
    row = conn.execute(
        _SELECT + " WHERE i.organisation = ? AND i.email = ? AND i.status = 'pending'", (organisation, email)
    ).fetchone()
    return Invitation(*row) if row else None


def keep_accepted(tx: Reader, invitation: str, person: str) -> None:
    """Note who came; the invitation is spent."""
    tx.execute(
        "UPDATE invitations SET status = 'accepted', accepted_by = ? WHERE id = ?", (person, invitation)
    )


def cancel(tx: Reader, invitation: str) -> None:
    """Take an invitation back."""
    tx.execute(
        "UPDATE invitations SET status = 'cancelled' WHERE id = ? AND status = 'pending'", (invitation,)
    )
