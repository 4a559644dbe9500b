"""Usernames and e-mail addresses of accounts, and which address was confirmed, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.store.base import Reader


def is_username_taken(conn: Reader, username: str) -> bool:
    """Say whether somebody has this username."""
    return conn.execute("SELECT 1 FROM people WHERE username = ?", (username,)).fetchone() is not None


def is_email_taken(conn: Reader, email: str) -> bool:
    """Say whether somebody has this address."""
    return conn.execute("SELECT 1 FROM people WHERE email = ?", (email,)).fetchone() is not None


def person_with_email(conn: Reader, email: str) -> str | None:
    """Return whose address it is, None when nobody's or a closed account's."""
    row = conn.execute("SELECT id FROM people WHERE email = ? AND disabled = 0", (email,)).fetchone()
    return row[0] if row else None


def person_with_username(conn: Reader, username: str) -> str | None:
    """Return whose username it is, None when nobody's or a closed account's."""
    row = conn.execute("SELECT id FROM people WHERE username = ? AND disabled = 0", (username,)).fetchone()
    return row[0] if row else None


def set_username(tx: Reader, person: str, username: str) -> bool:
    """Give an account a username; return False when it is taken."""
    cursor = tx.execute("UPDATE OR IGNORE people SET username = ? WHERE id = ?", (username, person))
    return cursor.rowcount == 1


def set_email(tx: Reader, person: str, email: str | None) -> bool:
    """Give an account an address, or none; return False when it is taken."""
    cursor = tx.execute("UPDATE OR IGNORE people SET email = ? WHERE id = ?", (email, person))
    return cursor.rowcount == 1


def confirm_email(tx: Reader, person: str, email: str, by: str | None, now_ms: int) -> None:
    """Note that an address is its person's: by a link they followed, or `by` a member of the staff."""
    tx.execute(
        "INSERT INTO emails (person, email, confirmed_ms, confirmed_by) VALUES (?, ?, ?, ?) ON CONFLICT (person)"
        " DO UPDATE SET email = excluded.email, confirmed_ms = excluded.confirmed_ms,"
        " confirmed_by = excluded.confirmed_by",
        (person, email, now_ms, by),
    )


def confirmed_email(conn: Reader, person: str) -> str | None:
    """Return the address of an account if it was confirmed."""
    row = conn.execute(
        "SELECT e.email FROM emails e JOIN people p ON p.id = e.person AND p.email = e.email WHERE e.person = ?",
        (person,),
    ).fetchone()
    return row[0] if row else None


def has_password(conn: Reader, person: str) -> bool:
    """Say whether an account has a password."""
    row = conn.execute("SELECT password FROM people WHERE id = ?", (person,)).fetchone()
    return bool(row and row[0])
