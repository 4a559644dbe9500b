"""What has left for the central instance and what waits, read from the daemon's own database without writing it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from kiosk.keys import Kiosk


@dataclass(frozen=True)
class Exchange:
    """The principal's view of the link with the central instance."""

    enrolled: bool
    central: str
    contact: datetime | None
    waiting: int
    receipts: int
    refused: int
    last_error: str


def _records(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM log_records").fetchone()[0])


async def exchange(kiosk: Kiosk) -> Exchange:
    """Return where the exchange stands."""
    records = await kiosk.db.read(_records)
    known = kiosk.config.home / "keys" / "central.pub"
    enrolled = await asyncio.to_thread(known.exists)
    return Exchange(enrolled, kiosk.config.central, None, records, 0, 0, "")
