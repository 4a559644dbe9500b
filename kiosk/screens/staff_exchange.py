"""What has left for the central instance and what waits: read, never written, and honest when it cannot be read."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.screens.staff_views import local
from kiosk.store.exchange import Kept, kept, record_hashes
from sync.contact import read_contact
from sync.enrolment import NotEnrolled, load_enrolment
from sync.keys import KeyFileError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kiosk.keys import Kiosk
    from sync.contact import Contact


@dataclass(frozen=True)
class Exchange:
    """The principal's view of the link with the central instance; `state` is the daemon's word for its last try."""

    enrolled: bool
    central: str
    contact: datetime | None
    waiting: int
    receipts: int
    refused: int
    state: str


async def exchange(kiosk: Kiosk) -> Exchange:
    """Return where the exchange stands now."""
    hashes = await kiosk.db.read(record_hashes)
    central, contact, held = await asyncio.to_thread(_read, kiosk.config.home)
    acknowledged = sum(one in held.receipts for one in hashes)
    return Exchange(
        enrolled=central is not None,
        central=central or "",
        contact=local(contact.last_ok) if contact and contact.last_ok else None,
        waiting=len(hashes) - acknowledged,
        receipts=acknowledged,
        refused=held.refused,
        state=contact.state if contact else "never",
    )


def _read(home: Path) -> tuple[str | None, Contact | None, Kept]:
    try:
        central = load_enrolment(home).central
    except (NotEnrolled, KeyFileError):
        central = None
    try:
        return central, read_contact(home), kept(home / "sync.db")
    except sqlite3.Error:
        # The daemon is making its file, or it is damaged: sending is the daemon's affair, and nothing is lost.
        return central, None, Kept(frozenset(), 0)
