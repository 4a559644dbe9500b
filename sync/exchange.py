"""How the exchange with the central instance is going, for pages and for `preau doctor`: read, never written."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from sync.connections import connect_reader
from sync.contact import Contact, read_contact
from sync.enrolment import NotEnrolled, load_enrolment
from sync.keys import KeyFileError

if TYPE_CHECKING:
    from pathlib import Path


class Exchange(NamedTuple):
    """Where things stand. Times are milliseconds since 1970."""

    enrolled: bool
    central: str  # address, "" when not enrolled
    state: str  # as in sync.contact.Contact
    last_contact_ms: int | None  # when a receipt last came, or None
    receipts: int
    refused: int  # records the central instance would not take
    waiting: int  # records without a receipt, at the daemon's last round
    last_error: str


def status(home: Path) -> Exchange:
    """Return the state of the exchange; a daemon that never ran is a state like another."""
    try:
        central = load_enrolment(home).central
    except (NotEnrolled, KeyFileError):
        central = ""
    try:
        contact = read_contact(home)
        receipts, refused = _counts(home)
    except sqlite3.Error as error:
        return Exchange(bool(central), central, "unreadable", None, 0, 0, 0, f"sync.db: {error}")
    contact = contact or Contact("never", "", 0, 0, 0, 0, 0)
    return Exchange(
        bool(central),
        central,
        contact.state,
        contact.last_ok or None,
        receipts,
        refused,
        contact.pending,
        contact.detail,
    )


def _counts(home: Path) -> tuple[int, int]:
    path = home / "sync.db"
    if not path.exists():
        return 0, 0
    with contextlib.closing(connect_reader(path)) as connection:
        row = connection.execute("SELECT (SELECT count(*) FROM receipts), (SELECT count(*) FROM refusals)")
        receipts, refused = row.fetchone()
    return receipts, refused
