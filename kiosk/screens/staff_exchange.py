"""What has left for the central instance and what waits: read from the daemon's notes, in the school's own time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.screens.staff_views import local_or_none
from sync.exchange import status

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.keys import Kiosk

HOUR_MS = 3_600_000
LATE_HOURS = 24


@dataclass(frozen=True)
class ExchangeView:
    """The principal's view of the link with the central instance; `state` is the daemon's word for its last try.

    `hours` is the age of the last receipt, in whole hours, None before the first; `late`: something waits, and for a day
    nothing has arrived.
    """

    enrolled: bool
    central: str
    contact: datetime | None
    hours: int | None
    late: bool
    waiting: int
    receipts: int
    refused: int
    state: str


async def exchange(kiosk: Kiosk) -> ExchangeView:
    """Return where the exchange stands now."""
    found = await asyncio.to_thread(status, kiosk.config.home)
    last = found.last_contact_ms
    hours = None if last is None else max(0, kiosk.clock.now_ms() - last) // HOUR_MS
    # Counted from the log: the daemon's own count is that of its last round, and it may never have run.
    waiting = max(0, kiosk.log.records - found.receipts)
    return ExchangeView(
        enrolled=found.enrolled,
        central=found.central,
        contact=local_or_none(last),
        hours=hours,
        late=found.enrolled and waiting > 0 and hours is not None and hours >= LATE_HOURS,
        waiting=waiting,
        receipts=found.receipts,
        refused=found.refused,
        state=found.state,
    )
