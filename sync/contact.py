"""The last contact with the central instance, written by the daemon and shown by the kiosk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.connections import connect_reader

if TYPE_CHECKING:
    from pathlib import Path

    from sync.transaction import Tx


class Contact(NamedTuple):
    """How the last contact went.

    Times are milliseconds since 1970, 0 for never. `state` is never, ok, unreachable, refused, wrong_key,
    bad_answer or not_enrolled; `detail` is for the person who repairs.
    """

    state: str
    detail: str
    last_try: int
    last_ok: int
    failures: int
    next_try: int
    pending: int


def write_contact(tx: Tx, contact: Contact) -> None:
    """Replace what is known of the last contact; a `last_try` or `last_ok` of 0 keeps the one known."""
    tx.execute(
        "UPDATE contact SET state = ?, detail = ?, last_try = max(last_try, ?), last_ok = max(last_ok, ?), "
        "failures = ?, next_try = ?, pending = ?",
        contact,
    )


def read_contact(home: Path) -> Contact | None:
    """Return the last contact, or None when the daemon never ran. Raises sqlite3.Error on a damaged file."""
    path = home / "sync.db"
    if not path.exists():
        return None
    connection = connect_reader(path)
    try:
        row = connection.execute(
            "SELECT state, detail, last_try, last_ok, failures, next_try, pending FROM contact"
        ).fetchone()
    finally:
        connection.close()
    return Contact(*row)
